//! Regular expressions of a definition, in the `regex-lite` dialect: they take linear time, whatever
//! is typed. Their compiler is a good part of a page's code, so a page reads its first questions
//! without it.

use std::sync::OnceLock;

use serde_json::Value;

use crate::{DefinitionError, reader};

/// A regular expression that the whole value must match.
#[derive(Clone)]
pub struct Pattern {
    source: String,
    matcher: Option<Matcher>,
}

/// The bytes of a compiled pattern. One that is larger takes seconds for a long text, in linear time
/// though it is.
const LARGEST: usize = 1 << 19;

type Matcher = std::sync::Arc<dyn Fn(&str) -> bool + Send + Sync>;
type Compile = fn(&str) -> Result<Matcher, String>;

static COMPILE: OnceLock<Compile> = OnceLock::new();

/// From now on patterns are compiled.
pub(crate) fn enable() {
    _ = COMPILE.set(compile);
}

fn compile(source: &str) -> Result<Matcher, String> {
    let whole = ["^(?:", source, ")$"].concat();
    match regex_lite::RegexBuilder::new(&whole).size_limit(LARGEST).build() {
        Ok(regex) => Ok(std::sync::Arc::new(move |text: &str| regex.is_match(text))),
        Err(error) => Err(error.to_string()),
    }
}

impl Pattern {
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let source = reader::string(value)?;
        let matcher = match COMPILE.get().map(|compile| compile(&source)) {
            Some(Err(error)) => {
                let words = ["the pattern does not compile: ", &error].concat();
                return Err(DefinitionError::new(words));
            }
            Some(Ok(matcher)) => Some(matcher),
            None => None,
        };
        Ok(Self { source, matcher })
    }

    /// The expression as the definition has it.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the whole text matches; everything does where patterns are not compiled.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.matcher.as_ref().is_none_or(|matches| matches(text))
    }
}

impl std::fmt::Debug for Pattern {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for Pattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A regular expression that the whole value must match", "type": "string"
        })
    }
}

//! Text for people, in one or several languages.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};
use serde_json::Value;

use crate::DefinitionError;
use crate::reader::{self, TEXT};

/// Text per language: `{ "th": "…", "en": "…" }`, or a plain string in a form of one language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(Vec<(String, String)>);

impl Text {
    /// The text in `language`, else in Thai, else in whatever language there is, else nothing.
    pub fn get(&self, language: &str) -> &str {
        self.get_in(&[language, "th"])
    }

    /// The text in the first of `languages` that it has, else in whatever language there is.
    pub fn get_in(&self, languages: &[&str]) -> &str {
        self.choose(languages).map_or("", |(_, text)| text)
    }

    /// The language that [`Text::get_in`] chooses; empty for a plain string.
    pub fn language_in(&self, languages: &[&str]) -> &str {
        self.choose(languages).map_or("", |(language, _)| language)
    }

    fn choose(&self, languages: &[&str]) -> Option<(&str, &str)> {
        let wanted = |language: &&str| self.0.iter().find(|(have, _)| have == language);
        let found = languages.iter().find_map(wanted).or(self.0.first())?;
        Some((&found.0, &found.1))
    }

    /// Whether there is no text in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(|(_, text)| text.is_empty())
    }

    /// The text as it stands in JSON.
    pub fn to_value(&self) -> Value {
        match self.0.as_slice() {
            [(language, text)] if language.is_empty() => Value::String(text.clone()),
            pairs => {
                let mut map = serde_json::Map::new();
                for (language, text) in pairs {
                    map.insert(language.clone(), Value::String(text.clone()));
                }
                Value::Object(map)
            }
        }
    }

    /// Reads text from JSON; none if it is not text.
    pub fn from_value(value: Value) -> Option<Self> {
        Self::read(value).ok()
    }

    pub(crate) fn read(value: Value) -> Result<Self, DefinitionError> {
        let languages = match value {
            Value::String(text) => return Ok(Self(vec![(String::new(), text)])),
            Value::Object(languages) => languages,
            other => return Err(reader::mismatch(TEXT, &other)),
        };
        if languages.is_empty() {
            return Err(DefinitionError::new("expected text in at least one language"));
        }
        let mut texts = Vec::new();
        for (language, text) in languages {
            match text {
                Value::String(text) => texts.push((language, text)),
                other => return Err(reader::mismatch("a string", &other).under(&language)),
            }
        }
        Ok(Self(texts))
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(vec![(String::new(), text.to_owned())])
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Self::read(Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Serialize for Text {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0.as_slice() {
            [(language, text)] if language.is_empty() => to.serialize_str(text),
            pairs => to.collect_map(pairs.iter().map(|(language, text)| (language, text))),
        }
    }
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "Words for people: a string, or one for each language",
            "oneOf": [
                { "type": "string" },
                {
                    "type": "object", "minProperties": 1,
                    "additionalProperties": { "type": "string" },
                    "properties": { "th": { "type": "string" }, "en": { "type": "string" } }
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Text;
    use serde_json::json;

    #[test]
    fn falls_back_by_the_given_order_then_to_any() {
        let text: Text = serde_json::from_str(r#"{ "th": "ชื่อ", "en": "Name" }"#).unwrap();
        assert_eq!(text.get_in(&["en", "th"]), "Name");
        assert_eq!(text.get_in(&["ms", "th"]), "ชื่อ");
        let thai: Text = serde_json::from_str(r#"{ "th": "ชื่อ" }"#).unwrap();
        assert_eq!(thai.get_in(&["ms"]), "ชื่อ");
        assert_eq!(Text::from("plain").get("th"), "plain");
        assert_eq!(Text::default().get("th"), "");
    }

    #[test]
    fn refuses_what_is_not_text() {
        for json in ["5", "[]", "{}", r#"{ "th": 5 }"#, "null"] {
            assert!(serde_json::from_str::<Text>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn writes_what_it_reads() {
        for json in [json!("plain"), json!({ "en": "Name", "th": "ชื่อ" })] {
            let text = Text::from_value(json.clone()).unwrap();
            assert_eq!(text.to_value(), json);
            assert_eq!(serde_json::to_value(&text).unwrap(), json);
        }
        assert_eq!(Text::from_value(json!(5)), None);
        assert_eq!(Text::default().to_value(), json!({}));
    }
}

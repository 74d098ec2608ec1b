//! Rules in JSONLogic (jsonlogic.com): conditions, calculations and checks, read once into a tree
//! and evaluated often. All operators of the notation are here and behave as its public tests say;
//! an unknown one is an error of the definition, not a surprise while a citizen types. A rule knows
//! nothing of fields: what it reads is named by [`Rule::reads`] and handed in by [`Data`].
//!
//! Where the notation leaves something to JavaScript, people's reckoning goes first. Arithmetic is
//! decimal, rounded to 15 digits half away from zero. There is no NaN and no infinity: what cannot
//! be reckoned (a blank, words, a list, division by zero) is null. `-`, `/` and `%` take more than
//! two operands, from left to right; `max` and `min` also take a list, and leave null out. `log`
//! logs nothing, because what citizens typed is private.
//!
//! These operators are ours:
//!
//! | operator | value |
//! |---|---|
//! | `{"today": []}` | today's date, `"2026-11-20"` |
//! | `{"years-between": [from, to]}` | whole years, the birthday itself counts; negative if reversed, null if a date is missing. `1947` and `1947-05` count from their first day, as the Civil and Commercial Code, section 16, has it for birthdays that are not known; the years up to `1940` (2483) began on 1 April |
//! | `{"days-between": [from, to]}` | how many days later `to` is; negative if it is earlier, null if one is no whole date |
//! | `{"sum": [{"var": "plots"}, "area"]}` | the sum of a member of every row; also of a list, or of the operands. Blanks count as nothing, anything else that is no number makes it null |
//! | `{"count": [{"var": "plots"}, "area"]}` | how many are not blank, of the same; of a list of rows, how many there are |
//! | `{"round": [number, places]}` | the number to -6 to 10 decimal places, none unless told, half away from zero |
//! | `{"matches": [text, "[0-9]{5}"]}` | whether the whole text matches the pattern (`regex-lite`); false for a blank |

mod arithmetic;
mod dates;
mod evaluate;
mod lists;
mod memory;
mod operators;
mod read;
mod references;
mod values;

use std::cell::Cell;
use std::fmt;

use serde_json::Value;

use crate::{Date, DefinitionError, pattern};
use read::Node;

pub use references::Read;
pub(crate) use values::truth;

/// A condition, a calculation or a check.
#[derive(Debug, Clone)]
pub struct Rule {
    json: Value,
    root: Node,
}

/// What a rule is evaluated against.
#[derive(Debug, Clone, Copy)]
pub struct Data<'a> {
    /// The scopes, innermost first: row, outer rows or groups, the whole form. A `var` that was
    /// bound (see [`Rule::bind`]) looks in the scope it was bound to, any other in the first.
    pub scopes: &'a [&'a Value],
    /// Today, for `today`; without it, `today` is null.
    pub today: Option<Date>,
    /// How many steps of evaluation are left. Each node of the rule costs one, each element passed
    /// over one, and so does each value, or 64 bytes of text, that is copied or compared.
    pub steps: &'a Cell<u32>,
    /// Set where something that is compared or calculated with turns out to be blank.
    pub met_blank: Option<&'a Cell<bool>>,
}

/// Why a rule has no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RuleError {
    /// It took all the steps there were, or put lists into lists without end. The citizen sees
    /// nothing of it; it is the definition that has to be mended.
    TooManySteps,
}

impl Rule {
    /// Reads a rule from its JSON.
    ///
    /// # Errors
    /// Says where in the rule what was expected.
    pub fn from_value(json: Value) -> Result<Self, DefinitionError> {
        pattern::enable();
        Self::read(json)
    }

    /// The same as a part of a form, which says whether patterns are compiled.
    pub(crate) fn read(json: Value) -> Result<Self, DefinitionError> {
        Ok(Self { root: read::read(&json)?, json })
    }

    /// The value of the rule.
    ///
    /// # Errors
    /// When the steps run out.
    pub fn evaluate(&self, data: &Data) -> Result<Value, RuleError> {
        evaluate::evaluate(&self.root, data, |at, value| at.copy(value))
    }

    /// Whether the value of the rule counts as true.
    ///
    /// # Errors
    /// When the steps run out.
    pub fn holds(&self, data: &Data) -> Result<bool, RuleError> {
        evaluate::evaluate(&self.root, data, |_, value| Ok(values::truth(value)))
    }

    /// The rule as it stands in JSON.
    pub fn to_value(&self) -> Value {
        self.json.clone()
    }

    /// What the rule reads, as far as it is written out: the path of each `var`, `missing` and
    /// `missing_some`. Not those in the body of `map`, `filter`, `reduce`, `all`, `some` and
    /// `none`, which see an element only.
    pub fn reads(&self) -> Vec<Read<'_>> {
        let mut reads = Vec::new();
        references::collect(&self.root, &mut reads);
        reads
    }

    /// Whether the rule reads something that is only known when it is evaluated: a path that is
    /// itself worked out.
    pub fn reads_unknown(&self) -> bool {
        references::has_unknown(&self.root)
    }

    /// Binds every path that [`Rule::reads`] names to a scope: `scope` says which of
    /// [`Data::scopes`] it is looked up in.
    ///
    /// # Errors
    /// The first that `scope` gave, with the place in the rule.
    pub fn bind(
        &mut self,
        scope: &mut dyn FnMut(&str) -> Result<usize, DefinitionError>,
    ) -> Result<(), DefinitionError> {
        references::bind(&mut self.root, &self.json, scope)
    }
}

#[cfg(feature = "tools")]
impl schemars::JsonSchema for Rule {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A rule in JSONLogic: an object with one operator, or a plain value",
            "not": { "type": "null" }
        })
    }
}

impl PartialEq for Rule {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

impl fmt::Display for RuleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the rule takes too many steps")
    }
}

impl std::error::Error for RuleError {}

/// Every operator with what it is for and examples, as JSON.
#[cfg(any(test, feature = "tools"))]
pub(crate) const EXAMPLES: &str = include_str!("examples.json");

#[cfg(test)]
mod examples;
#[cfg(test)]
mod tests;

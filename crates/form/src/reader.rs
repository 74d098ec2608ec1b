//! Reading a definition out of its JSON. The members of an object are asked for one by one, each as
//! what the language says it is; what nobody has asked for is unknown to the language.
//!
//! A reader of a value knows nothing of the place where the value stands: an error starts where it
//! comes up and gathers the steps of its path on the way out. Written by hand, because code derived
//! for these types weighs some 80 KB in the page and cannot say where an error is.

use serde_json::{Map, Number, Value};

use crate::{DefinitionError, Rule, Text};

type Result<T> = std::result::Result<T, DefinitionError>;

/// The members of an object, emptied as they are read.
pub(crate) struct Members {
    all: Map<String, Value>,
    /// Every name that was asked for: what the language knows here.
    known: Vec<&'static str>,
    /// Whether the rest is left as it is.
    is_left: bool,
}

impl Members {
    /// The members of `value`, which must be an object.
    pub fn of(value: Value) -> Result<Self> {
        Ok(Self { all: object(value)?, known: Vec::new(), is_left: false })
    }

    /// Refuses members that nothing has asked for.
    pub fn finish(self) -> Result<()> {
        match self.all.keys().find(|name| !self.known.contains(&name.as_str())) {
            _ if self.is_left => Ok(()),
            None => Ok(()),
            Some(name) => Err(one_of("unknown member", name, &self.known).under(name)),
        }
    }

    /// Takes members that nothing asks for as they are.
    pub fn leave_rest(&mut self) {
        self.is_left = true;
    }

    /// Takes a member as it is, without looking at it.
    pub fn leave(&mut self, name: &'static str) {
        self.known.push(name);
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        // Emptied rather than removed: taking entries out of a map is heavy code.
        self.all.get_mut(name).map(Value::take)
    }

    /// What `read` makes of a member, if it is there.
    pub fn opt<T>(
        &mut self,
        name: &'static str,
        read: fn(Value) -> Result<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        match read(value) {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(error.under(name)),
        }
    }

    pub fn opt_string(&mut self, name: &'static str) -> Result<Option<String>> {
        self.opt(name, string)
    }

    pub fn string(&mut self, name: &'static str) -> Result<String> {
        self.opt_string(name)?.ok_or_else(|| missing(name, STRING))
    }

    /// A name: 1 to 64 letters, digits, `-` and `_`.
    pub fn name(&mut self, name: &'static str) -> Result<String> {
        self.opt(name, fit_name)?.ok_or_else(|| missing(name, NAME))
    }

    pub fn opt_text(&mut self, name: &'static str) -> Result<Option<Text>> {
        self.opt(name, Text::read)
    }

    pub fn text(&mut self, name: &'static str) -> Result<Text> {
        self.opt_text(name)?.ok_or_else(|| missing(name, TEXT))
    }

    /// Whether a member is there and true.
    pub fn flag(&mut self, name: &'static str) -> Result<bool> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(yes)) => Ok(yes),
            Some(other) => Err(mismatch("true or false", &other).under(name)),
        }
    }

    /// A whole number from 0 to `most`.
    pub fn opt_whole(&mut self, name: &'static str, most: u64) -> Result<Option<u64>> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match value.as_u64() {
                Some(number) if number <= most => Ok(Some(number)),
                _ => Err(not_whole(&value, most).under(name)),
            },
        }
    }

    pub fn opt_u32(&mut self, name: &'static str) -> Result<Option<u32>> {
        Ok(self.opt_whole(name, u64::from(u32::MAX))?.map(|number| number as u32))
    }

    pub fn opt_u64(&mut self, name: &'static str) -> Result<Option<u64>> {
        self.opt_whole(name, u64::MAX)
    }

    /// Two whole numbers of which the first is not above the second.
    pub fn opt_range(
        &mut self,
        least: &'static str,
        most: &'static str,
    ) -> Result<(Option<u64>, Option<u64>)> {
        let (min, max) = (self.opt_u64(least)?, self.opt_u64(most)?);
        if min.unwrap_or_default() > max.unwrap_or(u64::MAX) {
            let words = ["expected no more than `", most, "`"].concat();
            return Err(DefinitionError::new(words).under(least));
        }
        Ok((min, max))
    }

    pub fn opt_number(&mut self, name: &'static str) -> Result<Option<Number>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number)),
            Some(other) => Err(mismatch("a number", &other).under(name)),
        }
    }

    pub fn opt_name(&mut self, name: &'static str) -> Result<Option<String>> {
        self.opt(name, fit_name)
    }

    pub fn required_rule(&mut self, name: &'static str) -> Result<Rule> {
        self.opt_rule(name)?.ok_or_else(|| missing(name, "a rule"))
    }

    pub fn opt_rule(&mut self, name: &'static str) -> Result<Option<Rule>> {
        self.opt(name, rule)
    }

    /// What `read` makes of an object that must be there.
    pub fn required<T>(&mut self, name: &'static str, read: fn(Value) -> Result<T>) -> Result<T> {
        match self.opt(name, read) {
            Ok(Some(read)) => Ok(read),
            Ok(None) => Err(missing(name, OBJECT)),
            Err(error) => Err(error),
        }
    }

    /// What `read` makes of each element of a list, if it is there.
    pub fn opt_list<T>(
        &mut self,
        name: &'static str,
        read: fn(Value) -> Result<T>,
    ) -> Result<Option<Vec<T>>> {
        let mut items = Vec::new();
        let there = self.each(name, &mut |item| {
            items.push(read(item)?);
            Ok(())
        })?;
        Ok(there.then_some(items))
    }

    /// What `read` makes of each element of a list that must be there.
    pub fn list<T>(&mut self, name: &'static str, read: fn(Value) -> Result<T>) -> Result<Vec<T>> {
        match self.opt_list(name, read) {
            Ok(Some(items)) => Ok(items),
            Ok(None) => Err(missing(name, LIST)),
            Err(error) => Err(error),
        }
    }

    /// Hands over the elements of a list in order; whether there is a list.
    pub fn each(
        &mut self,
        name: &'static str,
        take: &mut dyn FnMut(Value) -> Result<()>,
    ) -> Result<bool> {
        let items = match self.take(name) {
            None => return Ok(false),
            Some(Value::Array(items)) => items,
            Some(other) => return Err(mismatch(LIST, &other).under(name)),
        };
        for (index, item) in items.into_iter().enumerate() {
            take(item).map_err(|error| error.under_index(index).under(name))?;
        }
        Ok(true)
    }
}

const STRING: &str = "a string";
const NAME: &str = "a name of 1 to 64 letters a-z, digits, `-` and `_`";
const LIST: &str = "a list";
const OBJECT: &str = "an object";
pub(crate) const TEXT: &str = "text: a string, or { \"th\": \"…\", \"en\": \"…\" }";

/// A string.
pub(crate) fn string(value: Value) -> Result<String> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(mismatch(STRING, &other)),
    }
}

/// The members of an object whose names are free.
pub(crate) fn object(value: Value) -> Result<Map<String, Value>> {
    match value {
        Value::Object(members) => Ok(members),
        other => Err(mismatch(OBJECT, &other)),
    }
}

/// A rule. Null alone is one in the notation, and in a definition a mistake.
fn rule(value: Value) -> Result<Rule> {
    if value.is_null() {
        return Err(mismatch("a rule, as { \"var\": \"name\" }", &value));
    }
    Rule::read(value)
}

fn fit_name(value: Value) -> Result<String> {
    let name = string(value)?;
    let fit = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if !name.is_empty() && name.len() <= 64 && name.bytes().all(fit) {
        return Ok(name);
    }
    Err(DefinitionError::new(["expected ", NAME].concat()))
}

/// What is not there, at the place where it should be.
pub(crate) fn missing(name: &str, expected: &str) -> DefinitionError {
    DefinitionError::new(["missing: expected ", expected].concat()).under(name)
}

/// «expected a string, found a number».
pub(crate) fn mismatch(expected: &str, found: &Value) -> DefinitionError {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => STRING,
        Value::Array(_) => LIST,
        Value::Object(_) => OBJECT,
    };
    DefinitionError::new(["expected ", expected, ", found ", found].concat())
}

/// More of something than the kit takes.
pub(crate) fn beyond(what: &str, most: usize) -> DefinitionError {
    DefinitionError::new(["expected at most ", &most.to_string(), " ", what].concat())
}

fn not_whole(value: &Value, most: u64) -> DefinitionError {
    let number = match value {
        Value::Number(number) => crate::decimal::write(number),
        other => return mismatch("a whole number", other),
    };
    let range = if most == u64::MAX { "0 or more".to_owned() } else { format!("0 to {most}") };
    DefinitionError::new(["expected a whole number, ", &range, ", found ", &number].concat())
}

/// «unknown type `txet`, expected one of text, number».
pub(crate) fn one_of(unknown: &str, name: &str, known: &[&str]) -> DefinitionError {
    let known = known.join(", ");
    DefinitionError::new([unknown, " `", name, "`, expected one of ", &known].concat())
}

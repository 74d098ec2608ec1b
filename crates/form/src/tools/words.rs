//! Rules in words: «“Do you have land?” is Yes». The sentences are English; labels and options are
//! in the language that is asked for.

use serde_json::Value;

use super::scope::{Scope, call, resolve};
use crate::fields::Shape;
use crate::{Date, Form, Rule, json};

/// Says the rules of a form.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub form: &'a Form,
    /// The language of labels.
    pub language: &'a str,
}

impl Speaker<'_> {
    /// When a rule holds.
    pub fn condition(self, rule: &Rule, scope: &Scope) -> String {
        self.holds(&rule.to_value(), scope)
    }

    /// What a rule's value is.
    pub fn value(self, rule: &Rule, scope: &Scope) -> String {
        self.is(&rule.to_value(), scope)
    }

    /// The label of a field in quotation marks.
    pub fn label(self, place: usize) -> String {
        let field = self.form.field(place);
        let label = self.form.text(&field.label, self.language);
        quoted(if label.is_empty() { &field.id } else { label })
    }

    fn holds(self, rule: &Value, scope: &Scope) -> String {
        let Some((name, operands)) = call(rule) else {
            return if crate::logic::truth(rule) { "always" } else { "never" }.to_owned();
        };
        let one = |index: usize| operands.get(index).unwrap_or(&Value::Null);
        match (name, operands) {
            ("and", _) => self.joined(operands, scope, "and"),
            ("or", _) => self.joined(operands, scope, "or"),
            ("!", _) => self.fails(one(0), scope),
            ("!!", _) => self.holds(one(0), scope),
            ("var", _) => self.answered(rule, scope),
            ("==" | "===", [a, b]) => self.equal(a, b, scope, true),
            ("!=" | "!==", [a, b]) => self.equal(a, b, scope, false),
            ("<" | "<=" | ">" | ">=", [a, b]) => {
                let words = comparison(name, self.is_day(a, scope) || self.is_day(b, scope));
                format!("{} {words} {}", self.is(a, scope), self.against(b, a, scope))
            }
            ("<", [low, middle, high]) => {
                let [low, high] = [low, high].map(|one| self.against(one, middle, scope));
                format!("{} is between {low} and {high}", self.is(middle, scope))
            }
            ("<=", [low, middle, high]) => {
                let [low, high] = [low, high].map(|one| self.against(one, middle, scope));
                format!("{} is from {low} to {high}", self.is(middle, scope))
            }
            ("in", [a, b]) => self.contains(a, b, scope),
            ("matches", [a, b]) => {
                let pattern = b.as_str().unwrap_or_default();
                format!("{} matches the pattern `{pattern}`", self.is(a, scope))
            }
            ("some" | "all" | "none", [list, body]) => {
                let which = match name {
                    "some" => "in some row",
                    "all" => "in every row",
                    _ => "in no row",
                };
                let inside = self.body_scope(list, scope);
                format!("{which} of {}, {}", self.is(list, scope), self.holds(body, &inside))
            }
            ("missing", _) => {
                let names = self.names(operands, scope);
                format!("{} has no answer", or_of(&names))
            }
            ("missing_some", [least, Value::Array(paths)]) => {
                let names = self.names(paths, scope);
                format!("fewer than {} of {} have an answer", json::write(least), names.join(", "))
            }
            ("if" | "?:", [condition, then, otherwise]) => format!(
                "({} if {}, otherwise {})",
                self.holds(then, scope),
                self.holds(condition, scope),
                self.holds(otherwise, scope)
            ),
            // With another number of operands than those above, there are no words for them.
            (
                "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=" | "in" | "matches" | "some"
                | "all" | "none" | "missing_some",
                _,
            ) => format!("{} holds", json::write(rule)),
            _ => format!("{} is not 0 or blank", self.is(rule, scope)),
        }
    }

    /// When a rule does not hold.
    fn fails(self, rule: &Value, scope: &Scope) -> String {
        match call(rule) {
            Some(("var", _)) => match self.place(rule, scope) {
                Some(place) if self.is_yes_no(place) => {
                    format!("{} is not {}", self.label(place), self.yes())
                }
                _ => format!("{} has no answer", self.is(rule, scope)),
            },
            Some(("==" | "===", [a, b])) => self.equal(a, b, scope, false),
            Some(("!=" | "!==", [a, b])) => self.equal(a, b, scope, true),
            Some(("!", [inner])) => self.holds(inner, scope),
            _ => format!("it is not so that {}", self.holds(rule, scope)),
        }
    }

    fn joined(self, operands: &[Value], scope: &Scope, word: &str) -> String {
        let each = operands.iter().map(|operand| {
            let said = self.holds(operand, scope);
            match call(operand) {
                Some((name @ ("and" | "or"), inner)) if name != word && inner.len() > 1 => {
                    format!("({said})")
                }
                _ => said,
            }
        });
        each.collect::<Vec<_>>().join(&format!(" {word} "))
    }

    fn answered(self, var: &Value, scope: &Scope) -> String {
        match self.place(var, scope) {
            Some(place) if self.is_yes_no(place) => {
                format!("{} is {}", self.label(place), self.yes())
            }
            Some(place) if self.schema_type(place) == "number" => {
                format!("{} is answered and not 0", self.label(place))
            }
            _ => format!("{} is answered", self.is(var, scope)),
        }
    }

    fn equal(self, a: &Value, b: &Value, scope: &Scope, same: bool) -> String {
        let (a, b) = if call(a).is_none() && call(b).is_some() { (b, a) } else { (a, b) };
        if b.is_null() || *b == "" {
            let words = if same { "has no answer" } else { "is answered" };
            return format!("{} {words}", self.is(a, scope));
        }
        let words = if same { "is" } else { "is not" };
        format!("{} {words} {}", self.is(a, scope), self.against(b, a, scope))
    }

    fn contains(self, a: &Value, b: &Value, scope: &Scope) -> String {
        if let (Some(("var", _)), Value::Array(listed)) = (call(a), b) {
            let each = listed.iter().map(|one| self.against(one, a, scope));
            return format!("{} is {}", self.is(a, scope), or_of(&each.collect::<Vec<_>>()));
        }
        let is_list = self.place(b, scope).is_some_and(|place| self.schema_type(place) == "array");
        let words = if is_list { "includes" } else { "contains" };
        format!("{} {words} {}", self.is(b, scope), self.against(a, b, scope))
    }

    /// Something that is compared with `other`: an option's value by its label, a day as people
    /// write it.
    fn against(self, value: &Value, other: &Value, scope: &Scope) -> String {
        let place = self.place(other, scope).filter(|_| call(value).is_none());
        let Some(place) = place else { return self.is(value, scope) };
        let kind = &self.form.field(place).kind;
        if let Some(option) = kind.options().iter().find(|option| *value == *option.value) {
            return quoted(self.form.text(&option.label, self.language));
        }
        match value {
            Value::Bool(_) if self.is_yes_no(place) => {
                self.form.in_words(place, value, self.language)
            }
            _ => self.is(value, scope),
        }
    }

    fn is(self, rule: &Value, scope: &Scope) -> String {
        let Some((name, operands)) = call(rule) else { return self.plain(rule, scope) };
        let one = |index: usize| operands.get(index).unwrap_or(&Value::Null);
        let each = || operands.iter().map(|operand| self.is(operand, scope)).collect::<Vec<_>>();
        match (name, operands) {
            ("var", _) => self.var(rule, operands, scope),
            ("today", _) => "today".to_owned(),
            ("years-between", [from, to]) => {
                format!("the whole years from {} to {}", self.is(from, scope), self.is(to, scope))
            }
            ("days-between", [from, to]) => {
                format!("the days from {} to {}", self.is(from, scope), self.is(to, scope))
            }
            ("sum", [rows, Value::String(member)]) => {
                let member = self.column(rows, member, scope);
                format!("the sum of {member} over the rows of {}", self.is(rows, scope))
            }
            ("count", [rows, Value::String(member)]) => {
                let member = self.column(rows, member, scope);
                format!("the number of rows of {} with {member}", self.is(rows, scope))
            }
            ("sum", _) => format!("the sum of {}", and_of(&each())),
            ("count", [list]) if self.rows(list, scope).is_some() => {
                format!("the number of rows of {}", self.is(list, scope))
            }
            ("count", _) => format!("how many of {} are answered", and_of(&each())),
            ("max", _) => format!("the greatest of {}", and_of(&each())),
            ("min", _) => format!("the least of {}", and_of(&each())),
            ("round", _) => match one(1) {
                Value::Null | Value::Number(_) if one(1).as_i64().unwrap_or(0) == 0 => {
                    format!("{}, rounded to a whole number", self.is(one(0), scope))
                }
                places => format!(
                    "{}, rounded to {} decimal places",
                    self.is(one(0), scope),
                    self.is(places, scope)
                ),
            },
            ("-", [only]) => format!("−{}", self.operand(only, scope)),
            ("+" | "-" | "*" | "/" | "%", _) => {
                let sign = match name {
                    "-" => " − ",
                    "*" => " × ",
                    "/" => " ÷ ",
                    "%" => " modulo ",
                    _ => " + ",
                };
                let each = operands.iter().map(|operand| self.operand(operand, scope));
                each.collect::<Vec<_>>().join(sign)
            }
            ("if" | "?:", _) => self.choice(operands, scope),
            ("cat", _) => format!("{}, joined", and_of(&each())),
            ("merge", _) => and_of(&each()),
            ("log", _) => self.is(one(0), scope),
            ("filter", [list, body]) => {
                let inside = self.body_scope(list, scope);
                format!("{} where {}", self.is(list, scope), self.holds(body, &inside))
            }
            ("map", [list, body]) => {
                let inside = self.body_scope(list, scope);
                format!("{} of every row of {}", self.is(body, &inside), self.is(list, scope))
            }
            (
                "substr" | "reduce" | "missing" | "missing_some" | "filter" | "map"
                | "years-between" | "days-between",
                _,
            ) => {
                format!("the value of {}", json::write(rule))
            }
            _ => format!("whether {}", self.holds(rule, scope)),
        }
    }

    fn plain(self, value: &Value, scope: &Scope) -> String {
        match value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(yes) => crate::fields::yes_no::in_words(*yes, self.language).to_owned(),
            Value::String(text) => match Date::parse_iso(text) {
                Some(day) => day.in_words(self.language),
                None => quoted(text),
            },
            Value::Array(items) => {
                and_of(&items.iter().map(|item| self.is(item, scope)).collect::<Vec<_>>())
            }
            other => json::write(other),
        }
    }

    /// An operand of a calculation, in brackets if it is one itself.
    fn operand(self, operand: &Value, scope: &Scope) -> String {
        let said = self.is(operand, scope);
        match call(operand) {
            Some(("+" | "-" | "*" | "/" | "%" | "if" | "?:" | "round", _)) => format!("({said})"),
            _ => said,
        }
    }

    fn choice(self, operands: &[Value], scope: &Scope) -> String {
        let mut parts = Vec::new();
        let mut pairs = operands.chunks_exact(2);
        for pair in pairs.by_ref() {
            parts.push(format!("{} if {}", self.is(&pair[1], scope), self.holds(&pair[0], scope)));
        }
        let last =
            pairs.remainder().first().map_or("nothing".to_owned(), |one| self.is(one, scope));
        parts.push(format!("otherwise {last}"));
        parts.join(", ")
    }

    fn var(self, rule: &Value, operands: &[Value], scope: &Scope) -> String {
        let path = operands.first().and_then(Value::as_str).unwrap_or_default();
        let said = match resolve(self.form, scope, path) {
            Some(target) => match target.part {
                Some(part) => format!("{} ({part})", self.label(target.place)),
                None => self.label(target.place),
            },
            None if path.is_empty() => "it".to_owned(),
            None => format!("`{path}`"),
        };
        match operands.get(1) {
            Some(instead) => {
                let instead = self.against(instead, rule, scope);
                format!("{said} (or {instead} where it has no answer)")
            }
            None => said,
        }
    }

    /// The field that a `var` reads as a whole.
    fn place(self, rule: &Value, scope: &Scope) -> Option<usize> {
        let ("var", operands) = call(rule)? else { return None };
        let target = resolve(self.form, scope, operands.first()?.as_str()?)?;
        target.part.is_none().then_some(target.place)
    }

    /// The repeat whose rows a list is of.
    fn rows(self, list: &Value, scope: &Scope) -> Option<usize> {
        match call(list)? {
            ("filter", [inner, _]) => self.rows(inner, scope),
            _ => self
                .place(list, scope)
                .filter(|place| matches!(self.form.field(*place).kind.shape(), Shape::Rows { .. })),
        }
    }

    fn body_scope(self, list: &Value, scope: &Scope) -> Scope {
        self.rows(list, scope).map(|rows| vec![Some(rows)]).unwrap_or_default()
    }

    fn column(self, rows: &Value, member: &str, scope: &Scope) -> String {
        let rows = self.rows(rows, scope);
        let place = rows.and_then(|rows| self.form.place_in(Some(rows), member));
        place.map_or_else(|| format!("`{member}`"), |place| self.label(place))
    }

    fn names(self, paths: &[Value], scope: &Scope) -> Vec<String> {
        let mut names = Vec::new();
        for path in paths {
            match path {
                Value::Array(inner) => names.extend(self.names(inner, scope)),
                Value::String(path) => {
                    let target = resolve(self.form, scope, path);
                    names.push(match target {
                        Some(target) => self.label(target.place),
                        None => format!("`{path}`"),
                    });
                }
                other => names.push(self.is(other, scope)),
            }
        }
        names
    }

    fn schema_type(self, place: usize) -> String {
        let schema = self.form.field(place).kind.schema();
        match schema["type"].as_str() {
            Some("integer") => "number".to_owned(),
            Some(name) => name.to_owned(),
            None => String::new(),
        }
    }

    fn is_yes_no(self, place: usize) -> bool {
        self.schema_type(place) == "boolean"
    }

    fn yes(self) -> &'static str {
        crate::fields::yes_no::in_words(true, self.language)
    }

    /// Whether a value is a day, so that it lies before or after another.
    fn is_day(self, value: &Value, scope: &Scope) -> bool {
        match call(value) {
            Some(("today", _)) => true,
            Some(("var", _)) => self
                .place(value, scope)
                .is_some_and(|place| self.form.field(place).kind.schema()["format"] == "date"),
            _ => value.as_str().and_then(Date::parse_iso).is_some(),
        }
    }
}

fn comparison(name: &str, days: bool) -> &'static str {
    match (name, days) {
        ("<", false) => "is less than",
        ("<=", false) => "is at most",
        (">", false) => "is more than",
        (_, false) => "is at least",
        ("<", true) => "is before",
        ("<=", true) => "is on or before",
        (">", true) => "is after",
        (_, true) => "is on or after",
    }
}

pub(super) fn quoted(text: &str) -> String {
    ["“", text, "”"].concat()
}

/// «a, b and c».
fn and_of(all: &[String]) -> String {
    listed(all, " and ")
}

/// «a, b or c».
fn or_of(all: &[String]) -> String {
    listed(all, " or ")
}

fn listed(all: &[String], word: &str) -> String {
    match all {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => [&first.join(", "), word, last].concat(),
    }
}

//! What a rule can come to, as far as that is known before anybody answers: questions with a few
//! possible answers are tried with each of them. It never says «never» of what may happen.

use std::cell::Cell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::fields::Shape;
use crate::tools::scope::{Scope, resolve};
use crate::{Data, Form, Rule, limits};

/// The most combinations of answers that are tried.
const MOST: usize = 4096;

/// What is known of the form. What can be asked of a field is asked once: a form may have thousands,
/// some with thousands of options.
pub(super) struct Known<'a> {
    pub form: &'a Form,
    /// For each field, whether it can never be shown.
    pub never: Vec<bool>,
    /// Fields that nothing is known of.
    pub doubtful: Vec<bool>,
    /// The schema of each field's answer.
    pub schemas: Vec<Value>,
    values: Vec<Option<Vec<Value>>>,
    elements: Vec<Option<Vec<Value>>>,
}

/// A rule with the scopes that its names are looked up in.
pub(super) type Seen<'a> = (&'a Value, &'a Scope);

type Answers = BTreeMap<usize, Value>;

impl<'a> Known<'a> {
    pub fn new(form: &'a Form, doubtful: Vec<bool>) -> Self {
        let fields = form.fields().iter().zip(&doubtful);
        let schemas: Vec<Value> = fields
            .map(|(field, doubtful)| if *doubtful { Value::Null } else { field.kind.schema() })
            .collect();
        let values = schemas.iter().map(|schema| match schema["type"].as_str() {
            Some("boolean") => Some(vec![Value::Bool(true), Value::Bool(false)]),
            _ => schema["enum"].as_array().cloned(),
        });
        let elements = schemas.iter().map(|schema| {
            let is_list = schema["type"] == "array";
            schema["items"]["enum"].as_array().filter(|_| is_list).cloned()
        });
        Self {
            form,
            never: vec![false; doubtful.len()],
            values: values.collect(),
            elements: elements.collect(),
            doubtful,
            schemas,
        }
    }

    /// The answers that a question can have, where they can be counted; null is always one more.
    pub fn values(&self, place: usize) -> Option<&[Value]> {
        self.values[place].as_deref()
    }

    /// The elements that a question's list can have, where they can be counted.
    pub fn elements(&self, place: usize) -> Option<&[Value]> {
        self.elements[place].as_deref()
    }

    /// Whether all of these rules can hold together (`None`: perhaps).
    pub fn all_hold(&self, rules: &[Seen]) -> Option<bool> {
        let mut asked = Vec::new();
        for (rule, scope) in rules {
            self.collect(rule, scope, &mut asked);
        }
        asked.sort_unstable();
        asked.dedup();
        let mut combinations = vec![Answers::new()];
        for place in asked {
            let values = self.values(place).unwrap_or_default();
            if combinations.len() * (values.len() + 1) > MOST {
                continue;
            }
            let values = || values.iter().chain(std::iter::once(&Value::Null));
            let with = |one: &Answers, value: &Value| {
                let mut one = one.clone();
                one.insert(place, value.clone());
                one
            };
            combinations = combinations
                .iter()
                .flat_map(|one| values().map(move |value| with(one, value)))
                .collect();
        }
        let outcomes: Vec<Option<bool>> = combinations
            .iter()
            .map(|answers| {
                let each = rules.iter().map(|(rule, scope)| self.truth(rule, scope, answers));
                and(each)
            })
            .collect();
        if outcomes.iter().all(|outcome| *outcome == Some(false)) {
            return Some(false);
        }
        outcomes.iter().all(|outcome| *outcome == Some(true)).then_some(true)
    }

    /// The questions with few answers that a rule reads in its own row.
    fn collect(&self, rule: &Value, scope: &Scope, asked: &mut Vec<usize>) {
        match rule {
            Value::Array(items) => {
                items.iter().for_each(|item| self.collect(item, scope, asked));
            }
            Value::Object(members) => {
                for (name, operands) in members {
                    if name == "var" {
                        asked.extend(
                            self.place(operands, scope).filter(|place| {
                                !self.never[*place] && self.values(*place).is_some()
                            }),
                        );
                    } else {
                        self.collect(operands, scope, asked);
                    }
                }
            }
            _ => {}
        }
    }

    /// The field whose answer a `var` reads, in its own row.
    fn place(&self, operands: &Value, scope: &Scope) -> Option<usize> {
        let target = resolve(self.form, scope, path_of(operands)?)?;
        (target.part.is_none() && !target.in_rows).then_some(target.place)
    }

    /// Whether a rule holds, as far as these answers tell.
    fn truth(&self, rule: &Value, scope: &Scope, answers: &Answers) -> Option<bool> {
        let call = rule.as_object().and_then(|members| members.iter().next());
        let Some((name, operands)) = call else {
            return self.value(rule, scope, answers).as_ref().map(crate::logic::truth);
        };
        let operands = list(operands);
        let mut each = operands.iter().map(|operand| self.truth(operand, scope, answers));
        match name.as_str() {
            "and" => and(each),
            "or" => and(each.map(|one| one.map(|holds| !holds))).map(|none| !none),
            "!" => each.next()?.map(|holds| !holds),
            "!!" => each.next()?,
            "if" | "?:" => {
                let mut at = 0;
                while at + 1 < operands.len() {
                    if self.truth(&operands[at], scope, answers)? {
                        return self.truth(&operands[at + 1], scope, answers);
                    }
                    at += 2;
                }
                operands.get(at).map_or(Some(false), |last| self.truth(last, scope, answers))
            }
            _ => self.value(rule, scope, answers).as_ref().map(crate::logic::truth),
        }
    }

    /// A rule's value, as far as these answers tell.
    fn value(&self, rule: &Value, scope: &Scope, answers: &Answers) -> Option<Value> {
        let members = match rule {
            Value::Array(items) => {
                return items.iter().map(|item| self.value(item, scope, answers)).collect();
            }
            Value::Object(members) => members,
            plain => return Some(plain.clone()),
        };
        let (name, operands) = members.iter().next()?;
        if name == "var" {
            let place = self.place(operands, scope)?;
            return if self.never[place] {
                Some(Value::Null)
            } else {
                answers.get(&place).cloned()
            };
        }
        if let Some(known) = self.of_list(name, operands, scope) {
            return Some(Value::Bool(known));
        }
        let is_known = !matches!(
            name.as_str(),
            "today"
                | "missing"
                | "missing_some"
                | "map"
                | "filter"
                | "reduce"
                | "all"
                | "none"
                | "some"
                | "log"
        );
        let operands: Vec<Value> = list(operands)
            .iter()
            .map(|operand| self.value(operand, scope, answers))
            .collect::<Option<_>>()?;
        // An object among them would be read as a rule.
        let is_plain = operands.iter().all(|operand| !has_object(operand));
        if is_known && is_plain { evaluate(name, operands) } else { None }
    }

    /// What a comparison with a question that is answered by a list comes to, where it can only
    /// come to that.
    fn of_list(&self, name: &str, operands: &Value, scope: &Scope) -> Option<bool> {
        let [a, b] = list(operands) else { return None };
        let target = |operand: &Value| {
            let operands = operand.as_object()?.get("var")?;
            self.place(operands, scope).filter(|place| self.elements(*place).is_some())
        };
        let is_plain = |operand: &Value| {
            matches!(operand, Value::Bool(_) | Value::Number(_) | Value::String(_))
        };
        match name {
            "==" | "===" | "!=" | "!==" => {
                let is_never =
                    target(a).is_some() && is_plain(b) || is_plain(a) && target(b).is_some();
                is_never.then_some(name.starts_with('!'))
            }
            "in" => {
                let elements = target(b).and_then(|place| self.elements(place))?;
                (is_plain(a) && !elements.contains(a)).then_some(false)
            }
            _ => None,
        }
    }

    /// Works out which fields can never be shown, until there are no more.
    pub fn find_never(&mut self, rules_of: &dyn Fn(usize) -> Vec<(Value, Scope)>) {
        loop {
            let mut more = false;
            for place in 0..self.never.len() {
                let parent = self.form.field(place).parent;
                let inherited = parent.is_some_and(|parent| self.never[parent]);
                if self.never[place] || self.doubtful[place] && !inherited {
                    continue;
                }
                let rules = rules_of(place);
                let seen: Vec<Seen> = rules.iter().map(|(rule, scope)| (rule, scope)).collect();
                if inherited || !seen.is_empty() && self.all_hold(&seen) == Some(false) {
                    self.never[place] = true;
                    more = true;
                }
            }
            if !more {
                return;
            }
        }
    }
}

/// Three-valued «and».
fn and(each: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut known = true;
    for one in each {
        match one {
            Some(false) => return Some(false),
            Some(true) => {}
            None => known = false,
        }
    }
    known.then_some(true)
}

/// The operands of a call; a single one may stand without a list.
pub(super) fn list(operands: &Value) -> &[Value] {
    match operands {
        Value::Array(items) => items,
        single => std::slice::from_ref(single),
    }
}

/// The path that a `var` has written out, if it has no second operand.
pub(super) fn path_of(operands: &Value) -> Option<&str> {
    match list(operands) {
        [Value::String(path)] => Some(path),
        _ => None,
    }
}

/// Whether a question of this shape has an answer of its own.
pub(super) fn is_answer(form: &Form, place: usize) -> bool {
    form.field(place).kind.shape() == Shape::Answer
}

fn has_object(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(has_object),
        _ => false,
    }
}

/// The value of a call of plain values.
pub(super) fn evaluate(name: &str, operands: Vec<Value>) -> Option<Value> {
    let rule = Rule::from_value(serde_json::json!({ name: operands })).ok()?;
    let steps = Cell::new(limits::STEPS);
    rule.evaluate(&Data { scopes: &[], today: None, steps: &steps, met_blank: None }).ok()
}

//! Conditions in words for who fills the form in by hand: «ข้อ 1.3 ตอบว่า “ใช่”». Questions are
//! named by their numbers, since the eye finds a number faster than a sentence.
//!
//! Not every rule can be said in a few words, and one that reads what the office reckons or the
//! citizen cannot see must not be: then the paper says «if it applies to you», and an officer knows.

use serde_json::Value;

use super::numbers::{Numbers, Role};
use crate::fields::Shape;
use crate::scope::{Scope, call, resolve};
use crate::{Date, Form, Rule, logic};

/// What there is to say of a condition.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// It always holds.
    Always,
    /// It holds if this is so.
    If(String),
    /// It cannot be said shortly.
    Unclear,
}

/// The most that is said in one condition.
const MOST_PARTS: usize = 4;
/// The most answers that one of them names.
const MOST_ANSWERS: usize = 6;

/// Says conditions of a form.
#[derive(Clone, Copy)]
pub(super) struct Speaker<'a> {
    pub form: &'a Form,
    pub language: &'a str,
    pub numbers: &'a Numbers,
}

/// A condition, taken apart.
#[derive(Debug, Clone, PartialEq)]
enum Part {
    Fixed(bool),
    Said(Said),
    All(Vec<Part>),
    Any(Vec<Part>),
}

/// What is said of one question.
#[derive(Debug, Clone, PartialEq)]
struct Said {
    words: String,
    /// The question, where all that is said is that it has an answer.
    answered: Option<usize>,
    /// The question.
    place: Option<usize>,
}

impl Speaker<'_> {
    /// When a rule holds, seen from a scope.
    pub fn condition(self, rule: &Rule, scope: &Scope) -> Condition {
        let Some(part) = self.part(&rule.to_value(), scope, true).map(simple) else {
            return Condition::Unclear;
        };
        match part {
            Part::Fixed(true) => Condition::Always,
            Part::Fixed(false) => Condition::Unclear,
            part if count(&part) > MOST_PARTS => Condition::Unclear,
            part => self.said(&part, false).map_or(Condition::Unclear, Condition::If),
        }
    }

    fn is_thai(self) -> bool {
        self.language == "th"
    }

    /// Thai words for Thai readers, English ones for all others.
    fn pick<'a>(self, th: &'a str, en: &'a str) -> &'a str {
        if self.is_thai() { th } else { en }
    }

    fn said(self, part: &Part, inside: bool) -> Option<String> {
        let joined = |parts: &[Part], th: &str, en: &str| {
            let each: Option<Vec<String>> =
                parts.iter().map(|part| self.said(part, true)).collect();
            let words = each?.join(self.pick(th, en));
            Some(if inside { ["(", &words, ")"].concat() } else { words })
        };
        match part {
            Part::Fixed(_) => None,
            Part::Said(said) => Some(said.words.clone()),
            Part::All(parts) => joined(parts, " และ ", " and "),
            Part::Any(parts) => joined(parts, " หรือ ", " or "),
        }
    }

    /// Takes a rule apart; `holds` is false where it must not hold.
    fn part(self, rule: &Value, scope: &Scope, holds: bool) -> Option<Part> {
        let Some((name, operands)) = call(rule) else {
            return Some(Part::Fixed(logic::truth(rule) == holds));
        };
        match (name, operands) {
            ("and" | "or", _) => {
                let each = operands.iter().map(|operand| self.part(operand, scope, holds));
                let each: Option<Vec<Part>> = each.collect();
                // What must not hold together need only fail in one.
                Some(if (name == "and") == holds { Part::All(each?) } else { Part::Any(each?) })
            }
            ("!", [inner]) => self.part(inner, scope, !holds),
            ("!!", [inner]) => self.part(inner, scope, holds),
            ("var", [_]) => self.answered(rule, scope, holds),
            ("==" | "===", [a, b]) => self.equal(a, b, scope, holds),
            ("!=" | "!==", [a, b]) => self.equal(a, b, scope, !holds),
            ("in", [a, b]) => self.contains(a, b, scope, holds),
            ("<" | "<=" | ">" | ">=", [a, b]) => self.compared(name, a, b, scope, holds),
            ("<" | "<=", [low, middle, high]) if holds => Some(Part::All(vec![
                self.compared(name, low, middle, scope, true)?,
                self.compared(name, middle, high, scope, true)?,
            ])),
            _ => None,
        }
    }

    /// The question that a `var` reads as a whole and that has an answer on paper.
    fn place(self, rule: &Value, scope: &Scope) -> Option<usize> {
        let ("var", [path]) = call(rule)? else { return None };
        let target = resolve(self.form, scope, path.as_str()?)?;
        let is_asked = self.numbers.roles[target.place] == Role::Asked;
        (target.part.is_none() && !target.in_rows && is_asked).then_some(target.place)
    }

    /// «ข้อ 1.3», “1.3”.
    fn number(self, place: usize) -> String {
        [self.pick("ข้อ ", ""), &self.numbers.fields[place]].concat()
    }

    fn about(self, place: usize, words: &str) -> Option<Part> {
        let words = [&self.number(place), " ", words].concat();
        Some(Part::Said(Said { words, answered: None, place: Some(place) }))
    }

    fn answered(self, var: &Value, scope: &Scope, holds: bool) -> Option<Part> {
        if let Some(said) = self.consent(var, scope, holds) {
            return Some(said);
        }
        let place = self.place(var, scope)?;
        let kind = &self.form.field(place).kind;
        if kind.name() == "yes-no" {
            return self.chosen(
                place,
                &[self.form.in_words(place, &true.into(), self.language)],
                holds,
            );
        }
        let words = match (holds, kind.shape()) {
            (true, Shape::Rows { .. }) => self.pick("มีรายการ", "has entries"),
            (false, Shape::Rows { .. }) => self.pick("ไม่มีรายการ", "has no entries"),
            (true, _) => self.pick("มีคำตอบ", "has an answer"),
            (false, _) => self.pick("ไม่มีคำตอบ", "has no answer"),
        };
        let words = [&self.number(place), " ", words].concat();
        let answered = holds.then_some(place);
        Some(Part::Said(Said { words, answered, place: Some(place) }))
    }

    /// Whether a consent was given.
    fn consent(self, var: &Value, scope: &Scope, holds: bool) -> Option<Part> {
        let ("var", [path]) = call(var)? else { return None };
        let target = resolve(self.form, scope, path.as_str()?)?;
        let is_consent = self.form.field(target.place).kind.name() == "consent";
        if !is_consent || target.in_rows || target.part != Some("given") {
            return None;
        }
        let given = [self.pick("ยินยอม", "I consent").to_owned()];
        self.chosen(target.place, &given, holds)
    }

    /// That a question is answered with one of these.
    fn chosen(self, place: usize, answers: &[String], holds: bool) -> Option<Part> {
        if answers.is_empty() || answers.len() > MOST_ANSWERS {
            return None;
        }
        let quoted: Vec<String> =
            answers.iter().map(|answer| ["“", answer, "”"].concat()).collect();
        let words = if holds {
            self.pick("ตอบว่า ", "is ")
        } else {
            self.pick("ไม่ได้ตอบว่า ", "is not ")
        };
        self.about(place, &[words, &quoted.join(self.pick(" หรือ ", " or "))].concat())
    }

    fn equal(self, a: &Value, b: &Value, scope: &Scope, holds: bool) -> Option<Part> {
        let (a, b) = if call(a).is_none() && call(b).is_some() { (b, a) } else { (a, b) };
        if b.is_null() || *b == "" {
            return self.answered(a, scope, !holds);
        }
        if let (Value::Bool(yes), None) = (b, self.place(a, scope)) {
            return self.consent(a, scope, *yes == holds);
        }
        let place = self.place(a, scope);
        if let (Some(place), Some(other)) = (place, self.place(b, scope)) {
            let same = if holds {
                self.pick("ตรงกับ", "is the same as ")
            } else {
                self.pick("ไม่ตรงกับ", "is not the same as ")
            };
            return self.about(place, &[same, &self.number(other)].concat());
        }
        match place {
            Some(place) => self.chosen(place, &[self.answer(place, b)?], holds),
            None if holds => self.quantity(a, scope, "=", b),
            None => None,
        }
    }

    fn contains(self, a: &Value, b: &Value, scope: &Scope, holds: bool) -> Option<Part> {
        if let Value::Array(listed) = b {
            let place = self.place(a, scope)?;
            let answers: Option<Vec<String>> =
                listed.iter().map(|one| self.answer(place, one)).collect();
            return self.chosen(place, &answers?, holds);
        }
        let place = self.place(b, scope)?;
        if self.form.field(place).kind.name() != "choices" {
            return None;
        }
        let label = self.answer(place, a)?;
        let words = if holds {
            self.pick("เลือก ", "has a tick at ")
        } else {
            self.pick("ไม่ได้เลือก ", "has no tick at ")
        };
        self.about(place, &[words, "“", &label, "”"].concat())
    }

    /// A fixed answer of a question, as it stands on paper.
    fn answer(self, place: usize, value: &Value) -> Option<String> {
        if call(value).is_some() || value.is_object() || value.is_array() {
            return None;
        }
        let kind = &self.form.field(place).kind;
        if let Some(option) = kind.options().iter().find(|option| *value == *option.value) {
            return Some(self.form.text(&option.label, self.language).to_owned());
        }
        let is_plain = kind.options().is_empty() && matches!(kind.read(value), Ok(Some(_)));
        let words = self.form.in_words(place, value, self.language);
        (is_plain && !words.is_empty()).then_some(words)
    }

    fn compared(
        self,
        name: &str,
        a: &Value,
        b: &Value,
        scope: &Scope,
        holds: bool,
    ) -> Option<Part> {
        let turned = |name| match name {
            "<" => ">",
            "<=" => ">=",
            ">" => "<",
            _ => "<=",
        };
        let (name, a, b) = if call(a).is_none() { (turned(name), b, a) } else { (name, a, b) };
        let name = match (name, holds) {
            (name, true) => name,
            ("<", _) => ">=",
            ("<=", _) => ">",
            (">", _) => "<=",
            _ => "<",
        };
        let Some(place) = self.place(a, scope) else { return self.quantity(a, scope, name, b) };
        let is_today = matches!(call(b), Some(("today", _)));
        let other = match self.place(b, scope) {
            Some(other) => self.number(other),
            None if is_today => self.pick("วันที่ยื่น", "the day you hand this in").to_owned(),
            None => self.answer(place, b)?,
        };
        let is_day = is_today || b.as_str().and_then(Date::parse_iso).is_some();
        self.about(place, &self.against(name, is_day, &other))
    }

    fn against(self, name: &str, is_day: bool, other: &str) -> String {
        let (before, behind) = match (name, is_day, self.is_thai()) {
            ("=", _, true) => ("เป็น ", ""),
            ("<", false, true) => ("น้อยกว่า ", ""),
            ("<=", false, true) => ("ไม่เกิน ", ""),
            (">", false, true) => ("มากกว่า ", ""),
            (_, false, true) => ("ตั้งแต่ ", " ขึ้นไป"),
            ("<", true, true) => ("อยู่ก่อน ", ""),
            ("<=", true, true) => ("ไม่หลัง ", ""),
            (">", true, true) => ("อยู่หลัง ", ""),
            (_, true, true) => ("ตั้งแต่ ", " เป็นต้นไป"),
            ("=", ..) => ("is ", ""),
            ("<", false, _) => ("is less than ", ""),
            ("<=", false, _) => ("is at most ", ""),
            (">", false, _) => ("is more than ", ""),
            (_, false, _) => ("is at least ", ""),
            ("<", true, _) => ("is before ", ""),
            ("<=", true, _) => ("is on or before ", ""),
            (">", true, _) => ("is after ", ""),
            (_, true, _) => ("is on or after ", ""),
        };
        [before, other, behind].concat()
    }

    /// The number of rows, or the years between two days, against a number.
    fn quantity(self, what: &Value, scope: &Scope, name: &str, number: &Value) -> Option<Part> {
        let number = number.as_u64()?;
        let (place, words, unit) = match call(what)? {
            ("count", [rows]) => {
                let place = self.place(rows, scope)?;
                let is_rows = matches!(self.form.field(place).kind.shape(), Shape::Rows { .. });
                match (is_rows, name, number) {
                    (false, ..) => return None,
                    (_, ">", 0) | (_, ">=", 1) => {
                        let words = self.pick("มีรายการ", "has entries");
                        return self.about(place, words);
                    }
                    _ => {}
                }
                let words =
                    [self.pick("จำนวนรายการใน", "the number of entries in "), &self.number(place)];
                (place, words.concat(), self.pick(" รายการ", ""))
            }
            ("years-between", [from, to]) => {
                let place = self.place(from, scope)?;
                let to = match (call(to)?, self.place(to, scope)) {
                    (("today", _), _) => self.pick("วันที่ยื่น", "the day you hand this in").to_owned(),
                    (_, other) => self.number(other?),
                };
                let from = self.number(place);
                let words = if self.is_thai() {
                    ["นับจาก", &from, " ถึง", &to].concat()
                } else {
                    ["the time from ", &from, " to ", &to].concat()
                };
                (place, words, self.pick(" ปี", " years"))
            }
            _ => return None,
        };
        let number = [&number.to_string(), unit].concat();
        let words = [&words, " ", &self.against(name, false, &number)].concat();
        Some(Part::Said(Said { words, answered: None, place: Some(place) }))
    }
}

/// The same without what says nothing: what is fixed, what is said twice, and that a question has an
/// answer where more is said about it.
fn simple(part: Part) -> Part {
    let (is_all, parts) = match part {
        Part::All(parts) => (true, parts),
        Part::Any(parts) => (false, parts),
        other => return other,
    };
    let mut flat: Vec<Part> = Vec::new();
    for part in parts.into_iter().map(simple) {
        match part {
            Part::Fixed(value) if value == is_all => {}
            Part::Fixed(value) => return Part::Fixed(value),
            Part::All(inner) if is_all => flat.extend(inner),
            Part::Any(inner) if !is_all => flat.extend(inner),
            other => flat.push(other),
        }
    }
    let mut kept: Vec<Part> = Vec::new();
    for (at, part) in flat.iter().enumerate() {
        let more = |other: &Part| match (part, other) {
            (Part::Said(this), Part::Said(other)) => {
                this.answered.is_some() && this.answered == other.place && this != other
            }
            _ => false,
        };
        let is_said = is_all && flat.iter().any(more);
        if !is_said && !flat[..at].contains(part) {
            kept.push(part.clone());
        }
    }
    match (kept.len(), is_all) {
        (0, _) => Part::Fixed(is_all),
        (1, _) => kept.remove(0),
        (_, true) => Part::All(kept),
        (_, false) => Part::Any(kept),
    }
}

fn count(part: &Part) -> usize {
    match part {
        Part::Fixed(_) | Part::Said(_) => 1,
        Part::All(parts) | Part::Any(parts) => parts.iter().map(count).sum(),
    }
}

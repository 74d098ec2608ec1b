//! Rules that can be read and yet do not do what was meant: conditions that never or always hold,
//! comparisons with what a question can never be answered with, and of things that cannot be
//! compared.

use serde_json::Value;

use super::conditions::{Known, Seen as Scoped, evaluate, is_answer, list, path_of};
use super::error_words::nearest;
use super::{Found, Seen, Weight};
use crate::fields::{Number, Shape};
use crate::finding::pointer;
use crate::tools::scope::{Owner, Placed, Scope, outwards, resolve, rules};
use crate::{Date, Field};

pub(super) fn check(seen: &Seen, found: &mut Found) {
    let form = seen.form;
    let count = form.fields().len();
    let doubtful = (0..count).map(|place| found.is_doubtful(seen, place)).collect();
    let mut known = Known::new(form, doubtful);
    let all = rules(form);
    let mut linter = Linter { seen, known: &known, path: String::new(), said: Vec::new() };
    for placed in &all {
        let Some(path) = path_of_rule(seen, placed) else { continue };
        linter.path = path;
        let rule = placed.rule.to_value();
        if matches!(
            placed.member.rsplit('/').next(),
            Some("showIf" | "requiredIf" | "readOnlyIf" | "assert")
        ) {
            linter.condition(&rule, "", &placed.scope);
        }
        linter.rule(&rule, "", &placed.scope);
        linter.outcome(placed);
    }
    let said = linter.said;
    let with_issues: Vec<String> = said.iter().map(|said| said.path.clone()).collect();
    for one in said {
        found.say(seen, Weight::Warning, one.code, &one.path, one.words);
    }
    known.find_never(&|place| conditions(seen, place));
    never_shown(seen, &known, found);
    for placed in &all {
        constant(seen, &known, placed, &with_issues, found);
    }
}

/// Where a rule stands in the definition.
fn path_of_rule(seen: &Seen, placed: &Placed) -> Option<String> {
    let owner = match placed.owner {
        Owner::Form => String::new(),
        Owner::Page(page) => format!("/pages/{page}"),
        Owner::Field(place) => seen.path_of(place)?,
    };
    Some([&owner, "/", &placed.member].concat())
}

/// The conditions on which a field is shown, besides that what it stands in is: its own and those
/// of its page.
fn conditions(seen: &Seen, place: usize) -> Vec<(Value, Scope)> {
    let field = seen.form.field(place);
    let mut conditions = Vec::new();
    if let Some(rule) = &seen.form.page(field.page).show_if {
        conditions.push((rule.to_value(), vec![None]));
    }
    let mut at = Some(place);
    while let Some(place) = at {
        let field = seen.form.field(place);
        if let Some(rule) = &field.show_if {
            conditions.push((rule.to_value(), outwards(seen.form, field.parent)));
        }
        at = field.parent;
    }
    conditions
}

fn never_shown(seen: &Seen, known: &Known, found: &mut Found) {
    let form = seen.form;
    let mut pages = Vec::new();
    for (at, page) in form.definition().pages.iter().enumerate() {
        let rule = page.show_if.as_ref().map(crate::Rule::to_value);
        let scope = vec![None];
        let never =
            rule.as_ref().is_some_and(|rule| known.all_hold(&[(rule, &scope)]) == Some(false));
        if never {
            let words = "this condition can never hold: the page is never shown".to_owned();
            found.say(seen, Weight::Warning, "never-shown", &format!("/pages/{at}/showIf"), words);
        }
        pages.push(never);
    }
    for (place, path) in seen.paths() {
        let field = form.field(place);
        let around = field.parent.map_or(pages[field.page], |parent| known.never[parent]);
        if known.never[place] && !around {
            let alas = match field.required {
                true => "the field is never shown, although it is `required`",
                false => "the field is never shown",
            };
            let words = format!("this condition can never hold where the field stands: {alas}");
            found.say(seen, Weight::Warning, "never-shown", &[&path, "/showIf"].concat(), words);
        }
    }
}

/// Conditions that always hold, and checks that always or never find something.
fn constant(
    seen: &Seen,
    known: &Known,
    placed: &Placed,
    with_issues: &[String],
    found: &mut Found,
) {
    let Some(path) = path_of_rule(seen, placed) else { return };
    if with_issues.iter().any(|place| super::is_within(place, &path)) {
        return;
    }
    if matches!(placed.owner, Owner::Field(place) if known.never[place]) {
        return;
    }
    let rule = placed.rule.to_value();
    let scoped: Scoped = (&rule, &placed.scope);
    let member = placed.member.rsplit('/').next().unwrap_or_default();
    let words = match (member, known.all_hold(&[scoped])) {
        ("showIf" | "requiredIf" | "readOnlyIf" | "assert", Some(true)) if rule.is_string() => {
            "a text always holds: write a rule, as {\"==\": [{\"var\": \"kind\"}, \"new\"]}"
        }
        ("showIf", Some(true)) => "this condition always holds: leave it out",
        ("requiredIf", Some(true)) => "this condition always holds: write `\"required\": true`",
        ("readOnlyIf", Some(true)) => "this condition always holds: write `\"readOnly\": true`",
        ("requiredIf" | "readOnlyIf", Some(false)) => "this condition never holds: leave it out",
        ("showIf", Some(false)) if placed.member.starts_with("options") => {
            "this condition never holds: the option is never offered"
        }
        ("assert", Some(true)) => "this always holds: the check never finds anything",
        ("assert", Some(false)) => "this never holds: the check always finds something",
        _ => return,
    };
    found.say(seen, Weight::Warning, "constant", &path, words.to_owned());
}

/// What kind of value something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Date,
    Text,
    YesNo,
    List,
    Parts,
    Unknown,
}

impl Sort {
    fn in_words(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Date => "a date",
            Self::Text => "text",
            Self::YesNo => "yes or no",
            Self::List => "a list",
            Self::Parts => "an answer of several parts",
            Self::Unknown => "something",
        }
    }
}

struct Said {
    code: &'static str,
    path: String,
    words: String,
}

struct Linter<'a> {
    seen: &'a Seen<'a>,
    known: &'a Known<'a>,
    /// The rule that is looked at.
    path: String,
    said: Vec<Said>,
}

impl Linter<'_> {
    fn say(&mut self, code: &'static str, at: &str, words: String) {
        self.said.push(Said { code, path: [&self.path, at].concat(), words });
    }

    /// Looks at a rule and all in it; `at` is its place within the whole.
    fn rule(&mut self, rule: &Value, at: &str, scope: &Scope) {
        match rule {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.rule(item, &format!("{at}/{index}"), scope);
                }
            }
            Value::Object(members) => {
                for (name, operands) in members {
                    self.call(name, operands, &[at, &pointer(name)].concat(), scope);
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, name: &str, operands: &Value, at: &str, scope: &Scope) {
        let each = list(operands);
        let place = |index: usize| match operands {
            Value::Array(_) => format!("{at}/{index}"),
            _ => at.to_owned(),
        };
        match name {
            "map" | "filter" | "all" | "none" | "some" => {
                if let Some(first) = each.first() {
                    self.rule(first, &place(0), scope);
                }
                let rows = each.first().and_then(|list| self.rows(list, scope));
                if let (Some(rows), Some(body)) = (rows, each.get(1)) {
                    let inside = vec![Some(rows)];
                    self.names_of_rows(body, &place(1), rows);
                    self.rule(body, &place(1), &inside);
                }
                return;
            }
            "reduce" => {
                if let Some(first) = each.first() {
                    self.rule(first, &place(0), scope);
                }
                return;
            }
            "==" | "===" | "!=" | "!==" => {
                if let [a, b] = each {
                    self.possible(name, (a, &place(0)), (b, &place(1)), scope);
                    self.possible(name, (b, &place(1)), (a, &place(0)), scope);
                }
            }
            "in" => {
                if let [a, b] = each {
                    self.contained((a, &place(0)), (b, &place(1)), scope);
                }
            }
            "+" | "-" | "*" | "/" | "%" | "max" | "min" | "round" => {
                for (index, operand) in each.iter().enumerate() {
                    let sort = self.sort(operand, scope);
                    if matches!(sort, Sort::Date | Sort::Parts)
                        || sort == Sort::List && !matches!(name, "max" | "min")
                    {
                        let hint = if sort == Sort::Date {
                            ": use `years-between` or `days-between`"
                        } else {
                            ""
                        };
                        let words =
                            format!("`{name}` cannot reckon with {}{hint}", sort.in_words());
                        self.say("compare", &place(index), words);
                    }
                }
            }
            "years-between" | "days-between" => {
                for (index, operand) in each.iter().enumerate() {
                    let sort = self.sort(operand, scope);
                    if matches!(sort, Sort::Number | Sort::YesNo | Sort::List | Sort::Parts) {
                        let words =
                            format!("`{name}` needs two dates, this is {}", sort.in_words());
                        self.say("compare", &place(index), words);
                    } else if let Some(words) = era(operand) {
                        self.say("era", &place(index), words);
                    }
                }
            }
            "sum" => self.column(each, &place(1), scope),
            "and" | "or" | "!" | "!!" => {
                for (index, operand) in each.iter().enumerate() {
                    self.condition(operand, &place(index), scope);
                }
            }
            "if" | "?:" => {
                for index in (0..each.len().saturating_sub(1)).step_by(2) {
                    self.condition(&each[index], &place(index), scope);
                }
            }
            _ => {}
        }
        if matches!(name, "==" | "===" | "!=" | "!==" | "<" | "<=" | ">" | ">=") {
            for pair in [(0, 1), (1, 2)] {
                if let (Some(a), Some(b)) = (each.get(pair.0), each.get(pair.1)) {
                    self.compared(name, (a, &place(pair.0)), (b, &place(pair.1)), scope);
                }
            }
        }
        for (index, operand) in each.iter().enumerate() {
            self.rule(operand, &place(index), scope);
        }
    }

    /// A consent that is asked whether it holds: what was not given is an answer too.
    fn condition(&mut self, operand: &Value, at: &str, scope: &Scope) {
        let Some(place) = self.target(operand, scope) else { return };
        if self.known.schemas[place]["properties"]["given"].is_object() {
            let id = &self.seen.form.field(place).id;
            let words = format!(
                "a consent that is not given is an answer too, and holds: write \
                 {{\"var\": \"{id}.given\"}}"
            );
            self.say("constant", at, words);
        }
    }

    /// The question that a `var` reads as a whole, if all is known of it.
    fn target(&self, operand: &Value, scope: &Scope) -> Option<usize> {
        let path = path_of(operand.as_object()?.get("var")?)?;
        let target = resolve(self.seen.form, scope, path)?;
        let sound = target.part.is_none() && !self.known.doubtful[target.place];
        sound.then_some(target.place)
    }

    /// The repeat whose rows a list is of.
    fn rows(&self, operand: &Value, scope: &Scope) -> Option<usize> {
        let (name, operands) = operand.as_object()?.iter().next()?;
        match name.as_str() {
            "var" => self.target(operand, scope).filter(|place| {
                matches!(self.seen.form.field(*place).kind.shape(), Shape::Rows { .. })
            }),
            "filter" => self.rows(list(operands).first()?, scope),
            _ => None,
        }
    }

    /// Names in the body of `map`, `filter`, `all`, `none` and `some`, which sees a row only.
    fn names_of_rows(&mut self, body: &Value, at: &str, rows: usize) {
        let form = self.seen.form;
        let repeat = form.field(rows);
        match body {
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.names_of_rows(item, &format!("{at}/{index}"), rows);
                }
            }
            Value::Object(members) => {
                for (name, operands) in members {
                    let at = [at, &pointer(name)].concat();
                    let path = list(operands).first().and_then(Value::as_str);
                    let (true, Some(path)) = (name == "var", path.filter(|path| !path.is_empty()))
                    else {
                        if !matches!(
                            name.as_str(),
                            "map" | "filter" | "all" | "none" | "some" | "reduce"
                        ) {
                            self.names_of_rows(operands, &at, rows);
                        }
                        continue;
                    };
                    let first = path.split('.').next().unwrap_or_default();
                    if form.place_in(Some(rows), first).is_none() {
                        let names =
                            repeat.children.iter().map(|child| form.field(*child).id.as_str());
                        let words = match nearest(first, names) {
                            Some(near) => format!(
                                "a row of `{}` has no field `{first}`: did you mean `{near}`?",
                                repeat.id
                            ),
                            None => format!(
                                "a row of `{}` has no field `{first}`, and here only the row can be seen",
                                repeat.id
                            ),
                        };
                        self.say("unknown-field", &at, words);
                    }
                }
            }
            _ => {}
        }
    }

    /// A question with a few possible answers that is compared with something it can never be.
    fn possible(
        &mut self,
        name: &str,
        question: (&Value, &str),
        other: (&Value, &str),
        scope: &Scope,
    ) {
        let Some(place) = self.target(question.0, scope) else { return };
        let id = &self.seen.form.field(place).id;
        if matches!(other.0, Value::Object(_) | Value::Null) || other.0 == "" {
            return;
        }
        if let (Some(elements), false) = (self.known.elements(place), other.0.is_array()) {
            let near = elements.iter().find(|one| *one == other.0);
            let meant = near.map_or("…".to_owned(), Value::to_string);
            let words = format!(
                "several answers can be chosen for `{id}`, so it is never one of them: write \
                 {{\"in\": [{meant}, {{\"var\": \"{id}\"}}]}}"
            );
            self.say("impossible", question.1, words);
            return;
        }
        let Some(values) = self.known.values(place) else { return };
        let equal = if name.len() == 3 { "===" } else { "==" };
        let is_equal = |value: &Value| {
            evaluate(equal, vec![value.clone(), other.0.clone()]) == Some(Value::Bool(true))
        };
        if !values.iter().any(is_equal) {
            let words = never_words(id, other.0, values);
            self.say("impossible", other.1, words);
        }
    }

    /// `in`, with a question on either side.
    fn contained(&mut self, a: (&Value, &str), b: (&Value, &str), scope: &Scope) {
        if let (Some(place), Value::Array(listed)) = (self.target(a.0, scope), b.0) {
            let id = &self.seen.form.field(place).id;
            let Some(values) = self.known.values(place) else { return };
            for (index, one) in listed.iter().enumerate() {
                if !one.is_object() && !one.is_null() && !values.contains(one) {
                    let words = never_words(id, one, values);
                    self.say("impossible", &format!("{}/{index}", b.1), words);
                }
            }
        }
        if let Some(place) = self.target(b.0, scope) {
            let id = &self.seen.form.field(place).id;
            let Some(values) = self.known.elements(place) else { return };
            if !matches!(a.0, Value::Object(_) | Value::Null) && !values.contains(a.0) {
                let words = never_words(id, a.0, values);
                self.say("impossible", a.1, words);
            }
        }
    }

    /// Two things that cannot be compared.
    fn compared(&mut self, name: &str, a: (&Value, &str), b: (&Value, &str), scope: &Scope) {
        let (one, other) = (self.sort(a.0, scope), self.sort(b.0, scope));
        let is_blank = |value: &Value| value.is_null() || *value == "";
        if is_blank(a.0) || is_blank(b.0) {
            return;
        }
        for (sort, asked, day) in [(one, a, b), (other, b, a)] {
            let asked = self.target(asked.0, scope).map(|place| self.seen.form.field(place));
            let is_day = sort == Sort::Date || asked.is_some_and(is_dated);
            if let (true, Some(words)) = (is_day, era(day.0)) {
                self.say("era", day.1, words);
                return;
            }
        }
        for ((sort, _), (other_sort, other)) in [((one, a), (other, b)), ((other, b), (one, a))] {
            let Some(words) = mismatch(sort, other_sort, other.0) else { continue };
            let words = format!("`{name}` compares {} with {words}", sort.in_words());
            self.say("compare", other.1, words);
            return;
        }
    }

    /// The column of a `sum`.
    fn column(&mut self, operands: &[Value], at: &str, scope: &Scope) {
        let [rows, Value::String(member)] = operands else { return };
        let Some(rows) = self.rows(rows, scope) else { return };
        let Some(place) = self.seen.form.place_in(Some(rows), member) else { return };
        let sort = self.sort_of(place);
        if matches!(sort, Sort::Date | Sort::List | Sort::Parts) {
            self.say("compare", at, format!("`sum` cannot reckon with {}", sort.in_words()));
        }
    }

    fn sort(&self, operand: &Value, scope: &Scope) -> Sort {
        match operand {
            Value::Number(_) => Sort::Number,
            Value::Bool(_) => Sort::YesNo,
            Value::Array(_) => Sort::List,
            Value::String(text) if Date::parse_iso(text).is_some() => Sort::Date,
            Value::String(_) => Sort::Text,
            Value::Null => Sort::Unknown,
            Value::Object(members) => match members.keys().next().map(String::as_str) {
                Some("var") => {
                    self.target(operand, scope).map_or(Sort::Unknown, |place| self.sort_of(place))
                }
                Some("today") => Sort::Date,
                Some(
                    "years-between" | "days-between" | "sum" | "count" | "round" | "+" | "-" | "*"
                    | "/" | "%" | "max" | "min",
                ) => Sort::Number,
                Some("cat" | "substr") => Sort::Text,
                Some("map" | "filter" | "merge" | "missing" | "missing_some") => Sort::List,
                _ => Sort::Unknown,
            },
        }
    }

    fn sort_of(&self, place: usize) -> Sort {
        if self.known.doubtful[place] {
            return Sort::Unknown;
        }
        let field = self.seen.form.field(place);
        if !is_answer(self.seen.form, place) {
            return if field.is_container() {
                if field.kind.shape() == Shape::Group { Sort::Parts } else { Sort::List }
            } else {
                Sort::Unknown
            };
        }
        let schema = &self.known.schemas[place];
        match schema["type"].as_str() {
            Some("integer" | "number") => Sort::Number,
            Some("boolean") => Sort::YesNo,
            Some("array") => Sort::List,
            Some("object") => Sort::Parts,
            Some("string") if schema["format"] == "date" => Sort::Date,
            Some("string") => Sort::Text,
            _ if schema["enum"].is_array() => Sort::Text,
            _ => Sort::Unknown,
        }
    }

    /// What a calculation gives, against what its field takes.
    fn outcome(&mut self, placed: &Placed) {
        let (Owner::Field(place), "calculate") = (placed.owner, placed.member.as_str()) else {
            return;
        };
        let field = self.seen.form.field(place);
        let rule = placed.rule.to_value();
        let (takes, gives) = (self.sort_of(place), self.sort(&rule, &placed.scope));
        let wrong = matches!(
            (takes, gives),
            (Sort::Date, Sort::Number | Sort::YesNo | Sort::List | Sort::Parts)
                | (Sort::Number, Sort::Date | Sort::YesNo | Sort::List | Sort::Parts)
                | (Sort::YesNo | Sort::Text, Sort::List | Sort::Parts)
        );
        if wrong {
            let words = format!(
                "the calculation gives {}, the field takes {}",
                gives.in_words(),
                takes.in_words()
            );
            self.say("calculate", "", words);
        }
        let Some(number) = field.kind.get::<Number>() else { return };
        let is_rounded = rule.as_object().is_some_and(|members| members.contains_key("round"));
        if !is_rounded && divides(&rule) {
            let words = format!(
                "a division may give more than the {} decimal places of the field, and nobody \
                 could go on: put `round` around it",
                number.decimals
            );
            self.say("calculate", "", words);
        }
    }
}

/// Whether a number may come out that is not whole.
fn divides(rule: &Value) -> bool {
    match rule {
        Value::Array(items) => items.iter().any(divides),
        Value::Object(members) => members.iter().any(|(name, operands)| {
            // A comparison gives no number, and a rounded one is whole enough.
            let ends =
                matches!(name.as_str(), "round" | "count" | "<" | "<=" | ">" | ">=" | "==" | "!=");
            name == "/" || !ends && divides(operands)
        }),
        _ => false,
    }
}

fn never_words(id: &str, value: &Value, values: &[Value]) -> String {
    let names = values.iter().filter_map(Value::as_str);
    let all: Vec<String> = values.iter().take(8).map(Value::to_string).collect();
    let more = if values.len() > 8 { ", …" } else { "" };
    match value.as_str().and_then(|name| nearest(name, names)) {
        Some(near) => {
            format!("the answer of `{id}` is never {value}: did you mean \"{near}\"?")
        }
        None => format!("the answer of `{id}` is never {value}, only {}{more}", all.join(", ")),
    }
}

/// Whether a field's answer begins with a year.
pub(super) fn is_dated(field: &Field) -> bool {
    matches!(field.kind.name(), "date" | "partial-date" | "date-range" | "month")
}

/// What to say of a day or month, written out, whose year can only be of the Buddhist era.
pub(super) fn era(value: &Value) -> Option<String> {
    let text = value.as_str()?;
    let (year, rest) = text.split_once('-')?;
    let year: u32 = year.parse().ok().filter(|year| (2400..=2700).contains(year))?;
    let is_rest = rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    is_rest.then(|| {
        format!("{value} is a day of the year {year} C.E.: write \"{}-{rest}\"", year - 543)
    })
}

/// Why something of one sort cannot be compared with another.
fn mismatch(sort: Sort, other: Sort, value: &Value) -> Option<String> {
    let written = !value.is_object();
    let said = match (sort, other) {
        (Sort::Date, Sort::Number) if written => {
            format!(
                "the number {value}: write a day as \"2026-11-20\", or compare the `years-between` or the `days-between`"
            )
        }
        (Sort::Date, Sort::Number | Sort::YesNo | Sort::List | Sort::Parts) => {
            other.in_words().to_owned()
        }
        (Sort::Date, Sort::Text) if written => {
            format!("{value}: write the day as \"2026-11-20\"")
        }
        (Sort::Number, Sort::Text) if written => {
            let text = value.as_str().unwrap_or_default();
            if crate::decimal::parse(text.trim()).is_some() {
                return None;
            }
            format!("the text {value}")
        }
        (Sort::Number, Sort::YesNo | Sort::Parts) | (Sort::Parts, Sort::Text | Sort::YesNo) => {
            other.in_words().to_owned()
        }
        (Sort::Number, Sort::List) | (Sort::List, Sort::Number) => {
            format!("{}: count it with `count`", Sort::List.in_words())
        }
        _ => return None,
    };
    Some(said)
}

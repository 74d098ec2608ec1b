//! `ranking`: options put in order, best first.
//!
//! The entry is an array of values in order, as a list that is moved about gives it, or an object
//! of the rank of each value, as `{ "rice": "1", "rubber": "2" }`, from one box or list beside each
//! option. The answer is the array. Ranks are read with Thai digits too.

use serde_json::{Map, Value};

use super::{At, ChoiceOption, FieldType, Reading, Wording, choice};
use crate::reader::Members;
use crate::{DefinitionError, Finding, thai};

/// Options in order. The answer is an array of values, best first, exactly `top` of them.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Ranking {
    /// What is ranked, in the order shown; at least two. None of them is `exclusive`.
    pub options: Vec<ChoiceOption>,
    /// How many are ranked: all unless told. It must be told where an option has a condition, and be
    /// no more than there are options without one.
    pub top: Option<u64>,
}

field_type!(
    "ranking",
    Ranking,
    [
        (
            "ranking-rank",
            "ใส่อันดับเป็นเลขตั้งแต่ 1 ถึง {top}",
            "Enter a rank, a whole number from 1 to {top}",
        ),
        (
            "ranking-twice",
            "อันดับหนึ่งใช้ได้กับข้อเดียว โปรดให้แต่ละข้อมีอันดับไม่ซ้ำกัน",
            "Give each one a rank of its own: no rank and no option twice",
        ),
        (
            "ranking-gap",
            "ยังไม่มีอันดับ {rank} โปรดเรียงอันดับให้ต่อเนื่องกันตั้งแต่ 1",
            "Rank {rank} is missing; use the ranks from 1 on without a gap",
        ),
        (
            "ranking-few",
            "จัดอันดับให้ครบ {needs} ข้อ ตอนนี้มี {have}",
            "Rank {needs}; there are {have} now",
        ),
        (
            "ranking-many",
            "จัดอันดับเพียง {needs} ข้อ ตอนนี้มี {have}",
            "Rank only {needs}; there are {have} now",
        ),
    ]
);

impl Ranking {
    /// How many are ranked, told or not.
    pub fn top(&self) -> usize {
        self.top.map_or(self.options.len(), |top| top as usize)
    }

    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let options = choice::options(members, "options")?;
        if options.len() < 2 {
            return Err(DefinitionError::new("expected at least two options").under("options"));
        }
        choice::refuse(&options, "options", "exclusive", |option| option.exclusive)?;
        let always = options.iter().filter(|option| option.show_if.is_none()).count();
        let top = members.opt_whole("top", options.len() as u64)?;
        let words = match top {
            None if always < options.len() => {
                "missing: expected how many, as an option has `showIf`"
            }
            Some(0) => "expected at least 1",
            Some(top) if top > always as u64 => "expected no more than options without `showIf`",
            _ => return Ok(Self { options, top }),
        };
        Err(DefinitionError::new(words).under("top"))
    }

    fn knows(&self, value: &Value) -> bool {
        self.options.iter().any(|option| value.as_str() == Some(&option.value))
    }

    /// The values by their ranks.
    fn read_ranks(&self, ranks: &Map<String, Value>) -> Reading {
        let top = self.top();
        let wrong = |value: &str| Finding::error("ranking-rank").with("top", top).part(value);
        let mut ranked: Vec<Option<&str>> = vec![None; top];
        for (value, rank) in ranks {
            let rank = match rank {
                Value::Null => continue,
                Value::String(text) => thai::compact_digits(text),
                Value::Number(number) => crate::decimal::write(number),
                _ => return Err(Finding::error("type").part(value)),
            };
            if rank.is_empty() {
                continue;
            }
            if !self.options.iter().any(|option| option.value == *value) {
                return Err(Finding::error("option"));
            }
            let place = rank.parse::<usize>().ok().and_then(|rank| rank.checked_sub(1));
            match place.and_then(|place| ranked.get_mut(place)) {
                None => return Err(wrong(value)),
                Some(Some(_)) => return Err(Finding::error("ranking-twice").part(value)),
                Some(free) => *free = Some(value),
            }
        }
        let given = ranked.iter().flatten().count();
        if let Some(gap) = ranked[..given].iter().position(Option::is_none) {
            return Err(Finding::error("ranking-gap").with("rank", gap + 1));
        }
        let values: Vec<Value> = ranked.into_iter().flatten().map(Value::from).collect();
        Ok((!values.is_empty()).then_some(Value::Array(values)))
    }
}

impl FieldType for Ranking {
    fn read(&self, entry: &Value) -> Reading {
        let values = match entry {
            Value::Null => return Ok(None),
            Value::Array(values) => values,
            Value::Object(ranks) => return self.read_ranks(ranks),
            _ => return Err(Finding::error("type")),
        };
        if !values.iter().all(|value| self.knows(value)) {
            return Err(Finding::error("option"));
        }
        let twice = |(index, value): (usize, &Value)| values[..index].contains(value);
        if values.iter().enumerate().any(twice) {
            return Err(Finding::error("ranking-twice"));
        }
        Ok((!values.is_empty()).then(|| entry.clone()))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let (needs, have) = (self.top(), answer.as_array().map_or(0, Vec::len));
        let code = match have.cmp(&needs) {
            std::cmp::Ordering::Less => "ranking-few",
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Greater => "ranking-many",
        };
        found.push(Finding::error(code).with("needs", needs).with("have", have));
    }

    /// «1. ข้าว, 2. ยางพารา».
    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let values = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut said = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let label = choice::label(&self.options, value, wording);
            said.push([&(index + 1).to_string(), ". ", &label].concat());
        }
        said.join(", ")
    }

    fn is_chosen(&self) -> bool {
        true
    }

    fn options(&self) -> &[ChoiceOption] {
        &self.options
    }

    fn options_mut(&mut self) -> &mut [ChoiceOption] {
        &mut self.options
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let values: Vec<&str> = self.options.iter().map(|option| option.value.as_str()).collect();
        serde_json::json!({
            "type": "array", "items": { "enum": values }, "uniqueItems": true,
            "minItems": self.top(), "maxItems": self.top()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_ranking_that_nobody_could_complete_is_refused() {
        let two = json!([{ "value": "a", "label": "A" }, { "value": "b", "label": "B" }]);
        let (mut alone, mut hidden) = (two.clone(), two.clone());
        alone[1]["exclusive"] = json!(true);
        hidden[1]["showIf"] = json!(true);
        let one = json!([{ "value": "a", "label": "A" }]);
        let cases = [
            (json!({ "options": one }), "/options: expected at least two options"),
            (json!({ "options": alone }), "/options/1/exclusive: options of this type"),
            (json!({ "options": hidden }), "/top: missing"),
            (json!({ "options": hidden, "top": 2 }), "/top: expected no more than options"),
            (json!({ "options": two, "top": 0 }), "/top: expected at least 1"),
            (json!({ "options": two, "top": 3 }), "/top: expected a whole number, 0 to 2"),
        ];
        for (field, words) in cases {
            let error = Ranking::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
        let fit = json!({ "options": hidden, "top": 1 });
        assert_eq!(Ranking::from_members(&mut Members::of(fit).unwrap()).unwrap().top(), 1);
    }
}

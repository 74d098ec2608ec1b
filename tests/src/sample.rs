//! Good answers for every field of a form, made from its definition: by the field's id where that
//! needs a name people have, else by its type and limits. A form may change, and the journeys go on.

use serde_json::{Value, json};

/// A form's definition, and a good answer for each of its fields.
pub struct Sample {
    definition: Value,
}

/// What is done at the controls of a field.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    Text(String),
    /// Indices of the options.
    Choices(Vec<usize>),
    /// In the Buddhist era.
    Date {
        day: u8,
        month: u8,
        year: u16,
    },
}

impl Sample {
    pub fn new(definition: Value) -> Self {
        Self { definition }
    }

    /// The form's id.
    pub fn id(&self) -> &str {
        self.definition["id"].as_str().unwrap_or_default()
    }

    pub fn definition(&self) -> &Value {
        &self.definition
    }

    /// Every field of every page, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Value> {
        let pages = self.definition["pages"].as_array().into_iter().flatten();
        pages.flat_map(|page| page["fields"].as_array().into_iter().flatten())
    }

    fn field(&self, name: &str) -> &Value {
        let found = self.fields().find(|field| field["id"] == name);
        found.unwrap_or_else(|| panic!("the page shows a field {name} that the form does not have"))
    }

    /// How the field is answered on the page.
    pub fn entry(&self, name: &str) -> Entry {
        let field = self.field(name);
        match field["type"].as_str().unwrap_or_default() {
            "date" => {
                let iso = date(field);
                let part =
                    |range: std::ops::Range<usize>| iso[range].parse::<u16>().unwrap_or_default();
                let small = |number: u16| u8::try_from(number).unwrap_or_default();
                Entry::Date {
                    day: small(part(8..10)),
                    month: small(part(5..7)),
                    year: part(0..4) + 543,
                }
            }
            "choice" | "yes-no" => Entry::Choices(vec![0]),
            "choices" => Entry::Choices((0..how_many(field)).collect()),
            "number" => Entry::Text(number(field).to_string()),
            "phone" => Entry::Text("081 234 5678".to_owned()),
            "thai-national-id" => Entry::Text(national_id("310170218745")),
            "email" => Entry::Text("somying@example.go.th".to_owned()),
            _ => Entry::Text(text(field)),
        }
    }

    /// The answer as the agency should get it.
    pub fn answer(&self, name: &str) -> Value {
        let field = self.field(name);
        match field["type"].as_str().unwrap_or_default() {
            "date" => json!(date(field)),
            "choice" => field["options"][0]["value"].clone(),
            "choices" => {
                (0..how_many(field)).map(|index| field["options"][index]["value"].clone()).collect()
            }
            "yes-no" => json!(true),
            "number" => json!(number(field)),
            "phone" => json!("+66812345678"),
            _ => match self.entry(name) {
                Entry::Text(text) => json!(text),
                entry => unreachable!("{entry:?} of a field that is typed"),
            },
        }
    }

    /// A date field whose last day is today: what is wrong with it depends on whose today.
    pub fn field_until_today(&self) -> &str {
        let found = self.fields().find(|field| field["type"] == "date" && field["max"] == "today");
        found
            .and_then(|field| field["id"].as_str())
            .expect("the sample form has a date with `max: today`")
    }

    /// The same form under another id.
    pub fn renamed(&self, id: &str) -> Self {
        let mut definition = self.definition.clone();
        definition["id"] = json!(id);
        Self { definition }
    }
}

impl Entry {
    /// What is typed in the box of this part.
    pub fn text(&self, part: Option<&str>) -> String {
        match (self, part) {
            (Self::Text(text), _) => text.clone(),
            (Self::Date { day, .. }, Some("day")) => day.to_string(),
            (Self::Date { month, .. }, Some("month")) => month.to_string(),
            (Self::Date { year, .. }, Some("year")) => year.to_string(),
            other => panic!("{other:?} is not typed"),
        }
    }

    /// What is chosen, by index.
    pub fn choices(&self, part: Option<&str>) -> Vec<usize> {
        match (self, part) {
            (Self::Choices(choices), _) => choices.clone(),
            (Self::Date { month, .. }, Some("month")) => vec![usize::from(*month) - 1],
            other => panic!("{other:?} is not chosen"),
        }
    }
}

fn text(field: &Value) -> String {
    let known = match field["id"].as_str().unwrap_or_default() {
        "title" | "prefix" => "นาง",
        "given_name" | "first_name" => "สมหญิง",
        "family_name" | "last_name" => "ใจดี",
        "full_name" | "name" => "สมหญิง ใจดี",
        "house" | "house_no" | "house_number" => "99/1",
        "moo" | "village_no" => "4",
        "postcode" | "postal_code" => "50000",
        "address" => "99/1 หมู่ 4",
        "" => unreachable!("every field has an id"),
        _ => "ทำนา",
    };
    let fewest = field["minLength"].as_u64().unwrap_or_default();
    let mut text = known.to_owned();
    while u64::try_from(text.chars().count()).unwrap_or_default() < fewest {
        text.push('ก');
    }
    text
}

/// 12, or the nearest to it that is allowed.
fn number(field: &Value) -> i64 {
    let limit = |name: &str| field[name].as_f64().map(|limit| limit as i64);
    let least = limit("min").unwrap_or(i64::MIN);
    12.clamp(least, limit("max").unwrap_or(i64::MAX).max(least))
}

/// 13 March 1990, or the nearest to it that is allowed.
fn date(field: &Value) -> String {
    let limit =
        |name: &str| field[name].as_str().filter(|limit| *limit != "today").map(str::to_owned);
    let wanted = "1990-03-13".to_owned();
    assert_ne!(field["min"], "today", "the sample dates are of the past");
    // ISO dates sort as text.
    let wanted = limit("min").map_or(wanted.clone(), |min| min.max(wanted));
    limit("max").map_or(wanted.clone(), |max| max.min(wanted))
}

fn how_many(field: &Value) -> usize {
    let options = field["options"].as_array().map_or(0, Vec::len);
    let most = field["max"].as_u64().map_or(options, |max| usize::try_from(max).unwrap_or(options));
    2.min(options).min(most)
}

/// The twelve digits with their check digit.
fn national_id(twelve: &str) -> String {
    let sum: u32 = twelve
        .chars()
        .zip((2..=13).rev())
        .filter_map(|(digit, weight)| Some(digit.to_digit(10)? * weight))
        .sum();
    format!("{twelve}{}", (11 - sum % 11) % 10)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Entry, Sample, national_id};

    #[test]
    fn the_check_digit_follows_the_published_rule() {
        // A number that is often printed as an example of a right one.
        assert_eq!(national_id("110170023070"), "1101700230708");
    }

    #[test]
    fn limits_are_kept() {
        let sample = Sample::new(json!({ "pages": [{ "fields": [
            { "id": "rai", "type": "number", "min": 20 },
            { "id": "age", "type": "number", "max": 5 },
            { "id": "since", "type": "date", "min": "2020-02-01", "max": "today" },
            { "id": "born", "type": "date", "max": "today" },
            { "id": "crops", "type": "choices", "max": 1, "options": [{ "value": "a" }, { "value": "b" }] },
        ] }] }));
        assert_eq!(sample.answer("rai"), json!(20));
        assert_eq!(sample.answer("age"), json!(5));
        assert_eq!(sample.answer("since"), json!("2020-02-01"));
        assert_eq!(sample.entry("born"), Entry::Date { day: 13, month: 3, year: 2533 });
        assert_eq!(sample.answer("crops"), json!(["a"]));
        assert_eq!(sample.field_until_today(), "since");
    }
}

//! `matrix`: several statements, each answered on one scale, as satisfaction from 5 to 1 (Likert).
//!
//! Entry and answer are an object of the value chosen in each row, as `{ "speed": "5" }`; rows
//! without an answer are left out. «No opinion» is kept apart from the scale, so that a mean is of
//! opinions only: public-service polls of the NSO and KPI leave «ไม่มีความเห็น» out of the mean.

use serde_json::{Map, Value};

use super::{At, ChoiceOption, FieldType, Reading, Wording, choice};
use crate::reader::Members;
use crate::{DefinitionError, Finding, Text};

/// The value of «no opinion», in every matrix that offers it.
pub const NO_OPINION: &str = "no-opinion";

/// Several statements on one scale. The answer is an object of a value for each row.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Matrix {
    /// The statements, in the order shown; where the field is required, each needs an answer.
    pub rows: Vec<MatrixRow>,
    /// What can be chosen in each row, as `5` to `1`. These options have no conditions, are not
    /// exclusive and ask for no words.
    pub scale: Vec<ChoiceOption>,
    /// The label of «no opinion», which is offered beside the scale; its value is `no-opinion`.
    pub no_opinion: Option<Text>,
}

/// A statement of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct MatrixRow {
    /// The name of the row's answer: letters, digits, `-` and `_`; different for each row.
    pub id: String,
    /// What the citizen reads.
    pub label: Text,
    /// A line below the label.
    pub hint: Option<Text>,
}

field_type!(
    "matrix",
    Matrix,
    [
        ("matrix-missing", "กรุณาเลือกคำตอบของ “{row}”", "Choose an answer for “{row}”"),
        (
            "matrix-row",
            "มีคำตอบของข้อที่ไม่อยู่ในตาราง โปรดตอบใหม่",
            "There is an answer for a row that is not in the table; please answer again",
        ),
    ]
);

impl MatrixRow {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            id: members.name("id")?,
            label: members.text("label")?,
            hint: members.opt_text("hint")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Matrix {
    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let rows = members.list("rows", MatrixRow::from_value)?;
        if rows.is_empty() {
            return Err(DefinitionError::new("expected at least one row").under("rows"));
        }
        for (index, MatrixRow { id, .. }) in rows.iter().enumerate() {
            if rows[..index].iter().any(|earlier| earlier.id == *id) {
                let error = DefinitionError::new(["the name `", id, "` is there twice"].concat());
                return Err(error.under("id").under_index(index).under("rows"));
            }
        }
        let scale = choice::options(members, "scale")?;
        choice::refuse(&scale, "scale", "exclusive", |option| option.exclusive)?;
        choice::refuse(&scale, "scale", "other", |option| option.other.is_some())?;
        choice::refuse(&scale, "scale", "showIf", |option| option.show_if.is_some())?;
        if let Some(index) = scale.iter().position(|option| option.value == NO_OPINION) {
            let error = DefinitionError::new("`no-opinion` is not on the scale: use `noOpinion`");
            return Err(error.under("value").under_index(index).under("scale"));
        }
        Ok(Self { rows, scale, no_opinion: members.opt_text("noOpinion")? })
    }

    fn takes(&self, value: &str) -> bool {
        value == NO_OPINION && self.no_opinion.is_some()
            || self.scale.iter().any(|option| option.value == value)
    }

    fn value_in_words(&self, value: &Value, wording: &Wording) -> String {
        match &self.no_opinion {
            Some(label) if *value == NO_OPINION => (wording.text)(label),
            _ => choice::label(&self.scale, value, wording),
        }
    }
}

impl FieldType for Matrix {
    fn read(&self, entry: &Value) -> Reading {
        let chosen = match entry {
            Value::Null => return Ok(None),
            Value::Object(chosen) => chosen,
            _ => return Err(Finding::error("type")),
        };
        let mut answer = Map::new();
        for (row, value) in chosen {
            let value = match value {
                Value::Null => continue,
                Value::String(value) if value.is_empty() => continue,
                Value::String(value) => value,
                _ => return Err(Finding::error("type").part(row)),
            };
            if !self.rows.iter().any(|known| known.id == *row) {
                return Err(Finding::error("matrix-row"));
            }
            if !self.takes(value) {
                return Err(Finding::error("option").part(row));
            }
            answer.insert(row.clone(), Value::String(value.clone()));
        }
        Ok((!answer.is_empty()).then_some(Value::Object(answer)))
    }

    fn check(&self, answer: &Value, at: &At, found: &mut Vec<Finding>) {
        if !at.required {
            return;
        }
        for row in self.rows.iter().filter(|row| answer.get(&row.id).is_none()) {
            let missing = Finding::error("matrix-missing").with("row", row.label.to_value());
            found.push(missing.part(&row.id));
        }
    }

    /// «ความรวดเร็ว: มากที่สุด; ความสะอาด: มาก», in the order of the rows.
    fn in_words(&self, answer: &Value, wording: &Wording) -> String {
        let mut said = Vec::new();
        for row in &self.rows {
            if let Some(value) = answer.get(&row.id) {
                let label = (wording.text)(&row.label);
                said.push([&label, ": ", &self.value_in_words(value, wording)].concat());
            }
        }
        said.join("; ")
    }

    fn is_chosen(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let mut values: Vec<&str> = self.scale.iter().map(|option| option.value.as_str()).collect();
        values.extend(self.no_opinion.is_some().then_some(NO_OPINION));
        let row = |row: &MatrixRow| (row.id.clone(), serde_json::json!({ "enum": values }));
        let rows: Map<String, Value> = self.rows.iter().map(row).collect();
        serde_json::json!({
            "type": "object", "properties": rows, "additionalProperties": false, "minProperties": 1
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_that_cannot_work_is_refused_where_it_stands() {
        let rows = json!([{ "id": "a", "label": "A" }]);
        let scale = json!([{ "value": "1", "label": "1" }]);
        let with = |name: &str, value: Value| {
            let mut scale = scale.clone();
            scale[0][name] = value;
            json!({ "rows": rows, "scale": scale })
        };
        let cases = [
            (json!({ "rows": [], "scale": scale }), "/rows: expected at least one row"),
            (json!({ "rows": [rows[0], rows[0]], "scale": scale }), "/rows/1/id: the name `a`"),
            (json!({ "rows": [{ "id": "ก", "label": "A" }] }), "/rows/0/id: expected a name"),
            (json!({ "rows": [{ "id": "a", "label": "A", "x": 1 }] }), "/rows/0/x: unknown member"),
            (json!({ "rows": rows, "scale": [] }), "/scale: expected at least one option"),
            (with("exclusive", json!(true)), "/scale/0/exclusive: options of this type"),
            (with("other", json!("?")), "/scale/0/other: options of this type"),
            (with("showIf", json!(true)), "/scale/0/showIf: options of this type"),
            (with("value", json!(NO_OPINION)), "/scale/0/value: `no-opinion` is not on the scale"),
        ];
        for (field, words) in cases {
            let error = Matrix::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
    }
}

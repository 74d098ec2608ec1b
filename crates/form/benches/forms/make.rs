//! Forms larger than any that people fill in, with answers to them.

use eform::Form;
use serde_json::{Map, Value, json};

/// The fields of a page.
pub const PAGE: usize = 200;

/// The bytes of a form on pages of 200 fields, without groups or rows. A field in `every` is shown
/// by a condition on the one before. Four more look at the first answer, however long the form is.
pub fn flat(fields: usize, every: usize) -> Vec<u8> {
    let mut all: Vec<Value> = (0..fields).map(|at| field(at, at % every == every - 1)).collect();
    all[1]["calculate"] = json!({ "*": [{ "var": "f0" }, 2] });
    all[2]["showIf"] = json!({ ">": [{ "var": "f1" }, 100] });
    all[3]["requiredIf"] = json!({ ">": [{ "var": "f0" }, 10] });
    let last = fields - fields % 4 - 4;
    all[last]["calculate"] = json!({ "+": [{ "var": "f0" }, 1] });
    definition(&all)
}

/// Four sorts in turn. The first of each four is a number.
fn field(at: usize, is_conditional: bool) -> Value {
    let mut field = match at % 4 {
        0 => json!({ "type": "number", "min": 0, "max": 1_000_000 }),
        1 => json!({ "type": "number", "decimals": 2 }),
        2 => json!({ "type": "text", "maxLength": 100 }),
        _ => json!({ "type": "choice", "options": [
            { "value": "yes", "label": "Yes" }, { "value": "no", "label": "No" } ] }),
    };
    field["id"] = format!("f{at}").into();
    field["label"] = json!({ "th": format!("คำถามที่ {at}"), "en": format!("Question {at}") });
    field["required"] = at.is_multiple_of(4).into();
    if is_conditional {
        field["showIf"] = json!({ "!": { "==": [{ "var": format!("f{}", at - 1) }, "no"] } });
    }
    field
}

/// What was typed into a flat form.
pub fn flat_entries(fields: usize) -> Map<String, Value> {
    let entry = |at: usize| match at % 4 {
        0 => json!("1,250"),
        1 => json!("๑๒.๕"),
        2 => json!("บ้านเลขที่ ๑๒ หมู่ ๓"),
        _ => json!("yes"),
    };
    (0..fields).map(|at| (format!("f{at}"), entry(at))).collect()
}

/// The bytes of a form with a repeat of ten fields, totals in each row, and totals over all rows.
pub fn rows() -> Vec<u8> {
    let definition = json!({
        "id": "plots", "version": "1", "languages": ["th", "en"], "title": "Plots",
        "submit": { "url": "/" },
        "pages": [{ "id": "land", "title": "Land", "fields": [
            { "id": "plots", "type": "repeat", "label": "Plots", "fields": [
                { "id": "name", "type": "text", "label": "Name", "required": true },
                { "id": "area", "type": "number", "label": "Area", "decimals": 2, "min": 0 },
                { "id": "price", "type": "number", "label": "Price", "decimals": 2, "min": 0 },
                { "id": "income", "type": "number", "label": "Income", "decimals": 2,
                  "calculate": { "*": [{ "var": "area" }, { "var": "price" }] } },
                { "id": "owned", "type": "yes-no", "label": "Is it yours?", "required": true },
                { "id": "owner", "type": "text", "label": "Whose?", "required": true,
                  "showIf": { "==": [{ "var": "owned" }, false] } },
                { "id": "since", "type": "date", "label": "Since", "max": "today" },
                { "id": "crop", "type": "choice", "label": "Crop", "options": [
                    { "value": "rice", "label": "Rice" }, { "value": "maize", "label": "Maize" } ] },
                { "id": "phone", "type": "phone", "label": "Phone" },
                { "id": "remark", "type": "textarea", "label": "Remark" }
            ], "rowChecks": [
                { "assert": { "<=": [{ "var": "income" }, { "var": "limit" }] },
                  "message": "Too much", "severity": "warning", "at": "income" }
            ] },
            { "id": "limit", "type": "number", "label": "Limit" },
            { "id": "area", "type": "number", "label": "Area of all", "decimals": 2,
              "calculate": { "sum": [{ "var": "plots" }, "area"] } },
            { "id": "income", "type": "number", "label": "Income of all", "decimals": 2,
              "calculate": { "sum": [{ "var": "plots" }, "income"] } }
        ], "checks": [
            { "assert": { "<=": [{ "var": "area" }, 1_000_000] }, "message": "Too much land", "at": "area" }
        ] }]
    });
    definition.to_string().into_bytes()
}

/// What was typed into so many rows.
pub fn rows_entries(rows: usize) -> Map<String, Value> {
    let row = |at: usize| {
        json!({
            "name": format!("แปลงที่ {at}"), "area": "12.25", "price": "1,300", "owned": at.is_multiple_of(2),
            "owner": "สมชาย", "since": "1/6/2560", "crop": "rice", "phone": "0812345678", "remark": "ติดคลอง"
        })
    };
    let rows: Vec<Value> = (0..rows).map(row).collect();
    Map::from_iter([("plots".to_owned(), rows.into()), ("limit".to_owned(), json!("20000"))])
}

/// A form that was read.
pub fn parse(bytes: &[u8]) -> Form {
    Form::parse(bytes).unwrap_or_else(|error| panic!("{error}"))
}

fn definition(fields: &[Value]) -> Vec<u8> {
    let page = |(at, fields): (usize, &[Value])| json!({ "id": format!("p{at}"), "title": "Page", "fields": fields });
    let pages: Vec<Value> = fields.chunks(PAGE).enumerate().map(page).collect();
    let definition = json!({
        "id": "flat", "version": "1", "languages": ["th", "en"], "title": "Flat",
        "submit": { "url": "/" }, "pages": pages
    });
    definition.to_string().into_bytes()
}

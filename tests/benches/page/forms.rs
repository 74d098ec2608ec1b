//! The forms that are measured: the common types of field in turn, each third with a hint, each second
//! to be answered, one in twelve shown by the answer before it. The same every time.

use serde_json::{Value, json};

/// One page of so many fields.
pub fn long(fields: usize) -> Value {
    let page =
        json!({ "id": "page", "title": text("คำถาม", "Questions"), "fields": questions(fields) });
    form(&format!("bench-{fields}"), &[page])
}

/// A yes-no that shows and hides so many fields.
pub fn switch(fields: usize) -> Value {
    let mut all = questions(fields);
    for field in &mut all {
        field["showIf"] = json!({ "==": [{ "var": "has" }, true] });
    }
    all.insert(
        0,
        json!({ "id": "has", "type": "yes-no", "label": text("มีหรือไม่", "Do you have it?") }),
    );
    let page = json!({ "id": "page", "title": text("คำถาม", "Questions"), "fields": all });
    form("bench-switch", &[page])
}

/// So many rows of ten fields on one page.
pub fn rows(rows: usize) -> Value {
    form("bench-rows", &[row_page(rows)])
}

/// The same on a second page, to be turned to.
pub fn rows_behind(rows: usize) -> Value {
    let name = json!({ "id": "name", "type": "text", "label": text("ชื่อ", "Name") });
    let first = json!({ "id": "first", "title": text("ผู้ขอ", "Who asks"), "fields": [name] });
    form("bench-rows-behind", &[first, row_page(rows)])
}

fn row_page(rows: usize) -> Value {
    let rows = json!({
        "id": "rows", "type": "repeat", "min": rows, "label": text("แปลงที่ดิน", "Plots"),
        "rowTitle": text("แปลงที่ {n}", "Plot {n}"), "fields": questions(10)
    });
    json!({ "id": "land", "title": text("ที่ดิน", "Land"), "fields": [rows] })
}

/// Pages of so many fields that nobody must answer.
pub fn pages(pages: usize, fields: usize) -> Value {
    let page = |page: usize| {
        let fields = (page * fields..(page + 1) * fields).map(|at| {
            let mut field = question(at);
            field["required"] = false.into();
            field
        });
        let title = text(&format!("หน้าที่ {}", page + 1), &format!("Page {}", page + 1));
        json!({ "id": format!("p{page}"), "title": title, "fields": fields.collect::<Vec<_>>() })
    };
    form(&format!("bench-{pages}-pages"), &(0..pages).map(page).collect::<Vec<_>>())
}

/// One address, whose place is searched for.
pub fn address() -> Value {
    let field = json!({ "id": "place", "type": "thai-address", "label": text("ที่อยู่", "Address") });
    let page = json!({ "id": "page", "title": text("ที่อยู่", "Address"), "fields": [field] });
    form("bench-address", &[page])
}

fn questions(count: usize) -> Vec<Value> {
    (0..count).map(question).collect()
}

fn question(at: usize) -> Value {
    let options = ["ข้าว", "ข้าวโพด", "มันสำปะหลัง"].iter().enumerate();
    let options: Vec<Value> =
        options.map(|(at, label)| json!({ "value": format!("o{at}"), "label": label })).collect();
    let mut field = match at % 6 {
        0 => json!({ "type": "text", "maxLength": 100 }),
        1 => json!({ "type": "number", "min": 0, "max": 1_000_000 }),
        2 => json!({ "type": "choice", "options": options }),
        3 => json!({ "type": "yes-no" }),
        4 => json!({ "type": "date", "max": "today" }),
        _ => json!({ "type": "choices", "options": options }),
    };
    field["id"] = format!("f{at}").into();
    field["label"] = text(&format!("คำถามที่ {}", at + 1), &format!("Question {}", at + 1));
    field["required"] = at.is_multiple_of(2).into();
    if at.is_multiple_of(3) {
        field["hint"] = text("ตามที่เขียนไว้ในเอกสารสิทธิ์", "As it is written in the title deed");
    }
    // The second shows that the first was taken; see `Scene::Cold`.
    match at {
        1 => field["showIf"] = json!({ "==": [{ "var": "f0" }, "1"] }),
        _ if at % 12 == 4 => {
            field["showIf"] = json!({ "==": [{ "var": format!("f{}", at - 1) }, true] });
        }
        _ => {}
    }
    field
}

fn text(th: &str, en: &str) -> Value {
    json!({ "th": th, "en": en })
}

fn form(id: &str, pages: &[Value]) -> Value {
    json!({
        "id": id, "version": "1", "title": text("แบบวัดความเร็ว", "A form to measure"),
        "languages": ["th", "en"], "submit": { "url": "/api/submissions" }, "pages": pages
    })
}

//! What it takes to read a form, to check it, and to take one answer: `cargo xtask bench`. Figures to
//! look at, for machines differ; nothing fails by them.

mod make;

use std::hint::black_box;
use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use eform::{Date, Form, Session};
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// A form read, first checked, changed, and checked by the agency.
fn whole(c: &mut Criterion, name: &str, bytes: &[u8], entries: &Map<String, Value>, changed: &str) {
    let mut group = c.benchmark_group(name);
    group.bench_function("parse", |b| b.iter(|| Form::parse(black_box(bytes))));
    let form = make::parse(bytes);
    group.bench_function("first check", |b| {
        b.iter(|| Session::new(form.clone(), black_box(entries), TODAY).findings());
    });
    let mut session = Session::new(form.clone(), entries, TODAY);
    let answers = session.answers().clone();
    assert_eq!(form.check_submission(&answers, TODAY), session.findings());
    group.bench_function("one answer", |b| one_answer(b, &mut session, changed));
    group.bench_function("full check", |b| {
        b.iter(|| form.check_submission(black_box(&answers), TODAY));
    });
    group.finish();
}

/// Each time another answer than before, and in turn one that shows a field and one that hides it.
fn one_answer(b: &mut criterion::Bencher, session: &mut Session, pointer: &str) {
    let node = session.at(pointer).unwrap_or_else(|| panic!("{pointer}"));
    let mut count = 0_u32;
    b.iter(|| {
        count = (count + 1) % 100;
        session.enter(node, json!(count.to_string()))
    });
}

fn flat(c: &mut Criterion) {
    whole(c, "2,000 fields", &make::flat(2_000, 10), &make::flat_entries(2_000), "/f0");
}

fn rows(c: &mut Criterion) {
    whole(c, "200 rows of 10", &make::rows(), &make::rows_entries(200), "/plots/100/area");
}

/// The same few dependents: it must not grow with the form.
fn grows_not(c: &mut Criterion) {
    let mut group = c.benchmark_group("one answer, same dependents");
    for fields in [200, 2_000, 20_000] {
        let form = make::parse(&make::flat(fields, 10));
        let mut session = Session::new(form, &make::flat_entries(fields), TODAY);
        group.bench_function(format!("{fields} fields"), |b| one_answer(b, &mut session, "/f0"));
    }
    group.finish();
}

/// A total over rows: it costs one look at each row, and nothing else of them.
fn totals(c: &mut Criterion) {
    let mut group = c.benchmark_group("one answer, summed over rows");
    let form = make::parse(&make::rows());
    for rows in [20, 200, 1_000] {
        let mut session = Session::new(form.clone(), &make::rows_entries(rows), TODAY);
        group.bench_function(format!("{rows} rows"), |b| {
            one_answer(b, &mut session, "/plots/10/area");
        });
    }
    group.finish();
}

/// Rules in each row that read all rows: as many looks as rows times rows, and no more.
fn rows_of_rows(c: &mut Criterion) {
    let definition = json!({
        "id": "shares", "version": "1", "languages": ["en"], "title": "Shares", "submit": { "url": "/" },
        "pages": [{ "id": "p", "title": "P", "fields": [
            { "id": "rows", "type": "repeat", "label": "Rows", "fields": [
                { "id": "income", "type": "number", "label": "Income" },
                { "id": "share", "type": "number", "label": "Share", "decimals": 2, "calculate":
                    { "round": [{ "/": [{ "var": "income" }, { "sum": [{ "var": "rows" }, "income"] }] }, 2] } }
            ] }
        ] }]
    });
    let form = make::parse(definition.to_string().as_bytes());
    let rows: Vec<Value> = (0..1_000).map(|at| json!({ "income": at })).collect();
    let entries = Map::from_iter([("rows".to_owned(), rows.into())]);
    c.bench_function("1,000 rows that each sum all/first check", |b| {
        b.iter(|| Session::new(form.clone(), black_box(&entries), TODAY).findings());
    });
}

/// Reading: it should grow as the form does.
fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("parse");
    for fields in [200, 2_000, 20_000] {
        let bytes = make::flat(fields, 10);
        group.bench_function(format!("{fields} fields"), |b| {
            b.iter(|| Form::parse(black_box(&bytes)));
        });
    }
    group.finish();
}

/// All that a page asks of the engine to draw its fields.
fn page(c: &mut Criterion) {
    let form = make::parse(&make::flat(2_000, 10));
    let session = Session::new(form.clone(), &make::flat_entries(2_000), TODAY);
    let show = || {
        let mut bytes = usize::from(session.page_is_shown(3));
        for node in session.on_page(3) {
            let Some(field) = session.field(node) else { continue };
            bytes += form.text(&field.label, "th").len() + session.pointer(node).len();
            bytes += usize::from(session.is_shown(node)) + usize::from(session.is_required(node));
            bytes += usize::from(session.is_read_only(node)) + session.offered(node).len();
            if let Some(answer) = session.answer(node) {
                bytes += form.in_words(session.place(node), answer, "th").len();
            }
            for finding in session.findings_of(node) {
                bytes += form.message(finding, "th").len();
            }
        }
        bytes
    };
    c.bench_function("show a page/200 fields", |b| b.iter(show));
}

criterion_group! {
    name = forms;
    config = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(1_000));
    targets = flat, rows, grows_not, totals, rows_of_rows, parse, page
}
criterion_main!(forms);

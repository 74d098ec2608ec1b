//! What is done with any bytes: as a definition, as answers to a form, as a rule. It must not panic,
//! hang or exhaust the machine, and what must always hold is asserted on the way.
//!
//! `cargo +nightly fuzz run definition` (or `answers`, `logic`) in this folder's parent looks for
//! bytes without end; `tests/fuzz.rs` takes some thousand of them in every test. Bytes that are no
//! JSON are dice: they choose among what samples hold, because chance alone writes no form.

mod dice;
mod samples;

use std::cell::Cell;

use eform::fields::Repeat;
use eform::{Data, Date, Finding, Form, NodeId, Rule, Session};
use serde_json::{Map, Value, json};

use dice::Dice;
use samples::samples;

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// How many questions are answered, and how many things are done with a form.
const MOST: usize = 40;

/// Reads a definition; if it is one, opens it, answers some of it, and says all that is found.
pub fn definition(bytes: &[u8]) {
    let read = match bytes.first() {
        Some(b'{') => Form::parse(bytes),
        _ => Form::parse(&Dice::new(bytes).definition()),
    };
    let form = match read {
        Ok(form) => form,
        Err(error) => return assert!(!error.expected.is_empty(), "{error}"),
    };
    let mut session = Session::new(form, &Map::new(), TODAY);
    check(&session, TODAY);
    let nodes: Vec<NodeId> = all(&session).into_iter().take(MOST).collect();
    let mut dice = Dice::new(bytes);
    for node in nodes {
        if session.is_there(node) && session.offered(node).len() < MOST {
            let entry = dice.entry();
            session.enter(node, entry);
            session.add_row(node);
        }
    }
    check(&session, TODAY);
    mend(&mut session, &mut dice);
    check(&session, TODAY);
}

/// Opens the sample form with any entries, does any things with it, and compares what comes out with
/// opening it anew.
pub fn answers(bytes: &[u8]) {
    let form = &samples().form;
    let mut dice = Dice::new(bytes);
    let entries = match serde_json::from_slice(bytes) {
        Ok(Value::Object(entries)) => entries,
        _ => dice.entries(),
    };
    for finding in form.check_submission(&entries, TODAY) {
        said(form, &finding);
    }
    let mut session = Session::new(form.clone(), &entries, TODAY);
    check(&session, TODAY);
    let mut today = TODAY;
    for _ in 0..dice.below(MOST) {
        let nodes = all(&session);
        let node = nodes[dice.below(nodes.len())];
        match dice.below(8) {
            0 | 1 => drop(session.add_row(node)),
            2 => remove_row(&mut session, node),
            3 => {
                today.day = 1 + dice.below(28) as u8;
                session.set_today(today);
            }
            4 => session.replace(&dice.entries()),
            _ => drop(session.enter(node, dice.entry())),
        }
    }
    check(&session, today);
    let anew = Session::new(form.clone(), &session.entries(), today);
    assert_eq!(anew.entries(), session.entries());
    assert_eq!(anew.answers(), session.answers());
    assert_eq!(anew.findings(), session.findings());
    mend(&mut session, &mut dice);
    check(&session, today);
}

/// Reads a rule and evaluates it with a thousand steps and a hundred thousand.
pub fn logic(bytes: &[u8]) {
    let mut dice = Dice::new(bytes);
    let (rule, data) = match serde_json::from_slice(bytes) {
        Ok(Value::Array(mut both)) if both.len() == 2 => (both.swap_remove(0), both.remove(0)),
        Ok(rule) => (rule, json!({})),
        Err(_) => (dice.rule(), Value::Object(dice.entries())),
    };
    let Ok(mut rule) = Rule::from_value(rule.clone()) else { return };
    let count = rule.reads().len();
    _ = (rule.reads_unknown(), rule.to_value());
    let mut bound = 0;
    let result = rule.bind(&mut |_| {
        bound += 1;
        Ok(bound % 3)
    });
    assert!(result.is_ok() && bound >= count);
    let row = json!({ "a": 1, "plots": [{ "area": "2" }, { "area": null }, 3] });
    for most in [1_000, 100_000] {
        let (steps, met_blank) = (Cell::new(most), Cell::new(false));
        let scopes = [&row, &data];
        let data = Data {
            scopes: &scopes,
            today: Some(TODAY),
            steps: &steps,
            met_blank: Some(&met_blank),
        };
        let value = rule.evaluate(&data);
        let used = steps.replace(most);
        let holds = rule.holds(&data);
        assert!(used <= most && (value.is_err() || holds.is_ok()));
        _ = value.map(|value| eform::json::write(&value));
    }
}

/// Answers anew what is found wrong, so that more forms can be submitted.
fn mend(session: &mut Session, dice: &mut Dice) {
    for round in 0..4 {
        let errors: Vec<Finding> =
            session.findings().into_iter().filter(Finding::is_error).take(MOST).collect();
        for error in errors {
            let node = session.near(&error.path);
            // A wrong answer is taken back, a missing one given.
            let is_missing = error.code.starts_with("required");
            let kind = session.field(node).map_or("", |field| field.kind.name());
            let entry = match samples().valid.get(kind) {
                Some(valid) if is_missing || round > 1 => dice.of(valid).clone(),
                _ => Value::Null,
            };
            session.enter(node, entry);
        }
    }
}

/// What holds of every session.
fn check(session: &Session, today: Date) {
    let (form, findings) = (session.form(), session.findings());
    for finding in &findings {
        said(form, finding);
    }
    for node in all(session) {
        let pointer = session.pointer(node);
        assert_eq!(session.at(&pointer), Some(node), "{pointer}");
        if let Some(answer) = session.answer(node) {
            form.in_words(session.place(node), answer, "th");
            form.in_words(session.place(node), answer, "en");
        }
    }
    // What the phone finds good the agency takes.
    if let Some(answers) = session.submission() {
        let found = form.check_submission(answers, today);
        assert!(!found.iter().any(Finding::is_error), "{found:?}\n{answers:?}");
    }
    // What is read twice is read the same.
    let again = Session::of_answers(form.clone(), session.answers(), today);
    let read = again.answers();
    assert!(session.submission().is_none() || read == session.answers());
}

fn said(form: &Form, finding: &Finding) {
    for language in ["th", "en", "zz"] {
        assert!(
            !form.message(finding, language).is_empty() || finding.params.contains_key("message")
        );
    }
}

/// Every node below the form, in order.
fn all(session: &Session) -> Vec<NodeId> {
    let mut found = vec![NodeId::FORM];
    let mut at = 0;
    while at < found.len() {
        found.extend_from_slice(session.children(found[at]));
        at += 1;
    }
    found
}

/// Removes a row, unless the repeat must have it: opened anew, it would be there again.
fn remove_row(session: &mut Session, row: NodeId) {
    let repeat = session.parent(row);
    let kind = session.field(repeat).and_then(|field| field.kind.get::<Repeat>());
    let min = kind.and_then(|repeat| repeat.min).unwrap_or_default();
    if session.children(repeat).len() as u64 > min {
        session.remove_row(row);
    }
}

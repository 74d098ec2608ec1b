//! What the page around the form gives: the attribute `prefill` of `<e-form>`, a JSON object, and,
//! where the form is the whole page, the query of its address. Only fields of type `hidden` that
//! stand in no group and no repeat take it, and only while they hold nothing: a draft keeps what it
//! was begun with.

use eform::Form;
use leptos::prelude::*;
use serde_json::{Map, Value};
use web_sys::{HtmlElement, UrlSearchParams, console};

use crate::filling::Filling;

/// Fills in what is given. What is given wrongly is left out, and the webmaster is told by name:
/// a citizen can neither see nor mend it.
pub fn fill(filling: &Filling) {
    for (name, value) in given(filling.form(), &filling.host, filling.standalone) {
        if !takes(filling.form(), &name) {
            warn(&format!("there is no hidden field `{name}`"));
            continue;
        }
        let node = filling.session().at(&format!("/{name}"));
        let Some(node) = node.filter(|node| filling.session().entry(*node).is_null()) else {
            continue;
        };
        let enter = |value| {
            let changes = filling.session.borrow_mut().enter(node, value);
            filling.tell(changes);
        };
        enter(value);
        let wrong = filling.session().findings_of(node).iter().find(|it| it.is_error()).cloned();
        if let Some(finding) = wrong {
            warn(&format!("`{name}` is left out: {}", finding.code));
            enter(Value::Null);
        }
    }
}

/// Names and values; an address may have others of its own, which are nobody's mistake.
fn given(form: &Form, host: &HtmlElement, standalone: bool) -> Map<String, Value> {
    let mut given = Map::new();
    if let Some(json) = host.get_attribute("prefill") {
        match serde_json::from_str(&json) {
            Ok(Value::Object(members)) => given = members,
            _ => warn("it is not a JSON object"),
        }
    }
    let search = window().location().search().unwrap_or_default();
    if let (true, Ok(query)) = (standalone, UrlSearchParams::new_with_str(&search)) {
        for field in form.fields().iter().filter(|field| takes(form, &field.id)) {
            if let Some(value) = query.get(&field.id) {
                given.entry(field.id.clone()).or_insert(Value::String(value));
            }
        }
    }
    given
}

fn takes(form: &Form, name: &str) -> bool {
    let mut fields = form.fields().iter().filter(|field| field.parent.is_none());
    fields.any(|field| field.id == name && field.kind.name() == "hidden")
}

fn warn(words: &str) {
    console::warn_1(&format!("e-form: the attribute `prefill`: {words}.").into());
}

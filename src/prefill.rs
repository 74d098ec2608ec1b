//! What the page around the form gives: the attribute `prefill` of `<e-form>`, a JSON object, and,
//! where the form is the whole page, the query of its address. Only fields of type `hidden` that
//! stand in no group and no repeat take it, and only in a form that is begun now: a draft keeps what
//! it was begun with.

use eform::fields::At;
use eform::{Form, NodeId};
use leptos::prelude::*;
use serde_json::{Map, Value};
use web_sys::{HtmlElement, UrlSearchParams, console};

use crate::browser::today;
use crate::filling::Filling;

/// Fills in what is given. What is given wrongly is left out, and the webmaster is told by name:
/// a citizen can neither see nor mend it.
pub fn fill(filling: &Filling) {
    if filling.drafts.is_kept() {
        return;
    }
    for (name, value) in given(filling.form(), &filling.host, filling.standalone) {
        if !takes(filling.form(), &name) {
            warn(&format!("there is no hidden field `{name}`"));
            continue;
        }
        let node = filling.session().at(&format!("/{name}"));
        let Some(node) = node.filter(|node| filling.session().entry(*node).is_null()) else {
            continue;
        };
        // Also where it is not shown yet: once it is, it would be too late.
        if let Some(code) = wrong(filling, node, &value) {
            warn(&format!("`{name}` is left out: {code}"));
            continue;
        }
        let changes = filling.session.borrow_mut().enter(node, value);
        filling.tell(changes);
    }
}

/// The code of what is wrong with a value by itself.
fn wrong(filling: &Filling, node: NodeId, value: &Value) -> Option<String> {
    let session = filling.session();
    let kind = &session.field(node)?.kind;
    let mut found = Vec::new();
    match kind.read(value) {
        Ok(answer) => {
            let at = At { today: today(), required: false };
            kind.check(&answer?, &at, &mut found);
        }
        Err(finding) => found.push(finding),
    }
    found.into_iter().find(|finding| finding.is_error()).map(|finding| finding.code.to_string())
}

/// Names and values; an address may have others of its own, which are nobody's mistake.
fn given(form: &Form, host: &HtmlElement, standalone: bool) -> Map<String, Value> {
    let mut given = Map::new();
    if let Some(json) = host.get_attribute("prefill") {
        match eform::json::read(json.as_bytes()) {
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

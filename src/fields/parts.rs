//! Several boxes and lists under one legend that make one answer together, as the rai, ngan and
//! square wah of a piece of land. The entry is an object of the parts' texts.

use serde_json::{Map, Value};

use super::Place;
use crate::dom::{El, div, el, value};

/// One box or list.
pub struct Part<'a> {
    /// Its member in the entry.
    pub name: &'static str,
    /// What stands above it.
    pub label: &'a str,
    /// The HTML `inputmode` of a box.
    pub keyboard: Option<&'static str>,
    /// The HTML `autocomplete` token.
    pub autocomplete: Option<&'static str>,
    /// The class of the control, for its width.
    pub class: &'static str,
    /// Value and label of what a list offers; a box where there are none.
    pub options: Vec<(String, String)>,
}

impl<'a> Part<'a> {
    /// A box for text.
    pub fn text(name: &'static str, label: &'a str) -> Self {
        let (keyboard, autocomplete, class) = (None, None, "");
        Self { name, label, keyboard, autocomplete, class, options: Vec::new() }
    }

    /// A narrow box for digits.
    pub fn digits(name: &'static str, label: &'a str, class: &'static str) -> Self {
        Self { keyboard: Some("numeric"), class, ..Self::text(name, label) }
    }

    /// A list to choose from.
    pub fn list(name: &'static str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self { options, ..Self::text(name, label) }
    }
}

/// The parts under the field's legend. `split` takes a kept answer apart into its parts' texts.
pub fn view(place: &Place, parts: &[Part], split: fn(&Value) -> Map<String, Value>) -> El {
    place.group(boxes(place, parts, split))
}

/// The parts alone.
pub fn boxes(place: &Place, parts: &[Part], split: fn(&Value) -> Map<String, Value>) -> El {
    let entered = entered(place, split);
    let mut row = div("parts");
    for part in parts {
        let text = entered.get(part.name).and_then(Value::as_str).unwrap_or_default();
        let id = place.id(&["-", part.name].concat());
        let control = control(place, part, &id, text, split);
        let label = el("label").attr("for", &id).text(part.label);
        row = row.child(div("part").child(label).child(control));
    }
    row
}

fn control(
    place: &Place,
    part: &Part,
    id: &str,
    text: &str,
    split: fn(&Value) -> Map<String, Value>,
) -> El {
    let (enter, name) = (place.clone(), part.name);
    let control = if part.options.is_empty() {
        place
            .control("input", id)
            .attr("type", "text")
            .attr_if("inputmode", part.keyboard)
            .attr("autocomplete", part.autocomplete.unwrap_or("off"))
            .attr("value", text)
    } else {
        let mut list = place.control("select", id);
        list = list.child(el("option").attr("value", "").text(place.words().choose));
        for (value, label) in &part.options {
            let option = el("option").attr("value", value).flag("selected", value == text);
            list = list.child(option.text(label));
        }
        list
    };
    control
        .class(part.class)
        .attr("data-part", name)
        .on("input", move |event| change(&enter, name, value(&event), split))
}

fn entered(place: &Place, split: fn(&Value) -> Map<String, Value>) -> Map<String, Value> {
    match place.entry() {
        Value::Object(parts) => parts,
        other => split(&other),
    }
}

fn change(place: &Place, part: &str, text: String, split: fn(&Value) -> Map<String, Value>) {
    let mut parts = entered(place, split);
    parts.insert(part.to_owned(), Value::String(text));
    place.enter(Value::Object(parts));
}

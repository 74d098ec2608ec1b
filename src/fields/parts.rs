//! Several boxes and lists under one legend that make one answer together, as the rai, ngan and
//! square wah of a piece of land. The entry is an object of the parts' texts.

use serde_json::{Map, Value};

use super::Place;
use crate::dom::{El, div, el, value};

/// One box or list.
pub struct Part<'a> {
    /// Its member in the entry.
    pub name: &'a str,
    /// What stands above it.
    pub label: &'a str,
    /// The HTML `inputmode` of a box.
    pub keyboard: Option<&'static str>,
    /// The HTML `autocomplete` token.
    pub autocomplete: Option<&'static str>,
    /// How wide it is: `two`, `four` or `eight` characters, `month`, or as wide as there is room.
    pub class: &'static str,
    /// Value and label of what a list offers; a box where there are none.
    pub options: Vec<(String, String)>,
}

impl<'a> Part<'a> {
    /// A box for text.
    pub fn text(name: &'a str, label: &'a str) -> Self {
        let (keyboard, autocomplete, class) = (None, None, "");
        Self { name, label, keyboard, autocomplete, class, options: Vec::new() }
    }

    /// A narrow box for digits.
    pub fn digits(name: &'a str, label: &'a str, class: &'static str) -> Self {
        Self { keyboard: Some("numeric"), class, ..Self::text(name, label) }
    }

    /// A list to choose from.
    pub fn list(name: &'a str, label: &'a str, options: Vec<(String, String)>) -> Self {
        Self { options, ..Self::text(name, label) }
    }
}

/// Takes a kept answer apart into the texts of its parts.
pub type Split = fn(&Value) -> Map<String, Value>;

/// Abbreviations of the kit's own, and what they stand for.
const SHORT: [(&str, &str); 2] = [("พ.ศ.", "พุทธศักราช"), ("B.E.", "Buddhist Era")];

/// Adds words, with what an abbreviation in them stands for, for whoever has them read out.
fn spelt_out(element: El, words: &str) -> El {
    for (short, long) in SHORT {
        if let Some((before, after)) = words.split_once(short) {
            let short = el("abbr").attr("title", long).text(short);
            return element.text(before).child(short).text(after);
        }
    }
    element.text(words)
}

/// What holds the parts: the entry, or one member of it, as the first day of two.
#[derive(Clone)]
pub struct Parts {
    place: Place,
    member: Option<&'static str>,
    split: Split,
}

/// The parts of a field's entry.
pub fn boxes(place: &Place, parts: &[Part], split: Split) -> El {
    Parts { place: place.clone(), member: None, split }.boxes(parts)
}

/// The parts of a member of a field's entry.
pub fn boxes_of(place: &Place, member: &'static str, parts: &[Part], split: Split) -> El {
    Parts { place: place.clone(), member: Some(member), split }.boxes(parts)
}

/// An answer whose parts are its members, as texts.
pub fn members(answer: &Value) -> Map<String, Value> {
    answer.as_object().cloned().unwrap_or_default()
}

impl Parts {
    fn boxes(&self, parts: &[Part]) -> El {
        let entered = self.entered();
        let mut row = div("parts");
        for part in parts {
            let text = match entered.get(part.name) {
                Some(Value::String(text)) => text.clone(),
                Some(number @ Value::Number(_)) => eform::json::write(number),
                _ => String::new(),
            };
            let id = self.id(part.name);
            let control = self.control(part, &id, &text);
            let label = spelt_out(el("label").attr("for", &id), part.label);
            let class = ["part ", part.class].concat();
            row = row.child(div(class.trim_end()).child(label).child(control));
        }
        row
    }

    fn id(&self, part: &str) -> String {
        let member = self.member.unwrap_or_default();
        let hyphen = if member.is_empty() { "" } else { "-" };
        self.place.id(&[hyphen, member, "-", part].concat())
    }

    fn control(&self, part: &Part, id: &str, text: &str) -> El {
        let (this, name) = (self.clone(), part.name.to_owned());
        let control = if part.options.is_empty() {
            self.place
                .control("input", id)
                .attr("type", "text")
                .attr_if("inputmode", part.keyboard)
                .attr("autocomplete", self.place.filled_by_browser(part.autocomplete))
                .attr("value", text)
        } else {
            let mut list = self.place.control("select", id);
            list = list.child(el("option").attr("value", "").text(self.place.words().choose));
            for (value, label) in &part.options {
                let option = el("option").attr("value", value).flag("selected", value == text);
                list = list.child(option.text(label));
            }
            list
        };
        let control = control.attr("data-part", part.name);
        control.on("input", move |event| this.change(&name, value(&event)))
    }

    fn entered(&self) -> Map<String, Value> {
        let entry = self.place.entry();
        match self.member.map_or(Some(&entry), |member| entry.get(member)) {
            Some(Value::Object(parts)) => parts.clone(),
            Some(other) => (self.split)(other),
            None => Map::new(),
        }
    }

    fn change(&self, part: &str, text: String) {
        let mut parts = self.entered();
        parts.insert(part.to_owned(), Value::String(text));
        let parts = Value::Object(parts);
        let Some(member) = self.member else { return self.place.enter(parts) };
        let mut whole = members(&self.place.entry());
        whole.insert(member.to_owned(), parts);
        self.place.enter(Value::Object(whole));
    }
}

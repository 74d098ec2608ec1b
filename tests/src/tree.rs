//! The accessibility tree: what an engine gives to a screen reader, as text with a line for each
//! thing that is told. Chromium's, by its own protocol.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::browser::Browser;

/// Of a longer list of options, so many are told.
const OPTIONS: usize = 3;

/// The tree of all that is on the page.
pub struct Tree {
    nodes: HashMap<String, Value>,
    /// The node of each element that is a field.
    fields: HashMap<String, String>,
}

impl Tree {
    /// The tree as it is now; in Chromium alone.
    pub async fn of(browser: &Browser) -> Self {
        let page =
            browser.devtools("DOM.getDocument", json!({ "depth": -1, "pierce": true })).await;
        let mut elements = HashMap::new();
        gather_fields(&page["root"], &mut elements);
        let tree = browser.devtools("Accessibility.getFullAXTree", json!({})).await;
        let (mut nodes, mut fields) = (HashMap::new(), HashMap::new());
        for node in list(&tree["nodes"]) {
            let id = text(&node["nodeId"]).to_owned();
            let element = node["backendDOMNodeId"].as_i64();
            if let Some(name) = element.and_then(|element| elements.get(&element)) {
                fields.insert(name.clone(), id.clone());
            }
            nodes.insert(id, node.clone());
        }
        Self { nodes, fields }
    }

    /// What is told of a field, by its name.
    pub fn of_field(&self, name: &str) -> String {
        let node = self.fields.get(name).unwrap_or_else(|| panic!("{name} is not in the tree"));
        let mut telling = Telling { tree: self, names: Vec::new(), out: String::new() };
        self.gather_names(node, &mut telling.names);
        telling.tell(node, 0, "");
        telling.out
    }

    fn children(&self, node: &Value) -> impl Iterator<Item = (&String, &Value)> {
        list(&node["childIds"]).iter().filter_map(|id| self.nodes.get_key_value(id.as_str()?))
    }

    /// The names of all that is not just words.
    fn gather_names<'a>(&'a self, id: &str, names: &mut Vec<&'a str>) {
        let node = &self.nodes[id];
        if !matches!(text(&node["role"]["value"]), "StaticText" | "InlineTextBox" | "LabelText") {
            names.push(text(&node["name"]["value"]));
        }
        self.children(node).for_each(|(id, _)| self.gather_names(id, names));
    }

    /// All that is read in a node.
    fn words(&self, id: &str) -> String {
        let node = &self.nodes[id];
        if text(&node["role"]["value"]) == "StaticText" {
            return text(&node["name"]["value"]).to_owned();
        }
        let words: String = self.children(node).map(|(id, _)| self.words(id)).collect();
        words.trim().to_owned()
    }
}

struct Telling<'a> {
    tree: &'a Tree,
    /// Of the field's controls and groups.
    names: Vec<&'a str>,
    out: String,
}

impl Telling<'_> {
    /// `above` is the name and the value of what holds the node: what is told with it is not told
    /// again.
    fn tell(&mut self, id: &str, depth: usize, above: &str) {
        let tree = self.tree;
        let node = &tree.nodes[id];
        let role = text(&node["role"]["value"]);
        let name = text(&node["name"]["value"]).trim();
        let is_nothing = node["ignored"] == true;
        match role {
            "InlineTextBox" | "ListMarker" => {}
            "StaticText" if above.contains(name) => {}
            "StaticText" => self.line(depth, &format!("text {}", quoted(name))),
            // The words are the name of a control.
            "LabelText" if self.is_a_name(&tree.words(id)) => {}
            "generic" | "none" | "paragraph" | "Legend" | "LabelText" | "MenuListPopup" => {
                self.tell_children(node, depth, above);
            }
            _ if is_nothing => self.tell_children(node, depth, above),
            _ => {
                self.line(depth, &line(node, role, name));
                let told = format!("{name} {}", text(&node["value"]["value"]));
                self.tell_children(node, depth + 1, &told);
            }
        }
    }

    fn tell_children(&mut self, node: &Value, depth: usize, above: &str) {
        let tree = self.tree;
        let (mut options, mut untold) = (0, 0);
        for (id, child) in tree.children(node) {
            if text(&child["role"]["value"]) == "option" {
                options += 1;
                let is_chosen = property(child, "selected") == "true";
                if options > OPTIONS && !is_chosen {
                    untold += 1;
                    continue;
                }
            }
            self.tell(id, depth, above);
        }
        if untold > 0 {
            self.line(depth, &format!("… {untold} more"));
        }
    }

    fn is_a_name(&self, words: &str) -> bool {
        self.names.iter().any(|name| name.contains(words))
    }

    fn line(&mut self, depth: usize, line: &str) {
        self.out += &format!("{}{line}\n", "  ".repeat(depth));
    }
}

/// `textbox "Name" required invalid value "…" description "…"`.
fn line(node: &Value, role: &str, name: &str) -> String {
    let mut out = role.to_owned();
    if !name.is_empty() {
        out += &format!(" {}", quoted(name));
    }
    for state in ["required", "readonly", "disabled", "multiline", "multiselectable"] {
        if property(node, state) == "true" {
            out += &format!(" {state}");
        }
    }
    for (state, when) in [("invalid", "true"), ("busy", "true"), ("selected", "true")] {
        if property(node, state) == when {
            out += &format!(" {state}");
        }
    }
    for state in ["checked", "pressed", "expanded", "level", "hasPopup", "autocomplete", "live"] {
        let value = property(node, state);
        // Of a role that says it already.
        if state == "live" && matches!(role, "status" | "alert") || role == "listitem" {
            continue;
        }
        if !value.is_empty() && value != "off" && value != "none" {
            out += &format!(" {state}={value}");
        }
    }
    for (what, told) in
        [("value", &node["value"]["value"]), ("description", &node["description"]["value"])]
    {
        let told = match told {
            Value::String(text) => text.trim().to_owned(),
            Value::Null => continue,
            other => other.to_string(),
        };
        if !told.is_empty() {
            out += &format!(" {what} {}", quoted(&told));
        }
    }
    out
}

/// A property as text; nothing where there is none.
fn property(node: &Value, name: &str) -> String {
    let found = list(&node["properties"]).iter().find(|property| property["name"] == name);
    match found.map(|property| &property["value"]["value"]) {
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
        None => String::new(),
    }
}

fn gather_fields(element: &Value, found: &mut HashMap<i64, String>) {
    let attributes = list(&element["attributes"]);
    let field =
        attributes.chunks(2).find(|pair| pair[0] == "data-field").map(|pair| text(&pair[1]));
    if let (Some(name), Some(id)) = (field, element["backendNodeId"].as_i64()) {
        found.insert(id, name.to_owned());
    }
    for member in ["children", "shadowRoots"] {
        list(&element[member]).iter().for_each(|child| gather_fields(child, found));
    }
}

fn quoted(text: &str) -> String {
    let one_line: Vec<&str> = text.split_whitespace().collect();
    format!("“{}”", one_line.join(" "))
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

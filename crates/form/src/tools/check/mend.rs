//! Reading a definition past its errors. Reading stops at the first one; here it is noted, what is
//! wrong is taken out or filled in, in memory only, and the definition is read again.

use serde_json::{Value, json};

use super::error_words::{code, expected_names, named, nearest, said};
use super::{Found, Weight, is_within};
use crate::finding::pointer;
use crate::tools::document::{Held, Member, Node, steps};
use crate::tools::language::is_common;
use crate::{DefinitionError, Form};

/// How many errors are told at most.
const MOST: usize = 50;

/// Members that hold a rule.
const RULES: [&str; 7] =
    ["showIf", "requiredIf", "readOnlyIf", "calculate", "default", "assert", "rule"];

/// The form as far as it can be read, with the definition that it was read from.
pub(super) fn mend(root: Node, found: &mut Found) -> Option<(Form, Node)> {
    let mut ids = Vec::new();
    collect_ids(&root, &mut ids);
    let mut mender = Mender { root, lost: Vec::new(), tries: Vec::new(), made: 0 };
    for _ in 0..MOST * 4 {
        let error = match Form::parse(mender.root.to_string().as_bytes()) {
            Ok(form) => return Some((form, mender.root)),
            Err(error) => error,
        };
        let trace = mender.root.trace(&error.path);
        let (path, mut at) = (trace.path.clone(), trace.at);
        // A wrong value is told where it begins, a wrong name where that does.
        if let (Some(node), false) = (trace.node, code(&error) == "unknown-member") {
            at = node.at;
        }
        if !mender.is_our_own_doing(&error, &path, &found.touched) {
            if found.issues.len() >= MOST {
                return None;
            }
            // `lable` is one mistake, not an unknown member and a missing one.
            if let Some(meant) = mender.meant(&error) {
                let words = format!("unknown member `{}`: did you mean `{}`?", meant.0, meant.1);
                found.push(Weight::Error, "unknown-member", &meant.2, meant.3, words);
                continue;
            }
            found.push(Weight::Error, code(&error), &path, at, said(&error, &ids));
        }
        if !mender.patch(&error, &path, &mut found.touched) {
            return None;
        }
    }
    None
}

struct Mender {
    root: Node,
    /// Names of fields that were taken out or renamed: rules that read them are not wrong.
    lost: Vec<String>,
    /// Every place in the file that was mended, as often as it was.
    tries: Vec<String>,
    /// How many names have been made up.
    made: usize,
}

impl Mender {
    fn is_our_own_doing(&self, error: &DefinitionError, path: &str, touched: &[String]) -> bool {
        let emptied = error.expected.contains("at least one") && path != "/languages";
        let lost = || {
            let name = named(&error.expected).unwrap_or_default();
            code(error) == "unknown-field" && self.lost.iter().any(|lost| lost == name)
        };
        touched
            .iter()
            .any(|touched| is_within(path, touched) || (emptied && is_within(touched, path)))
            || lost()
    }

    /// The member that stands for one that is missing, if there is one: it gets the name that was
    /// meant. Its name, that name, where it is.
    fn meant(&mut self, error: &DefinitionError) -> Option<(String, String, String, usize)> {
        let (parent, _) = error.path.rsplit_once('/').filter(|_| code(error) == "missing")?;
        let name = steps(&error.path).last()?;
        let path = self.root.trace(parent).path;
        let Held::Object(members) = &mut self.root.find_mut(parent)?.held else { return None };
        let is_meant =
            |member: &&mut Member| nearest(&member.name, std::iter::once(name.as_str())).is_some();
        let member = members.iter_mut().find(is_meant)?;
        let wrong = std::mem::replace(&mut member.name, name.clone());
        Some((wrong.clone(), name, [path, pointer(&wrong)].concat(), member.at))
    }

    /// Takes out or fills in what is wrong; false where there is no way.
    fn patch(&mut self, error: &DefinitionError, path: &str, touched: &mut Vec<String>) -> bool {
        touched.push(path.to_owned());
        self.tries.push(path.to_owned());
        let tries = self.tries.iter().filter(|tried| *tried == path).count();
        let here = error.path.as_str();
        if code(error) == "limit" || here.is_empty() && code(error) != "circle" || tries > 6 {
            return false;
        }
        if tries > 3 {
            return self.stub(here, touched);
        }
        match code(error) {
            "circle" => self.cut_circle(error, touched),
            "missing" => self.fill_in(here, &error.expected),
            "unknown-type" => self.retype(here, error, touched),
            _ => match self.rule_around(here) {
                Some(rule) => {
                    touched.push(self.root.trace(&rule).path);
                    self.remove(&rule)
                }
                None if here.ends_with("/id") => self.rename(here),
                None => self.remove(here),
            },
        }
    }

    fn remove(&mut self, path: &str) -> bool {
        match self.root.remove(path) {
            Some(node) => {
                collect_ids(&node, &mut self.lost);
                true
            }
            None => false,
        }
    }

    /// The rule that a pointer leads into.
    fn rule_around(&self, path: &str) -> Option<String> {
        let mut rule = String::new();
        for (step, raw) in steps(path).zip(path.split('/').skip(1)) {
            rule.push('/');
            rule.push_str(raw);
            if step == "messages" {
                return None;
            }
            if RULES.contains(&step.as_str()) {
                return Some(rule);
            }
        }
        None
    }

    fn new_name(&mut self) -> String {
        self.made += 1;
        format!("mended-{}", self.made)
    }

    fn rename(&mut self, path: &str) -> bool {
        if let Some(old) = self.root.find(path).and_then(Node::as_str) {
            // A name that is there twice is still there once.
            self.lost.push(old.to_owned());
        }
        let name = self.new_name();
        self.root.put(path, name.into())
    }

    /// Puts something harmless where something is missing.
    fn fill_in(&mut self, path: &str, words: &str) -> bool {
        let name = steps(path).last().unwrap_or_default();
        let value = match name.as_str() {
            "id" | "value" | "code" => self.new_name().into(),
            "type" => "text".into(),
            "languages" => json!(["th"]),
            "submit" => json!({ "url": "/" }),
            "url" => "/".into(),
            "pages" => json!([{ "id": self.new_name(), "title": "?", "fields": [] }]),
            "options" => json!([{ "value": self.new_name(), "label": "?" }]),
            _ if words.contains("a rule") => json!(true),
            _ if words.contains("a list") => json!([]),
            _ if words.contains("a whole number") || words.contains("a number") => json!(1),
            _ if words.contains("an object") => json!({}),
            _ => json!("?"),
        };
        self.root.put(path, value)
    }

    /// Makes a field of the type that was probably meant; or else of a type that takes anything,
    /// with what all types have.
    fn retype(&mut self, path: &str, error: &DefinitionError, touched: &mut Vec<String>) -> bool {
        let Some((field, _)) = path.rsplit_once('/') else { return false };
        let known = expected_names(&error.expected);
        let wrong = named(&error.expected).unwrap_or_default();
        if let Some(meant) = nearest(wrong, known.iter().map(String::as_str)) {
            return self.root.put(path, meant.into());
        }
        touched.push(self.root.trace(field).path);
        let Some(node) = self.root.find_mut(field) else { return false };
        let kind = if node.get("fields").is_some() { "group" } else { "text" };
        if let Held::Object(members) = &mut node.held {
            members.retain(|member| is_common(&member.name) && member.name != "rowChecks");
        }
        self.root.put(path, kind.into())
    }

    /// Takes out the conditions and calculations of the fields that a circle goes through, and of
    /// what they stand in.
    fn cut_circle(&mut self, error: &DefinitionError, touched: &mut Vec<String>) -> bool {
        let names: Vec<&str> = error.expected.split('`').skip(1).step_by(2).collect();
        let mut rules = Vec::new();
        rules_in(&self.root, "", &names, &mut rules);
        let mut cut = false;
        for rule in rules {
            touched.push(self.root.trace(&rule).path);
            cut |= self.root.remove(&rule).is_some();
        }
        cut
    }

    /// Puts a field that has nothing but a name in place of the one around a pointer.
    fn stub(&mut self, path: &str, touched: &mut Vec<String>) -> bool {
        let all: Vec<&str> = path.split('/').collect();
        let Some(at) = all.iter().rposition(|step| *step == "fields") else { return false };
        let Some(field) = all.get(..at + 2).map(|steps| steps.join("/")) else { return false };
        touched.push(self.root.trace(&field).path);
        let Some(node) = self.root.find(&field) else { return false };
        let id = node.get("id").and_then(Node::as_str).map(str::to_owned);
        let fields = node.get("fields").map(Node::to_value);
        let id = id.unwrap_or_else(|| self.new_name());
        let mut stub = json!({ "id": id, "type": "text", "label": "?" });
        if let Some(fields @ Value::Array(_)) = fields {
            stub["type"] = "group".into();
            stub["fields"] = fields;
        }
        self.root.put(&field, stub)
    }
}

/// The names of all fields in a part of a definition.
fn collect_ids(node: &Node, ids: &mut Vec<String>) {
    if let (Some(id), Some(_)) = (node.get("id").and_then(Node::as_str), node.get("type")) {
        ids.push(id.to_owned());
    }
    match &node.held {
        Held::Object(members) => members.iter().for_each(|one| collect_ids(&one.node, ids)),
        Held::List(items) => items.iter().for_each(|one| collect_ids(&one.node, ids)),
        Held::Plain(_) => {}
    }
}

/// The conditions and calculations of the named fields with their options, and of all that they
/// stand in; of every page, if none is named. Whether a named one is in this part.
fn rules_in(node: &Node, path: &str, names: &[&str], rules: &mut Vec<String>) -> bool {
    let id = node.get("id").and_then(Node::as_str);
    let is_page = names.is_empty() && node.get("fields").is_some();
    let own = is_page || id.is_some_and(|id| names.contains(&id));
    let mut named = own;
    match &node.held {
        Held::Object(members) => {
            for member in members {
                let path = [path, &pointer(&member.name)].concat();
                named |= rules_in(&member.node, &path, names, rules);
                if let (true, Held::List(options)) = (own, &member.node.held) {
                    let conditions = (0..options.len()).map(|at| format!("{path}/{at}/showIf"));
                    rules.extend(conditions.filter(|_| member.name == "options"));
                }
            }
            for rule in ["showIf", "calculate", "default"].iter().filter(|_| named) {
                if node.get(rule).is_some() {
                    rules.push([path, "/", rule].concat());
                }
            }
        }
        Held::List(items) => {
            for (at, item) in items.iter().enumerate() {
                named |= rules_in(&item.node, &format!("{path}/{at}"), names, rules);
            }
        }
        Held::Plain(_) => {}
    }
    named
}

//! A JSON file with its places: what `serde_json` reads, with the line and the column of each value,
//! and with names that are there twice. It knows nothing of forms.
//!
//! A document can be mended in memory. Its values keep the places, and its lists the numbers, that
//! they had in the file.

use std::fmt;

use serde_json::{Map, Value};

use crate::DefinitionError;
use crate::finding::pointer;

/// A value of a file.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    /// Where it begins: bytes from the beginning of the file.
    pub at: usize,
    pub held: Held,
}

/// What a value holds.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    Plain(Value),
    List(Vec<Item>),
    Object(Vec<Member>),
}

/// An element of a list, with its number in the file.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    pub number: usize,
    pub node: Node,
}

/// A member of an object; `at` is where its name begins.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub name: String,
    pub at: usize,
    pub node: Node,
}

/// A member whose name was there before in its object.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Twice {
    pub path: String,
    pub first_at: usize,
    pub at: usize,
}

/// A file that has been read.
#[derive(Debug)]
pub(crate) struct Document {
    pub root: Node,
    pub twice: Vec<Twice>,
    lines: Lines,
}

/// Where a pointer leads.
#[derive(Debug)]
pub(crate) struct Trace<'a> {
    /// The pointer as it is in the file, whatever has been taken out of lists.
    pub path: String,
    /// The value, if it is there.
    pub node: Option<&'a Node>,
    /// Where the name of the member begins, or else the value; where it is not there, what it
    /// should be in.
    pub at: usize,
}

impl Document {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it as JSON, at its line and column.
    pub fn read(bytes: &[u8]) -> Result<Self, DefinitionError> {
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let lines = Lines::of(std::str::from_utf8(good).unwrap_or_default());
                return Err(syntax(
                    "not JSON: the file is not UTF-8; save it as UTF-8",
                    lines.end(),
                ));
            }
        };
        if text.starts_with('\u{FEFF}') {
            let words = "not JSON: the file begins with a byte order mark; save it as UTF-8 \
                         without BOM";
            return Err(syntax(words, (1, 1)));
        }
        let lines = Lines::of(text);
        if let Err(error) = serde_json::from_str::<Value>(text) {
            let said = error.to_string();
            let said = said.split(" at line ").next().unwrap_or_default();
            let place = lines.characters(error.line(), error.column());
            return Err(syntax(&["not JSON: ", said, instead(text, place)].concat(), place));
        }
        let mut scanner = Scanner { text, at: 0, path: String::new(), twice: Vec::new() };
        let root = scanner.value();
        Ok(Self { root, twice: scanner.twice, lines })
    }

    /// Line and column of a place, counted from 1, columns in characters.
    pub fn place(&self, at: usize) -> (usize, usize) {
        self.lines.place(at)
    }
}

/// What to write instead of a sign that word processors and other notations have.
fn instead(text: &str, (line, column): (usize, usize)) -> &'static str {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    match line.chars().nth(column.saturating_sub(1)) {
        Some('“' | '”' | '„' | '‘' | '’' | '\'') => ": write straight double quotes, \"",
        Some('/' | '#') => ": there are no comments in JSON",
        _ => "",
    }
}

fn syntax(words: &str, position: (usize, usize)) -> DefinitionError {
    DefinitionError { path: String::new(), expected: words.to_owned(), position: Some(position) }
}

/// The text of a file by lines.
#[derive(Debug)]
struct Lines {
    text: String,
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Self { text: text.to_owned(), starts }
    }

    fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let before = self.text.get(self.starts[line - 1]..at).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    fn end(&self) -> (usize, usize) {
        self.place(self.text.len())
    }

    /// A column that was counted in bytes, in characters.
    fn characters(&self, line: usize, column: usize) -> (usize, usize) {
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let mut at = (start + column.saturating_sub(1)).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        (line, self.place(at).1)
    }
}

impl Node {
    /// A value that is in no file, at a place of one.
    pub fn new(value: Value, at: usize) -> Self {
        let held = match value {
            Value::Array(items) => Held::List(
                items
                    .into_iter()
                    .enumerate()
                    .map(|(number, item)| Item { number, node: Self::new(item, at) })
                    .collect(),
            ),
            Value::Object(members) => Held::Object(
                members
                    .into_iter()
                    .map(|(name, value)| Member { name, at, node: Self::new(value, at) })
                    .collect(),
            ),
            plain => Held::Plain(plain),
        };
        Self { at, held }
    }

    pub fn to_value(&self) -> Value {
        match &self.held {
            Held::Plain(value) => value.clone(),
            Held::List(items) => items.iter().map(|item| item.node.to_value()).collect(),
            Held::Object(members) => {
                let pairs = members.iter().map(|one| (one.name.clone(), one.node.to_value()));
                Value::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }

    /// A member of an object.
    pub fn get(&self, name: &str) -> Option<&Self> {
        self.members().iter().find(|member| member.name == name).map(|member| &member.node)
    }

    pub fn members(&self) -> &[Member] {
        match &self.held {
            Held::Object(members) => members,
            _ => &[],
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match &self.held {
            Held::Plain(value) => value.as_str(),
            _ => None,
        }
    }

    /// Follows a pointer as far as it goes.
    pub fn trace(&self, path: &str) -> Trace<'_> {
        let mut trace = Trace { path: String::new(), node: Some(self), at: self.at };
        for step in steps(path) {
            let next = trace.node.and_then(|node| match &node.held {
                Held::Object(members) => {
                    let member = members.iter().find(|member| member.name == step)?;
                    Some((pointer(&step), member.at, &member.node))
                }
                Held::List(items) => {
                    let item = items.get(step.parse::<usize>().ok()?)?;
                    Some((["/", &item.number.to_string()].concat(), item.node.at, &item.node))
                }
                Held::Plain(_) => None,
            });
            match next {
                Some((step, at, node)) => {
                    trace.path.push_str(&step);
                    (trace.node, trace.at) = (Some(node), at);
                }
                None => {
                    trace.path.push_str(&pointer(&step));
                    trace.node = None;
                }
            }
        }
        trace
    }

    pub fn find(&self, path: &str) -> Option<&Self> {
        self.trace(path).node
    }

    pub fn find_mut(&mut self, path: &str) -> Option<&mut Self> {
        steps(path).try_fold(self, |node, step| match &mut node.held {
            Held::Object(members) => {
                members.iter_mut().find(|member| member.name == step).map(|member| &mut member.node)
            }
            Held::List(items) => {
                items.get_mut(step.parse::<usize>().ok()?).map(|item| &mut item.node)
            }
            Held::Plain(_) => None,
        })
    }

    /// Takes out what a pointer leads to, if it is there and is not the whole.
    pub fn remove(&mut self, path: &str) -> Option<Self> {
        let (parent, last) = path.rsplit_once('/')?;
        let last = unescaped(last);
        match &mut self.find_mut(parent)?.held {
            Held::Object(members) => {
                let at = members.iter().position(|member| member.name == last)?;
                Some(members.remove(at).node)
            }
            Held::List(items) => {
                let at = last.parse::<usize>().ok().filter(|at| *at < items.len())?;
                Some(items.remove(at).node)
            }
            Held::Plain(_) => None,
        }
    }

    /// Puts a value at a pointer whose parent is there; whether it is.
    pub fn put(&mut self, path: &str, value: Value) -> bool {
        if let Some(node) = self.find_mut(path) {
            *node = Self::new(value, node.at);
            return true;
        }
        let Some((parent, last)) = path.rsplit_once('/') else { return false };
        let Some(parent) = self.find_mut(parent) else { return false };
        let at = parent.at;
        let Held::Object(members) = &mut parent.held else { return false };
        members.push(Member { name: unescaped(last), at, node: Self::new(value, at) });
        true
    }
}

impl fmt::Display for Node {
    /// As JSON text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

/// The steps of an RFC 6901 pointer.
pub(crate) fn steps(path: &str) -> impl Iterator<Item = String> + '_ {
    path.split('/').skip(1).map(unescaped)
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Goes over a text that is known to be JSON.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    path: String,
    twice: Vec<Twice>,
}

impl Scanner<'_> {
    fn value(&mut self) -> Node {
        self.skip_space();
        let at = self.at;
        let held = match self.byte() {
            b'{' => Held::Object(self.object()),
            b'[' => Held::List(self.list()),
            b'"' => Held::Plain(Value::String(self.string())),
            _ => {
                let rest = &self.text[at..];
                let is_end = |c: char| matches!(c, ',' | ']' | '}') || c.is_ascii_whitespace();
                let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
                self.at += word.len();
                Held::Plain(serde_json::from_str(word).unwrap_or_default())
            }
        };
        Node { at, held }
    }

    fn object(&mut self) -> Vec<Member> {
        let mut members: Vec<Member> = Vec::new();
        self.at += 1;
        while !self.is_over(b'}') {
            let at = self.at;
            let name = self.string();
            self.skip_space();
            self.at += 1;
            let length = self.path.len();
            self.path.push_str(&pointer(&name));
            let node = self.value();
            // As `serde_json` has it, the last one counts.
            if let Some(first) = members.iter().position(|member| member.name == name) {
                let first_at = members.remove(first).at;
                self.twice.push(Twice { path: self.path.clone(), first_at, at });
            }
            self.path.truncate(length);
            members.push(Member { name, at, node });
        }
        members
    }

    fn list(&mut self) -> Vec<Item> {
        let mut items = Vec::new();
        self.at += 1;
        while !self.is_over(b']') {
            let (number, length) = (items.len(), self.path.len());
            self.path.push_str(&["/", &number.to_string()].concat());
            items.push(Item { number, node: self.value() });
            self.path.truncate(length);
        }
        items
    }

    /// Passes over spaces and a comma; whether the object or list ends here, and over its end.
    fn is_over(&mut self, end: u8) -> bool {
        self.skip_space();
        if self.byte() == b',' {
            self.at += 1;
            self.skip_space();
        }
        // The end of the text never comes first; a loop without end would be worse than a guess.
        let over = self.byte() == end || self.at >= self.text.len();
        self.at += usize::from(over);
        over
    }

    fn string(&mut self) -> String {
        let start = self.at;
        self.at += 1;
        while !matches!(self.byte(), b'"' | 0) {
            self.at += if self.byte() == b'\\' { 2 } else { 1 };
        }
        self.at = (self.at + 1).min(self.text.len());
        serde_json::from_str(self.text.get(start..self.at).unwrap_or_default()).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        while self.byte().is_ascii_whitespace() {
            self.at += 1;
        }
    }

    /// The byte here; 0, which JSON does not have, behind the end.
    fn byte(&self) -> u8 {
        self.text.as_bytes().get(self.at).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Document;
    use serde_json::json;

    const TEXT: &str = "{\n  \"a\": [1, {\"ชื่อ\": \"น้ำ\", \"b/c\": -1.5e3 }],\n  \"a\\\"b\": {}, \"e\": [],\n\t\"a\\\"b\": null\n}";

    #[test]
    fn a_document_is_what_serde_reads() {
        let document = Document::read(TEXT.as_bytes()).unwrap();
        let value: serde_json::Value = serde_json::from_str(TEXT).unwrap();
        assert_eq!(document.root.to_value(), value);
    }

    #[test]
    fn every_value_has_its_line_and_column() {
        let document = Document::read(TEXT.as_bytes()).unwrap();
        for (path, place) in [
            ("", (1, 1)),
            ("/a", (2, 3)),
            ("/a/0", (2, 9)),
            ("/a/1/ชื่อ", (2, 13)),
            ("/a/1/b~1c", (2, 28)),
            ("/a/1/absent", (2, 12)),
            ("/a\"b", (4, 2)),
        ] {
            let trace = document.root.trace(path);
            assert_eq!(document.place(trace.at), place, "{path}");
            assert_eq!(trace.path, path);
        }
        let [twice] = &document.twice[..] else { panic!("{:?}", document.twice) };
        assert_eq!((&*twice.path, document.place(twice.first_at)), ("/a\"b", (3, 3)));
    }

    #[test]
    fn what_is_mended_keeps_its_places_and_numbers() {
        let mut root = Document::read(br#"{ "l": [1, 2, { "x": 3 }] }"#).unwrap().root;
        root.remove("/l/0");
        assert_eq!(root.trace("/l/1/x").path, "/l/2/x");
        assert!(root.put("/l/1/y", json!([true])) && root.put("/l/0", json!("two")));
        assert!(!root.put("/l/7", json!(1)) && !root.put("/m/n", json!(1)));
        assert_eq!(root.to_value(), json!({ "l": ["two", { "x": 3, "y": [true] }] }));
    }

    #[test]
    fn what_is_no_json_is_told_with_its_place() {
        for (bytes, place, words) in [
            (&b"{\n \"a\" 1 }"[..], (2, 6), "expected `:`"),
            ("{ \"น้ำ\": x }".as_bytes(), (1, 10), "expected value"),
            (b"\xEF\xBB\xBF{}", (1, 1), "byte order mark"),
            (b"{ \"\xA1\xD2\" }", (1, 4), "not UTF-8"),
            (b"", (1, 1), "EOF"),
        ] {
            let error = Document::read(bytes).unwrap_err();
            assert_eq!(error.position, Some(place), "{error}");
            assert!(error.expected.contains(words), "{error}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_json_is_read_as_serde_reads_it(text in r#"[\[\]{}",:a\\ 1]{0,20}"#) {
            if let Ok(value) = serde_json::from_str::<serde_json::Value>(&text) {
                proptest::prop_assert_eq!(Document::read(text.as_bytes()).unwrap().root.to_value(), value);
            }
        }
    }
}

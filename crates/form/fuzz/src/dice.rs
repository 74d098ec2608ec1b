//! Bytes as a row of throws: each choice takes one. Where they end, the first of everything is
//! chosen.

use serde_json::{Map, Number, Value};

use super::samples::samples;

pub struct Dice<'a> {
    bytes: &'a [u8],
}

impl<'a> Dice<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes }
    }

    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.bytes.split_first() else { return 0 };
        self.bytes = rest;
        usize::from(*first)
    }

    /// A number below `count`, which is at least 1.
    pub fn below(&mut self, count: usize) -> usize {
        let more = if count > 256 { self.byte() << 8 } else { 0 };
        (more + self.byte()) % count
    }

    pub fn of<'b, T>(&mut self, list: &'b [T]) -> &'b T {
        &list[self.below(list.len())]
    }

    /// A sample definition, some of it changed, or some of its bytes.
    pub fn definition(&mut self) -> Vec<u8> {
        let mut definition = self.of(&samples().definitions).clone();
        let how = self.below(8);
        if how > 0 {
            for _ in 0..=self.below(6) {
                // Mostly what may well be a form still.
                if how > 2 { self.exchange(&mut definition) } else { self.change(&mut definition) }
            }
            return definition.to_string().into_bytes();
        }
        let mut bytes = definition.to_string().into_bytes();
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            bytes[at] = self.byte() as u8;
        }
        bytes
    }

    /// What was entered into the sample form, some of it changed.
    pub fn entries(&mut self) -> Map<String, Value> {
        let mut entries = self.of(&samples().entries).clone();
        for _ in 0..self.below(8) {
            self.change(&mut entries);
        }
        match entries {
            Value::Object(entries) => entries,
            other => Map::from_iter([("rows".to_owned(), other)]),
        }
    }

    /// What was typed into one field.
    pub fn entry(&mut self) -> Value {
        if self.below(2) == 0 {
            return self.of(&samples().typed).clone();
        }
        let mut entry = self.value(3);
        self.change(&mut entry);
        entry
    }

    /// A rule of real operators, as a rule.
    pub fn rule(&mut self) -> Value {
        let mut rule = self.of(&samples().rules).clone();
        for _ in 0..self.below(6) {
            self.change(&mut rule);
        }
        rule
    }

    /// Any value.
    pub fn value(&mut self, depth: usize) -> Value {
        match self.below(if depth == 0 { 6 } else { 9 }) {
            0 => Value::Null,
            1 => Value::Bool(self.below(2) == 0),
            2 => self.number(),
            3 => self.text().into(),
            4 => self.of(&samples().names).as_str().into(),
            5 => self.of(&samples().typed).clone(),
            6 => (0..self.below(4)).map(|_| self.value(depth - 1)).collect(),
            7 => {
                let mut members = Map::new();
                for _ in 0..self.below(4) {
                    members.insert(self.of(&samples().names).clone(), self.value(depth - 1));
                }
                members.into()
            }
            _ => self.of(&samples().rules).clone(),
        }
    }

    fn number(&mut self) -> Value {
        let numbers = [0.0, -0.0, 1.0, -1.0, 0.1, 1e-7, 1e15, 1e21, 1e308, -1e308, 5e-324, 4e9];
        match self.below(4) {
            0 => self.below(1_000).into(),
            1 => (*self.of(&[u64::MAX, 1 << 53, 999_999_999_999_999, 1_000_000])).into(),
            2 => (*self.of(&[i64::MIN, i64::MAX, -1, -(1 << 53)])).into(),
            _ => Number::from_f64(*self.of(&numbers)).map_or(Value::Null, Value::Number),
        }
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            " ",
            "ก",
            "น้ำ",
            "1",
            "-1",
            "๑๒",
            "1,250.50",
            "1e999",
            "99999999999999999999999",
            "0.0000000000000000001",
            "2569-02-29",
            "29/2/2567",
            "31/12/9999",
            "0000-00-00",
            "2026-11",
            "\u{0}\u{7f}\u{200b}\u{feff}",
            "😀👩‍🌾",
            "/~01",
            "a.b.0.c",
            "{label}{max}{n}",
            "(a*)*$[^\\",
            "(?:a{1000}){1000}",
            "\\p{Thai}+",
            "a@b.th",
            "0812345678",
            "https://xn--o3cw4h/?q=%",
        ];
        match self.below(8) {
            0 => texts[self.below(texts.len())]
                .repeat(1 + self.below(60_000))
                .chars()
                .take(60_000)
                .collect(),
            1 => (0..self.below(12)).map(|_| char::from(self.byte() as u8)).collect(),
            2 => {
                let code = |dice: &mut Self| dice.byte() as u32 * 512 + dice.byte() as u32;
                (0..self.below(6)).filter_map(|_| char::from_u32(code(self))).collect()
            }
            _ => texts[self.below(texts.len())].to_owned(),
        }
    }

    /// Puts into a member what one of the same name has elsewhere, or another of its sort.
    fn exchange(&mut self, value: &mut Value) {
        let Value::Object(members) = self.place_in(value, 12) else { return };
        let names: Vec<String> = members.keys().cloned().collect();
        if names.is_empty() {
            return;
        }
        let name = self.of(&names);
        let Some(member) = members.get_mut(name) else { return };
        match (self.below(6), samples().by_name.get(name)) {
            (0, _) if member.is_number() => *member = self.number(),
            (0, _) if member.is_string() => *member = self.text().into(),
            (1, _) => _ = members.remove(name),
            (2, _) => {
                let names: Vec<&String> = samples().by_name.keys().collect();
                let name = *self.of(&names);
                members.insert(name.clone(), self.of(&samples().by_name[name]).clone());
            }
            (_, Some(known)) => *member = self.of(known).clone(),
            _ => self.change(member),
        }
    }

    /// Changes one place in a value.
    fn change(&mut self, value: &mut Value) {
        let other = self.part(value).clone();
        let place = self.place(value);
        match (self.below(8), place) {
            (0, place) => *place = self.value(3),
            (1, place) => *place = other,
            (2, place) => {
                for _ in 0..self.below(100) {
                    *place = Value::Array(vec![place.take()]);
                }
            }
            (3, Value::Array(items)) if !items.is_empty() => {
                items.remove(self.below(items.len()));
            }
            (4, Value::Array(items)) => {
                let count = *self.of(&[1, 2, 50, 1_200]);
                // Not as often again and again: that is memory, not meaning.
                if items.len() < 100 && other.to_string().len() < 2_000 {
                    items.extend(vec![other; count]);
                }
            }
            (3, Value::Object(members)) if !members.is_empty() => {
                let name = members.keys().nth(self.below(members.len())).cloned();
                members.remove(&name.unwrap_or_default());
            }
            (4 | 5, Value::Object(members)) => {
                members.insert(self.of(&samples().names).clone(), other);
            }
            (6, Value::Object(members)) => {
                members.insert(self.of(&samples().names).clone(), self.value(3));
            }
            (_, Value::Object(members)) if !members.is_empty() => {
                let name = members.keys().nth(self.below(members.len())).cloned();
                let value = members.remove(&name.unwrap_or_default()).unwrap_or_default();
                members.insert(self.of(&samples().names).clone(), value);
            }
            (_, place) => *place = self.value(1),
        }
    }

    /// Some part of a value, the deeper the more often.
    fn part<'v>(&mut self, value: &'v Value) -> &'v Value {
        let mut at = value;
        loop {
            at = match at {
                _ if self.below(5) == 0 => return at,
                Value::Array(items) if !items.is_empty() => self.of(items),
                Value::Object(members) if !members.is_empty() => {
                    let nth = self.below(members.len());
                    members.values().nth(nth).unwrap_or(at)
                }
                _ => return at,
            };
        }
    }

    fn place<'v>(&mut self, value: &'v mut Value) -> &'v mut Value {
        self.place_in(value, 5)
    }

    /// Some place in a value: at each step one in so many stays there. One in more than ten stays
    /// at objects only.
    fn place_in<'v>(&mut self, value: &'v mut Value, one_in: usize) -> &'v mut Value {
        let mut at = value;
        loop {
            let inside = match at {
                Value::Array(items) => items.len(),
                Value::Object(members) => members.len(),
                _ => 0,
            };
            if inside == 0 || (self.below(one_in) == 0 && (one_in <= 10 || at.is_object())) {
                return at;
            }
            let nth = self.below(inside);
            let leads_on = |value: &Value| value.is_object() || value.is_array();
            let is_last = match at {
                Value::Array(items) => !leads_on(&items[nth]),
                Value::Object(members) => !members.values().nth(nth).is_some_and(leads_on),
                _ => true,
            };
            if one_in > 10 && is_last && at.is_object() {
                return at;
            }
            at = match at {
                Value::Array(items) => &mut items[nth],
                Value::Object(members) => match members.values_mut().nth(nth) {
                    Some(member) => member,
                    None => unreachable!("there are more"),
                },
                _ => unreachable!("nothing is inside"),
            };
        }
    }
}

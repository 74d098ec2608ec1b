//! Reads JSON (RFC 8259). `serde_json` reads it too, with a table of 309 powers of ten and more code:
//! 4.4 KB of what is fetched before the first field works. As there, a number without a point or an
//! exponent is whole, of two members of one name the last counts, and what is nested more than
//! [`DEPTH`] deep is refused.

use serde_json::{Map, Number, Value};

/// How deep values may be nested: who sends more wants to use up the stack.
const DEPTH: u8 = 127;

/// Why a text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotJson {
    /// What should be there.
    pub expected: &'static str,
    /// Counted from 1.
    pub line: usize,
    /// Counted in bytes, from 1.
    pub column: usize,
}

/// The value that a JSON text stands for.
///
/// # Errors
/// [`NotJson`] with the place where it ceases to be JSON.
pub fn read(text: &[u8]) -> Result<Value, NotJson> {
    let (whole, wrong_at) = match std::str::from_utf8(text) {
        Ok(text) => (text, None),
        Err(error) => ("", Some(error.valid_up_to())),
    };
    let mut reader = Reader { text: whole, at: wrong_at.unwrap_or_default() };
    let read = if wrong_at.is_some() { Err("UTF-8") } else { reader.document() };
    read.map_err(|expected| {
        let before = &text[..reader.at.min(text.len())];
        let line = before.split(|byte| *byte == b'\n').next_back().unwrap_or_default();
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        NotJson { expected, line: lines + 1, column: line.len() + 1 }
    })
}

/// What was expected where something else is.
type Read<T> = Result<T, &'static str>;

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Read<Value> {
        let value = self.value(DEPTH)?;
        self.blank();
        if self.at < self.text.len() { Err("nothing more") } else { Ok(value) }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Goes on behind a byte, if it is next.
    fn takes(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: u8) -> Read<Value> {
        self.blank();
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [
                    ("true", Value::Bool(true)),
                    ("false", Value::Bool(false)),
                    ("null", Value::Null),
                ];
                for (word, value) in words {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                Err("a value")
            }
        }
    }

    fn object(&mut self, depth: u8) -> Read<Value> {
        let (depth, mut members) = (deeper(depth)?, Map::new());
        self.at += 1;
        self.blank();
        if self.takes(b'}') {
            return Ok(Value::Object(members));
        }
        loop {
            self.blank();
            if self.peek() != Some(b'"') {
                return Err("the name of a member, in quotes");
            }
            let name = self.string()?;
            self.blank();
            if !self.takes(b':') {
                return Err("`:`");
            }
            members.insert(name, self.value(depth)?);
            self.blank();
            if self.takes(b'}') {
                return Ok(Value::Object(members));
            }
            if !self.takes(b',') {
                return Err("`,` or `}`");
            }
        }
    }

    fn array(&mut self, depth: u8) -> Read<Value> {
        let (depth, mut items) = (deeper(depth)?, Vec::new());
        self.at += 1;
        self.blank();
        if self.takes(b']') {
            return Ok(Value::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.blank();
            if self.takes(b']') {
                return Ok(Value::Array(items));
            }
            if !self.takes(b',') {
                return Err("`,` or `]`");
            }
        }
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let (mut text, mut copied) = (String::new(), self.at);
        loop {
            match self.peek() {
                // What needs no care is copied in one piece. Both ends are at ASCII letters.
                Some(byte @ (b'"' | b'\\')) => {
                    text.push_str(self.text.get(copied..self.at).unwrap_or_default());
                    self.at += 1;
                    if byte == b'"' {
                        return Ok(text);
                    }
                    text.push(self.escaped()?);
                    copied = self.at;
                }
                Some(0x20..) => self.at += 1,
                Some(_) => return Err("a control character as `\\u00…`"),
                None => return Err("`\"` at the end of a text"),
            }
        }
    }

    /// The letter that is written with the backslash before.
    fn escaped(&mut self) -> Read<char> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(it @ (b'"' | b'\\' | b'/')) => char::from(it),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = self.four()?;
                // Two of them stand for a letter beyond U+FFFF.
                let code = match first {
                    0xD800..0xDC00 if self.takes(b'\\') && self.takes(b'u') => match self.four()? {
                        second @ 0xDC00..0xE000 => {
                            0x1_0000 + ((first - 0xD800) << 10) + (second - 0xDC00)
                        }
                        _ => first,
                    },
                    _ => first,
                };
                char::from_u32(code).ok_or("the two halves of a letter")?
            }
            _ => return Err("a letter that can follow a backslash"),
        })
    }

    /// Four hexadecimal digits.
    fn four(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("four hexadecimal digits")?;
            self.at += 1;
        }
        Ok(code)
    }

    fn number(&mut self) -> Read<Value> {
        let is_negative = self.takes(b'-');
        let mut digits = Digits::default();
        if !self.takes(b'0') {
            self.digits(&mut digits, 0)?;
        }
        let mut is_whole = !digits.is_full;
        if self.takes(b'.') {
            is_whole = false;
            self.digits(&mut digits, -1)?;
        }
        if self.takes(b'e') || self.takes(b'E') {
            is_whole = false;
            let is_small = self.takes(b'-');
            if !is_small {
                self.takes(b'+');
            }
            let mut power = Digits::default();
            self.digits(&mut power, 0)?;
            // With so many zeros a number is 0 or too large, whatever its digits.
            let power = power.significand.min(1_000_000) as i32;
            digits.exponent = digits.exponent.saturating_add(if is_small { -power } else { power });
        }
        let number = match (is_whole, is_negative) {
            (true, false) => Some(Number::from(digits.significand)),
            (true, true) if (1..=1 << 63).contains(&digits.significand) => {
                Some(Number::from((digits.significand as i64).wrapping_neg()))
            }
            _ => {
                let size = digits.value();
                Number::from_f64(if is_negative { -size } else { size })
            }
        };
        number.map(Value::Number).ok_or("a number that is not as large")
    }

    /// One digit and all that follow; each makes the number 10 ^ `step` times as large as it stands.
    fn digits(&mut self, digits: &mut Digits, step: i32) -> Read<()> {
        let begin = self.at;
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            let is_kept = digits.push(byte - b'0');
            digits.exponent += step + i32::from(!is_kept);
            self.at += 1;
        }
        if begin == self.at { Err("a digit") } else { Ok(()) }
    }
}

/// The digits of a number: `significand` × 10 ^ `exponent`.
#[derive(Default)]
struct Digits {
    significand: u64,
    exponent: i32,
    /// No more digits fit.
    is_full: bool,
}

impl Digits {
    /// One digit more. False where it does not fit: there are 19 that count more.
    fn push(&mut self, digit: u8) -> bool {
        let more = self.significand.checked_mul(10).and_then(|it| it.checked_add(digit.into()));
        match more.filter(|_| !self.is_full) {
            Some(more) => self.significand = more,
            None => self.is_full = true,
        }
        !self.is_full
    }

    /// Up to 15 digits with up to 22 decimals are exact.
    fn value(&self) -> f64 {
        let (mut value, mut left) = (self.significand as f64, self.exponent.unsigned_abs());
        while left > 0 && value != 0.0 && value.is_finite() {
            // The largest power of ten of which all are exact.
            let step = left.min(22);
            let power = (0..step).fold(1.0, |power, _| power * 10.0);
            value = if self.exponent < 0 { value / power } else { value * power };
            left -= step;
        }
        value
    }
}

fn deeper(depth: u8) -> Read<u8> {
    depth.checked_sub(1).ok_or("less nesting")
}

//! The names of all places in one language, in two buffers: as they are written, and folded, a line
//! for each. It knows places by their index in the list only.

use super::fold::fold_all;

/// How a word is found in a name; less is better.
pub const WHOLE: u8 = 0;
/// The name begins with the word.
pub const PREFIX: u8 = 1;
/// The word is somewhere in the name.
pub const INSIDE: u8 = 2;
/// Not found.
pub const NONE: u8 = u8::MAX;

/// Names by index.
#[derive(Debug, Clone)]
pub struct Names {
    text: String,
    /// Where each name ends in `text`.
    ends: Vec<u32>,
    /// A line feed before and after every folded name.
    folded: Vec<u8>,
}

impl Names {
    pub fn new() -> Self {
        Self { text: String::new(), ends: Vec::new(), folded: vec![b'\n'] }
    }

    pub fn push(&mut self, name: &str) {
        self.text.push_str(name);
        self.ends.push(self.text.len() as u32);
        fold_all(name, &mut self.folded);
        self.folded.push(b'\n');
    }

    /// Empty where there is none.
    pub fn get(&self, index: u32) -> &str {
        let end = |index: usize| self.ends.get(index).map_or(0, |end| *end as usize);
        let start = (index as usize).checked_sub(1).map_or(0, end);
        self.text.get(start..end(index as usize)).unwrap_or_default()
    }

    /// Notes in `found`, by index, how a folded word is found in each name, where that is better
    /// than what stands there.
    pub fn find(&self, word: &[u8], found: &mut [u8]) {
        let Some(first) = word.first() else { return };
        let mut index = 0;
        // From the second byte on: the first is a line feed, and a name comes after it.
        for (before, byte) in self.folded.iter().skip(1).enumerate() {
            if byte == first {
                let Some(rest) = self.folded[before + 1..].strip_prefix(word) else { continue };
                let how = match (self.folded[before], rest.first()) {
                    (b'\n', Some(b'\n')) => WHOLE,
                    (b'\n', _) => PREFIX,
                    _ => INSIDE,
                };
                if let Some(best) = found.get_mut(index) {
                    *best = how.min(*best);
                }
            } else if *byte == b'\n' {
                index += 1;
            }
        }
    }
}

//! What a hand fills in: lines to write on, one box a digit, boxes to tick. Sizes are those of
//! handwriting (see `blank.css`).

use super::Paper;

/// How much room a line has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Room {
    /// A few digits.
    Short,
    /// A word.
    Middle,
    /// What is left of the line.
    Rest,
}

impl Room {
    fn class(self) -> &'static str {
        match self {
            Self::Short => "part short",
            Self::Middle => "part middle",
            Self::Rest => "part rest",
        }
    }
}

impl Paper<'_> {
    /// Parts of an answer beside each other.
    pub fn row(&mut self, inside: impl FnOnce(&mut Self)) {
        self.html.open("div", &[("class", "row")]);
        inside(self);
        self.html.close("div");
    }

    /// A line with words before and behind it.
    pub fn line(&mut self, before: &str, room: Room, behind: &str) {
        self.html.open("span", &[("class", room.class())]);
        self.html.words("span", "name", before);
        self.html.empty("line");
        self.html.words("span", "name", behind);
        self.html.close("span");
    }

    /// Lines over the whole width.
    pub fn lines(&mut self, count: usize) {
        self.html.open("div", &[("class", "lines")]);
        for _ in 0..count {
            self.html.empty("line");
        }
        self.html.close("div");
    }

    /// One box a digit, in groups with a dash between them.
    pub fn digit_boxes(&mut self, before: &str, groups: &[usize], behind: &str) {
        self.html.open("span", &[("class", "part")]);
        self.html.words("span", "name", before);
        self.html.open("span", &[("class", "digits")]);
        for (at, count) in groups.iter().enumerate() {
            if at > 0 {
                self.html.words("span", "dash", "-");
            }
            self.html.open("span", &[("class", "group")]);
            for _ in 0..*count {
                self.html.empty("digit");
            }
            self.html.close("span");
        }
        self.html.close("span");
        self.html.words("span", "name", behind);
        self.html.close("span");
    }

    /// A box to tick with its words.
    pub fn tick(&mut self, words: &str) {
        self.html.open("span", &[("class", "choice")]);
        self.html.empty("tick");
        self.html.words("span", "words", words);
        self.html.close("span");
    }

    /// A box to tick, its words, and a line behind them.
    pub fn tick_and_line(&mut self, words: &str) {
        self.html.open("span", &[("class", "choice other")]);
        self.html.empty("tick");
        self.line(words, Room::Middle, "");
        self.html.close("span");
    }

    /// Day, month and year of the Buddhist era.
    pub fn day(&mut self) {
        self.digit_boxes(self.pick("วันที่", "Day"), &[2], "");
        self.line(self.pick("เดือน", "Month"), Room::Middle, "");
        self.digit_boxes(self.pick("พ.ศ.", "Year (B.E.)"), &[4], "");
    }

    /// A signature: the line, the name in letters below it, the day.
    pub fn signing(&mut self) {
        self.html.open("div", &[("class", "signing")]);
        self.row(|paper| paper.line(paper.pick("ลงชื่อ", "Signature"), Room::Rest, ""));
        self.row(|paper| {
            paper.line(paper.pick("(ตัวบรรจง", "(in block letters"), Room::Rest, ")");
        });
        self.row(Self::day);
        self.html.close("div");
    }
}

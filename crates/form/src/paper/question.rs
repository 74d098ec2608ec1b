//! One question on paper: its number, its words, when it is to be answered, and room for the answer.

use serde_json::Value;

use super::Paper;
use super::boxes::Room;
use super::numbers::{Role, behind_option};
use crate::fields::provinces::PROVINCES;
use crate::fields::{
    Attachment, Calculated, ChoiceOption, Choices, Consent, Coordinates, DateRange, Decimal,
    Format, Location, Matrix, Note, Number, PartialDate, Phone, Ranking, Rating, Shape, Signature,
    Textarea, ThaiAddress, ThaiName,
};
use crate::{Field, Text};

/// With more options, the answer is written and the options stand in small print.
const MOST_TICKS: usize = 30;

/// The digits of numbers, as they are written in groups.
const NATIONAL_ID: &[usize] = &[1, 4, 5, 2, 1];
const HOUSE_CODE: &[usize] = &[4, 6, 1];
const LASER_CODE: &[usize] = &[3, 7, 2];
const PHONE: &[usize] = &[3, 3, 4];
const POSTCODE: &[usize] = &[5];

impl<'a> Paper<'a> {
    /// Questions beside and below each other.
    pub fn questions(&mut self, places: &[usize]) {
        self.html.open("div", &[("class", "questions")]);
        for place in places {
            match self.numbers.roles[*place] {
                Role::Left | Role::BehindOption => {}
                Role::Words => self.note(*place),
                Role::Asked | Role::Reckoned => self.question(*place),
            }
        }
        self.html.close("div");
    }

    fn note(&mut self, place: usize) {
        let field = self.form.field(place);
        self.html.open("div", &[("class", "note full")]);
        self.html.words("p", "label", self.said(&field.label));
        self.when(field);
        let text = field.kind.get::<Note>().map_or("", |note| self.said(&note.text));
        self.paragraphs("", text);
        self.html.close("div");
    }

    fn question(&mut self, place: usize) {
        let field = self.form.field(place);
        let class = match field.kind.shape() {
            _ if self.numbers.roles[place] == Role::Reckoned => "question reckoned half",
            Shape::Group => "question container full",
            Shape::Rows { .. } => "question container full",
            _ => match width(field) {
                Width::Third => "question third",
                Width::Half => "question half",
                Width::Full => "question full",
            },
        };
        self.html.open("div", &[("class", class)]);
        self.head(place);
        match field.kind.shape() {
            _ if self.numbers.roles[place] == Role::Reckoned => self.reckoned(field),
            Shape::Group => self.questions(&field.children),
            Shape::Rows { min, max } => self.rows(place, min, max),
            _ => self.answer(field),
        }
        self.html.close("div");
    }

    /// The number and the words of a question.
    pub fn head(&mut self, place: usize) {
        let field = self.form.field(place);
        let tag = if field.is_container() { "h3" } else { "p" };
        self.html.open(tag, &[("class", "label")]);
        let number = self.digits(&self.numbers.fields[place]);
        self.html.words("span", "number", &number);
        self.html.text(" ");
        let label = self.said(&field.label);
        self.html.text(if label.is_empty() { &field.id } else { label });
        self.star(field);
        self.html.close(tag);
        // Of what the office reckons, the office knows when.
        if self.numbers.roles[place] == Role::Asked {
            self.when(field);
            let hint = field.hint.as_ref().map_or("", |hint| self.said(hint));
            self.html.words("p", "hint", hint);
        }
    }

    /// «*» where an answer must be given.
    pub fn star(&mut self, field: &Field) {
        if field.required {
            self.html.text(" ");
            self.html.words("span", "must", "*");
        }
    }

    fn when(&mut self, field: &Field) {
        let when = self.only_if(field.show_if.as_ref(), field.parent, ("ตอบ", "Answer"));
        self.html.words("p", "when", &when);
        if !field.required {
            let must =
                self.only_if(field.required_if.as_ref(), field.parent, ("* ต้องตอบ", "* Needed"));
            self.html.words("p", "when", &must);
        }
    }

    /// What the kit works out, and on paper the office.
    fn reckoned(&mut self, field: &Field) {
        let kind = field.kind.get::<Calculated>();
        let unit = kind.and_then(|kind| kind.unit.as_ref()).map_or("", |unit| self.said(unit));
        let (baht, percent) = (self.pick("บาท", "baht"), "%");
        self.row(|paper| {
            paper.html.words("span", "by", paper.pick("เจ้าหน้าที่คำนวณ", "The office reckons"));
            match kind.map(|kind| kind.format) {
                Some(Format::LandArea) => paper.land_area(),
                Some(Format::Money) => paper.line("", Room::Rest, baht),
                Some(Format::Percent) => paper.line("", Room::Rest, percent),
                _ => paper.line("", Room::Rest, unit),
            }
        });
    }

    /// Room for an answer of the field's type.
    pub fn answer(&mut self, field: &'a Field) {
        let kind = &field.kind;
        match kind.name() {
            "textarea" => self.lines(lines_of(kind.get())),
            "text" => self.lines(text_lines(field)),
            "email" | "url" => self.lines(1),
            "number" => {
                let unit = kind.get::<Number>().and_then(|kind| kind.unit.as_ref());
                self.amount(unit);
            }
            "decimal" => {
                let unit = kind.get::<Decimal>().and_then(|kind| kind.unit.as_ref());
                self.amount(unit);
            }
            "money" => self.row(|paper| paper.line("", Room::Rest, paper.pick("บาท", "baht"))),
            "percent" => self.row(|paper| paper.line("", Room::Rest, "%")),
            "thai-national-id" | "juristic-id" => self.boxes_only(NATIONAL_ID),
            "house-code" => self.boxes_only(HOUSE_CODE),
            "laser-code" => self.boxes_only(LASER_CODE),
            "passport" => self.boxes_only(&[9]),
            "promptpay" => self.promptpay(),
            "phone" => self.phone(kind.get()),
            "bank-account" => self.bank_account(),
            "date" => self.row(Self::day),
            "partial-date" => self.partial_date(kind.get()),
            "date-range" => self.date_range(kind.get()),
            "month" => self.row(|paper| {
                paper.line(paper.pick("เดือน", "Month"), Room::Middle, "");
                paper.digit_boxes(paper.pick("พ.ศ.", "Year (B.E.)"), &[4], "");
            }),
            "time" => self.row(|paper| {
                paper.digit_boxes("", &[2], ".");
                paper.digit_boxes("", &[2], paper.pick("น.", "(24 hours)"));
            }),
            "yes-no" => self.row(|paper| {
                for yes in [true, false] {
                    paper.tick(crate::fields::yes_no::in_words(yes, paper.language));
                }
            }),
            "choice" => self.options(field, false),
            "choices" => self.choices(field),
            "consent" => self.consent(kind.get()),
            "matrix" => self.matrix(kind.get()),
            "ranking" => self.ranking(field),
            "rating" => self.rating(kind.get()),
            "thai-name" => self.thai_name(kind.get()),
            "thai-address" => self.thai_address(kind.get()),
            "land-area" => self.row(Self::land_area),
            "location" => self.location(kind.get()),
            "vehicle-plate" => self.row(|paper| {
                paper.line(paper.pick("หมวดอักษร", "Letters"), Room::Middle, "");
                paper.line(paper.pick("หมายเลข", "Number"), Room::Middle, "");
                paper.line(paper.pick("จังหวัด", "Province"), Room::Rest, "");
            }),
            "attachment" => self.attachment(field),
            "signature" => {
                let statement = kind.get::<Signature>().and_then(|kind| kind.statement.as_ref());
                self.html.words("p", "statement", statement.map_or("", |words| self.said(words)));
                self.signing();
            }
            // A type that this module does not know yet: there is room to write.
            _ => self.lines(2),
        }
    }

    fn amount(&mut self, unit: Option<&'a Text>) {
        let unit = unit.map_or("", |unit| self.said(unit));
        self.row(|paper| paper.line("", Room::Rest, unit));
    }

    fn boxes_only(&mut self, groups: &[usize]) {
        self.row(|paper| paper.digit_boxes("", groups, ""));
    }

    fn phone(&mut self, kind: Option<&Phone>) {
        let has_extension = kind.is_some_and(|kind| kind.extension);
        self.row(|paper| {
            paper.digit_boxes("", PHONE, "");
            if has_extension {
                paper.line(paper.pick("ต่อ", "ext."), Room::Short, "");
            }
        });
    }

    fn promptpay(&mut self) {
        let words = self.pick(
            "เบอร์มือถือ 10 หลัก เลขประจำตัว 13 หลัก หรือเลข e-Wallet 15 หลัก",
            "A mobile number (10 digits), an ID number (13) or an e-wallet (15)",
        );
        self.html.words("p", "hint", words);
        self.boxes_only(&[15]);
    }

    fn bank_account(&mut self) {
        self.row(|paper| paper.line(paper.pick("ธนาคาร", "Bank"), Room::Rest, ""));
        self.row(|paper| paper.digit_boxes(paper.pick("เลขที่บัญชี", "Account number"), &[15], ""));
    }

    fn partial_date(&mut self, kind: Option<&PartialDate>) {
        let lifetime = kind.is_some_and(|kind| kind.lifetime);
        self.row(|paper| {
            paper.day();
            if lifetime {
                paper.tick(paper.pick("ตลอดชีพ", "For life"));
            }
        });
        let words = self.pick(
            "ไม่ทราบวันหรือเดือน เว้นว่างไว้",
            "Leave the day or the month empty if you do not know it.",
        );
        self.html.words("p", "hint", words);
    }

    fn date_range(&mut self, kind: Option<&DateRange>) {
        let open = kind.is_some_and(|kind| kind.open);
        for (th, en) in [("ตั้งแต่", "From"), ("ถึง", "To")] {
            self.row(|paper| {
                paper.html.words("span", "name lead", paper.pick(th, en));
                paper.day();
                if open && th == "ถึง" {
                    paper.tick(paper.pick("จนถึงปัจจุบัน", "Until now"));
                }
            });
        }
    }

    fn land_area(&mut self) {
        self.line("", Room::Short, self.pick("ไร่", "rai"));
        self.line("", Room::Short, self.pick("งาน", "ngan"));
        self.line("", Room::Short, self.pick("ตร.ว.", "sq. wah"));
    }

    fn choices(&mut self, field: &'a Field) {
        let (min, max) =
            field.kind.get::<Choices>().map_or((None, None), |kind| (kind.min, kind.max));
        let words = match (min, max, self.is_thai()) {
            (Some(min), Some(max), true) if min == max => format!("เลือก {min} ข้อ"),
            (Some(min), Some(max), true) => format!("เลือก {min} ถึง {max} ข้อ"),
            (Some(min), None, true) => format!("เลือกอย่างน้อย {min} ข้อ"),
            (None, Some(max), true) => format!("เลือกได้ไม่เกิน {max} ข้อ"),
            (Some(min), Some(max), false) if min == max => format!("Choose {min}"),
            (Some(min), Some(max), false) => format!("Choose {min} to {max}"),
            (Some(min), None, false) => format!("Choose at least {min}"),
            (None, Some(max), false) => format!("Choose at most {max}"),
            // Whoever wrote a hint has said so there.
            _ if field.hint.is_some() || field.kind.options().len() < 2 => String::new(),
            _ => self.pick("เลือกได้หลายข้อ", "Choose all that apply").to_owned(),
        };
        self.html.words("p", "hint", &self.digits(&words));
        self.options(field, false);
    }

    /// The options of a field to tick, or with a box for a number.
    fn options(&mut self, field: &'a Field, numbered: bool) {
        let options = field.kind.options();
        if options.len() > MOST_TICKS {
            self.lines(1);
            self.small_print(options);
            return;
        }
        let (mut said, mut is_open) = (String::new(), false);
        for option in options {
            let when = self.only_if(
                option.show_if.as_ref(),
                field.parent,
                ("เลือกข้อเหล่านี้", "Choose these"),
            );
            if when != said || !is_open {
                if is_open {
                    self.html.close("div");
                }
                self.html.words("p", "when", &when);
                let long = options
                    .iter()
                    .any(|one| self.said(&one.label).chars().count() > 28 || one.hint.is_some());
                let class = if long { "options long" } else { "options" };
                self.html.open("div", &[("class", class)]);
                (said, is_open) = (when, true);
            }
            self.option(field, option, numbered);
        }
        if is_open {
            self.html.close("div");
        }
    }

    fn option(&mut self, field: &'a Field, option: &'a ChoiceOption, numbered: bool) {
        let behind = option.other.as_ref().and_then(|words| {
            behind_option(self.form, field, &option.value).map(|_| self.said(words))
        });
        let class = if behind.is_some() { "choice other" } else { "choice" };
        self.html.open("span", &[("class", class)]);
        self.html.empty(if numbered { "digit" } else { "tick" });
        self.html.open("span", &[("class", "words")]);
        self.html.text(self.said(&option.label));
        if let Some(hint) = &option.hint {
            self.html.text(" ");
            self.html.words("span", "hint", self.said(hint));
        }
        self.html.close("span");
        if let Some(words) = behind {
            self.line(words, Room::Rest, "");
        }
        self.html.close("span");
    }

    /// All options in one paragraph; provinces everybody knows.
    fn small_print(&mut self, options: &'a [ChoiceOption]) {
        let is_province = |option: &ChoiceOption| {
            PROVINCES.iter().any(|province| option.label.get("th") == province.th)
        };
        if options.iter().all(is_province) {
            return;
        }
        let labels: Vec<&str> = options.iter().map(|option| self.said(&option.label)).collect();
        let words = [self.pick("เลือกจาก: ", "One of: "), &labels.join(" · ")].concat();
        self.html.words("p", "small", &words);
    }

    fn consent(&mut self, kind: Option<&'a Consent>) {
        let Some(kind) = kind else { return };
        self.paragraphs("statement", self.said(&kind.text));
        self.row(|paper| {
            paper.tick(paper.pick("ยินยอม", "I consent"));
            paper.tick(paper.pick("ไม่ยินยอม", "I do not consent"));
            let version = [paper.pick("ข้อความฉบับ ", "Words of version "), &kind.version].concat();
            paper.html.words("span", "small", &version);
        });
    }

    fn matrix(&mut self, kind: Option<&'a Matrix>) {
        let Some(kind) = kind else { return };
        let mut columns: Vec<&str> = kind.scale.iter().map(|one| self.said(&one.label)).collect();
        columns.extend(kind.no_opinion.as_ref().map(|words| self.said(words)));
        self.html.open("table", &[("class", "matrix")]);
        self.html.markup("<thead><tr><td></td>");
        for column in &columns {
            self.html.open("th", &[("scope", "col")]);
            self.html.text(column);
            self.html.close("th");
        }
        self.html.markup("</tr></thead>\n<tbody>\n");
        for row in &kind.rows {
            self.html.open("tr", &[]);
            self.html.open("th", &[("scope", "row")]);
            self.html.text(self.said(&row.label));
            if let Some(hint) = &row.hint {
                self.html.text(" ");
                self.html.words("span", "hint", self.said(hint));
            }
            self.html.close("th");
            for _ in &columns {
                self.html.open("td", &[]);
                self.html.empty("tick");
                self.html.close("td");
            }
            self.html.close("tr");
        }
        self.html.markup("</tbody>");
        self.html.close("table");
    }

    fn ranking(&mut self, field: &'a Field) {
        let count = field.kind.options().len();
        let top = field.kind.get::<Ranking>().and_then(|kind| kind.top);
        let top = self.digits(&top.unwrap_or(count as u64).to_string());
        let one = self.digits("1");
        let words = if self.is_thai() {
            ["ใส่เลข ", &one, " ถึง ", &top, " หน้าข้อที่เลือก ", &one, " คืออันดับแรก"].concat()
        } else {
            ["Number your choices from ", &one, " to ", &top, "; ", &one, " comes first"].concat()
        };
        self.html.words("p", "hint", &words);
        self.options(field, true);
    }

    fn rating(&mut self, kind: Option<&'a Rating>) {
        let Some(kind) = kind else { return };
        let end = |words: &'a Option<Text>| words.as_ref().map_or("", |words| self.said(words));
        let (low, high) = (end(&kind.low), end(&kind.high));
        self.row(|paper| {
            paper.html.words("span", "name", low);
            for step in 1..=kind.max {
                let step = paper.digits(&step.to_string());
                paper.tick(&step);
            }
            paper.html.words("span", "name", high);
        });
    }

    fn thai_name(&mut self, kind: Option<&ThaiName>) {
        let Some(kind) = kind else { return };
        if kind.asks_prefix() {
            self.row(|paper| {
                for prefix in kind.prefixes() {
                    paper.tick(prefix);
                }
                paper.tick_and_line(paper.pick("อื่น ๆ", "Other"));
            });
        }
        self.row(|paper| {
            paper.line(paper.pick("ชื่อ", "First name"), Room::Rest, "");
            if kind.middle {
                paper.line(paper.pick("ชื่อกลาง", "Middle name"), Room::Rest, "");
            }
            paper.line(paper.pick("นามสกุล", "Last name"), Room::Rest, "");
        });
    }

    fn thai_address(&mut self, kind: Option<&ThaiAddress>) {
        let Some(kind) = kind else { return };
        self.row(|paper| {
            paper.line(paper.pick("บ้านเลขที่", "House number"), Room::Middle, "");
            if kind.asks("building") {
                let words = paper.pick("อาคารหรือหมู่บ้าน", "Building or estate");
                paper.line(words, Room::Rest, "");
            }
            if kind.asks("moo") {
                paper.line(paper.pick("หมู่ที่", "Moo"), Room::Short, "");
            }
            if kind.asks("soi") {
                paper.line(paper.pick("ซอย", "Soi"), Room::Rest, "");
            }
            if kind.asks("road") {
                paper.line(paper.pick("ถนน", "Road"), Room::Rest, "");
            }
        });
        self.row(|paper| {
            paper.line(paper.pick("ตำบล/แขวง", "Sub-district"), Room::Rest, "");
            paper.line(paper.pick("อำเภอ/เขต", "District"), Room::Rest, "");
        });
        self.row(|paper| {
            paper.line(paper.pick("จังหวัด", "Province"), Room::Rest, "");
            paper.digit_boxes(paper.pick("รหัสไปรษณีย์", "Postcode"), POSTCODE, "");
        });
    }

    fn location(&mut self, kind: Option<&Location>) {
        let takes = |way| kind.is_none_or(|kind| kind.takes(way));
        let (degrees, utm) = (takes(Coordinates::Degrees), takes(Coordinates::Utm));
        if degrees {
            self.row(|paper| {
                paper.line(paper.pick("ละติจูด", "Latitude"), Room::Rest, "°N");
                paper.line(paper.pick("ลองจิจูด", "Longitude"), Room::Rest, "°E");
            });
        }
        if utm {
            self.row(|paper| {
                if degrees {
                    paper.html.words("span", "name", paper.pick("หรือ", "or"));
                }
                paper.html.words("span", "name", "UTM (WGS 84)");
                paper.tick("47");
                paper.tick("48");
                paper.line("E", Room::Rest, "");
                paper.line("N", Room::Rest, "");
            });
        }
    }

    /// What is to be put with the form.
    fn attachment(&mut self, field: &'a Field) {
        let max = field.kind.get::<Attachment>().map_or(1, Attachment::max);
        self.row(|paper| {
            let label = paper.said(&field.label);
            let words = [paper.pick("แนบ: ", "Enclosed: "), label].concat();
            paper.tick(&words);
            if max > 1 {
                let unit = paper.pick("ฉบับ", "documents");
                paper.line(paper.pick("จำนวน", "Number"), Room::Short, unit);
            }
        });
    }
}

/// How much of the line a question takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Width {
    Third,
    Half,
    Full,
}

fn width(field: &Field) -> Width {
    match field.kind.name() {
        "text" => match most_characters(field) {
            Some(most) if most <= 24 => Width::Third,
            Some(most) if most <= 80 => Width::Half,
            _ => Width::Full,
        },
        "number" | "decimal" | "money" | "percent" | "yes-no" | "time" => Width::Third,
        "email" | "house-code" | "laser-code" | "passport" | "phone" | "land-area" | "month"
        | "date" | "partial-date" => Width::Half,
        "choice" => {
            let options = field.kind.options();
            let is_short = options.len() <= 4
                && options.iter().all(|option| {
                    let longest = option.label.to_value();
                    option.other.is_none()
                        && option.hint.is_none()
                        && option.show_if.is_none()
                        && longest_text(&longest) <= 16
                });
            if is_short { Width::Half } else { Width::Full }
        }
        _ => Width::Full,
    }
}

/// The most characters of a text in any language.
fn longest_text(text: &Value) -> usize {
    match text {
        Value::String(text) => text.chars().count(),
        Value::Object(texts) => texts.values().map(longest_text).max().unwrap_or_default(),
        _ => 0,
    }
}

fn most_characters(field: &Field) -> Option<u64> {
    field.kind.get::<crate::fields::Text>().and_then(|kind| kind.max_length)
}

/// A hand writes some 70 characters on a line of A4.
fn text_lines(field: &Field) -> usize {
    if most_characters(field).is_some_and(|most| most > 150) { 2 } else { 1 }
}

/// Half as many again as on the screen, since a hand writes wider.
fn lines_of(kind: Option<&Textarea>) -> usize {
    let rows = kind.and_then(|kind| kind.rows).unwrap_or(4) as usize;
    let most = kind.and_then(|kind| kind.max_length).unwrap_or(u64::MAX);
    let needed = usize::try_from(most.div_ceil(60)).unwrap_or(usize::MAX).max(2);
    (rows + rows / 2).min(needed).clamp(2, 20)
}

/// Whether a field is one question: no group, no rows, no words.
pub(super) fn is_plain(field: &Field) -> bool {
    field.kind.shape() == Shape::Answer
}

//! The rows of a repeat on paper: a table where each row is short, else a block for each, numbered.
//! How many there will be nobody knows, so there is room for a few and a word on more sheets.

use super::Paper;
use super::boxes::Room;
use super::numbers::Role;
use super::question::is_plain;
use crate::Field;
use crate::fields::{Decimal, Number, Repeat};

/// A table is wider than the paper beyond this, in quarters of a word.
const WIDEST: u32 = 15;
/// The rows of a table, where more may come.
const IN_TABLE: usize = 5;
/// The most fields in a block of which three fit into the space of two larger ones.
const SMALL_BLOCK: usize = 6;
/// A block of so many fields within another fills a page by itself.
const LARGE_BLOCK: usize = 12;
/// With more options in a column of a table, their numbers are written.
const MOST_TICKS: usize = 4;

impl<'a> Paper<'a> {
    /// The rows of the repeat at this place.
    pub fn rows(&mut self, place: usize, min: usize, max: usize) {
        let field = self.form.field(place);
        let asked: Vec<&Field> = field
            .children
            .iter()
            .filter(|child| !matches!(self.numbers.roles[**child], Role::Left | Role::BehindOption))
            .map(|child| self.form.field(*child))
            .collect();
        let widths: Option<u32> = asked.iter().map(|field| width_in_table(field)).sum();
        let in_table = widths.is_some_and(|width| width <= WIDEST) && asked.len() > 1;
        let usual = match (in_table, asked.len()) {
            (true, _) => {
                if max <= 8 {
                    max
                } else {
                    IN_TABLE
                }
            }
            (false, count) => match (count, self.depth(place)) {
                (..=SMALL_BLOCK, 0) => 3,
                (LARGE_BLOCK.., 1..) => 1,
                _ => 2,
            },
        };
        let count = usual.max(min.min(10)).min(max).max(1);
        if in_table {
            self.table(field, &asked, count);
        } else {
            for n in 1..=count {
                self.block(field, n);
            }
        }
        if max > count {
            let number = self.digits(&self.numbers.fields[place]);
            let words = if self.is_thai() {
                ["ถ้ามีมากกว่านี้ ใช้กระดาษเพิ่ม เขียนเลขข้อ ", &number, " กำกับไว้"].concat()
            } else {
                ["If there are more, use another sheet and write ", &number, " on it."].concat()
            };
            self.html.words("p", "small", &words);
        }
    }

    /// How many repeats there are around this place.
    fn depth(&self, place: usize) -> usize {
        let (mut depth, mut at) = (0, self.form.field(place).parent);
        while let Some(around) = at {
            let field = self.form.field(around);
            depth += usize::from(field.kind.get::<Repeat>().is_some());
            at = field.parent;
        }
        depth
    }

    fn block(&mut self, field: &'a Field, n: usize) {
        let n = self.digits(&n.to_string());
        let title = field.kind.get::<Repeat>().and_then(|kind| kind.row_title.as_ref());
        let title = match title {
            Some(title) => self.said(title).replace("{n}", &n),
            None => [self.pick("รายการที่ ", "No. "), &n].concat(),
        };
        self.html.open("div", &[("class", "block")]);
        self.html.words("h4", "", &title);
        self.questions(&field.children);
        self.html.close("div");
    }

    fn table(&mut self, field: &'a Field, columns: &[&'a Field], count: usize) {
        for column in columns {
            self.legend(column);
        }
        self.html.open("table", &[("class", "rows")]);
        self.html.markup("<thead><tr><th scope=\"col\" class=\"n\">");
        self.html.text(self.pick("ที่", "No."));
        self.html.markup("</th>");
        for (column, place) in columns.iter().zip(self.places(field)) {
            self.html.open("th", &[("scope", "col"), ("class", column_class(column))]);
            let number = self.digits(&self.numbers.fields[place]);
            self.html.words("span", "number", &number);
            self.html.text(" ");
            self.html.text(self.said(&column.label));
            self.star(column);
            if is_by_number(column) {
                let words = self.pick("(ใส่หมายเลข)", "(its number)");
                self.html.words("span", "hint", words);
            } else if let Some(hint) = &column.hint {
                self.html.words("span", "hint", self.said(hint));
            }
            self.html.close("th");
        }
        self.html.markup("</tr></thead>\n<tbody>\n");
        for n in 1..=count {
            self.html.open("tr", &[]);
            self.html.words("td", "n", &self.digits(&n.to_string()));
            for column in columns {
                self.html.open("td", &[]);
                self.cell(column);
                self.html.close("td");
            }
            self.html.close("tr");
        }
        self.html.markup("</tbody>");
        self.html.close("table");
    }

    fn places(&self, field: &Field) -> Vec<usize> {
        let is_asked =
            |child: &usize| !matches!(self.numbers.roles[*child], Role::Left | Role::BehindOption);
        field.children.iter().copied().filter(is_asked).collect()
    }

    /// The options of a column that are too many to stand in each of its cells.
    fn legend(&mut self, column: &'a Field) {
        if !is_by_number(column) {
            return;
        }
        let options = column.kind.options().iter().enumerate().map(|(at, option)| {
            let other = if option.other.is_some() {
                self.pick(" (เขียนด้วย)", " (say which)")
            } else {
                ""
            };
            [&self.digits(&(at + 1).to_string()), " = ", self.said(&option.label), other].concat()
        });
        let options: Vec<String> = options.collect();
        let words = [self.said(&column.label), ": ", &options.join(" · ")].concat();
        self.html.words("p", "legend", &words);
    }

    /// A cell to write in.
    fn cell(&mut self, column: &'a Field) {
        match column.kind.name() {
            "yes-no" => self.answer(column),
            "choice" if !is_by_number(column) => {
                for option in column.kind.options() {
                    self.tick(self.said(&option.label));
                }
            }
            "number" | "decimal" | "money" | "percent" => {
                let of_number = column.kind.get::<Number>().and_then(|kind| kind.unit.as_ref());
                let of_decimal = column.kind.get::<Decimal>().and_then(|kind| kind.unit.as_ref());
                let unit = match (column.kind.name(), of_number.or(of_decimal)) {
                    ("money", _) => self.pick("บาท", "baht"),
                    ("percent", _) => "%",
                    (_, Some(unit)) => self.said(unit),
                    _ => "",
                };
                self.html.words("span", "unit", unit);
            }
            "date" | "partial-date" => self.row(|paper| {
                paper.line("", Room::Short, "/");
                paper.line("", Room::Short, "/");
                paper.line("", Room::Short, "");
            }),
            _ => {}
        }
    }
}

fn is_by_number(column: &Field) -> bool {
    let options = column.kind.options();
    options.len() > MOST_TICKS || options.iter().any(|option| option.other.is_some())
}

fn column_class(column: &Field) -> &'static str {
    match column.kind.name() {
        "text" | "textarea" | "email" => "wide",
        _ => "",
    }
}

/// How wide a column is; none where a field does not fit into a table.
fn width_in_table(field: &Field) -> Option<u32> {
    if !is_plain(field) || field.show_if.is_some() || field.calculate.is_some() {
        return None;
    }
    let has_conditions = field.kind.options().iter().any(|option| option.show_if.is_some());
    match field.kind.name() {
        "number" | "decimal" | "percent" | "yes-no" => Some(2),
        "money" | "time" => Some(3),
        "text" | "date" | "partial-date" => Some(4),
        "choice" if !has_conditions => Some(if is_by_number(field) { 2 } else { 4 }),
        _ => None,
    }
}

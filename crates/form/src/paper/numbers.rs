//! What stands on paper and under which number: part 2, question 2.3, in a group or a row 2.3.1. By
//! these numbers people at a counter find a question, and conditions name it.

use crate::fields::Shape;
use crate::{Field, Form, Rule, logic, scope};

/// How a field stands on paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// A question to answer.
    Asked,
    /// Worked out by the kit, on paper by the office.
    Reckoned,
    /// Words between the questions.
    Words,
    /// The line behind an option such as «other».
    BehindOption,
    /// Not on paper.
    Left,
}

/// The number of each page and each field, empty where there is none, and the role of each field.
pub(super) struct Numbers {
    pub pages: Vec<String>,
    pub fields: Vec<String>,
    pub roles: Vec<Role>,
}

impl Numbers {
    pub fn of(form: &Form) -> Self {
        let mut numbers = Self {
            pages: Vec::new(),
            fields: vec![String::new(); form.fields().len()],
            roles: form.fields().iter().map(role).collect(),
        };
        for field in form.fields() {
            let options = field.kind.options().iter().filter(|option| option.other.is_some());
            for place in options.filter_map(|option| behind_option(form, field, &option.value)) {
                numbers.roles[place] = Role::BehindOption;
            }
        }
        // What stands in a container comes behind it.
        for place in (0..form.fields().len()).rev() {
            let field = form.field(place);
            if field.is_container() && !numbers.is_there_any(&field.children) {
                numbers.roles[place] = Role::Left;
            }
        }
        let mut part = 0;
        for page in &form.definition().pages {
            let is_there =
                numbers.is_there_any(&page.fields) && !page.show_if.as_ref().is_some_and(never);
            part += usize::from(is_there);
            let number = if is_there { part.to_string() } else { String::new() };
            numbers.count(form, &page.fields, &number);
            numbers.pages.push(number);
        }
        numbers
    }

    fn is_there_any(&self, places: &[usize]) -> bool {
        let is_there =
            |place: &usize| !matches!(self.roles[*place], Role::Left | Role::BehindOption);
        places.iter().any(is_there)
    }

    fn count(&mut self, form: &Form, places: &[usize], above: &str) {
        let mut nth = 0;
        for place in places {
            if matches!(self.roles[*place], Role::Asked | Role::Reckoned) {
                nth += 1;
                let number = format!("{above}.{nth}");
                self.count(form, &form.field(*place).children, &number);
                self.fields[*place] = number;
            }
        }
    }
}

fn role(field: &Field) -> Role {
    if field.kind.name() == "hidden" || field.show_if.as_ref().is_some_and(never) {
        Role::Left
    } else if field.kind.shape() == Shape::Note {
        Role::Words
    } else if field.calculate.is_some() {
        Role::Reckoned
    } else {
        Role::Asked
    }
}

/// Whether a condition is fixed, and does not hold.
fn never(rule: &Rule) -> bool {
    let rule = rule.to_value();
    scope::call(&rule).is_none() && !logic::truth(&rule)
}

/// The place of the line that goes with an option.
pub(super) fn behind_option(form: &Form, field: &Field, value: &str) -> Option<usize> {
    form.place_in(field.parent, &[&field.id, "_", value].concat())
}

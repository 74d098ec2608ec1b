//! The empty form on paper, for the counter, the village head and the day without electricity: made
//! from the same definition as the page, so the two never ask for different things.
//!
//! A whole HTML document comes out, without a script, for A4 in black on white (`blank.css`). Nothing
//! here reads a file, a clock or an answer. It is behind the feature `paper`, so that the page, which
//! only links to it, does not carry it.

mod boxes;
mod conditions;
mod frame;
mod help;
mod html;
mod numbers;
mod question;
mod rows;

use crate::{Digits, Form, Text, thai};

pub use help::help;

use conditions::{Condition, Speaker};
use html::Html;
use numbers::Numbers;

/// Where the styles of the document are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sheet {
    /// In a file at this address, as `../blank.css`: under the kit's policy no page has styles in it.
    At(String),
    /// In the document, so that it is one file to hand on.
    Inside,
}

/// The kit's styles for paper.
pub const STYLES: &str = include_str!("../../../../public/blank.css");

/// The empty form in a language, as an HTML document.
///
/// ```
/// # let bytes = br#"{ "id": "greeting", "version": "1", "title": "Greeting", "languages": ["en"],
/// #   "submit": { "url": "/" }, "pages": [{ "id": "who", "title": "Who", "fields": [
/// #     { "id": "name", "type": "text", "label": "Your name" } ] }] }"#;
/// use eform::paper::{Sheet, blank};
///
/// let form = eform::Form::parse(bytes)?;
/// let page = blank(&form, "en", &Sheet::At("../blank.css".to_owned()));
/// assert!(page.starts_with("<!doctype html>"));
/// # Ok::<(), eform::DefinitionError>(())
/// ```
pub fn blank(form: &Form, language: &str, sheet: &Sheet) -> String {
    let numbers = Numbers::of(form);
    let mut paper = Paper { form, language, numbers: &numbers, html: Html::default() };
    paper.document(sheet);
    paper.html.finish()
}

/// The name of the file that the kit keeps the empty form of `id` in; for the form's first language
/// there is also one without a language.
pub fn file_name(id: &str, language: Option<&str>) -> String {
    match language {
        Some(language) => [id, ".blank.", language, ".html"].concat(),
        None => [id, ".blank.html"].concat(),
    }
}

/// The form's id and the language in the name of such a file.
pub fn of_file_name(name: &str) -> Option<(&str, Option<&str>)> {
    let (id, rest) = name.strip_suffix(".html")?.split_once(".blank")?;
    match rest.strip_prefix('.') {
        Some(language) => Some((id, Some(language))),
        None => rest.is_empty().then_some((id, None)),
    }
}

/// The document as far as it is written.
struct Paper<'a> {
    form: &'a Form,
    language: &'a str,
    numbers: &'a Numbers,
    html: Html,
}

impl<'a> Paper<'a> {
    fn is_thai(&self) -> bool {
        self.language == "th"
    }

    /// Thai words for Thai readers, English ones for all others.
    fn pick<'b>(&self, th: &'b str, en: &'b str) -> &'b str {
        if self.is_thai() { th } else { en }
    }

    /// A text of the definition.
    fn said(&self, text: &'a Text) -> &'a str {
        self.form.text(text, self.language)
    }

    /// A number as the form writes digits.
    fn digits(&self, number: &str) -> String {
        match self.form.definition().digits {
            Some(Digits::Thai) if self.is_thai() => thai::thai_digits(number),
            _ => number.to_owned(),
        }
    }

    fn speaker(&self) -> Speaker<'a> {
        Speaker { form: self.form, language: self.language, numbers: self.numbers }
    }

    /// When something is to be answered: nothing where it always is.
    fn only_if(
        &self,
        rule: Option<&crate::Rule>,
        inside: Option<usize>,
        what: (&str, &str),
    ) -> String {
        let Some(rule) = rule else { return String::new() };
        let scope = crate::scope::outwards(self.form, inside);
        match self.speaker().condition(rule, &scope) {
            Condition::Always => String::new(),
            Condition::If(words) if self.is_thai() => {
                [what.0, "เฉพาะเมื่อ ", &self.digits(&words)].concat()
            }
            Condition::If(words) => [what.1, " only if ", &words].concat(),
            Condition::Unclear if self.is_thai() => [what.0, "ถ้าเกี่ยวข้องกับท่าน"].concat(),
            Condition::Unclear => [what.1, " if it applies to you"].concat(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{file_name, of_file_name};

    #[test]
    fn the_name_of_a_file_tells_the_form_and_the_language() {
        for language in [None, Some("th"), Some("pt-BR")] {
            let name = file_name("well-request", language);
            assert_eq!(of_file_name(&name), Some(("well-request", language)), "{name}");
        }
        for name in ["well-request.json", "well-request.html", "a.blankets.html", "blank.html"] {
            assert_eq!(of_file_name(name), None, "{name}");
        }
    }
}

//! A definition that has been read and found whole, with what asking it quickly needs.

use std::cell::Cell;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::definition::{Definition, Field, Page};
use crate::logic::first_segment;
use crate::sheet::Sheet;
use crate::{Data, Date, DefinitionError, Finding, Text, finding, messages, wire};

/// A form, ready to be filled in and checked.
#[derive(Debug)]
pub struct Form {
    definition: Definition,
    digest: String,
    /// Page and place on it of every field, in the order of the form.
    places: Vec<(usize, usize)>,
    /// The same, in the order of the fields' ids: a map of its own would be twice the code.
    by_id: Vec<usize>,
}

/// What a list of forms says about one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The form's id.
    pub id: String,
    /// The form's version.
    pub version: String,
    /// What it is called.
    pub title: Text,
    /// What it is for.
    #[serde(skip_serializing_if = "Text::is_empty")]
    pub summary: Text,
    /// The languages that it can be read in.
    pub languages: Vec<String>,
}

impl Form {
    /// Reads a definition from the bytes of its file.
    ///
    /// # Errors
    /// Says where the definition is wrong and what was expected there.
    pub fn parse(bytes: &[u8]) -> Result<Self, DefinitionError> {
        let root: Value =
            serde_json::from_slice(bytes).map_err(|error| DefinitionError::syntax(&error))?;
        let mut form = Self {
            definition: Definition::from_value(root)?,
            digest: wire::digest(bytes),
            places: Vec::new(),
            by_id: Vec::new(),
        };
        form.index()?;
        form.check_rules()?;
        Ok(form)
    }

    /// Lists the fields, and refuses names that are there twice.
    fn index(&mut self) -> Result<(), DefinitionError> {
        for at_page in 0..self.definition.pages.len() {
            let pages = &self.definition.pages;
            if pages[..at_page].iter().any(|earlier| earlier.id == pages[at_page].id) {
                return Err(twice(&pages[at_page].id).under_index(at_page).under("pages"));
            }
            for at_field in 0..self.definition.pages[at_page].fields.len() {
                let place = (at_page, at_field);
                let index = self.places.len();
                self.places.push(place);
                match self.rank_of(&self.field(index).id) {
                    Ok(_) => return Err(of_field(place, twice(&self.field(index).id))),
                    Err(rank) => self.by_id.insert(rank, index),
                }
            }
        }
        Ok(())
    }

    /// Refuses rules that read fields which are not there, and rules that go round in a circle.
    fn check_rules(&self) -> Result<(), DefinitionError> {
        for (at_page, page) in self.definition.pages.iter().enumerate() {
            if let Some(error) = self.unknown_name(&page.show_if) {
                return Err(error.under_index(at_page).under("pages"));
            }
            for (at_field, field) in page.fields.iter().enumerate() {
                if let Some(error) = self.unknown_name(&field.show_if) {
                    return Err(of_field((at_page, at_field), error));
                }
            }
        }
        // 0: not looked at, 1: being looked at, 2: done.
        let mut marks = vec![0_u8; self.places.len()];
        for start in 0..self.places.len() {
            self.check_circle(start, &mut marks)?;
        }
        Ok(())
    }

    fn unknown_name(&self, rule: &Option<crate::Rule>) -> Option<DefinitionError> {
        let mut ids = rule.as_ref()?.reads().into_iter().map(|read| first_segment(read.path));
        let id = ids.find(|id| self.index_of(id).is_none())?;
        Some(DefinitionError::new(["there is no field `", id, "`"].concat()).under("showIf"))
    }

    fn check_circle(&self, start: usize, marks: &mut [u8]) -> Result<(), DefinitionError> {
        // A stack of our own: a chain of conditions may be as long as the form.
        let mut stack = vec![(start, self.reads(start))];
        if marks[start] != 0 {
            return Ok(());
        }
        marks[start] = 1;
        while let Some((index, reads)) = stack.last_mut() {
            let index = *index;
            match reads.pop() {
                Some(next) if marks[next] == 0 => {
                    marks[next] = 1;
                    stack.push((next, self.reads(next)));
                }
                Some(next) if marks[next] == 1 => {
                    let id = self.field(next).id.as_str();
                    let words = ["its condition goes round in a circle by way of `", id, "`"];
                    return Err(of_field(self.places[index], DefinitionError::new(words.concat())));
                }
                Some(_) => {}
                None => {
                    marks[index] = 2;
                    stack.pop();
                }
            }
        }
        Ok(())
    }

    /// The fields that decide whether this one is shown.
    fn reads(&self, index: usize) -> Vec<usize> {
        let (page, _) = self.places[index];
        let rules = [&self.definition.pages[page].show_if, &self.field(index).show_if];
        let ids = rules.into_iter().flatten().flat_map(crate::Rule::reads);
        ids.filter_map(|read| self.index_of(first_segment(read.path))).collect()
    }

    /// The definition as it was read.
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// The digest of the definition's file (see [`crate::digest`]).
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What a list of forms says about this one.
    pub fn summary(&self) -> Summary {
        let Definition { id, version, title, summary, languages, .. } = &self.definition;
        Summary {
            id: id.clone(),
            version: version.clone(),
            title: title.clone(),
            summary: summary.clone().unwrap_or_default(),
            languages: languages.clone(),
        }
    }

    /// How many fields there are on all pages.
    pub fn field_count(&self) -> usize {
        self.places.len()
    }

    /// The field at this place in the order of the form, from 0 to [`Form::field_count`].
    pub fn field(&self, index: usize) -> &Field {
        let (page, field) = self.places[index];
        &self.definition.pages[page].fields[field]
    }

    /// The index of the page that a field stands on.
    pub fn page_of(&self, index: usize) -> usize {
        self.places[index].0
    }

    /// The page at this index.
    pub fn page(&self, index: usize) -> &Page {
        &self.definition.pages[index]
    }

    /// The places, in the order of the form, of the fields on a page.
    pub fn fields_of(&self, page: usize) -> std::ops::Range<usize> {
        let start = self.places.partition_point(|(at, _)| *at < page);
        start..start + self.definition.pages[page].fields.len()
    }

    /// The place of the field with this id.
    pub fn index_of(&self, id: &str) -> Option<usize> {
        self.rank_of(id).ok().map(|rank| self.by_id[rank])
    }

    /// Where the id stands among all ids, or where it would.
    fn rank_of(&self, id: &str) -> Result<usize, usize> {
        self.by_id.binary_search_by(|index| self.field(*index).id.as_str().cmp(id))
    }

    /// The place of the field that a finding's path leads to.
    pub fn index_at(&self, path: &str) -> Option<usize> {
        let segment = path.strip_prefix('/')?.split('/').next()?;
        self.index_of(&segment.replace("~1", "/").replace("~0", "~"))
    }

    /// Whether the conditions of a field and of its page hold. `answer` gives the answer of another
    /// field by its place, `Null` where it has none or is not shown itself.
    pub fn is_shown(&self, index: usize, answer: &dyn Fn(usize) -> Value) -> bool {
        let (page, _) = self.places[index];
        let rules = [&self.definition.pages[page].show_if, &self.field(index).show_if];
        rules.into_iter().flatten().all(|rule| self.holds(rule, answer))
    }

    fn holds(&self, rule: &crate::Rule, answer: &dyn Fn(usize) -> Value) -> bool {
        let mut answers = Map::new();
        for read in rule.reads() {
            let id = first_segment(read.path);
            if let Some(index) = self.index_of(id) {
                answers.insert(id.to_owned(), answer(index));
            }
        }
        let steps = Cell::new(100_000);
        let answers = Value::Object(answers);
        let data = Data { scopes: &[&answers], today: None, steps: &steps };
        // Shown rather than lost: what is wrong is the definition.
        rule.holds(&data).unwrap_or(true)
    }

    /// Everything wrong or odd with what has been entered, in the order of the form. `today` is the
    /// day on which the form is completed.
    pub fn check(&self, entries: &Map<String, Value>, today: Date) -> Vec<Finding> {
        let sheet = Sheet::new(self, entries);
        (0..self.field_count()).filter_map(|index| sheet.check(index, today)).collect()
    }

    /// The answers as they are submitted: read, and of shown fields only. Entries that cannot be
    /// read are left out; [`Form::check`] tells of them.
    pub fn answers(&self, entries: &Map<String, Value>) -> Map<String, Value> {
        let sheet = Sheet::new(self, entries);
        let mut answers = Map::new();
        for index in (0..self.field_count()).filter(|index| sheet.is_shown(*index)) {
            if let Some(answer) = sheet.answer(index) {
                answers.insert(self.field(index).id.clone(), answer);
            }
        }
        answers
    }

    /// What the agency checks: all that [`Form::check`] finds, and that the answers are those of
    /// shown fields of this form, written as the engine writes them.
    pub fn check_submission(&self, answers: &Map<String, Value>, today: Date) -> Vec<Finding> {
        let mut findings = self.check(answers, today);
        let kept = self.answers(answers);
        for (id, value) in answers {
            let path = finding::pointer(id);
            let code = match (self.index_of(id), kept.get(id)) {
                (None, _) => "unknown-field",
                (_, Some(kept)) if kept == value => continue,
                (_, None) if findings.iter().any(|finding| finding.path == path) => continue,
                (Some(index), None) if !Sheet::new(self, answers).is_shown(index) => "not-shown",
                _ => "not-canonical",
            };
            findings.push(Finding { path, ..Finding::error(code) });
        }
        findings
    }

    /// The words for a finding: the field's own where it has some, else the catalogue's.
    pub fn message(&self, finding: &Finding, language: &str) -> String {
        let field = self.index_at(&finding.path).map(|index| self.field(index));
        let label = field.map_or("", |field| self.text(&field.label, language));
        match field.and_then(|field| field.message(&finding.code)) {
            Some(words) => {
                messages::fill(self.text(words, language), &finding.params, label, language)
            }
            None => messages::message(&finding.code, &finding.params, label, language),
        }
    }

    /// A text in `language`, or else in the first of the form's languages that it has.
    pub fn text<'a>(&'a self, text: &'a Text, language: &str) -> &'a str {
        let mut languages = vec![language];
        languages.extend(self.definition.languages.iter().map(String::as_str));
        text.get_in(&languages)
    }

    /// An answer as people read it: `13 มีนาคม พ.ศ. 2566` for `2023-03-13`.
    pub fn in_words(&self, index: usize, answer: &Value, language: &str) -> String {
        self.field(index)
            .kind
            .in_words(answer, language, &|text| self.text(text, language).to_owned())
    }
}

fn twice(name: &str) -> DefinitionError {
    DefinitionError::new(["the name `", name, "` is there twice"].concat()).under("id")
}

fn of_field((page, field): (usize, usize), error: DefinitionError) -> DefinitionError {
    error.under_index(field).under("fields").under_index(page).under("pages")
}

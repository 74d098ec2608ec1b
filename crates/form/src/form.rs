//! A definition that has been read and found whole, with what asking it quickly needs.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value};

use crate::definition::{Definition, Page, Tree};
use crate::fields::attachment::Attachment;
use crate::fields::{Kind, Wording, in_box};
use crate::graph::{Graph, at_field};
use crate::names::Names;
use crate::{Date, DefinitionError, Digits, Field, Finding, Session, Text, Vocabulary};
use crate::{json, limits, messages, reader, thai, wire};

/// A form, ready to be filled in and checked. Cloning it is cheap: the clones share it.
#[derive(Debug, Clone)]
pub struct Form(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    definition: Definition,
    /// Every field, also those in groups and rows, in the order of the form.
    fields: Vec<Field>,
    names: Names,
    graph: Graph,
    digest: String,
    vocabulary: &'static Vocabulary,
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
        Self::parse_with(bytes, Vocabulary::WHOLE)
    }

    /// Reads a definition with a part of the language: what can be said about it without the rest.
    ///
    /// # Errors
    /// As [`Form::parse`], but what only the rest of the language could tell.
    pub fn parse_with(
        bytes: &[u8],
        vocabulary: &'static Vocabulary,
    ) -> Result<Self, DefinitionError> {
        if let Some(enable) = vocabulary.patterns {
            enable();
        }
        if bytes.len() > limits::DEFINITION_BYTES {
            return Err(reader::beyond("bytes", limits::DEFINITION_BYTES));
        }
        let root = json::read(bytes).map_err(DefinitionError::syntax)?;
        let Tree { mut definition, fields: of_pages } = Tree::from_value(root, vocabulary)?;
        let (mut fields, mut outermost) = (Vec::new(), 0);
        for (page, of_page) in of_pages.into_iter().enumerate() {
            let earlier = &definition.pages[..page];
            if earlier.iter().any(|earlier| earlier.id == definition.pages[page].id) {
                return Err(twice(&definition.pages[page].id).under_index(page).under("pages"));
            }
            let places = flatten(of_page, page, None, &mut fields);
            for place in &places {
                fields[*place].nth += outermost;
            }
            outermost += places.len();
            definition.pages[page].fields = places;
        }
        if fields.len() > limits::FIELDS {
            return Err(reader::beyond("fields", limits::FIELDS).under("pages"));
        }
        files_can_go(&fields, definition.submit.attached_bytes())?;
        let names = Names::of(&fields)
            .map_err(|place| at_field(&fields, place, twice(&fields[place].id)))?;
        let checks = &mut definition.checks;
        let graph = Graph::build(&names, &mut fields, &mut definition.pages, checks)?;
        let digest = wire::digest(bytes);
        Ok(Self(Arc::new(Parts { definition, fields, names, graph, digest, vocabulary })))
    }

    /// The definition as it was read.
    pub fn definition(&self) -> &Definition {
        &self.0.definition
    }

    /// The digest of the definition's file (see [`crate::digest`]).
    pub fn digest(&self) -> &str {
        &self.0.digest
    }

    pub(crate) fn graph(&self) -> &Graph {
        &self.0.graph
    }

    /// What a list of forms says about this one.
    pub fn summary(&self) -> Summary {
        let Definition { id, version, title, summary, languages, .. } = self.definition();
        Summary {
            id: id.clone(),
            version: version.clone(),
            title: title.clone(),
            summary: summary.clone().unwrap_or_default(),
            languages: languages.clone(),
        }
    }

    /// Whether it was read with a part of the language only.
    pub fn is_part(&self) -> bool {
        self.0.vocabulary.is_part
    }

    /// Every field, also those in groups and in rows, in the order of the form.
    pub fn fields(&self) -> &[Field] {
        &self.0.fields
    }

    /// The field at this place in the order of the form.
    pub fn field(&self, place: usize) -> &Field {
        &self.0.fields[place]
    }

    /// The page at this index.
    pub fn page(&self, index: usize) -> &Page {
        &self.definition().pages[index]
    }

    /// The place of the field with this id that stands in no group and no repeat.
    pub fn place_of(&self, id: &str) -> Option<usize> {
        self.place_in(None, id)
    }

    /// The place of the field with this id in the group or repeat at `container`.
    pub fn place_in(&self, container: Option<usize>, id: &str) -> Option<usize> {
        self.0.names.find(container, id)
    }

    /// The place of the field that a pointer into the answers leads to, rows and parts of an answer
    /// left aside.
    pub fn place_at(&self, pointer: &str) -> Option<usize> {
        let mut found = None;
        for step in pointer.strip_prefix('/')?.split('/') {
            // No id has what a pointer would escape.
            match found {
                Some(place) if !self.field(place).is_container() => break,
                _ => {}
            }
            match self.place_in(found, step) {
                Some(place) => found = Some(place),
                // The number of a row.
                None if found.is_some() && step.bytes().all(|byte| byte.is_ascii_digit()) => {}
                None => break,
            }
        }
        found
    }

    /// Everything wrong or odd with what has been entered, in the order of the form. `today` is the
    /// day on which the form is completed.
    pub fn check(&self, entries: &Map<String, Value>, today: Date) -> Vec<Finding> {
        Session::new(self.clone(), entries, today).findings()
    }

    /// The answers as they are submitted: read, calculated, and of shown fields only. Entries that
    /// cannot be read are left out; [`Form::check`] tells of them.
    pub fn answers(&self, entries: &Map<String, Value>, today: Date) -> Map<String, Value> {
        Session::new(self.clone(), entries, today).answers().clone()
    }

    /// What the agency checks: all that [`Form::check`] finds, and that the answers are those of
    /// shown fields of this form, written as the engine writes them.
    pub fn check_submission(&self, answers: &Map<String, Value>, today: Date) -> Vec<Finding> {
        Session::of_answers(self.clone(), answers, today).check_submitted(answers)
    }

    /// The words for a finding: the field's own where it has some, else the catalogue's.
    pub fn message(&self, finding: &Finding, language: &str) -> String {
        let field = self.place_at(&finding.path).map(|place| self.field(place));
        let label = field.map_or("", |field| self.text(&field.label, language));
        let own = finding.params.get("message").cloned().and_then(Text::from_value);
        match own.as_ref().or_else(|| field?.message(&finding.code)) {
            Some(words) => {
                messages::fill(self.text(words, language), &finding.params, label, language)
            }
            None => messages::message(
                &finding.code,
                &finding.params,
                label,
                language,
                self.0.vocabulary,
            ),
        }
    }

    /// A text in `language`, or else in the first of the form's languages that it has.
    pub fn text<'a>(&'a self, text: &'a Text, language: &str) -> &'a str {
        text.get_in(&self.languages(language))
    }

    /// The language of [`Form::text`], where that is known and is another than `language`.
    pub fn other_language<'a>(&'a self, text: &'a Text, language: &str) -> Option<&'a str> {
        let said = text.language_in(&self.languages(language));
        (!said.is_empty() && said != language).then_some(said)
    }

    fn languages<'a>(&'a self, first: &'a str) -> Vec<&'a str> {
        let mut languages = vec![first];
        languages.extend(self.definition().languages.iter().map(String::as_str));
        languages
    }

    /// An answer as people read it: `13 มีนาคม พ.ศ. 2566` for `2023-03-13`.
    pub fn in_words(&self, place: usize, answer: &Value, language: &str) -> String {
        let text = |text: &Text| self.text(text, language).to_owned();
        let kind = &self.field(place).kind;
        self.in_digits(kind, kind.in_words(answer, &Wording { language, text: &text }), language)
    }

    /// An answer as it stands in the box that it was typed in, once that is left: `1,234.50` for
    /// 1234.5. None where it stays as it was typed. It reads as the answer.
    pub fn in_box(&self, place: usize, answer: &Value, language: &str) -> Option<String> {
        let text = |text: &Text| self.text(text, language).to_owned();
        let kind = &self.field(place).kind;
        let said = in_box(kind, answer, &Wording { language, text: &text })?;
        Some(self.in_digits(kind, said, language))
    }

    fn in_digits(&self, kind: &Kind, said: String, language: &str) -> String {
        match self.definition().digits {
            Some(Digits::Thai) if language == "th" && !kind.keeps_digits() => {
                thai::thai_digits(&said)
            }
            _ => said,
        }
    }
}

/// No question takes a larger file than all files of a submission may have together.
fn files_can_go(fields: &[Field], most: u64) -> Result<(), DefinitionError> {
    for (place, field) in fields.iter().enumerate() {
        let asked = field.kind.get::<Attachment>().and_then(|kind| kind.max_size);
        if asked.is_some_and(|asked| asked > most) {
            let most = most.to_string();
            let words = [
                "all files of a submission have at most ",
                &most,
                " bytes together: `submit.uploads` gives them more room",
            ];
            let error = DefinitionError::new(words.concat()).under("maxSize");
            return Err(at_field(fields, place, error));
        }
    }
    Ok(())
}

/// Puts fields and all they contain into `all`; gives the places of the outermost.
fn flatten(
    fields: Vec<Field>,
    page: usize,
    parent: Option<usize>,
    all: &mut Vec<Field>,
) -> Vec<usize> {
    let mut places = Vec::new();
    for (nth, mut field) in fields.into_iter().enumerate() {
        let place = all.len();
        let inner = std::mem::take(&mut field.inner);
        (field.page, field.parent, field.nth) = (page, parent, nth);
        all.push(field);
        all[place].children = flatten(inner, page, Some(place), all);
        places.push(place);
    }
    places
}

fn twice(name: &str) -> DefinitionError {
    DefinitionError::new(["the name `", name, "` is there twice"].concat()).under("id")
}

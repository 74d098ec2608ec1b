//! One question of a form, and what all types of question have in common.

use serde_json::{Value, json};

use crate::fields::Shape;
use crate::reader::{self, Members};
use crate::{DefinitionError, Kind, Rule, Severity, Text, Vocabulary, limits};

/// One question, or a group or repeat of questions.
#[derive(Debug)]
pub struct Field {
    /// The answer's name; letters, digits, `-` and `_`. Each is there once in the form, or in the
    /// group or the row that the field stands in.
    pub id: String,
    /// The question.
    pub label: Text,
    /// Help below the label.
    pub hint: Option<Text>,
    /// Whether an answer must be given.
    pub required: bool,
    /// An answer must be given if this holds.
    pub required_if: Option<Rule>,
    /// The field is shown only if this holds. A field that is not shown has no answer.
    pub show_if: Option<Rule>,
    /// Whether the answer is shown and cannot be changed.
    pub read_only: bool,
    /// The answer cannot be changed if this holds.
    pub read_only_if: Option<Rule>,
    /// The answer is the value of this rule, always.
    pub calculate: Option<Rule>,
    /// The answer is the value of this rule as long as nobody has entered one.
    pub default: Option<Rule>,
    /// What must hold besides what the type checks.
    pub checks: Vec<Check>,
    /// What must hold in each row of a repeat.
    pub row_checks: Vec<Check>,
    /// Words in place of the catalogue's, by the finding's code.
    pub messages: Vec<(String, Text)>,
    /// The type, with what only that type has.
    pub kind: Kind,
    /// The page that it stands on.
    pub page: usize,
    /// The place of the group or the repeat that it stands in.
    pub parent: Option<usize>,
    /// The places of the fields in a group or in the rows of a repeat.
    pub children: Vec<usize>,
    /// How many fields there are before it in its group or row, or outside of all on any page.
    pub(crate) nth: usize,
    /// Where it stands in the definition's list of fields.
    pub(crate) listed_at: usize,
    /// The fields in a group or repeat, while a form is being read.
    pub(crate) inner: Vec<Field>,
}

/// Something that must hold: for one answer, or between several.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Check {
    /// What must hold. A check of a field is passed over while the field has no answer, and every
    /// check while something that it compares or calculates with has none.
    pub assert: Rule,
    /// What is said where it does not hold: what to do.
    pub message: Text,
    /// The finding's code; `check` unless told.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$")))]
    pub code: Option<String>,
    /// Whether it blocks; an error unless told.
    pub severity: Option<Severity>,
    /// The field that the finding leads to, by its id: for checks of a row, a group, a page or the
    /// form.
    pub at: Option<String>,
}

impl Check {
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            assert: members.required_rule("assert")?,
            message: members.text("message")?,
            code: members.opt_name("code")?,
            severity: members.opt("severity", severity)?,
            at: members.opt_string("at")?,
        };
        members.finish()?;
        Ok(read)
    }
}

pub(crate) fn severity(value: Value) -> Result<Severity, DefinitionError> {
    match reader::string(value)?.as_str() {
        "error" => Ok(Severity::Error),
        "warning" => Ok(Severity::Warning),
        other => Err(reader::one_of("unknown severity", other, &["error", "warning"])),
    }
}

impl Field {
    /// The fields of a page, a group or a row, `depth` containers down.
    pub(crate) fn list(
        members: &mut Members,
        vocabulary: &Vocabulary,
        depth: usize,
    ) -> Result<Vec<Self>, DefinitionError> {
        if depth > limits::DEPTH {
            return Err(reader::beyond("groups and repeats in each other", limits::DEPTH));
        }
        let mut fields: Vec<Self> = Vec::new();
        let mut listed_at = 0;
        let there = members.each("fields", &mut |value| {
            let mut field = Self::from_value(value, vocabulary, depth)?;
            field.listed_at = listed_at;
            let others = field.others(vocabulary);
            fields.push(field);
            for mut other in others? {
                other.listed_at = listed_at;
                fields.push(other);
            }
            listed_at += 1;
            Ok(())
        })?;
        if there { Ok(fields) } else { Err(reader::missing("fields", "a list")) }
    }

    fn from_value(
        value: Value,
        vocabulary: &Vocabulary,
        depth: usize,
    ) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let id = members.name("id")?;
        let kind = members.string("type")?;
        let kind = Kind::from_members(&kind, &mut members, vocabulary)?;
        let (shape, mut field) = (kind.shape(), Self::new(id, kind));
        field.label = match members.opt_text("label")? {
            Some(label) => label,
            None if !field.kind.needs_label() => Text::default(),
            None => return Err(reader::missing("label", reader::TEXT)),
        };
        field.hint = members.opt_text("hint")?;
        field.show_if = members.opt_rule("showIf")?;
        field.messages = members.opt("messages", messages)?.unwrap_or_default();
        if shape != Shape::Note {
            field.checks = members.opt_list("checks", Check::from_value)?.unwrap_or_default();
        }
        match shape {
            Shape::Answer => {
                field.required = members.flag("required")?;
                field.required_if = members.opt_rule("requiredIf")?;
                field.read_only = members.flag("readOnly")?;
                field.read_only_if = members.opt_rule("readOnlyIf")?;
                if field.kind.is_given() {
                    field.calculate = members.opt_rule("calculate")?;
                    field.default = members.opt_rule("default")?;
                }
                if field.kind.name() == "calculated" && field.calculate.is_none() {
                    return Err(reader::missing("calculate", "a rule"));
                }
            }
            Shape::Note => {}
            Shape::Group => field.inner = Self::list(&mut members, vocabulary, depth + 1)?,
            Shape::Rows { .. } => {
                field.row_checks =
                    members.opt_list("rowChecks", Check::from_value)?.unwrap_or_default();
                field.inner = Self::list(&mut members, vocabulary, depth + 1)?;
            }
        }
        members.finish()?;
        Ok(field)
    }

    fn new(id: String, kind: Kind) -> Self {
        Self {
            id,
            kind,
            label: Text::default(),
            hint: None,
            required: false,
            required_if: None,
            show_if: None,
            read_only: false,
            read_only_if: None,
            calculate: None,
            default: None,
            checks: Vec::new(),
            row_checks: Vec::new(),
            messages: Vec::new(),
            page: 0,
            parent: None,
            children: Vec::new(),
            nth: 0,
            listed_at: 0,
            inner: Vec::new(),
        }
    }

    /// The text fields that go with options such as «other, please say which».
    fn others(&self, vocabulary: &Vocabulary) -> Result<Vec<Self>, DefinitionError> {
        let asks = self.kind.options().iter().filter_map(|option| {
            let label = option.other.as_ref()?;
            let chosen = json!({ "in": [option.value, { "merge": [{ "var": self.id }] }] });
            let id = [&self.id, "_", option.value.as_str()].concat();
            Some(json!({
                "id": id, "type": "text", "required": true,
                "label": label.to_value(), "maxLength": 500, "showIf": chosen
            }))
        });
        asks.map(|field| Self::from_value(field, vocabulary, 0)).collect()
    }

    /// The field's own words for a finding's code.
    pub fn message(&self, code: &str) -> Option<&Text> {
        self.messages.iter().find(|(own, _)| own == code).map(|(_, text)| text)
    }

    /// Whether the field is a group or a repeat.
    pub fn is_container(&self) -> bool {
        matches!(self.kind.shape(), Shape::Group | Shape::Rows { .. })
    }
}

fn messages(value: Value) -> Result<Vec<(String, Text)>, DefinitionError> {
    let mut messages = Vec::new();
    for (code, text) in reader::object(value)? {
        let text = Text::read(text).map_err(|error| error.under(&code))?;
        messages.push((code, text));
    }
    Ok(messages)
}

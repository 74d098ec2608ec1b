//! `eform explain`: one field in words: when it is shown and required, what it is checked for, what
//! it reads and what reads it. The sentences are English; labels are in the language asked for.

use std::fmt::Write as _;

use serde_json::Value;

use super::check::error_words::nearest;
use super::document::{Document, Node, steps};
use super::language::{is_common, is_found, shared};
use super::scope::{Owner, Placed, outwards, resolve, rules};
use super::words::{Speaker, quoted};
use crate::fields::{ALL, Shape};
use crate::finding::pointer;
use crate::{Check, Form, Rule, Severity, json, messages};

/// A field in words. `field` is its id, or its place in the answers as `/plots/area`.
///
/// # Errors
/// That the definition cannot be read, or has no such field or several.
pub fn explain(definition: &[u8], field: &str, language: &str) -> Result<String, String> {
    let form = Form::parse(definition).map_err(|error| error.to_string())?;
    let document = Document::read(definition).map_err(|error| error.to_string())?;
    let place = find(&form, field)?;
    let speaker = Speaker { form: &form, language };
    let all = rules(&form);
    let told = Told { form: &form, speaker, place, root: &document.root, all: &all };
    Ok(told.whole())
}

fn find(form: &Form, wanted: &str) -> Result<usize, String> {
    let fields = form.fields().iter().enumerate();
    let found: Vec<usize> = if wanted.starts_with('/') {
        // Rows by their number, or without.
        let is_row = |step: &String| step == "*" || step.bytes().all(|byte| byte.is_ascii_digit());
        let plain = |path: &str| steps(path).filter(|step| !is_row(step)).collect::<Vec<_>>();
        let wanted = plain(wanted);
        fields
            .map(|(place, _)| place)
            .filter(|place| plain(&path(form, *place)) == wanted)
            .collect()
    } else {
        fields.filter(|(_, field)| field.id == wanted).map(|(place, _)| place).collect()
    };
    match found[..] {
        [place] => Ok(place),
        [] => {
            let ids = form.fields().iter().map(|field| field.id.as_str());
            let meant = nearest(wanted.rsplit('/').next().unwrap_or_default(), ids);
            let meant = meant.map(|id| format!(": did you mean `{id}`?")).unwrap_or_default();
            Err(format!("there is no field `{wanted}`{meant}"))
        }
        _ => {
            let paths: Vec<String> = found.iter().map(|place| path(form, *place)).collect();
            Err(format!("there are several fields `{wanted}`: name one of {}", paths.join(", ")))
        }
    }
}

/// The place of a field's answer, with `*` for a row.
fn path(form: &Form, place: usize) -> String {
    let (mut path, mut at) = (pointer(&form.field(place).id), form.field(place).parent);
    while let Some(parent) = at {
        let field = form.field(parent);
        if matches!(field.kind.shape(), Shape::Rows { .. }) {
            path.insert_str(0, "/*");
        }
        path.insert_str(0, &pointer(&field.id));
        at = field.parent;
    }
    path
}

struct Told<'a> {
    form: &'a Form,
    speaker: Speaker<'a>,
    place: usize,
    root: &'a Node,
    all: &'a [Placed<'a>],
}

impl Told<'_> {
    fn whole(&self) -> String {
        let field = self.form.field(self.place);
        let mut out = format!("{} {}\n", field.id, self.speaker.label(self.place));
        let mut line = |name: &str, words: String| {
            if !words.is_empty() {
                let mut parts = words.lines();
                let first = parts.next().unwrap_or_default();
                _ = writeln!(out, "  {name:<12}{first}");
                for part in parts {
                    _ = writeln!(out, "  {:<12}{part}", "");
                }
            }
        };
        let text = |text| self.form.text(text, self.speaker.language).to_owned();
        line("hint", field.hint.as_ref().map(text).unwrap_or_default());
        let about = &shared()["$defs"][["field-", field.kind.name()].concat()]["description"];
        let about = about.as_str().unwrap_or_default();
        line("type", format!("{}: {about}", field.kind.name()));
        let page = self.form.page(field.page);
        line("page", format!("{} {}", page.id, quoted(&text(&page.title))));
        line("in", self.containers());
        if field.kind.shape() != Shape::Note {
            line("answer", path(self.form, self.place));
        }
        line("shown", self.shown());
        if field.kind.shape() == Shape::Answer {
            line("required", self.when(field.required, field.required_if.as_ref()));
            let locked = field.read_only || field.calculate.is_some();
            line("read-only", self.when(locked, field.read_only_if.as_ref()));
        }
        let outside = outwards(self.form, field.parent);
        for (name, rule) in [("calculated", &field.calculate), ("default", &field.default)] {
            let words = rule.as_ref().map(|rule| self.speaker.value(rule, &outside));
            line(name, words.unwrap_or_default());
        }
        line("options", self.options());
        line("limits", self.limits());
        line("checks", self.checks());
        line("finds", self.finds());
        line("depends on", self.reads());
        line("read by", self.readers());
        out
    }

    fn containers(&self) -> String {
        let (mut names, mut at) = (Vec::new(), self.form.field(self.place).parent);
        while let Some(place) = at {
            let field = self.form.field(place);
            let label = self.speaker.label(place);
            names.push(format!("{} {label} ({})", field.id, field.kind.name()));
            at = field.parent;
        }
        names.join(", in ")
    }

    fn shown(&self) -> String {
        let field = self.form.field(self.place);
        let mut conditions = Vec::new();
        if let Some(rule) = &self.form.page(field.page).show_if {
            let said = self.speaker.condition(rule, &vec![None]);
            conditions.push(format!("{said} (its page)"));
        }
        let mut around = Vec::new();
        let mut at = Some(self.place);
        while let Some(place) = at {
            let one = self.form.field(place);
            if let Some(rule) = &one.show_if {
                let said = self.speaker.condition(rule, &outwards(self.form, one.parent));
                around.push(match place == self.place {
                    true => said,
                    false => format!("{said} ({})", self.speaker.label(place)),
                });
            }
            at = one.parent;
        }
        conditions.extend(around.into_iter().rev());
        match conditions.is_empty() {
            true => "always".to_owned(),
            false => format!("only if {}", conditions.join("\nand only if ")),
        }
    }

    fn when(&self, always: bool, rule: Option<&Rule>) -> String {
        let outside = outwards(self.form, self.form.field(self.place).parent);
        match (always, rule) {
            (true, _) if self.shown() != "always" => "always when it is shown".to_owned(),
            (true, _) => "always".to_owned(),
            (false, Some(rule)) => format!("if {}", self.speaker.condition(rule, &outside)),
            (false, None) => "never".to_owned(),
        }
    }

    fn options(&self) -> String {
        let field = self.form.field(self.place);
        let outside = outwards(self.form, field.parent);
        let each = field.kind.options().iter().map(|option| {
            let label = quoted(self.form.text(&option.label, self.speaker.language));
            let condition = option.show_if.as_ref();
            let condition = condition.map(|rule| self.speaker.condition(rule, &outside));
            let condition = condition.map(|said| format!(", only if {said}")).unwrap_or_default();
            format!("{} {label}{condition}", option.value)
        });
        each.collect::<Vec<_>>().join("\n")
    }

    /// What only the type has, as the definition says it.
    fn limits(&self) -> String {
        let Some(node) = self.node(self.place) else { return String::new() };
        let own = node
            .members()
            .iter()
            .filter(|member| !is_common(&member.name) && member.name != "options");
        let each = own.map(|member| {
            let value = match member.node.to_value() {
                Value::String(text) => text,
                Value::Object(texts) if texts.values().all(Value::is_string) => {
                    let text = crate::Text::from_value(Value::Object(texts)).unwrap_or_default();
                    self.form.text(&text, self.speaker.language).to_owned()
                }
                other => json::write(&other),
            };
            format!("{} {value}", member.name)
        });
        each.collect::<Vec<_>>().join(", ")
    }

    /// The field's JSON in the file; none for one that only follows from an option.
    fn node(&self, place: usize) -> Option<&Node> {
        let field = self.form.field(place);
        let node = match field.parent {
            Some(parent) => self.node(parent)?,
            None => self.root.find(&format!("/pages/{}", field.page))?,
        };
        let node = node.find(&format!("/fields/{}", field.listed_at))?;
        (node.get("id")?.as_str() == Some(&field.id)).then_some(node)
    }

    fn checks(&self) -> String {
        let field = self.form.field(self.place);
        let outside = outwards(self.form, field.parent);
        let inside = outwards(self.form, Some(self.place));
        let is_group = field.kind.shape() == Shape::Group;
        let said = |check: &Check, scope, row: &str| {
            let weight = match check.severity {
                Some(Severity::Warning) => "a warning",
                _ => "an error",
            };
            let message = self.form.text(&check.message, self.speaker.language);
            let condition = self.speaker.condition(&check.assert, scope);
            format!("{row}{condition}; or else {weight}: «{message}»")
        };
        let scope = if is_group { &inside } else { &outside };
        let own = field.checks.iter().map(|check| said(check, scope, ""));
        let rows = field.row_checks.iter().map(|check| said(check, &inside, "in each row: "));
        own.chain(rows).collect::<Vec<_>>().join("\n")
    }

    /// What the type finds, in the field's own words where it has some.
    fn finds(&self) -> String {
        let field = self.form.field(self.place);
        let (shape, is_chosen) = (field.kind.shape(), field.kind.is_chosen());
        let is_thai = self.speaker.language == "th";
        let own = ALL.iter().copied().flatten().find(|known| known.name == field.kind.name());
        let may_miss = field.required || field.required_if.is_some();
        let shared = messages::SHARED
            .iter()
            .filter(|(code, ..)| is_found(code, shape, is_chosen) && may_miss)
            // Only what no page of ours sends, or a rule without end, leads to these.
            .filter(|(code, ..)| !["type", "rule-steps"].contains(code));
        let all = shared.chain(own.map_or(&[][..], |own| own.messages));
        let limits = self.node(self.place).map_or(&[][..], Node::members);
        let each = all.filter_map(|(code, th, en)| {
            let words = field.message(code).map(|own| self.form.text(own, self.speaker.language));
            let words = words.unwrap_or(if is_thai { th } else { en });
            let label = self.form.text(&field.label, self.speaker.language);
            let mut words = words.replace("{label}", label);
            for member in limits {
                let name = member.name.strip_suffix("Length").unwrap_or(&member.name);
                let value = member.node.to_value();
                let value = value.as_str().map_or_else(|| json::write(&value), str::to_owned);
                words = words.replace(&["{", name, "}"].concat(), &value);
            }
            // There is no such limit.
            let is_open = words.contains("{min}") || words.contains("{max}");
            (!is_open || field.message(code).is_some()).then(|| format!("{code}: {words}"))
        });
        each.collect::<Vec<_>>().join("\n")
    }

    /// The fields that a rule reads.
    fn places(&self, placed: &Placed) -> Vec<usize> {
        let of = |read: &crate::Read| {
            let place = resolve(self.form, &placed.scope, read.path)?.place;
            match read.member {
                Some(member) => self.form.place_in(Some(place), member).or(Some(place)),
                None => Some(place),
            }
        };
        placed.rule.reads().iter().filter_map(of).collect()
    }

    /// What the field's own rules read, and those of what it stands in that decide whether it is
    /// shown.
    fn reads(&self) -> String {
        let mut around = Vec::new();
        let mut at = self.form.field(self.place).parent;
        while let Some(place) = at {
            around.push(place);
            at = self.form.field(place).parent;
        }
        let page = self.form.field(self.place).page;
        let mut places = Vec::new();
        for placed in self.all {
            let is_read = match placed.owner {
                Owner::Field(place) if place == self.place => true,
                Owner::Field(place) => around.contains(&place) && placed.member == "showIf",
                Owner::Page(at) => at == page && placed.member == "showIf",
                Owner::Form => false,
            };
            if is_read {
                places.extend(self.places(placed));
            }
        }
        places.retain(|place| *place != self.place);
        places.sort_unstable();
        places.dedup();
        let each = places
            .iter()
            .map(|place| format!("{} {}", path(self.form, *place), self.speaker.label(*place)));
        each.collect::<Vec<_>>().join("\n")
    }

    /// What reads the field, or a group or repeat that it stands in as a whole.
    fn readers(&self) -> String {
        let mut own = vec![self.place];
        let mut at = self.form.field(self.place).parent;
        while let Some(place) = at {
            own.push(place);
            at = self.form.field(place).parent;
        }
        let mut readers = Vec::new();
        for placed in self.all {
            if placed.owner == Owner::Field(self.place)
                || !self.places(placed).iter().any(|place| own.contains(place))
            {
                continue;
            }
            let member = &placed.member;
            readers.push(match placed.owner {
                Owner::Field(place) => {
                    format!("{} {} ({member})", path(self.form, place), self.speaker.label(place))
                }
                Owner::Page(page) => format!("page {} ({member})", self.form.page(page).id),
                Owner::Form => format!("the form ({member})"),
            });
        }
        readers.join("\n")
    }
}

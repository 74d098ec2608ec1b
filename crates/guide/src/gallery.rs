//! Every type of field in every state in which somebody may meet it, as forms of one page with what
//! is entered in them. They are made from the examples that the engine's tests run over; axe-core,
//! the accessibility trees, the pictures and the narrow screens of the journeys look at them. Nothing
//! here knows a browser.

use eform::fields::Type;
use serde_json::{Map, Value, json};

use crate::examples::{TODAY, file, form, found, is_taken, list, text, types};

/// How somebody may find a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nothing is answered.
    Empty,
    /// Something that is taken.
    Filled,
    /// Something that is refused, after «continue»; with a hint, that both are told.
    Error,
    /// Something that is asked about, after «continue».
    Warning,
    /// Given before, and not to be changed.
    ReadOnly,
    /// Given by the definition's `default`.
    Prefilled,
    /// So many options that nobody reads them all.
    Many,
    /// In a row of a repeat that has been added just now.
    Row,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Empty,
        Self::Filled,
        Self::Error,
        Self::Warning,
        Self::ReadOnly,
        Self::Prefilled,
        Self::Many,
        Self::Row,
    ];

    /// Those that have a look of their own, in the order of the pictures.
    pub const PICTURED: [Self; 7] = [
        Self::Empty,
        Self::Filled,
        Self::Error,
        Self::Warning,
        Self::ReadOnly,
        Self::Prefilled,
        Self::Many,
    ];

    /// As files and messages name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Filled => "filled",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::ReadOnly => "read-only",
            Self::Prefilled => "prefilled",
            Self::Many => "many",
            Self::Row => "row",
        }
    }
}

/// How many pictures stand beside each other.
pub const COLUMNS: usize = 3;

/// The states of a type that are pictured.
pub fn pictured(kind: &'static Type) -> Vec<State> {
    let is_there = |state: &State| Specimen::new(kind, 0, *state).is_some();
    State::PICTURED.into_iter().filter(is_there).collect()
}

/// How many options are many: a search helps from 16 on.
const MANY: usize = 20;

/// The repeat that holds the types in [`State::Row`].
pub const ROWS: &str = "rows";

/// A field that nobody answers, so that «continue» shows what is found and stays.
const UNANSWERED: &str = "unanswered";

/// One field in one state.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// Its type.
    pub kind: &'static str,
    /// The name of its controls.
    pub name: String,
    field: Value,
    /// What is entered; null for nothing.
    entry: Value,
}

/// Fields in one state on a page.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The form's id.
    pub id: String,
    pub state: State,
    /// The form.
    pub definition: Value,
    /// What is in its draft.
    pub entries: Map<String, Value>,
    /// Its fields, in order.
    pub specimens: Vec<Specimen>,
}

impl Sheet {
    /// The first example of every type that can be in this state.
    pub fn of_types(state: State) -> Self {
        Self::new(state, types().filter_map(|kind| Specimen::new(kind, 0, state)).collect())
    }

    /// Every example of every type that can be in this state.
    pub fn of_examples(state: State) -> Self {
        let each = types().flat_map(|kind| {
            let count = list(&file(kind), "examples").len();
            (0..count).filter_map(move |at| Specimen::new(kind, at, state))
        });
        Self::new(state, each.collect())
    }

    /// Whether what is found is on the screen: «continue» must be pressed.
    pub fn is_checked(&self) -> bool {
        matches!(self.state, State::Error | State::Warning)
    }

    fn new(state: State, mut specimens: Vec<Specimen>) -> Self {
        let mut fields: Vec<Value> = specimens.iter().map(|one| one.field.clone()).collect();
        let entered = specimens.iter().filter(|one| !one.entry.is_null());
        let mut entries: Map<String, Value> =
            entered.map(|one| (one.name.clone(), one.entry.clone())).collect();
        if state == State::Row {
            fields = vec![json!({
                "id": ROWS, "type": "repeat", "label": { "th": "รายการ", "en": "List" },
                "rowTitle": { "th": "รายการที่ {n}", "en": "Item {n}" }, "fields": fields
            })];
            entries.clear();
            // The first row, which is added on the page.
            specimens.iter_mut().for_each(|one| one.name = format!("{ROWS}-0-{}", one.name));
        }
        if matches!(state, State::Error | State::Warning) {
            fields.push(json!({
                "id": UNANSWERED, "type": "text", "required": true,
                "label": { "th": "ไม่ตอบ", "en": "Not answered" }
            }));
        }
        let id = format!("gallery-{}", state.name());
        let definition = json!({
            "id": id, "version": "1", "languages": ["th", "en"],
            "title": { "th": "ช่องทุกชนิด", "en": "Every type of field" },
            "submit": { "url": "/api/submissions" },
            "pages": [{ "id": "page", "title": { "th": "ช่องทุกชนิด", "en": "Every type" }, "fields": fields }]
        });
        Self { id, state, definition, entries, specimens }
    }
}

impl Specimen {
    /// An example of a type in a state; none where the type cannot be in it.
    fn new(kind: &'static Type, at: usize, state: State) -> Option<Self> {
        // Nobody ever sees the one; the other is what its rule gives.
        let only_given = kind.name == "calculated" && !matches!(state, State::Filled | State::Row);
        if kind.name == "hidden" || only_given {
            return None;
        }
        let file = file(kind);
        let example = list(&file, "examples").get(at)?;
        let mut field = example["field"].clone();
        let number = if at == 0 { String::new() } else { format!("_{}", at + 1) };
        let name = kind.name.replace('-', "_") + &number;
        field["id"] = name.as_str().into();
        let members = field.as_object_mut()?;
        ["showIf", "requiredIf", "readOnlyIf"].iter().for_each(|rule| _ = members.remove(*rule));
        let taken = usual(list(example, "valid").iter().filter(|case| case["warning"].is_null()));
        if kind.name == "calculated" {
            field["calculate"] = taken?["entry"].clone();
        }
        // A line of text in place of an object does not fill boxes; the answer that it gives does.
        let entry_of = |case: Option<&Value>| {
            let (entry, answer) = (&case?["entry"], &case?["answer"]);
            Some(if answer.is_object() && !entry.is_object() { answer } else { entry }.clone())
        };
        let entry = match state {
            State::Empty | State::Row => Value::Null,
            State::Filled => entry_of(taken)?,
            State::Error => {
                if kind.name == "note" {
                    return None;
                }
                with(
                    &mut field,
                    "hint",
                    json!({ "th": "ดูได้จากเอกสาร", "en": "It is on your papers" }),
                );
                match usual(list(example, "invalid").iter().filter(can_be_entered)) {
                    Some(case) => case["entry"].clone(),
                    None => {
                        field["required"] = true.into();
                        Value::Null
                    }
                }
            }
            State::Warning => {
                entry_of(usual(list(example, "valid").iter().filter(|c| c["warning"].is_string())))?
            }
            State::ReadOnly => {
                with(&mut field, "readOnly", true.into()).then_some(())?;
                entry_of(taken)?
            }
            State::Prefilled => {
                let answer = taken?["answer"].clone();
                let gives = with(&mut field, "default", answer.clone());
                let given = form(&field).ok().filter(|_| gives)?.answers(&Map::new(), TODAY);
                (given.get(&name) == Some(&answer)).then_some(Value::Null)?
            }
            State::Many => many(&mut field)?,
        };
        // What the rule gives is not entered.
        let entry = if kind.name == "calculated" { Value::Null } else { entry };
        Some(Self { kind: kind.name, name, field, entry })
    }
}

/// Of several cases the one that fills the boxes as somebody would: by their parts where there are
/// some, else the first.
fn usual<'a>(cases: impl Iterator<Item = &'a Value> + Clone) -> Option<&'a Value> {
    cases.clone().find(|case| case["entry"].is_object()).or_else(|| cases.clone().next())
}

/// Whether the controls let somebody enter what a case is about.
fn can_be_entered(case: &&Value) -> bool {
    !["type", "option"].contains(&text(case, "code"))
}

/// Gives a field a member; false where its type takes none of that name.
fn with(field: &mut Value, member: &str, value: Value) -> bool {
    let mut changed = field.clone();
    changed[member] = value;
    let taken = is_taken(&changed);
    if taken {
        *field = changed;
    }
    taken
}

/// Puts many options in place of a field's own, and gives the entry that chooses one of them.
fn many(field: &mut Value) -> Option<Value> {
    field["options"].as_array()?;
    let option = |n: usize| {
        let label = json!({ "th": format!("ตัวเลือกที่ {n}"), "en": format!("Option {n}") });
        json!({ "value": n.to_string(), "label": label })
    };
    let members = field.as_object_mut()?;
    ["look", "min", "max", "top"].iter().for_each(|limit| _ = members.remove(*limit));
    let options: Value = (1..=MANY).map(option).collect();
    with(field, "options", options).then_some(())?;
    let chosen = MANY.to_string();
    [json!(chosen), json!([chosen])].into_iter().find(|entry| {
        let errors = found(field, entry).map(|(_, found)| found);
        errors.is_some_and(|found| !found.iter().any(eform::Finding::is_error))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use eform::Form;

    /// What cannot be in a state, and nothing else.
    fn lacking(state: State) -> Vec<&'static str> {
        let there: Vec<&str> =
            Sheet::of_types(state).specimens.iter().map(|one| one.kind).collect();
        types().map(|kind| kind.name).filter(|kind| !there.contains(kind)).collect()
    }

    #[test]
    fn every_type_is_in_every_state_that_it_can_be_in() {
        assert_eq!(lacking(State::Empty), ["calculated", "hidden"]);
        assert_eq!(lacking(State::Filled), ["note", "hidden"]);
        assert_eq!(lacking(State::Error), ["note", "calculated", "hidden"]);
        assert_eq!(lacking(State::Row), ["hidden"]);
    }

    #[test]
    fn the_forms_are_taken_and_the_draft_shows_what_it_is_to_show() {
        for state in State::ALL {
            for sheet in [Sheet::of_types(state), Sheet::of_examples(state)] {
                let form = Form::parse(sheet.definition.to_string().as_bytes());
                let form = form.unwrap_or_else(|error| panic!("{}: {error}", sheet.id));
                let mut found = form.check(&sheet.entries, TODAY);
                // Of all files in a form, which no example is about.
                found.retain(|finding| finding.code != "attachment-total");
                for one in &sheet.specimens {
                    let path = format!("/{}", one.name);
                    let own = |path_of: &str| {
                        (path_of.to_owned() + "/").starts_with(&(path.clone() + "/"))
                    };
                    let mut own = found.iter().filter(|finding| own(&finding.path));
                    match state {
                        State::Error => assert!(own.any(eform::Finding::is_error), "{path}"),
                        State::Warning => assert!(own.any(|one| !one.is_error()), "{path}"),
                        State::Filled => assert_eq!(own.next(), None, "{path}"),
                        _ => {}
                    }
                }
            }
        }
    }
}

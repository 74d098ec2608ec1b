//! A form while it is being filled in: groups and rows in each other, rules that see the row first,
//! and that every change leads to the same as filling in the form anew.

// For the long definitions in `json!`.
#![recursion_limit = "512"]

use eform::{Date, Form, NodeId, Session};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// A household: persons with jobs with incomes, three repeats deep, and what follows from them.
fn household() -> Form {
    parse(json!([
        { "id": "people", "title": "People", "fields": [
            { "id": "joint", "type": "yes-no", "label": "Joint?", "default": false },
            { "id": "limit", "type": "number", "label": "Limit", "default": 100_000 },
            { "id": "head", "type": "group", "label": "Head", "fields": [
                { "id": "name", "type": "text", "label": "Name", "required": true },
                { "id": "born", "type": "date", "label": "Born" },
                { "id": "age", "type": "number", "label": "Age",
                  "calculate": { "years-between": [{ "var": "born" }, { "today": [] }] } },
                { "id": "school", "type": "text", "label": "School", "showIf": { "<": [{ "var": "age" }, 18] } }
            ], "checks": [
                { "assert": { "!=": [{ "var": "name" }, { "var": "school" }] }, "message": "Name is the school", "at": "school" }
            ] },
            { "id": "persons", "type": "repeat", "label": "Persons", "max": 4, "fields": [
                { "id": "name", "type": "text", "label": "Name", "requiredIf": { "!": { "var": "joint" } } },
                { "id": "jobs", "type": "repeat", "label": "Jobs", "showIf": { "var": "name" }, "fields": [
                    { "id": "name", "type": "text", "label": "Job" },
                    { "id": "months", "type": "repeat", "label": "Months", "max": 12, "fields": [
                        { "id": "income", "type": "number", "label": "Income", "decimals": 2 },
                        { "id": "share", "type": "number", "label": "Share of the job", "decimals": 2,
                          "calculate": { "round": [{ "/": [{ "*": [100, { "var": "income" }] }, { "var": "total" }] }, 2] } }
                    ] },
                    { "id": "total", "type": "number", "label": "Income of the job", "decimals": 2,
                      "calculate": { "sum": [{ "var": "months" }, "income"] } }
                ] },
                { "id": "total", "type": "number", "label": "Income", "decimals": 2,
                  "calculate": { "sum": [{ "var": "jobs" }, "total"] } },
                { "id": "why", "type": "text", "label": "Why so much?",
                  "showIf": { ">": [{ "var": "total" }, { "var": "limit" }] } }
            ], "rowChecks": [
                { "assert": { "<=": [{ "var": "total" }, { "*": [2, { "var": "limit" }] }] },
                  "message": "Too much", "severity": "warning", "code": "too-much", "at": "total" }
            ], "checks": [
                { "assert": { "<=": [{ "count": [{ "var": "persons" }, "name"] }, 3] }, "message": "Too many names" }
            ] }
        ] },
        { "id": "end", "title": "End", "showIf": { ">": [{ "count": [{ "var": "persons" }] }, 0] }, "fields": [
            { "id": "average", "type": "number", "label": "Average", "decimals": 2,
              "calculate": { "round": [{ "/": [{ "sum": [{ "var": "persons" }, "total"] }, { "count": [{ "var": "persons" }] }] }, 2] } },
            { "id": "kind", "type": "choice", "label": "Kind", "options": [
                { "value": "poor", "label": "Poor", "showIf": { "<=": [{ "var": "average" }, 100_000] } },
                { "value": "rich", "label": "Rich" }
            ] }
        ] }
    ]))
}

fn parse(pages: Value) -> Form {
    let form = json!({
        "id": "household", "version": "1", "title": "Household", "languages": ["en"],
        "submit": { "url": "/" }, "pages": pages
    });
    Form::parse(form.to_string().as_bytes()).unwrap_or_else(|error| panic!("{error}"))
}

fn map(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap()
}

fn open(form: &Form, entries: Value) -> Session {
    Session::new(form.clone(), &map(entries), TODAY)
}

fn codes(session: &Session) -> Vec<String> {
    session.findings().iter().map(|found| format!("{} {}", found.path, found.code)).collect()
}

/// Three people: incomes of 200,000, 50,000 and nothing.
fn three() -> Value {
    json!({ "head": { "name": "ก" }, "persons": [
        { "name": "ก", "jobs": [{ "name": "ทำนา", "months": [{ "income": "150,000" }, { "income": "50000" }] }] },
        { "name": "ข", "jobs": [{ "months": [{ "income": "๕๐,๐๐๐" }] }] },
        { "name": "ค" }
    ] })
}

#[test]
fn an_average_over_people_is_what_people_reckon() {
    let session = open(&household(), three());
    assert_eq!(session.answers()["average"], json!(83333.33));
    assert_eq!(session.answers()["persons"][0]["jobs"][0]["months"][0]["share"], json!(75));
    assert_eq!(codes(&session), ["/persons/0/total too-much"; 0]);
}

#[test]
fn a_rule_in_a_row_sees_its_own_row_first_then_outwards() {
    let form = household();
    let mut session = open(&form, three());
    let why = |session: &Session, row: usize| {
        session.is_shown(session.at(&format!("/persons/{row}/why")).unwrap())
    };
    assert_eq!([0, 1, 2].map(|row| why(&session, row)), [true, false, false]);
    let limit = session.at("/limit").unwrap();
    let changes = session.enter(limit, json!("40000"));
    assert_eq!([0, 1, 2].map(|row| why(&session, row)), [true, true, false]);
    let changed: Vec<String> = changes.nodes.iter().map(|node| session.pointer(*node)).collect();
    // The check of the first row fails now as well; nothing else is touched.
    assert_eq!(changed, ["/limit", "/persons/0", "/persons/1/why"]);
    assert_eq!(codes(&session), ["/persons/0/total too-much"]);
}

#[test]
fn a_change_reaches_what_depends_on_it_and_nothing_else() {
    let mut session = open(&household(), three());
    let income = session.at("/persons/1/jobs/0/months/0/income").unwrap();
    let changes = session.enter(income, json!("50,001"));
    let mut changed: Vec<String> =
        changes.nodes.iter().map(|node| session.pointer(*node)).collect();
    changed.sort();
    let expected = [
        "/average",
        "/kind",
        "/persons/1/jobs/0/months/0/income",
        "/persons/1/jobs/0/total",
        "/persons/1/total",
    ];
    assert_eq!(changed, expected);
    assert_eq!(session.answers()["average"], json!(83333.67));
}

#[test]
fn what_is_hidden_is_no_answer_and_comes_back_with_what_was_entered() {
    let mut session = open(&household(), three());
    let name = session.at("/persons/0/name").unwrap();
    session.enter(name, json!(" "));
    assert_eq!(session.answers()["persons"][0], json!({ "total": 0 }));
    assert_eq!(session.answers()["average"], json!(16666.67));
    assert_eq!(codes(&session), ["/persons/0/name required"]);
    session.enter(name, json!("ก"));
    assert_eq!(session.answers()["average"], json!(83333.33));
    assert_eq!(session.entries()["persons"][0]["jobs"], three()["persons"][0]["jobs"]);
}

#[test]
fn rows_come_and_go() {
    let mut session = open(&household(), three());
    let persons = session.at("/persons").unwrap();
    let third = session.at("/persons/2").unwrap();
    let third_name = session.at("/persons/2/name").unwrap();
    session.remove_row(session.at("/persons/0").unwrap());
    assert_eq!(session.pointer(third), "/persons/1");
    assert_eq!(session.at("/persons/1/name"), Some(third_name));
    assert_eq!(session.answers()["average"], json!(25000));
    let (row, _) = session.add_row(persons);
    let row = row.unwrap();
    assert_eq!(session.pointer(row), "/persons/2");
    assert_eq!(codes(&session), ["/persons/2/name required"]);
    assert!(session.add_row(persons).0.is_some());
    assert_eq!(session.add_row(persons).0, None, "no more than `max`");
    for _ in 0..4 {
        let first = session.children(persons)[0];
        session.remove_row(first);
        assert!(!session.is_there(first));
    }
    assert!(!session.answers().contains_key("persons"));
    assert!(!session.page_is_shown(1));
    assert_eq!(session.enter(third_name, json!("x")).nodes, [], "what is gone takes nothing");
}

#[test]
fn a_row_that_was_taken_away_is_put_back_where_it_was() {
    let mut session = open(&household(), three());
    let persons = session.at("/persons").unwrap();
    let (entries, answers) = (session.entries(), session.answers().clone());
    for at in [1, 0, 2] {
        let row = session.children(persons)[at];
        let entry = session.entry_of_row(row);
        session.remove_row(row);
        assert_eq!(session.children(persons).len(), 2);
        let (back, changes) = session.insert_row(persons, at, &entry);
        assert_eq!(back, Some(session.children(persons)[at]));
        assert!(changes.nodes.contains(&persons));
        assert_eq!((session.entries(), session.answers()), (entries.clone(), &answers));
    }
    let name = session.at("/head/name").unwrap();
    assert_eq!(session.insert_row(name, 0, &json!({})).0, None, "no repeat");
}

/// As when a row that was taken away had made room for it.
#[test]
fn where_there_is_no_room_the_last_row_is_one_too_many() {
    let person = |name: &str| json!({ "name": name });
    let persons: Vec<Value> = ["ก", "ข", "ค", "ง", "จ"].map(person).into();
    let mut session = open(&household(), json!({ "head": { "name": "ก" }, "persons": persons }));
    let list = session.at("/persons").unwrap();
    let (entries, findings) = (session.entries(), session.findings());
    assert_eq!(codes(&session)[0], "/persons too-many-rows");
    let second = session.children(list)[1];
    let entry = session.entry_of_row(second);
    session.remove_row(second);
    assert_eq!(session.children(list).len(), 4);
    assert_ne!(session.findings(), findings);
    session.insert_row(list, 1, &entry);
    assert_eq!((session.entries(), session.findings()), (entries, findings));
}

#[test]
fn a_default_is_there_until_somebody_answers_and_never_for_the_agency() {
    let form = household();
    let mut session = open(&form, json!({ "head": { "name": "ก" } }));
    let limit = session.at("/limit").unwrap();
    assert_eq!(session.answer(limit), Some(&json!(100_000)));
    session.enter(limit, json!(""));
    assert_eq!(session.answer(limit), None);
    assert_eq!(session.entries()["limit"], json!(""), "the draft knows that it was cleared");
    let answers = session.answers().clone();
    assert_eq!(form.check_submission(&answers, TODAY), []);
}

#[test]
fn an_option_that_is_not_offered_is_no_answer() {
    let mut session = open(&household(), three());
    let kind = session.at("/kind").unwrap();
    session.enter(kind, json!("poor"));
    assert_eq!(session.answer(kind), Some(&json!("poor")));
    let income = session.at("/persons/1/jobs/0/months/0/income").unwrap();
    let changes = session.enter(income, json!("500000"));
    assert!(changes.nodes.contains(&kind));
    assert_eq!(session.offered(kind), [false, true]);
    assert_eq!(session.answer(kind), None);
    assert!(codes(&session).contains(&"/kind option".to_owned()));
}

#[test]
fn a_check_waits_for_what_it_compares() {
    let form = parse(json!([{ "id": "land", "title": "Land", "fields": [
        { "id": "area", "type": "number", "label": "Area" },
        { "id": "used", "type": "number", "label": "Used", "checks": [
            { "assert": { "<=": [{ "var": "used" }, { "var": "area" }] }, "message": { "th": "เกิน", "en": "Too much" } } ] },
        { "id": "phone", "type": "phone", "label": "Phone" },
        { "id": "email", "type": "email", "label": "E-mail" }
    ], "checks": [
        { "assert": { "or": [{ "var": "phone" }, { "var": "email" }] }, "message": "Give one", "at": "phone" }
    ] }]));
    let found = |entries: Value| codes(&open(&form, entries));
    assert_eq!(found(json!({ "used": "5" })), ["/phone check"]);
    assert_eq!(found(json!({ "used": "5", "area": "4", "email": "a@b.th" })), ["/used check"]);
    assert_eq!(found(json!({ "used": "5", "area": "5", "email": "a@b.th" })), [""; 0]);
    let session = open(&form, json!({ "used": 5, "area": 4, "email": "a@b.th" }));
    assert_eq!(form.message(&session.findings()[0], "th"), "เกิน");
}

#[test]
fn checks_of_a_page_and_of_the_form_come_and_go_one_by_one() {
    let number = |id: &str| json!({ "id": id, "type": "number", "label": id });
    let less = |a: Value, b: Value, code: &str| json!({ "assert": { "<": [a, b] }, "message": "Less", "code": code });
    let var = |id: &str| json!({ "var": id });
    let definition = json!({
        "id": "f", "version": "1", "title": "F", "languages": ["en"], "submit": { "url": "/" },
        "pages": [
            { "id": "p", "title": "P", "fields": [number("a"), number("b")], "checks": [
                less(var("a"), json!(5), "a5"), less(var("b"), json!(5), "b5"), less(var("a"), var("b"), "ab") ] },
            { "id": "q", "title": "Q", "fields": [number("c")], "showIf": { "<": [var("a"), 8] },
              "checks": [less(var("b"), json!(7), "b7")] }
        ],
        "checks": [less(var("a"), json!(9), "a9"), less(var("c"), json!(9), "c9")]
    });
    let form = Form::parse(definition.to_string().as_bytes()).unwrap();
    let mut session = open(&form, json!({}));
    let steps = [
        ("a", "4", "", vec![]),
        ("b", "3", "ab", vec![0]),
        ("b", "9", "b5 b7", vec![0, 1]),
        ("a", "6", "a5 b5 b7", vec![0]),
        ("a", "6.0", "a5 b5 b7", vec![]),
        ("a", "9", "a5 b5 ab a9", vec![0, 1]),
        ("b", "1", "a5 ab a9", vec![0]),
        ("a", "1", "ab", vec![0, 1]),
        ("c", "9", "ab c9", vec![]),
        ("b", "", "c9", vec![0]),
    ];
    for (id, entry, expected, pages) in steps {
        let node = session.at(&format!("/{id}")).unwrap();
        let changes = session.enter(node, json!(entry));
        let codes: Vec<String> =
            session.findings().iter().map(|found| found.code.to_string()).collect();
        assert_eq!(codes.join(" "), expected, "{id} = {entry}");
        assert_eq!(changes.pages, pages, "{id} = {entry}");
        let anew = Session::new(form.clone(), &session.entries(), TODAY);
        assert_eq!(anew.findings(), session.findings());
    }
}

#[test]
fn another_day_is_another_age() {
    let mut session = open(&household(), json!({ "head": { "name": "ก", "born": "2008-11-21" } }));
    let school = session.at("/head/school").unwrap();
    assert!(session.is_shown(school));
    let changes = session.set_today(Date { day: 21, ..TODAY });
    assert!(!session.is_shown(school) && changes.nodes.contains(&school));
}

#[test]
fn the_agency_takes_rows_as_the_phone_sends_them_and_nothing_else() {
    let form = household();
    let answers = Value::Object(open(&form, three()).answers().clone());
    let found = |answers: &Value| -> Vec<String> {
        let found = form.check_submission(answers.as_object().unwrap(), TODAY);
        found.iter().map(|found| format!("{} {}", found.path, found.code)).collect()
    };
    assert_eq!(found(&answers), [""; 0]);
    let changed = |pointer: &str, value: Value| {
        let mut answers = answers.clone();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        match answers.pointer_mut(parent).unwrap() {
            Value::Array(rows) => rows[name.parse::<usize>().unwrap()] = value,
            object => object[name] = value,
        }
        found(&answers)
    };
    assert_eq!(changed("/average", json!(5)), ["/average not-canonical"]);
    assert_eq!(changed("/persons/0/total", json!(5)), ["/persons/0/total not-canonical"]);
    assert_eq!(changed("/persons/1/x", json!(5)), ["/persons/1/x unknown-field"]);
    assert_eq!(
        changed("/persons/1", json!(5)),
        ["/persons/1/name required", "/persons/1 type", "/average not-canonical"]
    );
    assert_eq!(changed("/persons/2/why", json!("x")), ["/persons/2/why not-shown"]);
    assert_eq!(changed("/head", json!({})), ["/head/name required"]);
    assert_eq!(changed("/head", json!([])), ["/head/name required", "/head type"]);
}

/// A row with whatever stands around the rows, opened with entries; the row is taken away.
fn without_first_row(fields: Value, entries: Value) -> (Session, Session) {
    let form = parse(json!([{ "id": "page", "title": "Page", "fields": fields }]));
    let mut session = open(&form, entries);
    session.remove_row(session.at("/rows/0").unwrap());
    let anew = Session::new(form, &session.entries(), TODAY);
    (session, anew)
}

#[test]
fn a_row_that_is_read_by_its_number_is_another_one_when_rows_go() {
    let read = |id: &str, path: &str| json!({ "id": id, "type": "text", "label": "A", "calculate": { "var": path } });
    let fields = json!([
        { "id": "rows", "type": "repeat", "label": "Rows", "fields": [
            { "id": "name", "type": "text", "label": "Name" },
            { "id": "inner", "type": "repeat", "label": "Inner", "fields": [
                { "id": "name", "type": "text", "label": "Name" }
            ] }
        ] },
        read("first", "rows.0.name"), read("second", "rows.1.name"), read("deep", "rows.0.inner.0.name")
    ]);
    // Nothing of the row that goes was answered.
    let entries =
        json!({ "rows": [{}, { "name": "ก", "inner": [{ "name": "ข" }] }, { "name": "ค" }] });
    let (session, anew) = without_first_row(fields, entries);
    assert_eq!(["first", "second", "deep"].map(|id| &session.answers()[id]), ["ก", "ค", "ข"]);
    assert_eq!(session.answers(), anew.answers());
}

#[test]
fn rows_in_a_row_that_goes_are_counted_no_more() {
    let fields = json!([
        { "id": "rows", "type": "repeat", "label": "Rows", "fields": [
            { "id": "inner", "type": "repeat", "label": "Inner", "fields": [
                { "id": "name", "type": "text", "label": "Name" }
            ] }
        ] },
        { "id": "count", "type": "number", "label": "Rows with rows",
          "calculate": { "count": [{ "var": "rows" }, "inner"] } }
    ]);
    let entries = json!({ "rows": [{ "inner": [{}] }, { "inner": [{}, {}] }, {}] });
    let (session, anew) = without_first_row(fields, entries);
    assert_eq!(session.answers()["count"], json!(1));
    assert_eq!(session.answers(), anew.answers());
}

#[test]
fn a_check_leads_to_the_field_that_it_names() {
    let no = |at: &str| json!([{ "assert": false, "message": "No", "at": at }]);
    let form = parse(json!([{ "id": "page", "title": "Page", "checks": no("beside"), "fields": [
        { "id": "beside", "type": "text", "label": "Beside" },
        { "id": "text", "type": "text", "label": "Text", "checks": no("beside") },
        { "id": "group", "type": "group", "label": "Group", "checks": no("inside"), "fields": [
            { "id": "inside", "type": "text", "label": "Inside" }
        ] },
        { "id": "rows", "type": "repeat", "label": "Rows", "checks": no("beside"), "rowChecks": no("inside"), "fields": [
            { "id": "inside", "type": "text", "label": "Inside" },
            { "id": "text", "type": "text", "label": "Text", "checks": no("inside") }
        ] }
    ] }]));
    let session = open(&form, json!({ "text": "ก", "rows": [{ "text": "ก" }] }));
    assert_eq!(
        codes(&session),
        [
            "/beside check",
            "/group/inside check",
            "/rows/0/inside check",
            "/rows/0/inside check",
            "/beside check",
            "/beside check"
        ]
    );
}

#[test]
fn a_pointer_leads_to_a_node_and_back() {
    let session = open(&household(), three());
    for pointer in
        ["", "/head", "/head/name", "/persons", "/persons/2", "/persons/0/jobs/0/months/1/income"]
    {
        let node = session.at(pointer).unwrap_or_else(|| panic!("{pointer}"));
        assert_eq!(session.pointer(node), pointer);
    }
    for pointer in ["/x", "/persons/3", "/persons/x", "/head/0", "/head/name/x"] {
        assert_eq!(session.at(pointer), None, "{pointer}");
    }
    assert_eq!(session.near("/head/born/day"), session.at("/head/born").unwrap());
    assert_eq!(session.near("/nothing/at/all"), NodeId::FORM);
}

/// One thing that a person does.
#[derive(Debug, Clone)]
enum Act {
    Enter(prop::sample::Index, Value),
    Add(prop::sample::Index),
    Remove(prop::sample::Index),
    /// Puts a copy of a row, or another entry, somewhere among the rows of a repeat.
    Insert(prop::sample::Index, prop::sample::Index, Value),
    /// Takes a row away and puts it back.
    Undo(prop::sample::Index),
    Tomorrow(u8),
}

fn act() -> impl Strategy<Value = Act> {
    let value = prop_oneof![
        Just(json!("")),
        Just(Value::Null),
        Just(json!("ก")),
        Just(json!("rich")),
        Just(json!("poor")),
        Just(json!(true)),
        Just(json!(false)),
        Just(json!("1/1/2555")),
        (0..300_000_u32).prop_map(|number| json!(number.to_string())),
        "\\PC{0,5}".prop_map(Value::from),
    ];
    let rows = prop_oneof![
        Just(json!({})),
        Just(json!("another shape")),
        (0..3_usize).prop_map(|row| three()["persons"][row].clone()),
        Just(json!({ "name": "ก", "months": [{ "income": "5" }, {}], "stray": 1 })),
    ];
    let any = any::<prop::sample::Index>;
    prop_oneof![
        6 => (any(), value).prop_map(|(at, value)| Act::Enter(at, value)),
        3 => any().prop_map(Act::Add),
        1 => any().prop_map(Act::Remove),
        2 => (any(), any(), rows).prop_map(|(list, at, row)| Act::Insert(list, at, row)),
        1 => any().prop_map(Act::Undo),
        1 => (1..28_u8).prop_map(Act::Tomorrow),
    ]
}

/// Every node, in the order of the form.
fn all(session: &Session, from: NodeId, found: &mut Vec<NodeId>) {
    for node in session.children(from) {
        found.push(*node);
        all(session, *node, found);
    }
}

/// Whether a node is a repeat and not one of its rows.
fn is_list(session: &Session, node: NodeId) -> bool {
    let parent = session.field(session.parent(node));
    parent.is_none_or(|parent| !std::ptr::eq(parent, session.field(node).unwrap()))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is done in whatever order: the same comes out as when the form is opened anew with
    /// what has been entered, and what the phone finds good the agency takes.
    #[test]
    fn every_change_leads_to_the_same_as_filling_in_anew(acts in prop::collection::vec(act(), 1..40)) {
        let form = household();
        let mut session = open(&form, json!({}));
        let mut today = TODAY;
        for act in acts {
            let mut nodes = Vec::new();
            all(&session, NodeId::FORM, &mut nodes);
            let of = |wanted: fn(&str) -> bool| -> Vec<NodeId> {
                nodes.iter().copied().filter(|node| wanted(session.field(*node).unwrap().kind.name())).collect()
            };
            let shown_before: Vec<(NodeId, bool)> =
                nodes.iter().map(|node| (*node, session.is_shown(*node))).collect();
            let changes = match act {
                Act::Enter(at, value) => {
                    let leaves = of(|kind| kind != "group" && kind != "repeat");
                    session.enter(*at.get(&leaves), value)
                }
                Act::Add(at) => {
                    let repeats: Vec<NodeId> = of(|kind| kind == "repeat");
                    session.add_row(*at.get(&repeats)).1
                }
                Act::Remove(at) => session.remove_row(*at.get(&nodes)),
                Act::Insert(list, at, row) => {
                    let repeats: Vec<NodeId> = of(|kind| kind == "repeat");
                    let repeat = *list.get(&repeats);
                    let at = at.index(session.children(repeat).len() + 1);
                    let (row, changes) = session.insert_row(repeat, at, &row);
                    let last = session.children(repeat).len().wrapping_sub(1);
                    let expected = is_list(&session, repeat).then_some(at.min(last));
                    prop_assert_eq!(row.map(|row| session.position(row)), expected);
                    changes
                }
                Act::Undo(at) => {
                    let row = *at.get(&nodes);
                    let (repeat, at) = (session.parent(row), session.position(row));
                    let entry = session.entry_of_row(row);
                    let (entries, answers) = (session.entries(), session.answers().clone());
                    let findings = session.findings();
                    let mut changes = session.remove_row(row);
                    if !session.is_there(row) {
                        let (back, more) = session.insert_row(repeat, at, &entry);
                        changes.nodes.extend(more.nodes);
                        prop_assert_eq!(back.map(|row| session.position(row)), Some(at));
                    }
                    prop_assert_eq!(session.entries(), entries);
                    prop_assert_eq!(session.answers(), &answers);
                    prop_assert_eq!(session.findings(), findings);
                    changes
                }
                Act::Tomorrow(day) => {
                    today.day = day;
                    session.set_today(today)
                }
            };
            for (node, shown) in shown_before {
                let told = changes.nodes.contains(&node) || !session.is_there(node);
                prop_assert!(session.is_shown(node) == shown || told, "{}", session.pointer(node));
            }
            let anew = Session::new(form.clone(), &session.entries(), today);
            prop_assert_eq!(anew.answers(), session.answers());
            prop_assert_eq!(anew.findings(), session.findings());
            let (mut old, mut new) = (Vec::new(), Vec::new());
            all(&session, NodeId::FORM, &mut old);
            all(&anew, NodeId::FORM, &mut new);
            prop_assert_eq!(old.len(), new.len());
            for (old, new) in old.into_iter().zip(new) {
                prop_assert_eq!(session.is_shown(old), anew.is_shown(new), "{}", anew.pointer(new));
                prop_assert_eq!(session.is_required(old), anew.is_required(new));
                prop_assert_eq!(session.is_read_only(old), anew.is_read_only(new));
                prop_assert_eq!(session.pointer(old), anew.pointer(new));
            }
            if session.submission().is_some() {
                prop_assert_eq!(form.check_submission(session.answers(), today), anew.findings());
            }
        }
    }
}

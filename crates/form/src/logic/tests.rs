use std::cell::Cell;

use serde_json::{Value, json};

use super::{Data, Read, Rule, RuleError};
use crate::{Date, DefinitionError};

const TODAY: Option<Date> = Some(Date { year: 2026, month: 11, day: 20 });

fn run_in(rule: &Value, scopes: &[&Value], steps: u32) -> Result<Value, RuleError> {
    let steps = Cell::new(steps);
    let data = Data { scopes, today: TODAY, steps: &steps, met_blank: None };
    Rule::from_value(rule.clone()).unwrap().evaluate(&data)
}

fn check(data: Value, cases: impl IntoIterator<Item = (Value, Value)>) {
    for (rule, result) in cases {
        assert_eq!(run_in(&rule, &[&data], 10_000), Ok(result), "{rule}");
    }
}

#[test]
fn rules_give_what_the_notation_says() {
    let data =
        json!({ "a": 1, "s": "x", "list": ["p", "q"], "none": null, "o": { "i": 7 }, "e": "" });
    check(
        data,
        [
            (json!({ "==": [1, "1"] }), json!(true)),
            (json!({ "===": [1, "1"] }), json!(false)),
            (json!({ "===": [1, 1.0] }), json!(true)),
            (json!({ "===": [[1, [2]], [1.0, [2.0]]] }), json!(true)),
            (json!({ "==": [null, 0] }), json!(false)),
            (json!({ "==": ["", 0] }), json!(true)),
            (json!({ "==": [true, "1"] }), json!(true)),
            (json!({ "!=": [1, "2"] }), json!(true)),
            (json!({ "!==": [1, 1] }), json!(false)),
            (json!({ "<": [1, { "var": "o.i" }, 10] }), json!(true)),
            (json!({ "<": [1, 1, 10] }), json!(false)),
            (json!({ "<": [1] }), json!(false)),
            (json!({ ">": [3, 2, 1] }), json!(true)),
            (json!({ ">=": [3, 2, 2.5] }), json!(false)),
            (json!({ ">=": ["2023-03-13", "2023-03-12"] }), json!(true)),
            (json!({ ">": [{ "var": "absent" }, 18] }), json!(false)),
            (json!({ ">": ["x", 1] }), json!(false)),
            (json!({ "and": [1, "", 3] }), json!("")),
            (json!({ "or": [0, "b"] }), json!("b")),
            (json!({ "!": [[]] }), json!(true)),
            (json!({ "!": true }), json!(false)),
            (json!({ "!!": ["0"] }), json!(true)),
            (json!({ "in": ["q", { "var": "list" }] }), json!(true)),
            (json!({ "in": [1.0, [1]] }), json!(true)),
            (json!({ "in": ["an", "bang"] }), json!(true)),
            (json!({ "in": ["q", null] }), json!(false)),
            (json!({ "in": [null, "null"] }), json!(false)),
            (json!({ "if": [false, 1, true, 2, 3] }), json!(2)),
            (json!({ "if": [false, 1, 3] }), json!(3)),
            (json!({ "if": [false, 1] }), json!(null)),
            (json!({ "?:": [true, 1, 2] }), json!(1)),
            (json!({ "var": ["absent", 5] }), json!(5)),
            (json!({ "var": "list.1" }), json!("q")),
            (json!({ "var": "list.+1" }), json!(null)),
            (json!({ "var": { "cat": ["o", ".", "i"] } }), json!(7)),
            (json!({ "missing": ["a", "e", "absent"] }), json!(["e", "absent"])),
            (json!({ "missing": [["a", "none"], "absent"] }), json!(["none", "absent"])),
            (json!({ "missing_some": [1, ["a", "b"]] }), json!([])),
            (json!({ "missing_some": [2, ["a", "b"]] }), json!(["b"])),
            (json!({ "missing_some": [1, { "merge": ["b", ["c"]] }] }), json!(["b", "c"])),
            (json!({ "log": { "var": "s" } }), json!("x")),
            (
                json!({ "reduce": [[1], { "var": "" }, 0] }),
                json!({ "current": 1, "accumulator": 0 }),
            ),
            (
                json!({ "reduce": [[[4], [5]], { "+": [{ "var": "accumulator" }, { "var": "current.0" }] }, 0] }),
                json!(9),
            ),
            (json!({ "map": [[[1, 2]], { "var": 1 }] }), json!([2])),
            (json!({ "map": [[1], { "var": "a" }] }), json!([null])),
            (json!({ "map": [[1, 2]] }), json!([null, null])),
        ],
    );
}

#[test]
fn reckoning_is_decimal_and_never_runs_off() {
    check(
        json!({ "nothing": null }),
        [
            (json!({ "+": [0.1, 0.2] }), json!(0.3)),
            (json!({ "/": [{ "+": [200_000, 50_000, 0] }, 3] }), json!(83_333.333_333_333_3)),
            (json!({ "round": [{ "/": [250_000, 3] }, 2] }), json!(83_333.33)),
            (json!({ "round": 2.5 }), json!(3)),
            (json!({ "round": -2.5 }), json!(-3)),
            (json!({ "round": [1.005, 2] }), json!(1.01)),
            (json!({ "round": [1450, -2] }), json!(1500)),
            (json!({ "round": [1.25, { "+": [1] }] }), json!(1.3)),
            (json!({ "round": [1.25, { "+": [11] }] }), json!(null)),
            (json!({ "round": [1.25, { "/": [1, 2] }] }), json!(null)),
            (json!({ "round": [{ "var": "nothing" }, 2] }), json!(null)),
            (json!({ "+": "3.25" }), json!(3.25)),
            (json!({ "+": " 7 " }), json!(7)),
            (json!({ "-": "3.25" }), json!(-3.25)),
            (json!({ "-": [10, 3, 2] }), json!(5)),
            (json!({ "+": [true, true] }), json!(2)),
            (json!({ "+": [] }), json!(0)),
            (json!({ "*": [] }), json!(1)),
            (json!({ "-": [] }), json!(null)),
            (json!({ "/": [4] }), json!(null)),
            (json!({ "+": [1, { "var": "nothing" }] }), json!(null)),
            (json!({ "+": [1, ""] }), json!(null)),
            (json!({ "*": [2, "two"] }), json!(null)),
            (json!({ "-": [[1], 1] }), json!(null)),
            (json!({ "/": [1, 0] }), json!(null)),
            (json!({ "%": [1, 0] }), json!(null)),
            (json!({ "%": [-7, 3] }), json!(-1)),
            (json!({ "%": [7, -3] }), json!(1)),
            (json!({ "*": [1e200, 1e200] }), json!(null)),
            (json!({ "*": [1e-200, 1e-200] }), json!(0)),
            (json!({ "max": [1, null, "3"] }), json!(3)),
            (json!({ "min": [{ "var": "nothing" }] }), json!(null)),
            (json!({ "max": [1, "x"] }), json!(null)),
            (json!({ "max": [[1, 5, 3]] }), json!(5)),
            (json!({ "max": [] }), json!(null)),
        ],
    );
}

#[test]
fn sums_and_counts() {
    let data = json!({ "plots": [{ "area": 1.1 }, { "area": 2.2, "crop": "rice" }, { "area": null }, {}],
        "house": { "area": 5 }, "words": [{ "area": "wide" }] });
    check(
        data,
        [
            (json!({ "sum": [{ "var": "plots" }, "area"] }), json!(3.3)),
            (json!({ "sum": [{ "var": "words" }, "area"] }), json!(null)),
            (json!({ "sum": [{ "var": "house" }, "area"] }), json!(5)),
            (json!({ "sum": [{ "var": "absent" }, "area"] }), json!(0)),
            (json!({ "sum": { "var": "absent" } }), json!(0)),
            (json!({ "sum": [[1, "", null, "2", true]] }), json!(4)),
            (json!({ "sum": [1, null, [2, 3]] }), json!(6)),
            (json!({ "sum": [] }), json!(0)),
            (json!({ "sum": { "var": "plots" } }), json!(null)),
            (json!({ "sum": { "map": [{ "var": "plots" }, { "var": "area" }] } }), json!(3.3)),
            (json!({ "count": { "var": "plots" } }), json!(4)),
            (json!({ "count": [{ "var": "plots" }, "area"] }), json!(2)),
            (json!({ "count": [{ "var": "house.area" }, { "var": "absent" }, ""] }), json!(1)),
            (json!({ "count": { "var": "absent" } }), json!(0)),
        ],
    );
}

#[test]
fn ages_count_from_the_birthday() {
    let cases = [
        ("2000-11-20", "2018-11-19", json!(17)),
        ("2000-11-20", "2018-11-20", json!(18)),
        ("2004-02-29", "2005-02-28", json!(0)),
        ("2004-02-29", "2005-03-01", json!(1)),
        ("1947", "2026-01-01", json!(79)),
        ("1940", "2026-03-31", json!(85)),
        ("1940", "2026-04-01", json!(86)),
        ("1941", "2026-01-01", json!(85)),
        ("1940-02", "2026-02-01", json!(86)),
        ("1947-05", "2026-04-30", json!(78)),
        ("1947-05", "2026-05-01", json!(79)),
        ("2018-11-20", "2000-11-20", json!(-18)),
        ("2018-11-20", "2018-11-20", json!(0)),
        ("2023-02-29", "2026-01-01", json!(null)),
        ("2023-2", "2026-01-01", json!(null)),
        ("", "2026-01-01", json!(null)),
    ];
    for (from, to, years) in cases {
        check(json!(null), [(json!({ "years-between": [from, to] }), years)]);
    }
    check(
        json!({ "born": "2000-01-01" }),
        [
            (json!({ "today": [] }), json!("2026-11-20")),
            (json!({ "years-between": [{ "var": "born" }, { "today": null }] }), json!(26)),
            (json!({ "years-between": [{ "var": "absent" }, { "today": null }] }), json!(null)),
            (json!({ "years-between": [2000, { "today": null }] }), json!(null)),
        ],
    );
}

#[test]
fn days_are_counted() {
    let cases = [
        ("2026-11-20", "2026-11-20", json!(0)),
        ("2026-11-20", "2026-12-20", json!(30)),
        ("2026-11-20", "2026-10-21", json!(-30)),
        ("2024-02-28", "2024-03-01", json!(2)),
        ("2023-02-28", "2023-03-01", json!(1)),
        ("1900-02-28", "1900-03-01", json!(1)),
        ("2000-02-28", "2000-03-01", json!(2)),
        ("1999-12-31", "2000-01-01", json!(1)),
        ("0001-01-01", "9999-12-31", json!(3_652_058)),
        ("2026-11", "2026-11-20", json!(null)),
        ("2026", "2026-11-20", json!(null)),
        ("2023-02-29", "2026-01-01", json!(null)),
        ("", "2026-01-01", json!(null)),
    ];
    for (from, to, days) in cases {
        check(json!(null), [(json!({ "days-between": [from, to] }), days)]);
    }
    check(
        json!({ "planted": "2026-09-21" }),
        [
            (json!({ "days-between": [{ "var": "planted" }, { "today": [] }] }), json!(60)),
            (json!({ "days-between": [{ "var": "absent" }, { "today": [] }] }), json!(null)),
            (json!({ "days-between": [20_000, { "today": [] }] }), json!(null)),
        ],
    );
}

#[test]
fn text_is_counted_in_characters() {
    check(
        json!({ "name": "สมชาย", "n": 10200, "blank": " " }),
        [
            (json!({ "substr": [{ "var": "name" }, 0, 2] }), json!("สม")),
            (json!({ "substr": [{ "var": "name" }, -3, -1] }), json!("ชา")),
            (json!({ "substr": [{ "var": "name" }, 9] }), json!("")),
            (json!({ "substr": [{ "var": "name" }, -9, 1] }), json!("ส")),
            (json!({ "substr": [{ "var": "name" }, 1, -9] }), json!("")),
            (json!({ "substr": [{ "var": "name" }, 1, 1e300] }), json!("มชาย")),
            (json!({ "substr": [{ "var": "n" }, 0, 3] }), json!("102")),
            (
                json!({ "cat": ["a", 1.50, null, true, [1, null, ["b", 2]]] }),
                json!("a1.5true1,,b,2"),
            ),
            (json!({ "cat": { "var": "absent" } }), json!("")),
            (json!({ "matches": [{ "var": "n" }, "[0-9]{5}"] }), json!(true)),
            (json!({ "matches": [{ "var": "n" }, "[0-9]{4}"] }), json!(false)),
            (json!({ "matches": ["ab", "a|b"] }), json!(false)),
            (json!({ "matches": [{ "var": "absent" }, ".*"] }), json!(false)),
            (json!({ "matches": [{ "var": "blank" }, ".*"] }), json!(false)),
        ],
    );
}

#[test]
fn says_what_it_cannot_read() {
    for (rule, path, part) in [
        (json!({ "equals": [1, 1] }), "/equals", "unknown operator `equals`"),
        (json!({ "==": [{ "foo": 1 }, 1] }), "/==/0/foo", "unknown operator `foo`"),
        (json!({ "!": { "a/b": 1 } }), "/!/a~1b", "unknown operator `a/b`"),
        (json!({ "in": [1, [2, { "x": 1 }]] }), "/in/1/1/x", "unknown operator `x`"),
        (json!({ "==": [1, 1], "!": 1 }), "", "one operator"),
        (json!({ "and": [1, {}] }), "/and/1", "one operator"),
        (json!({ "round": [1, 11] }), "/round/1", "-6 to 10"),
        (json!({ "!": { "round": [1, "2"] } }), "/!/round/1", "-6 to 10"),
        (json!({ "matches": ["x", "("] }), "/matches/1", "does not compile"),
        (json!({ "matches": ["x", 5] }), "/matches/1", "expected a string"),
        (json!({ "matches": ["x", { "var": "p" }] }), "/matches/1", "written out"),
        (json!({ "matches": "x" }), "/matches/1", "written out"),
    ] {
        let error = Rule::from_value(rule).unwrap_err();
        assert_eq!(error.path, path, "{error}");
        assert!(error.expected.contains(part), "{error}");
    }
}

#[test]
fn rules_are_at_most_64_deep() {
    type Wrap = fn(Value) -> Value;
    let wraps: [Wrap; 3] =
        [|inner| json!({ "!": [inner] }), |inner| json!({ "!": inner }), |inner| json!([inner])];
    for wrap in wraps {
        let deep = |levels| (1..levels).fold(json!(1), |inner, _| wrap(inner));
        assert!(run_in(&deep(64), &[&json!(null)], 10_000).is_ok());
        let error = Rule::from_value(deep(65)).unwrap_err();
        assert!(error.expected.contains("64 deep"), "{error}");
        assert!(
            error.path.starts_with("/!")
                || error.path.starts_with("/map/1")
                || error.path.starts_with("/0"),
            "{error}"
        );
    }
}

fn read(path: &str) -> Read<'_> {
    Read { path, member: None }
}

#[test]
fn names_what_it_reads() {
    let rule = json!({ "and": [
        { "var": "a.b" },
        { "missing": ["c", "d"] },
        { "in": [1, { "var": ["e", { "var": "f" }] }] },
        { "sum": [{ "var": "plots" }, "area"] },
        { "count": { "var": "rows" } },
        { "missing_some": [{ "var": "g" }, ["h"]] },
        { "map": [{ "var": "list" }, { "var": "inside" }] },
        { "reduce": [[], { "var": "accumulator" }, { "var": "start" }] },
        { "matches": [{ "var": "m" }, "x"] },
        { "var": "" },
    ] });
    let rule = Rule::from_value(rule).unwrap();
    let column = Read { path: "plots", member: Some("area") };
    let [c, d, e, f, g, h] = ["c", "d", "e", "f", "g", "h"].map(read);
    let (rows, list, start, m) = (read("rows"), read("list"), read("start"), read("m"));
    assert_eq!(
        rule.reads(),
        [read("a.b"), c, d, e, f, column, rows, g, h, list, start, m, read("")]
    );
    assert!(!rule.reads_unknown());
}

#[test]
fn says_whether_a_path_is_worked_out() {
    for (rule, unknown) in [
        (json!({ "var": { "cat": ["a", "b"] } }), true),
        (json!({ "!": [{ "var": [{ "var": "which" }] }] }), true),
        (json!({ "missing": { "merge": ["a", ["b"]] } }), true),
        (json!({ "missing": [["a", { "var": "b" }]] }), true),
        (json!({ "missing_some": [1, { "var": "b" }] }), true),
        (json!({ "matches": [{ "var": { "var": "x" } }, "a"] }), true),
        (json!({ "missing_some": [{ "+": 1 }, ["b"]] }), false),
        (json!({ "map": [[], { "var": { "var": "x" } }] }), false),
        (json!({ "map": [{ "var": { "var": "x" } }, 1] }), true),
        (json!({ "var": ["a", { "cat": "b" }] }), false),
        (json!({ "var": [] }), false),
    ] {
        assert_eq!(Rule::from_value(rule.clone()).unwrap().reads_unknown(), unknown, "{rule}");
    }
}

#[test]
fn paths_are_looked_up_where_they_are_bound() {
    let (row, form) =
        (json!({ "a": 1, "b": null }), json!({ "a": 2, "b": 3, "list": [{ "a": 4 }] }));
    let bound = |rule: Value| {
        let mut rule = Rule::from_value(rule).unwrap();
        rule.bind(&mut |path| match path {
            "a" => Ok(0),
            "b" | "list" => Ok(1),
            "" => Ok(2),
            _ => Err(DefinitionError::new("there is no such field")),
        })
        .map(|()| {
            let steps = Cell::new(1000);
            let data = Data { scopes: &[&row, &form], today: None, steps: &steps, met_blank: None };
            rule.evaluate(&data).unwrap()
        })
    };
    for (rule, result) in [
        (json!([{ "var": "a" }, { "var": ["b"] }]), json!([1, 3])),
        (json!({ "missing": ["a", "b"] }), json!([])),
        (json!({ "missing_some": [2, ["a", "b"]] }), json!([])),
        (json!({ "sum": [{ "var": "list" }, "a"] }), json!(4)),
        (json!({ "map": [{ "var": "list" }, { "var": "a" }] }), json!([4])),
        (json!({ "map": [{ "var": "list" }, { "var": "unknown" }] }), json!([null])),
        (json!({ "var": { "cat": "a" } }), json!(1)),
        (json!({ "matches": [{ "var": "b" }, "3"] }), json!(true)),
        (json!({ "var": [] }), json!(null)),
    ] {
        assert_eq!(bound(rule.clone()), Ok(result), "{rule}");
    }
    for (rule, path) in [
        (json!({ "var": "x" }), "/var"),
        (json!({ "var": 5 }), "/var"),
        (json!({ "==": [1, { "var": ["x", 2] }] }), "/==/1/var/0"),
        (json!({ "missing": ["a", "x"] }), "/missing/1"),
        (json!({ "missing_some": [1, ["a", "x"]] }), "/missing_some/1/1"),
        (json!({ "matches": [{ "var": "x" }, "3"] }), "/matches/0/var"),
        (json!({ "map": [{ "var": "x" }, 1] }), "/map/0/var"),
        (json!({ "reduce": [[], 1, { "var": "x" }] }), "/reduce/2/var"),
    ] {
        let error = bound(rule).unwrap_err();
        assert_eq!(
            (error.path.as_str(), error.expected.as_str()),
            (path, "there is no such field")
        );
    }
}

#[test]
fn the_steps_end_what_would_not_end() {
    let hundred = json!(vec![1; 100]);
    let doubling = |twice: Value| json!({ "reduce": [{ "var": "" }, twice, ["x"]] });
    let accumulator = json!({ "var": "accumulator" });
    for rule in [
        doubling(json!({ "merge": [accumulator, accumulator] })),
        doubling(json!([accumulator, accumulator])),
        doubling(json!({ "cat": [accumulator, accumulator] })),
        doubling(json!({ "if": [1, [{ "var": "" }, accumulator]] })),
        json!({ "map": [{ "var": "" }, { "map": [hundred, { "map": [hundred, 1] }] }] }),
    ] {
        assert_eq!(run_in(&rule, &[&hundred], 100_000), Err(RuleError::TooManySteps), "{rule}");
    }
    // A list in a list in a list: few steps, but a value that cannot be dropped.
    let nested = json!({ "reduce": [{ "var": "" }, [accumulator], 0] });
    let long = json!(vec![1; 300]);
    assert_eq!(run_in(&nested, &[&long], u32::MAX), Err(RuleError::TooManySteps));
    assert!(run_in(&nested, &[&hundred], u32::MAX).is_ok());
}

#[test]
fn a_sum_over_rows_copies_none_of_them() {
    let row = json!({ "name": "x".repeat(10_000), "area": 1 });
    let rows = json!({ "plots": vec![row; 200] });
    let rule = json!({ "sum": [{ "var": "plots" }, "area"] });
    // One for the call, one for the variable, one for each row, one for the result.
    assert_eq!(run_in(&rule, &[&rows], 203), Ok(json!(200)));
    assert_eq!(run_in(&rule, &[&rows], 202), Err(RuleError::TooManySteps));
}

#[test]
fn a_rule_stands_in_json_as_it_was_read() {
    for json in [
        json!({ "!": { "var": [] } }),
        json!({ "var": 1 }),
        json!([1.0, { "matches": ["a", "b"] }]),
    ] {
        let mut rule = Rule::from_value(json.clone()).unwrap();
        rule.bind(&mut |_| Ok(3)).unwrap();
        assert_eq!(rule.to_value(), json);
    }
}

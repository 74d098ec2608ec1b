//! `eform explain`: fields and rules in words.

use eform::tools;
use serde_json::{Value, json};

use crate::support::{both, farm, put};

fn explain(definition: &Value, field: &str) -> Result<String, String> {
    tools::explain(definition.to_string().as_bytes(), field, "en")
}

/// The line of this name in what is said of a field.
fn line(words: &str, name: &str) -> String {
    let line = words.lines().find_map(|line| line.trim().strip_prefix(name));
    line.unwrap_or_else(|| panic!("{name}: {words}")).trim().to_owned()
}

#[test]
fn a_field_is_told_with_what_it_reads_and_what_reads_it() {
    let mut definition = farm();
    put(&mut definition, "/pages/1/fields/1/fields/1/requiredIf", Some(json!({ "var": "area" })));
    put(&mut definition, "/pages/1/fields/1/fields/1/min", Some(json!(0.5)));
    assert_eq!(
        explain(&definition, "used").unwrap(),
        "used “Used”
  type        number: A number, whole unless `decimals` says how many places may be given. Thousands may be apart by commas or spaces, and the field's own unit may stand behind.
  page        fields “Land”
  in          plots “Plots” (repeat)
  answer      /plots/*/used
  shown       only if “Do you have land?” is Yes (its page)
  required    if “Area” is answered and not 0
  read-only   never
  limits      decimals 2, min 0.5
  checks      “Used” is at most “Area”; or else an error: «Less than {label}»
  finds       required: Enter “Used”
              number: Enter a number, for example 12
              number-whole: Enter a whole number, without decimals
              number-decimals: Enter at most 2 decimal places
              too-small: Enter 0.5 or more
  depends on  /has_land “Do you have land?”
              /plots/*/area “Area”
"
    );
    let area = explain(&definition, "/plots/0/area").unwrap();
    assert_eq!(line(&area, "required"), "always when it is shown");
    assert_eq!(line(&area, "read by"), "/plots/*/used “Used” (requiredIf)");
    assert!(area.contains("/total “Total” (calculate)"));
    let total = explain(&definition, "total").unwrap();
    assert_eq!(line(&total, "calculated"), "the sum of “Area” over the rows of “Plots”");
    assert_eq!(line(&total, "read-only"), "always when it is shown");
    let has_land = explain(&definition, "/has_land").unwrap();
    assert_eq!(line(&has_land, "read by"), "page fields (showIf)");
}

#[test]
fn a_field_is_named_by_its_id_or_its_place() {
    let say = |field: &str| explain(&farm(), field).unwrap_err();
    assert_eq!(say("naem"), "there is no field `naem`: did you mean `name`?");
    assert_eq!(say("name"), "there are several fields `name`: name one of /name, /owner/name");
    assert!(explain(&farm(), "/owner/name").is_ok() && explain(&farm(), "/plots/*/area").is_ok());
    assert!(explain(&json!({ "id": "x" }), "name").unwrap_err().starts_with("/version: missing"));
}

#[test]
fn rules_are_said_in_words() {
    for (rule, words) in [
        (json!({ "var": "has_land" }), "“Do you have land?” is Yes"),
        (json!({ "!": { "var": "has_land" } }), "“Do you have land?” is not Yes"),
        (json!({ "==": [{ "var": "has_land" }, false] }), "“Do you have land?” is No"),
        (json!({ "!=": [{ "var": "kind" }, "new"] }), "“Kind” is not “New”"),
        (json!({ "!": { "==": [{ "var": "kind" }, "new"] } }), "“Kind” is not “New”"),
        (json!({ "==": [null, { "var": "kind" }] }), "“Kind” has no answer"),
        (json!({ "in": [{ "var": "kind" }, ["new", "renewal"]] }), "“Kind” is “New” or “Renewal”"),
        (json!({ "in": ["x", { "var": "name" }] }), "“Name” contains “x”"),
        (
            json!({ "<": [{ "var": "born" }, "2000-01-02"] }),
            "“Born” is before 2 January 2543 B.E. (2000)",
        ),
        (
            json!({ ">=": [{ "years-between": [{ "var": "born" }, { "today": [] }] }, 18] }),
            "the whole years from “Born” to today is at least 18",
        ),
        (
            json!({ "<=": [1, { "years-between": [{ "var": "born" }, { "today": [] }] }, 9] }),
            "the whole years from “Born” to today is from 1 to 9",
        ),
        (
            json!({ "and": [{ "var": "has_land" }, { "or": [{ "var": "kind" }, { "var": "born" }] }] }),
            "“Do you have land?” is Yes and (“Kind” is answered or “Born” is answered)",
        ),
        (
            json!({ "matches": [{ "var": "name" }, "[ก-ฮ]+"] }),
            "“Name” matches the pattern `[ก-ฮ]+`",
        ),
        (json!({ "missing": ["kind", "born"] }), "“Kind” or “Born” has no answer"),
        (json!({ "==": [{ "+": [1, { "*": [2, 3] }] }, 7] }), "1 + (2 × 3) is 7"),
        (
            json!({ "if": [{ "var": "kind" }, true, false] }),
            "(always if “Kind” is answered, otherwise never)",
        ),
        (json!(true), "always"),
        // With too few operands or too many: odd, and still a form.
        (json!({ "==": false }), r#"{"==":false} holds"#),
        (json!({ "!": { "in": ["x"] } }), r#"it is not so that {"in":["x"]} holds"#),
        (json!({ "or": [{ ">": [1, 2, 3] }] }), r#"{">":[1,2,3]} holds"#),
    ] {
        let mut definition = farm();
        let field = json!({ "id": "x", "type": "text", "label": both("X"), "showIf": rule });
        put(&mut definition, "/pages/0/fields/-", Some(field));
        let said = explain(&definition, "x").unwrap();
        assert_eq!(line(&said, "shown"), ["only if ", words].concat(), "{rule}");
    }
    for (rule, words) in [
        (json!({ "count": [{ "var": "plots" }] }), "the number of rows of “Plots”"),
        (
            json!({ "count": [{ "var": "plots" }, "used"] }),
            "the number of rows of “Plots” with “Used”",
        ),
        (
            json!({ "round": [{ "/": [{ "sum": [{ "var": "plots" }, "area"] }, 3] }, 2] }),
            "the sum of “Area” over the rows of “Plots” ÷ 3, rounded to 2 decimal places",
        ),
        (json!({ "max": [1, { "var": "owner.name" }] }), "the greatest of 1 and “Name”"),
        (
            json!({ "if": [{ "some": [{ "var": "plots" }, { ">": [{ "var": "area" }, 5] }] }, 1, 2] }),
            "1 if in some row of “Plots”, “Area” is more than 5, otherwise 2",
        ),
        (json!({ "var": ["crops", 5] }), "“Crops” (or 5 where it has no answer)"),
    ] {
        let mut definition = farm();
        put(&mut definition, "/pages/1/fields/3/calculate", Some(rule.clone()));
        let said = explain(&definition, "total").unwrap();
        assert_eq!(line(&said, "calculated"), words, "{rule}");
    }
}

#[test]
fn any_number_of_operands_is_said_somehow() {
    let operators = "var missing missing_some if ?: == === != !== ! !! and or < <= > >= max min + - * / % \
                     map filter reduce all none some merge in cat substr log today years-between sum \
                     count round";
    for operator in operators.split_whitespace() {
        for count in 1..5 {
            let rule = json!({ operator: vec![json!("kind"); count] });
            let mut definition = farm();
            let field = json!({
                "id": "x", "type": "text", "label": both("X"), "showIf": rule, "calculate": rule
            });
            put(&mut definition, "/pages/0/fields/-", Some(field));
            // Some of them are no rules, or read a field that is not there.
            if let Ok(said) = explain(&definition, "x") {
                assert!(said.contains("calculated  "), "{rule}: {said}");
            }
        }
    }
    let mut definition = farm();
    put(&mut definition, "/pages/1/showIf", Some(json!({ ">": [3, 2, 1] })));
    let said = explain(&definition, "total").unwrap();
    assert!(said.contains(r#"{">":[3,2,1]} holds"#), "{said}");
}

#[test]
fn labels_are_in_the_language_that_is_asked_for() {
    let mut definition = farm();
    put(&mut definition, "/pages/0/fields/3/label/th", Some(json!("มีที่ดินหรือไม่")));
    let said = tools::explain(definition.to_string().as_bytes(), "total", "th").unwrap();
    assert_eq!(line(&said, "shown"), "only if “มีที่ดินหรือไม่” is ใช่ (its page)");
}

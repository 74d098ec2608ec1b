//! The operators of rules as people are told of them, and the schema of a rule.

use serde_json::{Map, Value, json};

use super::language::reference;

/// Name, and what a call of it is.
pub(super) const OPERATORS: [(&str, &str); 41] = [
    (
        "var",
        "The answer of a field, by its id: `{\"var\": \"has_land\"}`. A second operand stands in where there is no answer.",
    ),
    ("missing", "Those of these fields that have no answer."),
    (
        "missing_some",
        "`[1, [\"phone\", \"email\"]]`: the fields without an answer, if fewer than that many have one.",
    ),
    ("if", "`[condition, then, else]`, or more conditions in turn."),
    ("?:", "The same as `if`."),
    ("==", "Whether two are equal; a number and a text with the same number are."),
    ("===", "Whether two are equal and of the same type."),
    ("!=", "Whether two are not equal."),
    ("!==", "Whether two are not equal or not of the same type."),
    ("!", "Whether something does not hold."),
    ("!!", "Whether something holds: is true, not 0, not blank, not an empty list."),
    ("and", "Whether all hold: the first that does not, or else the last."),
    ("or", "Whether one holds: the first that does, or else the last."),
    ("<", "Less than; of three, whether the second lies between the others."),
    ("<=", "At most; of three, whether the second lies between the others or is one of them."),
    (">", "More than."),
    (">=", "At least."),
    ("max", "The greatest of several numbers."),
    ("min", "The least of several numbers."),
    ("+", "The sum of the operands."),
    ("-", "The first operand less the others."),
    ("*", "The product of the operands."),
    ("/", "The first operand divided by the others; nothing if by zero."),
    ("%", "What is left over when the first is divided by the second."),
    ("map", "`[list, rule]`: the rule's value for each element."),
    ("filter", "`[list, rule]`: the elements for which the rule holds."),
    ("reduce", "`[list, rule, start]`: the rule sees `current` and `accumulator`."),
    ("all", "`[list, rule]`: whether the rule holds for every element, and there is one."),
    ("none", "`[list, rule]`: whether the rule holds for no element."),
    ("some", "`[list, rule]`: whether the rule holds for an element."),
    ("merge", "Several lists as one."),
    (
        "in",
        "`[value, list]`: whether the list holds it; `[text, text]`: whether the second contains the first.",
    ),
    ("cat", "Several texts as one."),
    ("substr", "`[text, start, length]`: a part of a text."),
    ("log", "The operand itself; nothing is logged."),
    ("today", "The day on which the form is filled in: `{\"today\": []}`."),
    ("years-between", "`[from, to]`: whole years between two dates, as an age."),
    (
        "sum",
        "`[{\"var\": \"plots\"}, \"area\"]`: the sum over the rows of a repeat; or of the operands.",
    ),
    (
        "count",
        "`[{\"var\": \"plots\"}, \"area\"]`: in how many rows it has an answer; `[{\"var\": \"plots\"}]`: how many rows there are.",
    ),
    ("round", "`[number, places]`: the number to so many decimal places, half away from zero."),
    ("matches", "`[text, \"[0-9]{5}\"]`: whether the whole text matches the pattern."),
];

/// The schema of a rule.
pub(super) fn rule() -> Value {
    let mut rule = operand();
    rule["description"] = "A rule in JSONLogic: an object with one operator, as { \"==\": [{ \"var\": \"has_land\" }, true] }, or a plain value".into();
    rule["type"] = json!(["object", "array", "string", "number", "boolean"]);
    rule
}

/// The schema of what stands in a rule: an operator, a list, or a plain value.
pub(super) fn operand() -> Value {
    let each = |(name, about): &(&str, &str)| {
        let mut operands = json!({ "$ref": reference("Operand"), "description": about });
        if *name == "matches" {
            operands["type"] = json!("array");
            operands["minItems"] = json!(2);
            operands["maxItems"] = json!(2);
        }
        ((*name).to_owned(), operands)
    };
    let operators: Map<String, Value> = OPERATORS.iter().map(each).collect();
    json!({
        "description": "What an operator works on: another rule, a list, or a plain value",
        "type": ["object", "array", "string", "number", "boolean", "null"],
        "items": { "$ref": reference("Operand") },
        "properties": operators, "minProperties": 1, "maxProperties": 1,
        "additionalProperties": false
    })
}

#[cfg(test)]
mod tests {
    use super::OPERATORS;
    use crate::Rule;
    use crate::tools::check::error_words::expected_names;

    #[test]
    fn the_operators_are_those_that_rules_have() {
        let error = Rule::from_value(serde_json::json!({ "?": [] })).unwrap_err();
        assert_eq!(expected_names(&error.expected), OPERATORS.map(|(name, _)| name));
    }
}

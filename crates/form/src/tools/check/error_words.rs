//! The words of the errors that reading a definition stops with, made into an issue: a stable code,
//! and the name that was probably meant.

use crate::DefinitionError;

/// The code of an error.
pub(crate) fn code(error: &DefinitionError) -> &'static str {
    let words = &error.expected;
    let starts = [
        ("unknown member", "unknown-member"),
        ("unknown type", "unknown-type"),
        ("unknown operator", "unknown-operator"),
        ("unknown ", "unknown-value"),
        ("there is no field", "unknown-field"),
        ("missing", "missing"),
        ("the pattern does not compile", "pattern"),
        ("expected at most", "limit"),
    ];
    if let Some((_, code)) = starts.iter().find(|(start, _)| words.starts_with(start)) {
        return code;
    }
    let contains = [("there twice", "twice"), ("in a circle", "circle")];
    contains.iter().find(|(part, _)| words.contains(part)).map_or("value", |(_, code)| code)
}

/// The name in back-ticks that the words are about.
pub(super) fn named(words: &str) -> Option<&str> {
    words.split('`').nth(1)
}

/// The names of «expected one of a, b, c».
pub(crate) fn expected_names(words: &str) -> Vec<String> {
    let names = words.split_once(", expected one of ").map_or("", |(_, names)| names);
    names.split(", ").filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// The words with «did you mean …?» where a name was probably meant; `ids` are those of all fields.
pub(crate) fn said(error: &DefinitionError, ids: &[String]) -> String {
    let words = &error.expected;
    let Some(name) = named(words) else { return words.clone() };
    let known = match code(error) {
        "unknown-field" => ids.to_vec(),
        "unknown-member" | "unknown-type" | "unknown-operator" | "unknown-value" => {
            expected_names(words)
        }
        _ => return words.clone(),
    };
    if code(error) == "unknown-field" && known.iter().any(|id| id == name) {
        return format!(
            "{words}: the one of this name stands in a group or a row, or outside of them; write \
             the way to it, as `group.{name}`; of rows take the `sum`, the `count` or a `map`, or \
             put the check into `rowChecks`"
        );
    }
    let first = words.split(", expected one of ").next().unwrap_or_default();
    match nearest(name, known.iter().map(String::as_str)) {
        Some(near) => format!("{first}: did you mean `{near}`?"),
        None => words.clone(),
    }
}

/// What other kinds of form call a thing, and what it is called here.
const ELSEWHERE: [(&str, &[&str]); 45] = [
    ("select", &["choice"]),
    ("dropdown", &["choice"]),
    ("radio", &["choice"]),
    ("radios", &["choice"]),
    ("radiogroup", &["choice"]),
    ("checkbox", &["choices", "yes-no"]),
    ("checkboxes", &["choices"]),
    ("multiselect", &["choices"]),
    ("boolean", &["yes-no"]),
    ("string", &["text"]),
    ("textfield", &["text"]),
    ("integer", &["number"]),
    ("decimal", &["number"]),
    ("tel", &["phone"]),
    ("mail", &["email"]),
    ("section", &["group"]),
    ("panel", &["group"]),
    ("fieldset", &["group"]),
    ("table", &["repeat"]),
    ("list", &["repeat"]),
    ("name", &["id"]),
    ("key", &["id", "value"]),
    ("title", &["label"]),
    ("question", &["label"]),
    ("text", &["label"]),
    ("description", &["hint", "intro", "summary"]),
    ("help", &["hint"]),
    ("placeholder", &["hint"]),
    ("visibleIf", &["showIf"]),
    ("relevant", &["showIf"]),
    ("choices", &["options"]),
    ("items", &["options", "fields"]),
    ("questions", &["fields"]),
    ("regex", &["pattern"]),
    ("minimum", &["min"]),
    ("maximum", &["max"]),
    ("equals", &["=="]),
    ("=", &["=="]),
    ("not", &["!"]),
    ("contains", &["in"]),
    ("concat", &["cat"]),
    ("age", &["years-between"]),
    ("days", &["days-between"]),
    ("required", &["required-choice"]),
    ("required-choice", &["required"]),
];

/// The name of `known` that was probably meant.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace(['-', '_', ' '], "");
    let (wanted, known): (String, Vec<&str>) = (plain(name), known.collect());
    let same = known.iter().copied().find(|known| plain(known) == wanted);
    let elsewhere = || {
        let (_, ours) = ELSEWHERE.iter().find(|(theirs, _)| plain(theirs) == wanted)?;
        ours.iter().find_map(|ours| known.iter().copied().find(|known| known == ours))
    };
    let close = || {
        let far = |known: &&str| strsim::damerau_levenshtein(&wanted, &plain(known));
        let near = known.iter().copied().min_by_key(far)?;
        let most = (wanted.chars().count() / 3).max(1);
        (far(&near) <= most && wanted.chars().count() > 1).then_some(near)
    };
    same.or_else(elsewhere).or_else(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_that_was_meant_is_found() {
        let known =
            ["required", "requiredIf", "showIf", "label", "choice", "choices", "yes-no", "min"];
        for (name, expected) in [
            ("requierd", Some("required")),
            ("showif", Some("showIf")),
            ("show_if", Some("showIf")),
            ("dropdown", Some("choice")),
            ("boolean", Some("yes-no")),
            ("title", Some("label")),
            ("yesno", Some("yes-no")),
            ("x", None),
            ("colour", None),
        ] {
            assert_eq!(nearest(name, known.into_iter()), expected, "{name}");
        }
    }

    #[test]
    fn the_words_of_an_error_say_what_was_meant() {
        let error = |words: &str| DefinitionError::new(words);
        let ids = ["has_land".to_owned()];
        for (words, code_of, expected) in [
            (
                "unknown member `titel`, expected one of title, id",
                "unknown-member",
                "unknown member `titel`: did you mean `title`?",
            ),
            (
                "unknown member `zzzzzz`, expected one of title, id",
                "unknown-member",
                "unknown member `zzzzzz`, expected one of title, id",
            ),
            (
                "there is no field `hasland`",
                "unknown-field",
                "there is no field `hasland`: did you mean `has_land`?",
            ),
            (
                "there is no field `has_land`",
                "unknown-field",
                "there is no field `has_land`: the one of this name stands in a group or a row, or \
                 outside of them; write the way to it, as `group.has_land`; of rows take the `sum`, \
                 the `count` or a `map`, or put the check into `rowChecks`",
            ),
            ("missing: expected a string", "missing", "missing: expected a string"),
            ("expected a string, found a number", "value", "expected a string, found a number"),
        ] {
            assert_eq!(code(&error(words)), code_of);
            assert_eq!(said(&error(words), &ids), expected);
        }
    }
}

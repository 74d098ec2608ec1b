//! What is odd about a form, its pages and its fields apart from their conditions: pages without
//! questions, defaults that are no answers, members without an effect, words for what is never
//! found.

use std::cell::Cell;

use super::error_words::nearest;
use super::rules::{era, is_dated};
use super::{Found, Seen, Weight, is_within};
use crate::fields::{ALL, At};
use crate::finding::pointer;
use crate::tools::document::Node;
use crate::tools::language::is_found;
use crate::{Check, Data, Field, Finding, SealTo, limits, messages};

pub(super) fn check(seen: &Seen, found: &mut Found) {
    whole(seen, found);
    for (at, page) in seen.form.definition().pages.iter().enumerate() {
        let path = format!("/pages/{at}");
        let path_in_file = seen.root.trace(&path).path;
        let was_empty = !found.touched.iter().any(|touched| is_within(touched, &path_in_file));
        if page.fields.is_empty() && was_empty {
            let words = "there is nothing on this page: it is never shown".to_owned();
            found.say(seen, Weight::Warning, "empty", &path, words);
        }
        if seen.form.place_of(&page.id).is_some() {
            let words = format!("a field is named `{}` too: easily mixed up", page.id);
            found.say(seen, Weight::Hint, "same-name", &[&path, "/id"].concat(), words);
        }
        check_messages(seen, &page.checks, &[&path, "/checks"].concat(), found);
    }
    check_messages(seen, &seen.form.definition().checks, "/checks", found);
    for (place, path) in seen.paths() {
        check_field(seen, place, &path, found);
    }
}

fn whole(seen: &Seen, found: &mut Found) {
    let definition = seen.form.definition();
    let url = &definition.submit.url;
    let is_path = url.starts_with('/') && !url.starts_with("//");
    let host = ["https://", "http://"].iter().find_map(|scheme| url.strip_prefix(scheme));
    let is_good = is_path || host.is_some_and(|host| !host.is_empty() && !host.starts_with('/'));
    if !is_good || url.contains(char::is_whitespace) {
        let words = "expected a path as \"/api/submissions\", or an address that begins with \
                     https://";
        found.say(seen, Weight::Error, "submit-url", "/submit/url", words.to_owned());
    } else if host.is_some_and(|host| url.starts_with("http://") && !host.starts_with("localhost"))
    {
        let words = "answers would travel in the clear: use https://".to_owned();
        found.say(seen, Weight::Warning, "submit-url", "/submit/url", words);
    }
    if definition.submit.seal_to.as_ref().is_some_and(|to| !is_key(to)) {
        let words = "this is not a public key, 32 bytes in base 64: copy `sealTo` from what \
                     `eform-agency keys new` printed";
        found.say(seen, Weight::Error, "seal-key", "/submit/sealTo/publicKey", words.to_owned());
    }
    let submit = &definition.submit;
    if submit.sign_in.is_some() && submit.signs_in_at().is_none() {
        let words = "expected a path as \"/sign-in\", or an address that begins with https://";
        found.say(seen, Weight::Error, "sign-in", "/submit/signIn", words.to_owned());
    } else if submit.sign_in.is_some() && !is_path {
        let words = "has no effect where the page is at another origin than `submit.url`: a browser \
                     sends there without its cookies";
        found.say(seen, Weight::Hint, "sign-in", "/submit/signIn", words.to_owned());
    }
    for (member, is_there) in
        [("agency", definition.agency.is_some()), ("privacy", definition.privacy.is_some())]
    {
        if !is_there {
            let words = format!(
                "there is no `{member}`: whoever collects personal data must say who they are, \
                 why, for how long, and who else gets it (PDPA B.E. 2562, section 23)"
            );
            found.say(seen, Weight::Hint, "privacy", &["/", member].concat(), words);
        }
    }
}

/// Whether anything can be sealed to a key. With a point of small order everybody has the same secret
/// (RFC 7748, section 6.1), as with a key of zeros that stands for one to come.
fn is_key(to: &SealTo) -> bool {
    to.key().is_some_and(|key| x25519_dalek::x25519([1; 32], key) != [0; 32])
}

fn check_field(seen: &Seen, place: usize, path: &str, found: &mut Found) {
    let field = seen.form.field(place);
    let path_in_file = seen.root.trace(path).path;
    let is_mended = |touched: &String| is_within(touched, &path_in_file);
    let was_empty = !found.touched.iter().any(is_mended);
    let mut say = |severity, code, member: &str, words: String| {
        found.say(seen, severity, code, &[path, member].concat(), words);
    };
    let no_effect = |member: &str, why: &str| format!("`{member}` has no effect: {why}");
    if field.is_container() && field.children.is_empty() && was_empty {
        say(Weight::Warning, "empty", "", "there is nothing in it".to_owned());
    }
    if field.calculate.is_some() && field.default.is_some() {
        let words = no_effect("default", "the answer is always calculated");
        say(Weight::Warning, "no-effect", "/default", words);
    }
    if field.required && field.required_if.is_some() {
        let words = no_effect("requiredIf", "the field is `required` anyway");
        say(Weight::Warning, "no-effect", "/requiredIf", words);
    }
    if field.read_only && field.read_only_if.is_some() {
        let words = no_effect("readOnlyIf", "the field is `readOnly` anyway");
        say(Weight::Warning, "no-effect", "/readOnlyIf", words);
    }
    let is_filled = field.calculate.is_some() || field.default.is_some();
    if field.read_only && field.required && !is_filled {
        let words = "nobody can answer this, and it is required: give it a `default` or a \
                     `calculate`, or leave out `readOnly`";
        say(Weight::Warning, "locked", "/readOnly", words.to_owned());
    }
    if field.kind.name() == "hidden" && !is_filled {
        let member = if field.required { "/required" } else { "/requiredIf" };
        if field.parent.is_some() {
            let words = "nothing can fill this: the page around the form gives values to the \
                         hidden fields of a page only, not of a group or a repeat";
            say(Weight::Warning, "locked", "", words.to_owned());
        } else if field.required || field.required_if.is_some() {
            let words = "where the page around the form gives no value, nobody can answer this, \
                         and it is required: give it a `default`, or do not require it";
            say(Weight::Warning, "locked", member, words.to_owned());
        }
    }
    if field.kind.schema()["type"] != "array" {
        for (at, _) in field.kind.options().iter().enumerate().filter(|(_, one)| one.exclusive) {
            let words = no_effect("exclusive", "only one option can be chosen anyway");
            say(Weight::Warning, "no-effect", &format!("/options/{at}/exclusive"), words);
        }
    }
    if is_dated(field) {
        let value = seen.root.find(path).and_then(|node| node.get("default")).map(Node::to_value);
        if let Some(words) = value.as_ref().and_then(era) {
            say(Weight::Warning, "era", "/default", words);
        }
    }
    if let Some(words) = default_words(seen, field) {
        say(Weight::Warning, "default", "/default", words);
    }
    if !found.is_doubtful(seen, place) {
        check_words(seen, field, path, found);
    }
    check_messages(seen, &field.checks, &[path, "/checks"].concat(), found);
    check_messages(seen, &field.row_checks, &[path, "/rowChecks"].concat(), found);
}

/// Why a default that is known beforehand is no answer.
fn default_words(seen: &Seen, field: &Field) -> Option<String> {
    let rule = field.default.as_ref().filter(|rule| rule.reads().is_empty())?;
    let steps = Cell::new(limits::STEPS);
    let data = Data { scopes: &[], today: Some(seen.today), steps: &steps, met_blank: None };
    let value = rule.evaluate(&data).ok()?;
    let finding = match field.kind.read(&value) {
        Err(finding) => Some(finding),
        Ok(None) => None,
        Ok(Some(answer)) => {
            let mut findings = Vec::new();
            let at = At { today: seen.today, required: field.required };
            field.kind.check(&answer, &at, &mut findings);
            findings.into_iter().find(Finding::is_error)
        }
    }?;
    let said = messages::message(
        &finding.code,
        &finding.params,
        "the field",
        "en",
        crate::Vocabulary::WHOLE,
    );
    Some(format!("this is no valid answer of the field ({}: {said})", finding.code))
}

/// The words that a field has in place of the kit's.
fn check_words(seen: &Seen, field: &Field, path: &str, found: &mut Found) {
    let name = field.kind.name();
    let all = || ALL.iter().copied().flatten();
    let own: Vec<&str> = all()
        .filter(|known| known.name == name)
        .flat_map(|known| known.messages)
        .map(|(code, ..)| *code)
        .chain(
            messages::SHARED
                .iter()
                .map(|(code, ..)| *code)
                .filter(|code| is_found(code, field.kind.shape(), field.kind.is_chosen())),
        )
        .collect();
    let checks = field.checks.iter().chain(&field.row_checks);
    let checks: Vec<&str> = checks.map(|check| check.code.as_deref().unwrap_or("check")).collect();
    let examples = all().find(|known| known.name == name).map_or("", |known| known.examples);
    for (code, words) in &field.messages {
        let path = [path, "/messages", &pointer(code)].concat();
        let code = code.as_str();
        if checks.contains(&code) {
            let words = "it is not used: a check has its words in its own `message`".to_owned();
            found.say(seen, Weight::Warning, "no-effect", &path, words);
            continue;
        }
        let elsewhere = || all().flat_map(|known| known.messages).any(|(known, ..)| *known == code);
        let in_examples = ["code", "warning"]
            .iter()
            .any(|member| examples.contains(&format!("\"{member}\": \"{code}\"")));
        if own.contains(&code) || in_examples {
            let known = messages::find(code, crate::Vocabulary::WHOLE).1;
            let unknown =
                |name: &String| !known.contains(&format!("{{{name}}}")) && name != "label";
            for name in parameters(&words.to_value().to_string()).into_iter().filter(unknown) {
                let words = format!(
                    "`{{{name}}}` may stay as it is: what is found here says {}",
                    match parameters(known) {
                        names if names.is_empty() => "nothing but {label}".to_owned(),
                        names => format!("{{{}}}", names.join("}, {")),
                    }
                );
                found.say(seen, Weight::Hint, "unknown-parameter", &path, words);
            }
        } else if elsewhere() {
            let words = format!("a field of type `{name}` may never find `{code}`");
            found.say(seen, Weight::Hint, "unknown-code", &path, words);
        } else {
            let words = match nearest(code, own.iter().copied()) {
                Some(near) => format!("nothing finds `{code}`: did you mean `{near}`?"),
                None => format!(
                    "nothing finds `{code}`; a field of type `{name}` finds {}",
                    own.join(", ")
                ),
            };
            found.say(seen, Weight::Warning, "unknown-code", &path, words);
        }
    }
}

/// Parameters in the messages of checks: there is none but the label.
fn check_messages(seen: &Seen, checks: &[Check], path: &str, found: &mut Found) {
    for (at, check) in checks.iter().enumerate() {
        for name in parameters(&check.message.to_value().to_string()) {
            if name != "label" {
                let words = format!("`{{{name}}}` stays as it is: only {{label}} is filled in");
                let path = format!("{path}/{at}/message");
                found.say(seen, Weight::Warning, "unknown-parameter", &path, words);
            }
        }
    }
}

/// The names in braces, each once.
fn parameters(words: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in words.split('{').skip(1) {
        let Some((name, _)) = part.split_once('}') else { continue };
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !name.is_empty() && name.chars().all(fits) && !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    }
    names
}

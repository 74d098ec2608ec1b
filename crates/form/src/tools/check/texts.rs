//! Words for people: whether they are there in every language of the form and in no other, and
//! whether labels are short enough to be read. Where a definition holds words is told by the
//! language's own schema, so a new type of field needs nothing here.

use serde_json::Value;

use super::error_words::nearest;
use super::{Found, Seen, Weight};
use crate::finding::pointer;
use crate::tools::document::{Held, Node};
use crate::tools::language::{self, reference};

/// The most characters of what should be read at a glance.
const LONG: usize = 200;

/// Members that are read at a glance.
const SHORT: [&str; 8] =
    ["label", "title", "rowTitle", "addLabel", "other", "unit", "name", "message"];

/// The languages of ISO 639-1.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch \
    co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he \
    hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv \
    kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny \
    oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su \
    sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Tags that are written and that are meant.
const MEANT: [(&str, &str); 8] = [
    ("tha", "th"),
    ("thai", "th"),
    ("ไทย", "th"),
    ("eng", "en"),
    ("english", "en"),
    ("jp", "ja"),
    ("cn", "zh"),
    ("mm", "my"),
];

pub(super) fn check(seen: &Seen, found: &mut Found) {
    let mut languages: Vec<String> = Vec::new();
    for (at, tag) in seen.form.definition().languages.iter().enumerate() {
        let path = format!("/languages/{at}");
        if let Some((severity, words)) = tag_words(tag) {
            found.say(seen, severity, "unknown-language", &path, words);
        }
        // What is meant counts: one mistake is not told at every text.
        let tag = meant(tag).unwrap_or(tag);
        if !languages.iter().any(|known| known == tag) {
            languages.push(tag.to_owned());
        }
    }
    let schema = language::shared();
    let mut texts = Vec::new();
    collect(schema, schema, seen.root, "", "", &mut texts);
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    texts.dedup_by(|a, b| a.path == b.path);
    for text in texts {
        check_text(seen, &languages, &text, found);
    }
}

/// The tag that was meant, where it is another.
fn meant(tag: &str) -> Option<&'static str> {
    let lower = tag.to_lowercase();
    let primary = lower.split('-').next();
    let kit = ["th", "en"].into_iter().find(|own| Some(*own) == primary && *own != tag);
    let meant = MEANT.iter().find(|(written, _)| *written == lower).map(|(_, meant)| *meant);
    meant.or(kit)
}

fn tag_words(tag: &str) -> Option<(Weight, String)> {
    let lower = tag.to_lowercase();
    let primary = lower.split('-').next().unwrap_or_default();
    if let Some(meant) = meant(tag) {
        return Some((Weight::Warning, format!("unknown language `{tag}`: write `{meant}`")));
    }
    let is_known = LANGUAGES.split(' ').any(|known| known == primary)
        || primary.len() == 3 && primary.bytes().all(|byte| byte.is_ascii_lowercase());
    let good = tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_known || !good {
        let words = format!("unknown language `{tag}`: write its code, as `th`, `en` or `ms`");
        return Some((Weight::Warning, words));
    }
    (!["th", "en"].contains(&tag)).then(|| {
        let words = format!(
            "the kit's own words (buttons, what is wrong) are in Thai and English; readers of \
             `{tag}` get the English ones"
        );
        (Weight::Hint, words)
    })
}

/// Words in a definition.
struct Words<'a> {
    path: String,
    /// The member that holds them.
    name: String,
    node: &'a Node,
}

/// Follows the language's schema through a definition to all words for people.
fn collect<'a>(
    root: &Value,
    schema: &Value,
    node: &'a Node,
    path: &str,
    name: &str,
    texts: &mut Vec<Words<'a>>,
) {
    if let Some(to) = schema["$ref"].as_str() {
        if to == reference("Text") {
            if !matches!(node.held, Held::List(_)) {
                texts.push(Words { path: path.to_owned(), name: name.to_owned(), node });
            }
            return;
        }
        if to == reference("Rule") {
            return;
        }
        let of = to.strip_prefix('#').and_then(|to| root.pointer(to)).unwrap_or(&Value::Null);
        collect(root, of, node, path, name, texts);
    }
    for ways in ["anyOf", "oneOf", "allOf"] {
        for way in schema[ways].as_array().into_iter().flatten() {
            collect(root, way, node, path, name, texts);
        }
    }
    // The branch for the type of a field.
    let kind = &schema["if"]["properties"]["type"]["const"];
    if !kind.is_null() && node.get("type").and_then(Node::as_str) == kind.as_str() {
        collect(root, &schema["then"], node, path, name, texts);
    }
    match &node.held {
        Held::Object(members) => {
            for member in members {
                let own = schema["properties"].get(&member.name);
                let of = own.unwrap_or(&schema["additionalProperties"]);
                let path = [path, &pointer(&member.name)].concat();
                collect(root, of, &member.node, &path, &member.name, texts);
            }
        }
        Held::List(items) => {
            for (at, item) in items.iter().enumerate() {
                collect(root, &schema["items"], &item.node, &format!("{path}/{at}"), name, texts);
            }
        }
        Held::Plain(_) => {}
    }
}

fn check_text(seen: &Seen, languages: &[String], text: &Words, found: &mut Found) {
    let path = &text.path;
    let mut all: Vec<(String, &str)> = Vec::new();
    match &text.node.held {
        Held::Plain(Value::String(words)) => {
            all.push((path.clone(), words));
            if languages.len() > 1 && words.chars().any(char::is_alphabetic) {
                let tags: Vec<String> =
                    languages.iter().map(|tag| format!("\"{tag}\": \"…\"")).collect();
                let words = format!(
                    "readers of every language get these same words: write {{ {} }}",
                    tags.join(", ")
                );
                found.say(seen, Weight::Warning, "text-missing", path, words);
            }
        }
        Held::Object(members) => {
            for tag in languages {
                let own = members.iter().find(|member| member.name == *tag);
                if own.is_none() {
                    let words = format!("there are no words in `{tag}`");
                    found.say(seen, Weight::Warning, "text-missing", path, words);
                }
            }
            for member in members {
                let path = [path.as_str(), &pointer(&member.name)].concat();
                if !languages.contains(&member.name) {
                    let listed = languages.join("`, `");
                    let near = nearest(&member.name, languages.iter().map(String::as_str));
                    let words = match near {
                        Some(near) => format!(
                            "the form has no language `{}`: did you mean `{near}`?",
                            member.name
                        ),
                        None => format!(
                            "the form has no language `{}`, its `languages` are `{listed}`",
                            member.name
                        ),
                    };
                    found.say(seen, Weight::Warning, "text-unlisted", &path, words);
                }
                all.push((path, member.node.as_str().unwrap_or_default()));
            }
        }
        _ => {}
    }
    for (path, words) in all {
        let length = words.chars().count();
        if words.trim().is_empty() {
            found.say(
                seen,
                Weight::Warning,
                "text-missing",
                &path,
                "there are no words".to_owned(),
            );
        } else if length > LONG && SHORT.contains(&text.name.as_str()) {
            let words = format!(
                "{length} characters are too many to be read at a glance: keep it below {LONG}, \
                 and put the rest into a hint"
            );
            found.say(seen, Weight::Hint, "text-long", &path, words);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::tag_words;

    #[test]
    fn tags_of_languages_are_known() {
        for tag in ["th", "en"] {
            assert_eq!(tag_words(tag), None);
        }
        for (tag, words) in [
            ("tha", "write `th`"),
            ("TH", "write `th`"),
            ("th-TH", "write `th`"),
            ("en-GB", "write `en`"),
            ("xx", "unknown language `xx`"),
            ("ms", "readers of `ms` get the English ones"),
            ("mfa", "readers of `mfa`"),
            ("zh-Hans", "readers of `zh-Hans`"),
        ] {
            let said = tag_words(tag).unwrap().1;
            assert!(said.contains(words), "{tag}: {said}");
        }
    }
}

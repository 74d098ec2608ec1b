//! `url`: the address of a web page, http or https, as the URL standard (WHATWG) has it where it is
//! about what people type.
//!
//! A missing `https://` is put before it; scheme and host are kept in small letters, the rest stays
//! as it was typed. The host needs a dot, so that words and `localhost` are not taken for
//! addresses; it may be in any script. A name or a password in an address is refused: it would be
//! read by all who read the answer.

use serde_json::Value;

use super::typing::{is_digits, narrow};
use super::{FieldType, Reading, typed};
use crate::reader::Members;
use crate::{DefinitionError, Finding};

/// The address of a web page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema))]
pub struct Url {}

/// The most characters: addresses that are longer fail in browsers and servers.
const LONGEST: usize = 2048;

field_type!(
    "url",
    Url,
    [
        (
            "url",
            "ใส่ที่อยู่เว็บไซต์ให้ครบ เช่น https://www.example.go.th",
            "Enter the whole web address, for example https://www.example.go.th",
        ),
        (
            "url-spaces",
            "ที่อยู่เว็บไซต์มีเว้นวรรคไม่ได้ โปรดใส่เพียงหนึ่งที่อยู่",
            "A web address has no spaces; enter one address only",
        ),
        (
            "url-scheme",
            "ที่อยู่เว็บไซต์ขึ้นต้นด้วย https:// หรือ http:// เท่านั้น",
            "A web address starts with https:// or http://",
        ),
        (
            "url-credentials",
            "โปรดลบชื่อผู้ใช้และรหัสผ่านออกจากที่อยู่เว็บไซต์",
            "Remove the user name and the password from the web address",
        ),
        (
            "url-email",
            "ใส่ที่อยู่เว็บไซต์ ไม่ใช่อีเมล เช่น https://www.example.go.th",
            "Enter a web address, not an e-mail address, for example https://www.example.go.th",
        ),
        (
            "url-long",
            "ที่อยู่เว็บไซต์ยาวไม่เกิน {max} ตัวอักษร ตอนนี้มี {have}",
            "A web address has at most {max} characters; there are {have} now",
        ),
    ]
);

impl Url {
    fn from_members(_: &mut Members) -> Result<Self, DefinitionError> {
        Ok(Self {})
    }
}

impl FieldType for Url {
    fn read(&self, entry: &Value) -> Reading {
        // Not cleaned as other lines are: the letters behind the host must stay as they are.
        let unseen = |c: char| matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}');
        let text = typed(entry)?.replace(unseen, "");
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let url = read(text)?;
        let have = url.chars().count();
        if have > LONGEST {
            return Err(Finding::error("url-long").with("max", LONGEST).with("have", have));
        }
        Ok(Some(Value::String(url)))
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let inside = "[^\\s/?#@:.<>\"\\\\]";
        let end = "[^\\s/?#@:.<>\"\\\\-]";
        let label = format!("{end}({inside}*{end})?");
        let pattern =
            format!("^https?://{label}(\\.{label})+(:[0-9]{{1,5}})?([/?#][^\\s<>\"\\\\]*)?$");
        serde_json::json!({ "type": "string", "maxLength": LONGEST, "pattern": pattern })
    }
}

fn read(text: &str) -> Result<String, Finding> {
    if text.contains(char::is_whitespace) {
        return Err(Finding::error("url-spaces"));
    }
    if text.contains(|c: char| c.is_control() || matches!(c, '<' | '>' | '"' | '\\')) {
        return Err(Finding::error("url"));
    }
    let typed = scheme(text)?;
    let (scheme, rest) = typed.unwrap_or(("https", text));
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, rest) = rest.split_at(end);
    if authority.contains('@') {
        let code = if typed.is_some() { "url-credentials" } else { "url-email" };
        return Err(Finding::error(code));
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let host = narrow(host).to_ascii_lowercase();
    if !is_host(&host) || !port.is_none_or(is_port) {
        return Err(Finding::error("url"));
    }
    let (colon, port) = port.map_or(("", ""), |port| (":", port));
    Ok([scheme, "://", &host, colon, port, rest].concat())
}

/// The scheme and what comes behind `://`, where there is a scheme.
fn scheme(text: &str) -> Result<Option<(&'static str, &str)>, Finding> {
    if let Some(rest) = text.strip_prefix("//") {
        return Ok(Some(("https", rest)));
    }
    let Some((before, rest)) = text.split_once(':') else { return Ok(None) };
    // The colon of a port, or of something behind the host.
    if before.contains(['/', '?', '#', '.', '@']) || rest.starts_with(|c: char| c.is_ascii_digit())
    {
        return Ok(None);
    }
    let known = ["https", "http"].into_iter().find(|known| before.eq_ignore_ascii_case(known));
    match (known, rest.strip_prefix("//")) {
        (Some(known), Some(rest)) => Ok(Some((known, rest))),
        _ => Err(Finding::error("url-scheme")),
    }
}

/// Whether this is the name of a host with a dot, or an IPv4 address.
fn is_host(host: &str) -> bool {
    let last = host.rsplit('.').next().unwrap_or_default();
    if is_digits(last) {
        let byte = |part: &str| is_digits(part) && part.len() <= 3 && part.parse::<u8>().is_ok();
        return host.split('.').count() == 4 && host.split('.').all(byte);
    }
    host.contains('.') && host.chars().count() <= 253 && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inside = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || !c.is_ascii();
    (1..=63).contains(&label.chars().count())
        && label.chars().all(inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

fn is_port(port: &str) -> bool {
    is_digits(port) && port.len() <= 5 && port.parse::<u16>().is_ok_and(|port| port > 0)
}

//! `attachment`: files, as scans and photographs of documents.
//!
//! The answer, and so the entry, is an array of `{ name, type, size, sha256 }`. The bytes travel
//! beside the answers (see [`crate::Enclosed`]) and are proved by their digest; this type sees no
//! bytes. So `type` is what the phone says of the file, and whoever opens it must look for
//! themselves. A file without a digest has been chosen and not been read yet. An entry, and no
//! answer, may say [`AS_TAKEN`] of a file.

use serde_json::{Map, Value};

use super::{At, FieldType, Reading, Wording, photograph};
use crate::limits::{ATTACHED_BYTES, UPLOADED_BYTES_MOST};
use crate::reader::{self, Members};
use crate::{DefinitionError, Finding, thai};

/// The most characters of a file's name, as Unicode counts them.
const MOST_CHARACTERS: usize = 255;

/// The member of a file in an entry that is `true` where the phone could not take out of a photograph
/// what the camera wrote into it.
pub const AS_TAKEN: &str = "asTaken";

pub(super) const JPEG: &str = "image/jpeg";
pub(super) const PNG: &str = "image/png";

/// Media types and how the names of their files end; the first is the usual one.
const MEDIA: [(&str, &[&str]); 18] = [
    ("application/pdf", &["pdf"]),
    (JPEG, &["jpg", "jpeg", "jpe", "jfif"]),
    (PNG, &["png"]),
    ("image/heic", &["heic"]),
    ("image/heif", &["heif"]),
    ("image/webp", &["webp"]),
    ("image/gif", &["gif"]),
    ("image/avif", &["avif"]),
    ("image/bmp", &["bmp"]),
    ("image/tiff", &["tif", "tiff"]),
    ("text/plain", &["txt"]),
    ("text/csv", &["csv"]),
    ("application/msword", &["doc"]),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", &["docx"]),
    ("application/vnd.ms-excel", &["xls"]),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", &["xlsx"]),
    ("application/vnd.oasis.opendocument.text", &["odt"]),
    ("application/vnd.oasis.opendocument.spreadsheet", &["ods"]),
];

/// What is taken where the definition does not say: what a phone's camera and scanner make.
const USUAL: [&str; 2] = ["image/*", "application/pdf"];

/// Files. The answer is an array of `{ name, type, size, sha256 }`: the file's name, its media type
/// as the phone has it, its size in bytes, and its SHA-256 in 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Attachment {
    /// The media types that are taken, as `application/pdf` or `image/*`; images and PDF unless
    /// told. SVG, which can hold a program, is not one of `image/*`: it must be named itself.
    pub accept: Option<Vec<String>>,
    /// The most bytes of one file: 8388608 (8 MiB) unless told, and never more than all files of a
    /// submission may have together (see `submit.uploads`).
    pub max_size: Option<u64>,
    /// The fewest files, where any is attached at all.
    pub min: Option<u64>,
    /// The most files; 1 unless told, or `min` where that is more.
    pub max: Option<u64>,
    /// Whether photographs are kept as the camera made them, with the place and time that it wrote
    /// into them, as where they are evidence. Unless told, the phone makes them upright and small
    /// (at most 1,600 pixels, about 500 KB) and takes all of that out.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub original: bool,
}

field_type!(
    "attachment",
    Attachment,
    [
        (
            "attachment-type",
            "ไฟล์ที่ {n} เป็นชนิดที่แบบฟอร์มนี้ไม่รับ โปรดแนบ {accept}",
            "File {n} is of a kind that this form does not take; attach: {accept}",
        ),
        (
            "attachment-empty",
            "ไฟล์ที่ {n} ว่างเปล่า โปรดเลือกไฟล์ใหม่",
            "File {n} is empty; choose the file again",
        ),
        (
            "attachment-size",
            "ไฟล์ที่ {n} ใหญ่เกินไป ใช้ไฟล์ที่มีขนาดไม่เกิน {max}",
            "File {n} is too large; attach one of at most {max}",
        ),
        (
            "attachment-total",
            "ไฟล์ที่แนบทั้งแบบฟอร์มรวมกันใหญ่เกินไป รวมกันได้ไม่เกิน {max} โปรดนำบางไฟล์ออก หรือแนบไฟล์ที่เล็กลง",
            "All files of this form together are too large; they may have {max}: remove one or attach smaller ones",
        ),
        (
            "attachment-name",
            "เปลี่ยนชื่อไฟล์ที่ {n} ให้สั้นและไม่มีเครื่องหมาย / หรือ \\ แล้วแนบใหม่",
            "Give file {n} a short name without / or \\ and attach it again",
        ),
        (
            "attachment-digest",
            "อ่านไฟล์ที่ {n} ไม่สำเร็จ โปรดแนบใหม่",
            "File {n} could not be read; attach it again",
        ),
        (
            "attachment-unread",
            "ยังอ่านไฟล์ที่ {n} ไม่เสร็จ โปรดรอสักครู่ หากนานเกินไปให้นำออกแล้วแนบใหม่",
            "File {n} has not been read yet; wait a moment, or remove it and attach it again",
        ),
        (
            "attachment-missing",
            "ไม่พบเนื้อหาของไฟล์ที่ {n} โปรดนำออกแล้วแนบใหม่",
            "The content of file {n} is not there; remove it and attach it again",
        ),
        (
            "attachment-length",
            "ไฟล์ที่ {n} มีขนาดไม่ตรงกับที่แจ้งไว้ โปรดนำออกแล้วแนบใหม่",
            "File {n} is of another size than was said; remove it and attach it again",
        ),
        (
            "attachment-unknown",
            "มีไฟล์ที่ไม่ได้อยู่ในคำตอบข้อใด โปรดแนบไฟล์ใหม่",
            "There is a file that no answer names; attach the files again",
        ),
        (
            "attachment-twice",
            "ไฟล์ที่ {n} เหมือนกับไฟล์ก่อนหน้า โปรดนำออกหรือเลือกไฟล์อื่น",
            "File {n} is the same as an earlier one; remove it or choose another",
        ),
        (
            "attachment-few",
            "แนบอย่างน้อย {needs} ไฟล์ ตอนนี้มี {have}",
            "Attach at least {needs} files; there are {have} now",
        ),
        (
            "attachment-many",
            "แนบไม่เกิน {needs} ไฟล์ ตอนนี้มี {have}",
            "Attach at most {needs}; there are {have} now",
        ),
    ]
);

/// A media type to take: one, or all of a kind as `image/*`.
fn media_type(value: Value) -> Result<String, DefinitionError> {
    let text = reader::string(value)?.to_ascii_lowercase();
    let words = "expected a media type as \"application/pdf\" or \"image/*\"";
    let known = is_media(text.strip_suffix('*').unwrap_or(&text), text.ends_with('*'));
    if known { Ok(text) } else { Err(DefinitionError::new(words)) }
}

/// Whether this is `TYPE/SUBTYPE` in the lower-case characters of RFC 6838, section 4.2. Only such a
/// type may be kept: it goes into headers and pages. `open`: the subtype is left out.
fn is_media(text: &str, open: bool) -> bool {
    let fit = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"!#$&-^_.+".contains(&byte)
    };
    let name = |name: &str| (1..=127).contains(&name.len()) && name.bytes().all(fit);
    text.split_once('/')
        .is_some_and(|(kind, sub)| name(kind) && if open { sub.is_empty() } else { name(sub) })
}

impl Attachment {
    /// The media types that are taken, told or not.
    pub fn accepted(&self) -> Vec<&str> {
        match &self.accept {
            Some(types) => types.iter().map(String::as_str).collect(),
            None => USUAL.to_vec(),
        }
    }

    /// The most bytes of one file, told or not.
    pub fn max_size(&self) -> u64 {
        self.max_size.unwrap_or(ATTACHED_BYTES)
    }

    /// The most files, told or not.
    pub fn max(&self) -> u64 {
        self.max.unwrap_or_else(|| self.min.unwrap_or_default().max(1))
    }

    fn from_members(members: &mut Members) -> Result<Self, DefinitionError> {
        let accept = members.opt_list("accept", media_type)?;
        if accept.as_ref().is_some_and(Vec::is_empty) {
            return Err(DefinitionError::new("expected at least one media type").under("accept"));
        }
        let max_size = members.opt_whole("maxSize", UPLOADED_BYTES_MOST)?;
        if max_size == Some(0) {
            return Err(DefinitionError::new("expected at least 1").under("maxSize"));
        }
        let (min, max) = members.opt_range("min", "max")?;
        if max == Some(0) {
            return Err(DefinitionError::new("expected at least 1").under("max"));
        }
        Ok(Self { accept, max_size, min, max, original: members.flag("original")? })
    }

    /// Whether files of this media type are taken.
    pub fn takes(&self, media: &str) -> bool {
        let taken = |known: &str| match known.strip_suffix('*') {
            Some(kind) => media.starts_with(kind) && media != "image/svg+xml",
            None => media == known,
        };
        is_media(media, false) && self.accepted().into_iter().any(taken)
    }

    /// What is wrong with one file.
    fn find(&self, file: &Value) -> Option<Finding> {
        self.refusal(file).or_else(|| match text_of(file, "sha256") {
            "" => Some(Finding::error("attachment-unread")),
            digest => (!is_digest(digest)).then(|| Finding::error("attachment-digest")),
        })
    }

    /// What is wrong with one file that can be told before it is read: its `name`, `type` and
    /// `size`. The words of the finding have `{n}` for which of the files it is.
    pub fn refusal(&self, file: &Value) -> Option<Finding> {
        let text = |name: &str| text_of(file, name);
        let size = size_of(file);
        if !is_name(text("name")) {
            return Some(Finding::error("attachment-name"));
        }
        if !self.takes(text("type")) {
            let said = [("th", true), ("en", false)]
                .map(|(language, thai)| (language.to_owned(), self.accepted_in_words(thai).into()));
            let said = Value::Object(Map::from_iter(said));
            return Some(Finding::error("attachment-type").with("accept", said));
        }
        if size == 0 {
            return Some(Finding::error("attachment-empty"));
        }
        if size > self.max_size() {
            let max = size_in_words(self.max_size());
            return Some(Finding::error("attachment-size").with("max", max));
        }
        None
    }

    /// The media type that a photograph of this media type is kept as: JPEG, or PNG where the field
    /// takes no JPEG. None for what is kept as it is.
    pub fn kept_as(&self, media: &str) -> Option<&'static str> {
        let made = !self.original && photograph::is_photograph(media);
        [JPEG, PNG].into_iter().find(|kept| made && self.takes(kept))
    }

    /// Whether a file of an entry, which has been read, is a picture as the camera wrote it where the
    /// form does not ask for that: it may say where it was taken.
    pub fn is_as_taken(&self, file: &Value) -> bool {
        let media = text_of(file, "type");
        // A picture of a kind that is never made small is as it was. A GIF or SVG is of no camera.
        let says_so = file.get(AS_TAKEN) == Some(&Value::Bool(true))
            || !matches!(media, JPEG | PNG | "image/gif" | "image/svg+xml");
        says_so
            && media.starts_with("image/")
            && !text_of(file, "sha256").is_empty()
            && self.kept_as(JPEG).is_some()
    }

    /// What is taken, in words.
    pub fn accepted_in_words(&self, thai: bool) -> String {
        let words: Vec<String> =
            self.accepted().into_iter().map(|media| media_in_words(media, thai)).collect();
        words.join(", ")
    }
}

/// The media type of a file by the end of its name, where the phone does not say; empty where the
/// end is not known.
pub fn media_by_name(name: &str) -> &'static str {
    let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let mut ends = MEDIA.iter().flat_map(|(media, ends)| ends.iter().map(move |end| (media, end)));
    ends.find(|(_, known)| **known == end).map_or("", |(media, _)| media)
}

/// How the name of a file of this media type ends, without the dot; none where that is not known.
pub fn end_of_name(media: &str) -> Option<&'static str> {
    MEDIA.iter().find(|(known, _)| *known == media)?.1.first().copied()
}

/// The name of a file that has become one of this media type: `IMG_1.HEIC` is `IMG_1.jpg`.
pub fn renamed(name: &str, media: &str) -> String {
    let known = media_by_name(name);
    if known == media {
        return name.to_owned();
    }
    let stem = name.rsplit_once('.').filter(|_| !known.is_empty()).map_or(name, |(stem, _)| stem);
    [stem, ".", end_of_name(media).unwrap_or_default()].concat()
}

/// The bytes of files together.
pub(crate) fn bytes_of(files: &[Value]) -> u64 {
    files.iter().fold(0, |sum, file| sum.saturating_add(size_of(file)))
}

/// What is found where all files of a form have more bytes together than the `most` that travel with it.
pub fn too_much_together(most: u64) -> Finding {
    Finding::error("attachment-total").with("max", size_in_words(most))
}

pub(crate) fn text_of<'a>(file: &'a Value, name: &str) -> &'a str {
    file.get(name).and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn size_of(file: &Value) -> u64 {
    file.get("size").and_then(Value::as_u64).unwrap_or_default()
}

fn is_name(name: &str) -> bool {
    // What turns the direction of writing makes `exe` at the end look like `pdf`.
    let turns = |c: char| matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let unfit = |c: char| matches!(c, '/' | '\\') || c.is_control() || turns(c);
    (1..=MOST_CHARACTERS).contains(&name.chars().count())
        && !matches!(name, "." | "..")
        && !name.contains(unfit)
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// «รูปภาพ» for `image/*`, `PDF` for `application/pdf`.
fn media_in_words(media: &str, thai: bool) -> String {
    let (th, en) = match media {
        "image/*" => ("รูปภาพ", "images"),
        "audio/*" => ("เสียง", "sound"),
        "video/*" => ("วิดีโอ", "video"),
        "text/*" | "text/plain" => ("ข้อความ", "text"),
        "application/msword"
        | "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => {
            ("Word", "Word")
        }
        "application/vnd.ms-excel"
        | "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => ("Excel", "Excel"),
        "image/svg+xml" => ("SVG", "SVG"),
        other => {
            let (kind, sub) = other.split_once('/').unwrap_or((other, ""));
            return if sub == "*" { kind.to_owned() } else { sub.to_ascii_uppercase() };
        }
    };
    if thai { th } else { en }.to_owned()
}

/// `120 KB`, `4.5 MB`: of 1,024 and 1,048,576 bytes, as phones count.
pub fn size_in_words(bytes: u64) -> String {
    const KB: u64 = 1024;
    const MB: u64 = KB * KB;
    if bytes < MB - KB / 2 {
        return (bytes.saturating_add(KB / 2) / KB).max(1).to_string() + " KB";
    }
    let tenths = bytes.saturating_mul(10).saturating_add(MB / 2) / MB;
    let whole = (tenths / 10).to_string();
    match tenths % 10 {
        0 => whole + " MB",
        tenth => [&whole, ".", &tenth.to_string(), " MB"].concat(),
    }
}

/// A file of an entry with the four members that it must have and no others.
fn read_file(file: &Value) -> Option<Value> {
    let text = |name: &str| file.get(name).and_then(Value::as_str);
    let size = file.get("size").and_then(Value::as_u64)?;
    // Without parameters, as `; charset=utf-8`.
    let media = text("type")?.split(';').next().unwrap_or_default();
    let members = [
        ("name", Value::String(thai::clean_line(text("name")?))),
        ("type", Value::String(media.trim().to_ascii_lowercase())),
        ("size", size.into()),
        ("sha256", Value::String(text("sha256").unwrap_or_default().to_owned())),
    ];
    Some(Value::Object(members.into_iter().map(|(name, of)| (name.to_owned(), of)).collect()))
}

impl FieldType for Attachment {
    fn read(&self, entry: &Value) -> Reading {
        let files = match entry {
            Value::Null => return Ok(None),
            Value::Array(files) => files,
            _ => return Err(Finding::error("type")),
        };
        let mut read = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let unread = || Finding::error("type").part(&index.to_string());
            read.push(read_file(file).ok_or_else(unread)?);
        }
        Ok((!read.is_empty()).then_some(Value::Array(read)))
    }

    fn check(&self, answer: &Value, _: &At, found: &mut Vec<Finding>) {
        let files = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        // Not beyond the most: each is compared with all before it.
        let most = usize::try_from(self.max()).unwrap_or(usize::MAX);
        for (index, file) in files.iter().take(most).enumerate() {
            let same = |earlier: &Value| earlier.get("sha256") == file.get("sha256");
            let wrong = self.find(file).or_else(|| {
                files[..index].iter().any(same).then(|| Finding::error("attachment-twice"))
            });
            found.extend(wrong.map(|wrong| wrong.with("n", index + 1).part(&index.to_string())));
        }
        let have = files.len() as u64;
        let (code, needs) = match self.min {
            Some(min) if have < min => ("attachment-few", min),
            _ if have > self.max() => ("attachment-many", self.max()),
            _ => return,
        };
        found.push(Finding::error(code).with("needs", needs).with("have", have));
    }

    /// «บัตร.pdf (120 KB), บ้าน.jpg (2.4 MB)».
    fn in_words(&self, answer: &Value, _: &Wording) -> String {
        let files = answer.as_array().map(Vec::as_slice).unwrap_or_default();
        let said = |file: &Value| {
            [text_of(file, "name"), " (", &size_in_words(size_of(file)), ")"].concat()
        };
        files.iter().map(said).collect::<Vec<String>>().join(", ")
    }

    fn files<'a>(&self, answer: &'a Value) -> Option<&'a [Value]> {
        Some(answer.as_array().map(Vec::as_slice).unwrap_or_default())
    }

    // Nobody else can give it.
    fn is_given(&self) -> bool {
        false
    }

    fn keeps_digits(&self) -> bool {
        true
    }

    #[cfg(feature = "tools")]
    fn schema(&self) -> Value {
        let media = |known: &str| match known.strip_suffix('*') {
            Some(kind) => {
                let pattern = ["^", &regex_lite::escape(kind), "[a-z0-9!#$&^_.+-]+$"].concat();
                serde_json::json!({ "pattern": pattern, "not": { "const": "image/svg+xml" } })
            }
            None => serde_json::json!({ "const": known }),
        };
        let accepted: Vec<Value> = self.accepted().into_iter().map(media).collect();
        serde_json::json!({
            "type": "array",
            "minItems": self.min.unwrap_or(1).max(1), "maxItems": self.max(), "uniqueItems": true,
            "items": {
                "type": "object", "additionalProperties": false,
                "required": ["name", "type", "size", "sha256"],
                "properties": {
                    "name": {
                        "type": "string", "minLength": 1, "maxLength": MOST_CHARACTERS,
                        "pattern": "^[^/\\\\]+$"
                    },
                    "type": { "type": "string", "anyOf": accepted },
                    "size": { "type": "integer", "minimum": 1, "maximum": self.max_size() },
                    "sha256": { "type": "string", "pattern": "^[0-9a-f]{64}$" }
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn limits_that_no_file_could_keep_are_refused() {
        let cases = [
            (json!({ "accept": [] }), "/accept: expected at least one media type"),
            (json!({ "accept": [".pdf"] }), "/accept/0: expected a media type"),
            (json!({ "accept": ["image/png", "*/*"] }), "/accept/1: expected a media type"),
            (json!({ "accept": ["image/"] }), "/accept/0: expected a media type"),
            (json!({ "maxSize": 0 }), "/maxSize: expected at least 1"),
            (
                json!({ "maxSize": 1_u64 << 31 }),
                "/maxSize: expected a whole number, 0 to 1073741824",
            ),
            (json!({ "max": 0 }), "/max: expected at least 1"),
            (json!({ "min": 3, "max": 2 }), "/min: expected no more than `max`"),
        ];
        for (field, words) in cases {
            let error = Attachment::from_members(&mut Members::of(field).unwrap()).unwrap_err();
            assert!(error.to_string().starts_with(words), "{error}");
        }
        let three = json!({ "min": 3 });
        assert_eq!(Attachment::from_members(&mut Members::of(three).unwrap()).unwrap().max(), 3);
    }

    #[test]
    fn photographs_are_kept_as_what_the_field_takes() {
        let cases = [
            (json!({}), "image/heic", Some(JPEG)),
            (json!({}), "image/png", Some(JPEG)),
            (json!({ "accept": ["image/png", "application/pdf"] }), "image/jpeg", Some(PNG)),
            (json!({ "accept": ["application/pdf"] }), "image/jpeg", None),
            (json!({ "accept": ["image/webp"] }), "image/webp", None),
            (json!({}), "application/pdf", None),
            (json!({ "accept": ["image/svg+xml", "image/*"] }), "image/svg+xml", None),
            (json!({}), "image/gif", None),
            (json!({ "original": true }), "image/jpeg", None),
        ];
        for (field, media, kept) in cases {
            let members = &mut Members::of(field.clone()).unwrap();
            let found = Attachment::from_members(members).unwrap().kept_as(media);
            assert_eq!(found, kept, "{field} {media}");
        }
    }

    #[test]
    fn a_picture_that_may_say_where_it_was_taken_is_told() {
        let read = |media: &str| json!({ "name": "a", "type": media, "size": 9, "sha256": "ca" });
        let as_taken = |media: &str| {
            let mut file = read(media);
            file[AS_TAKEN] = true.into();
            file
        };
        let cases = [
            (json!({}), read("image/jpeg"), false),
            (json!({}), as_taken("image/jpeg"), true),
            (json!({}), as_taken("image/png"), true),
            (json!({}), read("image/heic"), true),
            (json!({}), as_taken("image/heic"), true),
            (json!({}), read("image/tiff"), true),
            (json!({}), read("image/gif"), false),
            (json!({}), read("application/pdf"), false),
            (json!({}), json!({ "type": "image/heic" }), false),
            (json!({ "original": true }), read("image/heic"), false),
            (json!({ "accept": ["image/png", "image/heic"] }), read("image/heic"), true),
            // Where nothing could be made of it, the form asks for what it gets.
            (json!({ "accept": ["image/heic"] }), read("image/heic"), false),
        ];
        for (field, file, told) in cases {
            let members = &mut Members::of(field.clone()).unwrap();
            let kind = Attachment::from_members(members).unwrap();
            assert_eq!(kind.is_as_taken(&file), told, "{field} {file}");
            // The answer does not say it.
            let answer = kind.read(&json!([file])).unwrap_or_default().unwrap_or_default();
            assert!(answer[0].get(AS_TAKEN).is_none());
        }
    }

    #[test]
    fn sizes_are_said_as_phones_say_them() {
        let cases = [
            (0, "1 KB"),
            (1, "1 KB"),
            (122_880, "120 KB"),
            (1_048_063, "1023 KB"),
            (1_048_064, "1 MB"),
            (2_516_582, "2.4 MB"),
            (26_214_400, "25 MB"),
        ];
        for (bytes, words) in cases {
            assert_eq!(size_in_words(bytes), words, "{bytes}");
        }
        assert!(size_in_words(u64::MAX).ends_with(" MB"));
    }

    #[test]
    fn what_the_phone_does_not_say_is_told_by_the_name() {
        let cases = [
            ("a.PDF", "application/pdf"),
            ("บ้าน.เก่า.jpeg", "image/jpeg"),
            ("IMG_1.HEIC", "image/heic"),
            ("a.exe", ""),
            ("pdf", ""),
            ("", ""),
        ];
        for (name, media) in cases {
            assert_eq!(media_by_name(name), media, "{name}");
        }
        for (name, media, new) in [
            ("IMG_1.HEIC", "image/jpeg", "IMG_1.jpg"),
            ("a.b.png", "image/jpeg", "a.b.jpg"),
            ("a.JPEG", "image/jpeg", "a.JPEG"),
            ("image", "image/png", "image.png"),
            ("v1.2", "image/jpeg", "v1.2.jpg"),
        ] {
            assert_eq!(renamed(name, media), new, "{name}");
        }
        for (media, ends) in MEDIA {
            assert!(is_media(media, false), "{media}");
            assert_eq!(end_of_name(media), Some(ends[0]));
            ends.iter().for_each(|end| assert_eq!(media_by_name(&format!("a.{end}")), media));
        }
    }
}

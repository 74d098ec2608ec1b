//! The files that came with submissions, written to a folder under names that are safe on an officer's
//! computer. What a file is called and what type it has is what a phone said: nothing of it may lead
//! out of the folder, hide what the file is, or run as a program when it is opened.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    path::Path,
};

use eform::{Hasher, base64, fields::attachment};
use futures_util::StreamExt as _;
use serde_json::{Value, json};

use crate::{
    Database, DatabaseError,
    cli::{CliError, file},
    private_file::{self, Replacing},
    receipt::normalise,
    uploads::Lookup,
};

/// The most bytes of a name. ext4, NTFS and others take 255.
const NAME_BYTES: usize = 240;

/// How many of them the reference and the field may take.
const PLACE_BYTES: usize = 160;

/// What every name that is not told ends with.
const UNTOLD: &str = "bin";

/// A file that an answer names, as it is written.
pub(crate) struct Named<'a> {
    /// `REFERENCE-FIELD-N-name`, or `REFERENCE-SHA256.sealed`.
    pub name: String,
    /// Where the answer names it.
    pointer: String,
    size: u64,
    pub sha256: &'a str,
    /// In base 64, of one that came inside the submission.
    content: Option<&'a str>,
}

impl Named<'_> {
    /// What is listed of it.
    pub fn to_value(&self) -> Value {
        let Self { name, pointer, size, sha256, .. } = self;
        json!({ "file": name, "pointer": pointer, "size": size, "sha256": sha256 })
    }
}

/// Writes the files of every submission of the form, or of the one with this id or reference, into a
/// folder, which is made if need be. Gives how many. A file that is there is written anew. Those that
/// came before their submission are taken from `uploads`. One that cannot be had is told on standard
/// error, by its submission's reference and its digest; it holds up no other, and what an earlier run
/// has written of it stays.
pub async fn attachments(
    database: &Database,
    uploads: &Lookup,
    form: &str,
    only: Option<&str>,
    folder: &Path,
) -> Result<usize, CliError> {
    let known = database.newest_definition(form).await.map_err(DatabaseError::from)?;
    known.ok_or_else(|| CliError::UnknownForm(form.to_owned()))?;
    private_file::create_folder(folder).map_err(|error| file(folder, error))?;
    let (mut count, mut failed, mut found) = (0, 0, false);
    let mut records = database.records(Some(form));
    while let Some(record) = records.next().await {
        let record = record.map_err(DatabaseError::from)?;
        let receipt = eform::Receipt::from(record.receipt);
        let asked = |only: &str| receipt.id == only || receipt.reference == normalise(only);
        if only.is_some_and(|only| !asked(only)) {
            continue;
        }
        found = true;
        let submission: Value = serde_json::from_slice(&record.body).map_err(io::Error::from)?;
        for named in named(&submission, &receipt.reference) {
            count += 1;
            match write(database, uploads, &receipt.id, &named, folder).await {
                Ok(()) => {}
                // So it would be with every one.
                Err(error @ (CliError::Database(_) | CliError::NoPlace(_))) => return Err(error),
                Err(error) => {
                    failed += 1;
                    // Not by its name, which a citizen has chosen.
                    eprintln!("{} {}: {error}", receipt.reference, named.sha256);
                }
            }
        }
    }
    match only {
        Some(only) if !found => Err(CliError::NotFound(only.to_owned())),
        _ if failed > 0 => Err(CliError::NotWritten { failed, of: count }),
        _ => Ok(count),
    }
}

/// All of a file, or nothing: then what was there stays.
async fn write(
    database: &Database,
    uploads: &Lookup,
    submission: &str,
    named: &Named<'_>,
    folder: &Path,
) -> Result<(), CliError> {
    let path = folder.join(&named.name);
    let told = |error| file(folder, error);
    let mut out = Replacing::begin(&path).map_err(told)?;
    let mut hasher = Hasher::default();
    let mut take = |bytes: &[u8]| {
        hasher.add(bytes);
        out.file.write_all(bytes)
    };
    match named.content {
        Some(content) => {
            let bytes = base64::decode(content).ok_or_else(|| told(another()))?;
            take(&bytes).map_err(told)?;
        }
        None => uploads.find(database, submission, named.sha256).await?.copy(&mut take).await?,
    }
    // It was checked when it came; a disk may have lost some of it since.
    if hasher.hex() != named.sha256 {
        return Err(told(another()));
    }
    out.finish().map_err(told)
}

fn another() -> io::Error {
    let words = "what is kept of it is not what was received";
    io::Error::new(io::ErrorKind::InvalidData, words)
}

/// What a sealed file is written as, for `eform-agency open --sealed-files`.
pub(crate) fn sealed_name(reference: &str, sha256: &str) -> String {
    format!("{reference}-{sha256}.sealed")
}

/// The files of a submission, in the order of the answers; sealed ones as they came. They are found by
/// their digests, so that no definition is needed.
pub(crate) fn named<'a>(submission: &'a Value, reference: &str) -> Vec<Named<'a>> {
    let text = |file: &'a Value, name: &str| file.get(name).and_then(Value::as_str);
    let listed = |name| submission.get(name).and_then(Value::as_array).into_iter().flatten();
    let files = listed("attachments").chain(listed("uploads"));
    let contents: HashMap<&str, Option<&str>> =
        files.filter_map(|file| Some((text(file, "sha256")?, text(file, "content")))).collect();
    if submission.get("sealed").is_some() {
        return sealed(submission, reference);
    }
    let mut all = Vec::new();
    let mut see = |pointer: &str, file: &'a Value| {
        let (Some(name), Some(sha256)) = (text(file, "name"), text(file, "sha256")) else { return };
        let Some(&content) = contents.get(sha256) else { return };
        let media = text(file, "type").unwrap_or_default();
        let mut before = [reference, &place(pointer)].concat();
        cut(&mut before, PLACE_BYTES);
        let room = NAME_BYTES - before.len();
        all.push(Named {
            name: [&before, "-", &safe(name, media, room)].concat(),
            pointer: pointer.to_owned(),
            size: file.get("size").and_then(Value::as_u64).unwrap_or_default(),
            sha256,
            content,
        });
    };
    if let Some(answers) = submission.get("answers") {
        walk("", answers, &mut see);
    }
    all
}

/// The files of a submission whose answers do not say what they are.
fn sealed<'a>(submission: &'a Value, reference: &str) -> Vec<Named<'a>> {
    let listed = |name| submission.get(name).and_then(Value::as_array).into_iter().flatten();
    let one = |file: &'a Value| {
        let sha256 = file.get("sha256")?.as_str()?;
        let content = file.get("content").and_then(Value::as_str);
        let inside = content.and_then(base64::decode).map(|bytes| bytes.len() as u64);
        let size = inside.or_else(|| file.get("size")?.as_u64()).unwrap_or_default();
        let name = sealed_name(reference, sha256);
        Some(Named { name, pointer: String::new(), size, sha256, content })
    };
    listed("attachments").chain(listed("uploads")).filter_map(one).collect()
}

/// Shows every object below a value, with the pointer to it.
fn walk<'a>(pointer: &str, value: &'a Value, see: &mut dyn FnMut(&str, &'a Value)) {
    match value {
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(&format!("{pointer}/{index}"), item, see);
            }
        }
        Value::Object(members) => {
            see(pointer, value);
            for (name, member) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                walk(&format!("{pointer}/{name}"), member, see);
            }
        }
        _ => {}
    }
}

/// `-plots-2-photo-1` for `/plots/1/photo/0`: people count from 1.
fn place(pointer: &str) -> String {
    let step = |step: &str| match step.parse::<usize>() {
        Ok(index) => format!("-{}", index.saturating_add(1)),
        Err(_) => format!("-{}", plain(step)),
    };
    pointer.split('/').skip(1).map(step).collect()
}

/// A file's name that leads nowhere, and that ends as its type says: a program that calls itself a
/// picture is opened as a picture.
fn safe(name: &str, media: &str, room: usize) -> String {
    let end = attachment::end_of_name(media).unwrap_or(UNTOLD);
    let told = !media.is_empty() && attachment::media_by_name(name) == media;
    let (stem, end) = match name.rsplit_once('.') {
        Some((stem, end)) if told => (stem, end),
        _ => (name, end),
    };
    let mut stem = plain(stem);
    cut(&mut stem, room.saturating_sub(end.len() + 2));
    format!("{stem}.{end}")
}

fn cut(text: &mut String, bytes: usize) {
    while text.len() > bytes {
        text.pop();
    }
}

/// Without what file systems refuse or read as something else: `/`, `\`, what Windows forbids,
/// control characters, and what turns the direction of writing.
fn plain(text: &str) -> String {
    let unfit = |c: char| {
        c.is_control()
            || "<>:\"/\\|?*".contains(c)
            || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{061C}' | '\u{FEFF}')
    };
    let text: String = text.chars().map(|c| if unfit(c) { '_' } else { c }).collect();
    let text = text.trim_matches([' ', '.']);
    if text.is_empty() { "_".to_owned() } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere_and_end_as_their_type_says() {
        let long = "ก".repeat(255);
        let cut = format!("{}.pdf", "ก".repeat(65));
        for (name, media, expected) in [
            ("บัตร ประชาชน.pdf", "application/pdf", "บัตร ประชาชน.pdf"),
            ("IMG.JPG", "image/jpeg", "IMG.JPG"),
            ("../../etc/passwd", "image/png", "_.._etc_passwd.png"),
            ("..\\x.png", "image/png", "_x.png"),
            ("a.exe", "application/pdf", "a.exe.pdf"),
            ("a.pdf", "image/png", "a.pdf.png"),
            ("a.exe", "image/x-anything", "a.exe.bin"),
            ("a.exe", "", "a.exe.bin"),
            ("..", "application/pdf", "_.pdf"),
            (".pdf", "application/pdf", "_.pdf"),
            ("a\u{202E}fdp.exe", "application/pdf", "a_fdp.exe.pdf"),
            ("a\0\n:*?.pdf", "application/pdf", "a_____.pdf"),
            (&long, "application/pdf", &cut),
        ] {
            assert_eq!(safe(name, media, 200), expected, "{name}");
        }
        assert_eq!(place("/plots/1/photo/0"), "-plots-2-photo-1");
        assert_eq!(place("/..~1x/0"), "-~1x-1");
    }
}

//! Files that go before their submission, by tus 1.0: tried where the form has `submit.uploads`.

use std::{thread, time::Duration};

use axum::http::{Method, Uri};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use eform::Uploaded;
use serde_json::Value;

use super::{
    Probe, Sending,
    elsewhere::{EXPOSED, lists, may_read, no_origin},
};
use crate::conformance::{Amiss, Outcome, client::Answer, receipts, sample::new_id};

/// The bytes of the files that are tried, unless the form takes less.
const LENGTH: usize = 256 * 1024;

const TUS: (&str, &str) = ("tus-resumable", "1.0.0");
const OCTETS: (&str, &str) = ("content-type", "application/offset+octet-stream");

/// What a page of another origin sends of a file and reads of an answer, besides what it does of a
/// submission.
const SENT: [&str; 5] =
    ["content-type", "tus-resumable", "upload-length", "upload-metadata", "upload-offset"];
const READ: [&str; 3] = ["location", "upload-offset", "upload-expires"];

/// A file that was announced.
struct Announced {
    submission: String,
    url: String,
    file: Vec<u8>,
}

pub(super) fn created(probe: &mut Probe) -> Outcome {
    let announced = announce(probe, &file(probe)?)?;
    match offset(probe, &announced)? {
        0 => Ok(()),
        other => Err(Amiss::Fails(format!("Upload-Offset {other} where nothing has been sent"))),
    }
}

/// Whatever is kept of the first half: from there the rest makes it whole.
pub(super) fn goes_on(probe: &mut Probe) -> Outcome {
    let announced = announce(probe, &file(probe)?)?;
    let Announced { url, file, .. } = &announced;
    let headers = [TUS, OCTETS, ("upload-offset", "0")];
    probe.client.send_cut(&Method::PATCH, url, &headers, file, file.len() / 2);
    // As long as the page waits at least.
    thread::sleep(Duration::from_secs(1));
    let there = offset(probe, &announced)?;
    let rest = usize::try_from(there).ok().and_then(|there| file.get(there..));
    let rest = rest.ok_or_else(|| Amiss::Fails(format!("Upload-Offset {there} after a half")))?;
    is_added(&patch(probe, url, there, rest)?, file.len() as u64)
}

pub(super) fn again(probe: &mut Probe) -> Outcome {
    let announced = announce(probe, &file(probe)?)?;
    let Announced { submission, url, file } = &announced;
    let half = &file[..file.len() / 2];
    is_added(&patch(probe, url, 0, half)?, half.len() as u64)?;
    let again = announce_for(probe, submission, file)?;
    let there = offset(probe, &again)?;
    if there == half.len() as u64 {
        return Ok(());
    }
    Err(Amiss::Fails(format!("an upload at {there} of {} that have arrived", half.len())))
}

pub(super) fn at_offset(probe: &mut Probe) -> Outcome {
    let announced = announce(probe, &file(probe)?)?;
    let headers = [TUS, OCTETS, ("upload-offset", "1")];
    let sending = request(Method::PATCH, &announced.url, &headers, &announced.file[1..]);
    probe.refused("uploads-offset", &sending, &[409]).map(drop)
}

pub(super) fn digest(probe: &mut Probe) -> Outcome {
    let announced = announce(probe, &file(probe)?)?;
    let mut other = announced.file.clone();
    if let Some(first) = other.first_mut() {
        *first ^= 1;
    }
    let headers = [TUS, OCTETS, ("upload-offset", "0")];
    let sending = request(Method::PATCH, &announced.url, &headers, &other);
    probe.refused("uploads-digest", &sending, &[400, 409, 410, 422, 460])?;
    let asked = head(probe, &announced.url)?;
    match (asked.status, asked.header("upload-offset")) {
        (404 | 410, _) | (200 | 204, "0") => Ok(()),
        (_, offset) => {
            let said = asked.said();
            Err(Amiss::Fails(format!("{said} with Upload-Offset «{offset}» afterwards")))
        }
    }
}

pub(super) fn version(probe: &mut Probe) -> Outcome {
    let sending = request(Method::POST, &url(probe)?, &[("upload-length", "1")], &[]);
    probe.refused("uploads-version", &sending, &[412]).map(drop)
}

pub(super) fn missing(probe: &mut Probe) -> Outcome {
    url(probe)?;
    let (sending, files) = with_uploads(probe)?;
    let (problem, _) = probe.refused("uploads-missing", &sending, &[424])?;
    let errors = problem.as_ref().and_then(|problem| problem.get("errors")?.as_array());
    let told: Vec<&str> = errors
        .into_iter()
        .flatten()
        .map(|error| receipts::text(error.get("params").unwrap_or(&Value::Null), "sha256"))
        .collect();
    match files.iter().find(|(file, _)| !told.contains(&file.sha256.as_str())) {
        None => Ok(()),
        Some((file, _)) => Err(Amiss::Fails(format!("424 that does not name {}", file.sha256))),
    }
}

pub(super) fn received(probe: &mut Probe) -> Outcome {
    url(probe)?;
    let (sending, files) = with_uploads(probe)?;
    for (_, file) in &files {
        let announced = announce_for(probe, &sending.id, file)?;
        is_added(&patch(probe, &announced.url, 0, file)?, file.len() as u64)?;
    }
    probe.is_received(&sending).map(drop)
}

pub(super) fn elsewhere(probe: &mut Probe) -> Outcome {
    let (url, origin) = (url(probe)?, probe.origin.ok_or_else(no_origin)?);
    let asked = SENT.join(",");
    let headers = [
        ("origin", origin),
        ("access-control-request-method", "PATCH"),
        ("access-control-request-headers", &asked),
    ];
    let answer = probe.client.send(&Method::OPTIONS, &url, &headers, &[]).map_err(Amiss::Fails)?;
    if !(200..300).contains(&answer.status) {
        return Err(Amiss::Fails(answer.said()));
    }
    may_read(&answer, origin)?;
    names(&answer, "access-control-allow-methods", &["PATCH"])?;
    names(&answer, "access-control-allow-headers", &SENT)?;
    let (id, file) = (new_id().map_err(Amiss::NotTried)?, file(probe)?);
    let (length, metadata) = (file.len().to_string(), metadata(probe, &id, &file));
    let headers =
        [TUS, ("origin", origin), ("upload-length", &length), ("upload-metadata", &metadata)];
    let answer = probe.client.send(&Method::POST, &url, &headers, &[]).map_err(Amiss::Fails)?;
    may_read(&answer, origin)?;
    names(&answer, "access-control-expose-headers", &[&READ[..], &EXPOSED].concat())
}

/// Does a header of the answer list all of these?
fn names(answer: &Answer, header: &str, all: &[&str]) -> Outcome {
    let listed = answer.all(header);
    match all.iter().find(|name| !lists(&listed, name)) {
        None => Ok(()),
        Some(name) => Err(Amiss::Fails(format!("{header} «{listed}» without {name}"))),
    }
}

/// Where files are announced, by the form.
fn url(probe: &Probe) -> Result<String, Amiss> {
    let uploads = probe.sample.form().definition().submit.uploads.as_ref();
    let none = || Amiss::NotTried("the form has no submit.uploads".to_owned());
    Ok(resolve(probe.client.url(), &uploads.ok_or_else(none)?.url))
}

/// An address that another one leads to: whole, or from the origin or the folder of the other.
fn resolve(base: &str, url: &str) -> String {
    if url.starts_with("http://") || url.starts_with("https://") {
        return url.to_owned();
    }
    let uri: Uri = base.parse().unwrap_or_default();
    let scheme = uri.scheme_str().unwrap_or("http");
    let origin =
        format!("{scheme}://{}", uri.authority().map_or("", |authority| authority.as_str()));
    if let Some(rest) = url.strip_prefix("//") {
        return format!("{scheme}://{rest}");
    }
    match url.as_bytes().first() {
        Some(b'/') => format!("{origin}{url}"),
        Some(b'?') => format!("{origin}{}{url}", uri.path()),
        _ => {
            let folder = uri.path().rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{origin}{folder}/{url}")
        }
    }
}

/// Bytes that the form takes, and that no answer names.
fn file(probe: &Probe) -> Result<Vec<u8>, Amiss> {
    url(probe)?;
    let most = probe.sample.form().definition().submit.attached_bytes();
    let length = usize::try_from(most).unwrap_or(LENGTH).min(LENGTH);
    Ok((0..length).map(|n| (n % 251) as u8).collect())
}

fn metadata(probe: &Probe, submission: &str, file: &[u8]) -> String {
    let sha256 = eform::hex(&eform::sha256(file));
    let definition = probe.sample.form().digest();
    let all = [("submission", submission), ("sha256", &sha256), ("definition", definition)];
    all.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",")
}

/// Announces a file for a submission that will never come.
fn announce(probe: &Probe, file: &[u8]) -> Result<Announced, Amiss> {
    announce_for(probe, &new_id().map_err(Amiss::NotTried)?, file)
}

fn announce_for(probe: &Probe, submission: &str, file: &[u8]) -> Result<Announced, Amiss> {
    let url = url(probe)?;
    let (length, metadata) = (file.len().to_string(), metadata(probe, submission, file));
    let headers = [TUS, ("upload-length", &*length), ("upload-metadata", &*metadata)];
    let answer = probe.client.send(&Method::POST, &url, &headers, &[]).map_err(Amiss::Fails)?;
    let location = answer.header("location");
    if answer.status != 201 || location.is_empty() {
        let came = format!("{} with Location «{location}»", answer.said());
        return Err(Amiss::Fails(came));
    }
    let there = resolve(&url, location);
    if origin(&there) != origin(&url) {
        // As from a server behind a proxy that takes the address for http.
        let why =
            "is of another origin than where it was announced, and the page sends nothing there";
        return Err(Amiss::Fails(format!("Location «{location}» {why}")));
    }
    Ok(Announced { submission: submission.to_owned(), url: there, file: file.to_owned() })
}

/// `https://api.example.go.th` of what is there.
fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    url[host..].find(['/', '?', '#']).map_or(url, |end| &url[..host + end])
}

fn head(probe: &Probe, url: &str) -> Result<Answer, Amiss> {
    probe.client.send(&Method::HEAD, url, &[TUS], &[]).map_err(Amiss::Fails)
}

/// How much is there.
fn offset(probe: &Probe, announced: &Announced) -> Result<u64, Amiss> {
    let answer = head(probe, &announced.url)?;
    let value = answer.header("upload-offset");
    match (answer.status, value.parse()) {
        (200 | 204, Ok(offset)) => Ok(offset),
        _ => Err(Amiss::Fails(format!("{} with Upload-Offset «{value}»", answer.said()))),
    }
}

fn patch(probe: &Probe, url: &str, offset: u64, piece: &[u8]) -> Result<Answer, Amiss> {
    let offset = offset.to_string();
    let headers = [TUS, OCTETS, ("upload-offset", &*offset)];
    probe.client.send(&Method::PATCH, url, &headers, piece).map_err(Amiss::Fails)
}

fn is_added(answer: &Answer, offset: u64) -> Outcome {
    let value = answer.header("upload-offset");
    if answer.status == 204 && value.parse() == Ok(offset) {
        return Ok(());
    }
    let came = format!("{} with Upload-Offset «{value}» of {offset}", answer.said());
    Err(Amiss::Fails(came))
}

fn request(method: Method, url: &str, headers: &[(&'static str, &str)], body: &[u8]) -> Sending {
    let headers = headers.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    Sending { method, url: url.to_owned(), headers, id: String::new(), body: body.to_owned() }
}

/// What a submission names, and its bytes.
type File = (Uploaded, Vec<u8>);

/// A right submission whose files are to go before it, and the files.
fn with_uploads(probe: &Probe) -> Result<(Sending, Vec<File>), Amiss> {
    let mut files = Vec::new();
    let sending = probe.new_one(|submission| {
        for enclosed in submission.attachments.drain(..) {
            let bytes = enclosed.bytes().unwrap_or_default();
            let uploaded = Uploaded { sha256: enclosed.sha256, size: bytes.len() as u64 };
            submission.uploads.push(uploaded.clone());
            files.push((uploaded, bytes));
        }
    })?;
    match files.is_empty() {
        true => Err(Amiss::NotTried("the answers name no files".to_owned())),
        false => Ok((sending, files)),
    }
}

#[cfg(test)]
mod tests {
    use super::resolve;

    #[test]
    fn addresses_lead_on_as_in_a_page() {
        let base = "https://api.example.go.th:8443/forms/submissions";
        for (url, expected) in [
            ("https://files.example.go.th/x", "https://files.example.go.th/x"),
            ("/api/uploads", "https://api.example.go.th:8443/api/uploads"),
            ("uploads/7", "https://api.example.go.th:8443/forms/uploads/7"),
            ("?id=7", "https://api.example.go.th:8443/forms/submissions?id=7"),
            ("//files.example.go.th/x", "https://files.example.go.th/x"),
        ] {
            assert_eq!(resolve(base, url), expected);
        }
    }
}

//! The headers of tus: what a client says of a file and of a piece, and how times and digests are
//! written.

use axum::http::{HeaderMap, HeaderName, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};
use time::{OffsetDateTime, macros::format_description};

use super::Refused;
use crate::receive::is_uuid;

/// What `Upload-Metadata` says. Anything else in it, as a file's name, is not looked at and not kept.
#[derive(Debug, PartialEq)]
pub(super) struct Metadata {
    pub submission: String,
    pub sha256: String,
    pub definition: String,
}

impl Metadata {
    /// `submission BASE64,sha256 BASE64,definition BASE64`, in any order.
    pub fn read(headers: &HeaderMap) -> Result<Self, Refused> {
        let text = text(headers, "upload-metadata").unwrap_or_default();
        let submission = member(text, "submission").filter(|id| is_uuid(id)).ok_or(Refused::Header(
            "Upload-Metadata needs `submission`: the submission's id, a UUID in lower case with \
             hyphens, in base 64",
        ))?;
        let sha256 =
            member(text, "sha256").filter(|digest| is_digest(digest)).ok_or(Refused::Header(
                "Upload-Metadata needs `sha256`: the digest of the whole file in 64 lower-case \
                 hexadecimal digits, in base 64",
            ))?;
        let definition = member(text, "definition").ok_or(Refused::Header(
            "Upload-Metadata needs `definition`: the digest of the form's definition, in base 64",
        ))?;
        Ok(Self { submission, sha256, definition })
    }

    /// The header as it was, as far as it is kept.
    pub fn write(submission: &str, sha256: &str, definition: &str) -> String {
        let all = [("submission", submission), ("sha256", sha256), ("definition", definition)];
        all.map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).join(",")
    }
}

/// The one value of this name, as text.
fn member(metadata: &str, name: &str) -> Option<String> {
    let mut values = metadata.split(',').filter_map(|pair| {
        let (key, value) = pair.trim().split_once(' ')?;
        (key == name).then_some(value)
    });
    let value = values.next().filter(|_| values.next().is_none())?;
    String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()
}

fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// A header that is there once, as text.
pub(super) fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok().map(str::trim)
}

/// A whole number that is no more than any file has.
pub(super) fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = text(headers, name)?;
    let digits = (1..=18).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// Is the body bytes as they are?
pub(super) fn is_octets(headers: &HeaderMap) -> bool {
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    let media = text(headers, "content-type").and_then(|value| value.split(';').next());
    let octets = |media: &str| media.trim().eq_ignore_ascii_case("application/offset+octet-stream");
    plain && media.is_some_and(octets)
}

/// What the bytes of a request are, by their sender's word.
#[derive(Clone)]
pub(super) struct Checksum {
    hasher: Hasher,
    expected: Vec<u8>,
}

#[derive(Clone)]
enum Hasher {
    Sha1(sha1::Sha1),
    Sha256(Sha256),
}

impl Checksum {
    /// `Upload-Checksum: sha1 BASE64`, or `sha256`; none where there is no such header.
    pub fn read(headers: &HeaderMap) -> Result<Option<Self>, Refused> {
        const NAME: HeaderName = HeaderName::from_static("upload-checksum");
        const WRONG: Refused =
            Refused::Header("Upload-Checksum is not `sha1 BASE64` or `sha256 BASE64`");
        if !headers.contains_key(NAME) {
            return Ok(None);
        }
        let (algorithm, digest) =
            text(headers, NAME.as_str()).and_then(|value| value.split_once(' ')).ok_or(WRONG)?;
        let (hasher, length) = match algorithm {
            "sha1" => (Hasher::Sha1(sha1::Sha1::default()), 20),
            "sha256" => (Hasher::Sha256(Sha256::new()), 32),
            _ => return Err(WRONG),
        };
        let expected = STANDARD.decode(digest.trim()).map_err(|_| WRONG)?;
        if expected.len() == length { Ok(Some(Self { hasher, expected })) } else { Err(WRONG) }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.hasher {
            Hasher::Sha1(hasher) => sha1::Digest::update(hasher, bytes),
            Hasher::Sha256(hasher) => hasher.update(bytes),
        }
    }

    pub fn matches(self) -> bool {
        match self.hasher {
            Hasher::Sha1(hasher) => sha1::Digest::finalize(hasher)[..] == self.expected[..],
            Hasher::Sha256(hasher) => hasher.finalize()[..] == self.expected[..],
        }
    }
}

/// A time, in seconds since 1970, as HTTP writes it (RFC 9110, section 5.6.7).
pub(super) fn http_date(seconds: i64) -> Option<String> {
    let format = format_description!(
        "[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT"
    );
    OffsetDateTime::from_unix_timestamp(seconds).ok()?.format(&format).ok()
}

/// A digest in hexadecimal digits as RFC 9530 writes it: `sha-256=:BASE64:`.
pub(super) fn repr_digest(sha256: &str) -> String {
    let byte = |at| u8::from_str_radix(sha256.get(at..at + 2).unwrap_or_default(), 16);
    let bytes: Vec<u8> = (0..sha256.len()).step_by(2).filter_map(|at| byte(at).ok()).collect();
    format!("sha-256=:{}:", STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0197a1b2-c3d4-7e5f-8a6b-7c8d9e0f1a2b";

    fn headers(name: &'static str, values: &[&str]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(name, value.parse().unwrap());
        }
        headers
    }

    #[test]
    fn what_is_said_of_a_file_reads_as_it_was_written() {
        let sha256 = "0123456789abcdef".repeat(4);
        let written = Metadata::write(ID, &sha256, "sha256:00");
        let read = Metadata::read(&headers("upload-metadata", &[&written])).unwrap();
        assert_eq!(
            (&*read.submission, &*read.sha256, &*read.definition),
            (ID, &*sha256, "sha256:00")
        );
        let with_more = format!("filename 4Lin, {written},filetype");
        assert_eq!(Metadata::read(&headers("upload-metadata", &[&with_more])).unwrap(), read);
        let upper = Metadata::write(ID, &sha256.to_uppercase(), "");
        let short = Metadata::write(ID, &sha256[1..], "");
        let twice = format!("{written},submission {}", STANDARD.encode(ID));
        let other = Metadata::write("1", &sha256, "");
        let half = &written[..written.len() / 2];
        for wrong in ["", "submission", &upper, &short, &twice, &other, half, "submission ?"] {
            assert!(Metadata::read(&headers("upload-metadata", &[wrong])).is_err(), "{wrong}");
        }
        assert!(Metadata::read(&headers("upload-metadata", &[&written, &written])).is_err());
    }

    #[test]
    fn numbers_are_digits_and_nothing_else() {
        let read = |values: &[&str]| number(&headers("upload-offset", values), "upload-offset");
        assert_eq!((read(&["0"]), read(&["1073741824"])), (Some(0), Some(1 << 30)));
        for wrong in ["", "-1", "+1", "1.0", "1e3", "0x1", "๑", "9999999999999999999"] {
            let Ok(value) = axum::http::HeaderValue::from_str(wrong) else { continue };
            let mut headers = HeaderMap::new();
            headers.append("upload-offset", value);
            assert_eq!(number(&headers, "upload-offset"), None, "{wrong}");
        }
        assert_eq!(read(&["1", "1"]), None);
    }

    #[test]
    fn checksums_are_of_the_two_algorithms() {
        // RFC 3174 and FIPS 180-2: of «abc».
        let right = [
            "sha1 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=",
            "sha256 ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=",
        ];
        for value in right {
            let checksum = Checksum::read(&headers("upload-checksum", &[value])).unwrap().unwrap();
            for (bytes, expected) in [(&b"abc"[..], true), (b"abd", false), (b"", false)] {
                let mut checksum = checksum.clone();
                checksum.update(bytes);
                assert_eq!(checksum.matches(), expected, "{value}");
            }
        }
        for wrong in ["", "sha1", "sha1 ?", "md5 qZk+NkcGgWq6PiVxeFDCbJzQ2J0=", "sha256 AAAA"] {
            assert!(Checksum::read(&headers("upload-checksum", &[wrong])).is_err(), "{wrong}");
        }
        assert!(Checksum::read(&HeaderMap::new()).unwrap().is_none());
    }

    #[test]
    fn times_and_digests_are_written_as_http_has_them() {
        assert_eq!(http_date(784_111_777).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
        let sha256 = eform::hex(&eform::sha256(b"abc"));
        let expected = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:";
        assert_eq!(repr_digest(&sha256), expected);
    }
}

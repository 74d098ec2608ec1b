//! Bytes as a request. The first ones are throws that choose; lines follow, each a header whose first byte
//! chooses the name, up to an empty one; what is left is the body where it begins as JSON does, and
//! otherwise changes the right one: two bytes say where, one says what.

use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, Request},
};

/// How many bytes are throws.
const THROWS: usize = 4;

pub struct Said<'a> {
    throws: &'a [u8],
    lines: Vec<&'a [u8]>,
    pub body: Vec<u8>,
}

impl<'a> Said<'a> {
    pub fn of(bytes: &'a [u8], right: &[u8]) -> Self {
        let (throws, mut rest) = bytes.split_at(THROWS.min(bytes.len()));
        let mut lines = Vec::new();
        while let Some(end) = rest.iter().position(|byte| *byte == b'\n') {
            let line = &rest[..end];
            rest = &rest[end + 1..];
            if line.is_empty() {
                break;
            }
            lines.push(line);
        }
        let body = match rest.first() {
            Some(b'{' | b'[' | b'"') => rest.to_vec(),
            _ => changed(right, rest),
        };
        Self { throws, lines, body }
    }

    /// The next throw; 255 once there are none.
    pub fn throw(&mut self) -> u8 {
        let Some((first, rest)) = self.throws.split_first() else { return u8::MAX };
        self.throws = rest;
        *first
    }

    /// What may stand in an address.
    pub fn word(&self) -> String {
        let line = self.lines.first().copied().unwrap_or(b"none");
        line.iter().take(40).map(|byte| format!("%{byte:02X}")).collect()
    }

    /// Writes one text of the same length over another in the body.
    pub fn put_in(&mut self, old: &str, new: &str) {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let at = self.body.windows(old.len()).position(|part| part == old);
        if let Some(at) = at {
            self.body[at..at + new.len()].copy_from_slice(new);
        }
    }

    /// The request with the right headers, unless a line has another value or none for one, and with others
    /// that a line names. `None` where no server would hand it on.
    pub fn request(
        &self,
        method: &Method,
        address: &str,
        right: &[(&'static str, &str)],
        others: &[&'static str],
    ) -> Option<Request<Body>> {
        let mut request =
            Request::builder().method(method).uri(address).body(Body::empty()).ok()?;
        let headers = request.headers_mut();
        for (name, value) in right {
            headers.insert(*name, HeaderValue::from_str(value).ok()?);
        }
        let names: Vec<&'static str> =
            right.iter().map(|(name, _)| *name).chain(others.iter().copied()).collect();
        for line in &self.lines {
            let (first, value) = line.split_first()?;
            let name = HeaderName::from_static(names[usize::from(first % 16) % names.len()]);
            match HeaderValue::from_bytes(value) {
                Ok(value) if value.is_empty() => drop(headers.remove(name)),
                // Some stand twice.
                Ok(value) if *first >= 128 => drop(headers.append(name, value)),
                Ok(value) => drop(headers.insert(name, value)),
                Err(_) => return None,
            }
        }
        *request.body_mut() = Body::from(self.body.clone());
        Some(request)
    }
}

/// The right bytes with some of them changed; a change beyond their end cuts them.
fn changed(right: &[u8], changes: &[u8]) -> Vec<u8> {
    let mut body = right.to_vec();
    for change in changes.chunks_exact(3) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % (body.len() + 8);
        match body.get_mut(at) {
            Some(byte) => *byte = change[2],
            None => body.truncate(body.len() * usize::from(change[2]) / 256),
        }
    }
    body
}

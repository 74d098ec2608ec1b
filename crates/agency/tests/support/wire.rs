//! Requests over a real port, which may be cut at any byte.

use std::{
    io::{self, Read as _, Write as _},
    net::TcpStream,
};

/// What came.
pub struct Came {
    pub status: u16,
    head: String,
    pub body: Vec<u8>,
}

impl Came {
    /// The value of a header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(other, _)| other.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }

    pub fn offset(&self) -> u64 {
        self.header("upload-offset").parse().unwrap()
    }
}

/// Sends the head, which promises `length` bytes, and these of the body.
pub fn begin(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    length: usize,
    body: &[u8],
) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    for (name, value) in headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    if length > 0 || method == "POST" {
        head.push_str(&format!("Content-Length: {length}\r\n"));
    }
    stream.write_all(format!("{head}\r\n").as_bytes())?;
    stream.write_all(body)?;
    Ok(stream)
}

/// What is answered in the end; an error where that is not whole.
pub fn end(mut stream: TcpStream) -> io::Result<Came> {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let parsed = || {
        let at = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = String::from_utf8(answer[..at].to_vec()).ok()?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some(Came { status, head, body: answer[at + 4..].to_vec() })
    };
    parsed().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// A whole request and its answer.
pub fn ask(
    address: &str,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> io::Result<Came> {
    end(begin(address, method, path, headers, body.len(), body)?)
}

//! The program itself, with the arguments that belong to a place; and a client over a real port.

use std::{
    ffi::OsStr,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Shutdown, TcpStream},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use super::Place;

pub fn program(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_eform-agency"));
    command.args(arguments).arg("--db").arg(place.db());
    command
}

pub fn run(place: &Place, arguments: &[&str]) -> Output {
    program(place, arguments).output().unwrap()
}

/// What the program prints, and what it complains of.
pub fn said(output: &Output) -> (String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (text(&output.stdout), text(&output.stderr))
}

/// Kills the server when a test fails before it has stopped by itself.
pub struct Server(pub Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The arguments of a server at this place, on a free port.
pub fn serving(place: &Place) -> Command {
    serving_with(place, place.uploads().as_os_str())
}

/// The same with files that arrive before their submission elsewhere.
pub fn serving_with(place: &Place, uploads: &OsStr) -> Command {
    let mut command = program(place, &["serve", "--listen", "127.0.0.1:0"]);
    command.arg("--key").arg(place.key()).arg("--site").arg(place.path("site"));
    command.arg("--forms").arg(place.path("forms")).arg("--uploads").arg(uploads);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What a server writes to its log until it listens.
pub fn log_of_start(mut serving: Command) -> String {
    let mut server = Server(serving.stderr(Stdio::piped()).spawn().unwrap());
    listening(&mut server).expect("an address");
    server.0.kill().unwrap();
    let mut log = String::new();
    server.0.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    log
}

/// Starts a server, and says where it listens; on PostgreSQL there must be a key.
pub fn serve(place: &Place) -> (Server, String) {
    if place.is_postgres() && !place.key().exists() {
        make_key(place);
    }
    let mut server = Server(serving(place).spawn().unwrap());
    let address = listening(&mut server).expect("the server's address");
    (server, address)
}

pub fn make_key(place: &Place) {
    let key = place.key();
    let made = run(place, &["signing-key", "--key", key.to_str().unwrap()]);
    assert!(made.status.success(), "{made:?}");
}

/// Where a server listens, once it does; `None` if it ended before.
pub fn listening(server: &mut Server) -> Option<String> {
    let stdout = server.0.stdout.take().unwrap();
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).unwrap();
    line.trim_end().strip_prefix("listening on http://").map(str::to_owned)
}

/// The status and the body of the answer to a PUT of a submission, if there is a whole answer.
pub fn put(address: &str, id: &str, body: &str) -> io::Result<(u16, Value)> {
    put_promising(address, id, body, body.len())
}

/// The same with a body that is `length` bytes long, by its own word.
pub fn put_promising(
    address: &str,
    id: &str,
    body: &str,
    length: usize,
) -> io::Result<(u16, Value)> {
    let mut stream = TcpStream::connect(address)?;
    write!(
        stream,
        "PUT /api/submissions/{id} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}",
    )?;
    if length > body.len() {
        stream.shutdown(Shutdown::Write)?;
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let parsed = || {
        let (head, body) = answer.split_once("\r\n\r\n")?;
        let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        Some((status, serde_json::from_str(body).ok()?))
    };
    parsed().ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

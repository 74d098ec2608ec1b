//! The phones of one turn: each has a connection of its own, which it keeps, and sends one submission after
//! the other, each once the receipt for the one before is here.

use std::time::{Duration, Instant};

use eform::Receipt;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};

use crate::{
    Result,
    sample::{Sample, Sent},
    server::Server,
};

/// More than any turn sends: what is sent is made before it begins.
const MOST_A_SECOND: usize = 3_000;

/// What came of a turn.
pub struct Turn {
    pub took: Duration,
    /// What the server had of the processors.
    pub processor: Duration,
    /// From the first byte of a request to the last of its answer.
    pub waits: Vec<Duration>,
    /// What was received, and the receipt for it.
    pub rows: Vec<(Sent, Receipt)>,
}

/// So many phones at once, which begin new submissions for so long.
pub async fn turn(
    server: &Server,
    sample: &mut Sample,
    phones: usize,
    time: Duration,
) -> Result<Turn> {
    let each = MOST_A_SECOND * usize::try_from(time.as_secs()).unwrap_or(1) / phones;
    let mut bags: Vec<Vec<Sent>> = Vec::new();
    for _ in 0..phones {
        bags.push((0..each).map(|_| sample.next(server.address())).collect());
    }
    let mut connections = Vec::new();
    for bag in bags {
        connections.push((Connection::to(server.address()).await?, bag));
    }
    let (begin, before) = (Instant::now(), server.processor());
    let mut under_way = JoinSet::new();
    for (connection, bag) in connections {
        under_way.spawn(send(connection, bag, begin + time));
    }
    let mut answered = Vec::new();
    while let Some(sent) = under_way.join_next().await {
        answered.extend(sent.map_err(|error| error.to_string())??);
    }
    let took = begin.elapsed();
    let processor = server.processor() - before;
    let mut turn = Turn { took, processor, waits: Vec::new(), rows: Vec::new() };
    for (sent, wait, answer) in answered {
        let receipt: Receipt =
            serde_json::from_slice(&answer).map_err(|error| format!("no receipt: {error}"))?;
        server.check(&receipt)?;
        if receipt.id != sent.id || receipt.digest != sent.digest {
            return Err(format!("a receipt of {} for {}", receipt.id, sent.id));
        }
        turn.waits.push(wait);
        turn.rows.push((sent, receipt));
    }
    Ok(turn)
}

/// Sends until its time is over. Only what was answered 201 is given back: anything else is an error.
async fn send(
    mut connection: Connection,
    bag: Vec<Sent>,
    end: Instant,
) -> Result<Vec<(Sent, Duration, Vec<u8>)>> {
    let mut answered = Vec::with_capacity(bag.len());
    for sent in bag {
        let begin = Instant::now();
        if begin >= end {
            break;
        }
        let (status, answer) = connection.ask(&sent.request).await?;
        if status != 201 {
            return Err(format!("answered with {status}: {}", String::from_utf8_lossy(&answer)));
        }
        answered.push((sent, begin.elapsed(), answer));
    }
    Ok(answered)
}

struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Connection {
    async fn to(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        stream.set_nodelay(true).map_err(|error| error.to_string())?;
        Ok(Self { stream, buffer: Vec::new() })
    }

    /// The status and the body of the answer; the connection stays.
    async fn ask(&mut self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        self.stream.write_all(request).await.map_err(|error| error.to_string())?;
        self.buffer.clear();
        loop {
            if let Some((status, at, length)) = head(&self.buffer)
                && self.buffer.len() >= at + length
            {
                return Ok((status, self.buffer[at..at + length].to_vec()));
            }
            let count = self.stream.read_buf(&mut self.buffer).await;
            match count.map_err(|error| error.to_string())? {
                0 => return Err("the connection was closed".to_owned()),
                _ => continue,
            }
        }
    }
}

/// The status, where the body begins, and how long it is; once the head is here.
fn head(bytes: &[u8]) -> Option<(u16, usize, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let text = std::str::from_utf8(&bytes[..end]).ok()?;
    let status = text.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = text.lines().filter_map(|line| line.split_once(": "));
    let mut length = length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    Some((status, end + 4, length.next()?.1.parse().ok()?))
}

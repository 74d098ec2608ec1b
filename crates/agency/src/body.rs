//! The body of a request, before anything in it is understood: its media type, its size, and
//! whether it is what the sender says it is (`Content-Digest`, RFC 9530).

use std::{sync::Arc, time::Duration};

use axum::{
    body::{Body, BodyDataStream, Bytes},
    http::{HeaderMap, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::StreamExt as _;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use crate::Error;

/// The largest submission, in bytes: answers and files.
pub(crate) const LIMIT: usize = eform::limits::SUBMISSION_BYTES;

/// How much of a body that is refused is read and thrown away before the refusal. A browser that
/// is cut off while it still sends never sees why and would try for ever.
const DRAIN: usize = 4 * LIMIT;

/// How long a connection may be silent in the middle of a body. Weak signals pause.
const SILENCE: Duration = Duration::from_secs(60);

/// How slowly a body may come, in bytes a second: half of what docs/protocol.md promises to be enough.
/// Without it, a byte a minute would hold a connection for ever.
const SLOWEST: usize = 1024;

/// How long it may pause in all beyond that.
const PAUSES: Duration = Duration::from_secs(10 * 60);

/// The bytes of all bodies that are here at the same time: twenty of the largest, fifty thousand usual
/// ones. Each holds a permit for every byte that it has.
const ROOM: usize = 256 * 1024 * 1024;

/// The room for the bodies of one server.
pub(crate) fn room() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(ROOM))
}

/// A body that is here in full, and the room that it takes.
pub(crate) struct Received {
    bytes: Bytes,
    _room: Option<OwnedSemaphorePermit>,
}

impl Received {
    /// By a method, because a block that names a field takes that alone along: the bytes would go into a
    /// task and their room would stay with the request, which may end before.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

/// Reads a JSON body: checks the media type, the size and the digest, in this order.
pub(crate) async fn read(
    headers: &HeaderMap,
    body: Body,
    room: &Arc<Semaphore>,
) -> Result<Received, Error> {
    media_type(headers)?;
    let received = collect(body, room).await?;
    content_digest(headers, &received.bytes)?;
    Ok(received)
}

fn media_type(headers: &HeaderMap) -> Result<(), Error> {
    let essence = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .map(str::trim);
    let plain = headers.get(header::CONTENT_ENCODING).is_none_or(|value| value == "identity");
    match essence {
        Some(essence) if essence.eq_ignore_ascii_case("application/json") && plain => Ok(()),
        _ => Err(Error::NotJson),
    }
}

async fn collect(body: Body, room: &Arc<Semaphore>) -> Result<Received, Error> {
    let mut arriving = Arriving::new(body);
    let mut bytes = Vec::new();
    let mut taken: Option<OwnedSemaphorePermit> = None;
    while let Some(chunk) = arriving.next().await? {
        let more = chunk.len();
        let refusal = match bytes.len().saturating_add(more) > LIMIT {
            true => Some(Error::TooLarge),
            false => take(room, more, &mut taken).err(),
        };
        if let Some(refusal) = refusal {
            drop((bytes, taken));
            arriving.drain().await?;
            return Err(refusal);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Received { bytes: bytes.into(), _room: taken })
}

/// Takes room for so many more bytes.
pub(crate) fn take(
    room: &Arc<Semaphore>,
    bytes: usize,
    taken: &mut Option<OwnedSemaphorePermit>,
) -> Result<(), Error> {
    let more = u32::try_from(bytes).unwrap_or(u32::MAX);
    let more = Arc::clone(room).try_acquire_many_owned(more).map_err(|_| Error::Busy)?;
    match taken {
        Some(taken) => taken.merge(more),
        None => *taken = Some(more),
    }
    Ok(())
}

/// A body that is still arriving, for as long as bodies may.
pub(crate) struct Arriving {
    stream: BodyDataStream,
    begin: Instant,
    /// When something came last.
    last: Instant,
    seen: usize,
}

impl Arriving {
    pub fn new(body: Body) -> Self {
        let now = Instant::now();
        Self { stream: body.into_data_stream(), begin: now, last: now, seen: 0 }
    }

    /// What comes next; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        self.next_by(self.end()).await?.ok_or(Error::Stalled)
    }

    /// Until when more must have come.
    fn end(&self) -> Instant {
        self.begin + PAUSES + Duration::from_secs((self.seen / SLOWEST) as u64)
    }

    /// The same; `Ok(None)` where nothing has come in such a time, which is no error yet.
    pub async fn next_within(&mut self, time: Duration) -> Result<Option<Option<Bytes>>, Error> {
        self.next_by(Instant::now() + time).await
    }

    async fn next_by(&mut self, time: Instant) -> Result<Option<Option<Bytes>>, Error> {
        let silent = self.end().min(self.last + SILENCE);
        match tokio::time::timeout_at(silent.min(time), self.stream.next()).await {
            Err(_) if time < silent => Ok(None),
            Err(_) => Err(Error::Stalled),
            Ok(None) => Ok(Some(None)),
            Ok(Some(Err(_))) => Err(Error::Broken),
            Ok(Some(Ok(chunk))) => {
                self.last = Instant::now();
                self.seen = self.seen.saturating_add(chunk.len());
                Ok(Some(Some(chunk)))
            }
        }
    }

    /// Reads so much of the rest that the sender comes to read why it is refused.
    pub async fn drain(&mut self) -> Result<(), Error> {
        while self.seen <= DRAIN && self.next().await?.is_some() {}
        Ok(())
    }
}

/// Without the header, or with other algorithms only, there is nothing to check.
fn content_digest(headers: &HeaderMap, bytes: &[u8]) -> Result<(), Error> {
    for value in headers.get_all("content-digest") {
        let value = value.to_str().map_err(|_| Error::DigestMalformed)?;
        for member in value.split(',') {
            let (algorithm, digest) =
                member.trim().split_once('=').ok_or(Error::DigestMalformed)?;
            if algorithm != "sha-256" {
                continue;
            }
            let digest = digest
                .strip_prefix(':')
                .and_then(|digest| digest.strip_suffix(':'))
                .and_then(|digest| STANDARD.decode(digest).ok())
                .ok_or(Error::DigestMalformed)?;
            if digest != eform::sha256(bytes) {
                return Err(Error::DigestMismatch);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn slow(chunk: &'static [u8], pause: Duration) -> Body {
        Body::from_stream(stream::repeat(chunk).then(move |chunk| async move {
            tokio::time::sleep(pause).await;
            Ok::<_, std::io::Error>(chunk)
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_is_silent_or_never_ends_is_given_up() {
        for (pause, expected) in [(61, 60), (59, 10 * 60)] {
            let start = Instant::now();
            let result = collect(slow(b"a", Duration::from_secs(pause)), &room()).await;
            assert!(matches!(result, Err(Error::Stalled)), "{pause}");
            assert_eq!(start.elapsed().as_secs(), expected);
        }
    }

    /// As slow as docs/protocol.md says is enough.
    #[tokio::test(start_paused = true)]
    async fn the_largest_may_come_with_two_kibibytes_a_second() {
        let pieces = slow(&[b' '; 2048], Duration::from_secs(1)).into_data_stream();
        let body = Body::from_stream(pieces.take(LIMIT / 2048));
        assert_eq!(collect(body, &room()).await.unwrap().bytes.len(), LIMIT);
    }

    #[tokio::test]
    async fn where_there_is_no_room_one_is_refused_and_the_others_stay() {
        let room = Arc::new(Semaphore::new(10));
        let first = collect(Body::from("123456"), &room).await.unwrap();
        assert!(matches!(collect(Body::from("12345"), &room).await, Err(Error::Busy)));
        let second = collect(Body::from("1234"), &room).await.unwrap();
        assert_eq!((&*first.bytes, &*second.bytes), (&b"123456"[..], &b"1234"[..]));
        drop(first);
        assert!(collect(Body::from("123456"), &room).await.is_ok());
    }
}

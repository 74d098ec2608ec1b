//! Requests to the endpoint under test, and its answers as they came: no redirect is followed and
//! no status is an error. Whoever answers «not now» is asked again when it says.

use std::{cell::RefCell, io, sync::Arc, thread, time::Duration};

use axum::http::{HeaderMap, Method, Request, Uri};
use serde_json::Value;
use ureq::{
    Agent, SendBody,
    tls::{RootCerts, TlsConfig},
};

/// For one exchange, with 12 MiB on a line of an office.
const PATIENCE: Duration = Duration::from_secs(120);

/// How often, and for how long, an endpoint may say «not now».
const TRIES: usize = 4;
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// More than any receipt or problem; the page reads as much.
const REPLY_LIMIT: u64 = 1 << 20;

/// A header's name and value.
pub(super) type Header<'a> = (&'a str, &'a str);

pub(super) struct Client {
    agent: Agent,
    url: String,
    origin: String,
    /// Each `Retry-After` that came with 429 or 503.
    asked_to_wait: RefCell<Vec<String>>,
}

/// What came.
pub(super) struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// What came, or why nothing did.
pub(super) type Came = Result<Answer, String>;

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// Every value of a header that may be there more than once, as one list.
    pub fn all(&self, name: &str) -> String {
        let values = self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
        values.collect::<Vec<_>>().join(", ")
    }

    /// The media type without parameters, in lower case.
    pub fn media(&self) -> String {
        let value = self.header("content-type").split(';').next().unwrap_or_default();
        value.trim().to_ascii_lowercase()
    }

    /// The body, where it is JSON whatever its media type.
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// In words for a line: the status, the media type, and what a problem calls itself.
    pub fn said(&self) -> String {
        let media = self.media();
        let media = if media.is_empty() { "no Content-Type" } else { &media };
        let kind = self.json().and_then(|json| json.get("type")?.as_str().map(str::to_owned));
        match kind {
            Some(kind) => format!("{} {media} {kind}", self.status),
            None => format!("{} {media}", self.status),
        }
    }
}

impl Client {
    /// For the endpoint at this address; `None` when it is not one.
    pub fn new(url: &str) -> Option<Self> {
        let url = url.trim_end_matches('/');
        let uri: Uri = url.parse().ok()?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https"))?;
        let origin = format!("{scheme}://{}", uri.authority()?);
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(ring)
            .build();
        let agent = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(PATIENCE))
            .user_agent("eform-agency conformance")
            .tls_config(tls)
            .build()
            .into();
        let asked_to_wait = RefCell::default();
        Some(Self { agent, url: url.to_owned(), origin, asked_to_wait })
    }

    /// Where POST goes.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where PUT goes.
    pub fn url_of(&self, id: &str) -> String {
        format!("{}/{id}", self.url)
    }

    /// The endpoint's origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Sends, and again where the endpoint says «not now» and when.
    pub fn send(&self, method: &Method, url: &str, headers: &[Header], body: &[u8]) -> Came {
        let mut came = exchange(&self.agent, method, url, headers, body);
        for _ in 1..TRIES {
            let Some(wait) = self.wait(&came) else { break };
            thread::sleep(wait);
            came = exchange(&self.agent, method, url, headers, body);
        }
        self.wait(&came);
        came
    }

    /// Sends the head, and of the body so many bytes; then the connection breaks.
    pub fn send_cut(
        &self,
        method: &Method,
        url: &str,
        headers: &[Header],
        body: &[u8],
        bytes: usize,
    ) {
        let mut request = Request::builder().method(method).uri(url);
        request = request.header("content-length", body.len());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut cut = io::Read::chain(&body[..bytes.min(body.len())], Breaks);
        if let Ok(request) = request.body(SendBody::from_reader(&mut cut)) {
            // There is no answer to it.
            let _ = self.agent.run(request);
        }
    }

    /// The same request `count` times at the same moment; nobody waits.
    pub fn send_at_once(
        &self,
        count: usize,
        method: &Method,
        url: &str,
        headers: &[Header],
        body: &[u8],
    ) -> Vec<Came> {
        let agent = &self.agent;
        let one = || exchange(agent, method, url, headers, body);
        let came: Vec<Came> = thread::scope(|scope| {
            let threads: Vec<_> = (0..count).map(|_| scope.spawn(one)).collect();
            let died = |_| Err("nothing: the test itself broke".to_owned());
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(died)).collect()
        });
        for came in &came {
            self.wait(came);
        }
        came
    }

    /// Every `Retry-After` that came.
    pub fn asked_to_wait(&self) -> Vec<String> {
        self.asked_to_wait.borrow().clone()
    }

    /// How long the endpoint asks to be left alone, and notes it.
    fn wait(&self, came: &Came) -> Option<Duration> {
        let answer = came.as_ref().ok().filter(|answer| matches!(answer.status, 429 | 503))?;
        let asked = answer.header("retry-after");
        if !asked.is_empty() {
            self.asked_to_wait.borrow_mut().push(asked.to_owned());
        }
        let seconds = asked.parse().map_or(Duration::from_secs(1), Duration::from_secs);
        Some(seconds.min(LONGEST_WAIT))
    }
}

/// A body that ends before its time.
struct Breaks;

impl io::Read for Breaks {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }
}

fn exchange(agent: &Agent, method: &Method, url: &str, headers: &[Header], body: &[u8]) -> Came {
    let mut request = Request::builder().method(method).uri(url);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let nothing = |error: &dyn std::fmt::Display| format!("no answer: {error}");
    let has_body = matches!(*method, Method::PUT | Method::POST | Method::PATCH);
    let response = if has_body {
        request.body(body).map_err(|error| nothing(&error)).map(|request| agent.run(request))
    } else {
        request.body(()).map_err(|error| nothing(&error)).map(|request| agent.run(request))
    };
    let (parts, body) = response?.map_err(|error| nothing(&error))?.into_parts();
    let mut body = body;
    let body = body.with_config().limit(REPLY_LIMIT).read_to_vec();
    let body = body.map_err(|error| format!("{} and then {}", parts.status, nothing(&error)))?;
    Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, body })
}

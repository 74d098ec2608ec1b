//! The log, on standard error: method, route, status and duration of each request, and what is
//! broken on our side. Never an answer, a query, an id or a reference; and no panic may print
//! what it stumbled over.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

/// Starts the log. There is one level for everything: libraries that print bodies do so below.
pub fn start() {
    start_to(std::io::stderr);
}

/// The same with another place to write to, for tests.
pub fn start_to<W>(writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    tracing_subscriber::fmt().with_writer(writer).with_max_level(Level::INFO).init();
}

/// Says where a panic happened and not what it says: the text of a slice or an `unwrap` quotes
/// the value, which may be an answer.
pub fn quiet_panics() {
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(location) => tracing::error!(%location, "a panic"),
        None => tracing::error!("a panic"),
    }));
}

/// One line for each request. The path itself is logged only for static files.
pub(crate) async fn requests(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = request.method().clone();
    let route = match request.extensions().get::<MatchedPath>() {
        Some(matched) => matched.as_str().to_owned(),
        None => request.uri().path().to_owned(),
    };
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = start.elapsed().as_millis();
    tracing::info!(%method, %route, status, ms, "request");
    response
}

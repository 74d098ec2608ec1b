//! Connections: how many there are at a time, how long one may take to say what it wants, and how they
//! end when the server is told to stop. What is asked and answered on them is not seen here.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use axum::Router;
use hyper::{
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{net::TcpListener, sync::Semaphore};

use crate::rate::Peer;

/// What connections may do.
pub(crate) struct Limits {
    /// How many there are at a time; others wait until one ends.
    pub connections: usize,
    /// How long one may be without a request, or in the middle of its head.
    pub head: Duration,
    /// How long requests under way may take to finish when the server is told to stop.
    pub grace: Duration,
}

impl Limits {
    /// A process may open 1,024 files where nobody has raised that. A proxy in front keeps a connection
    /// for later, nginx for 60 s, and must be the first to end it.
    pub const USUAL: Self =
        Self { connections: 768, head: Duration::from_secs(75), grace: Duration::from_secs(10) };
}

/// Serves until `stop`; then connections without a request end at once, others with their answer.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    limits: &Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let connections = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.head);
    let mut stop = pin!(stop);
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            () = &mut stop => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                // Of one connection, or there are no more files: then it helps to wait a little.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let (app, peer) = (TowerToHyperService::new(app.clone()), Peer(peer.ip()));
        let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
            request.extensions_mut().insert(peer);
            app.call(request)
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            // It ends as its client, its time or the stop want; there is nothing to say.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = connections.shutdown() => {}
        () = tokio::time::sleep(limits.grace) => {
            tracing::warn!("stopped with requests under way");
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::pending,
        sync::atomic::{AtomicUsize, Ordering::SeqCst},
    };

    use axum::routing::get;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpStream,
        sync::oneshot,
    };

    use super::*;

    const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

    async fn answer(address: std::net::SocketAddr, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn no_more_are_served_at_a_time_than_may_be_and_none_is_lost() {
        static NOW: AtomicUsize = AtomicUsize::new(0);
        static MOST: AtomicUsize = AtomicUsize::new(0);
        let app = Router::new().route(
            "/",
            get(async || {
                MOST.fetch_max(NOW.fetch_add(1, SeqCst) + 1, SeqCst);
                tokio::time::sleep(Duration::from_millis(20)).await;
                NOW.fetch_sub(1, SeqCst);
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { connections: 2, ..Limits::USUAL };
        tokio::spawn(async move { serve(listener, app, &limits, pending()).await });
        let asked: Vec<_> = (0..8).map(|_| tokio::spawn(answer(address, REQUEST))).collect();
        for asked in asked {
            assert!(asked.await.unwrap().starts_with("HTTP/1.1 200"));
        }
        assert!(MOST.load(SeqCst) <= 2, "{}", MOST.load(SeqCst));
    }

    #[tokio::test]
    async fn who_says_nothing_or_half_of_it_is_cut_off() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let limits = Limits { head: Duration::from_millis(50), ..Limits::USUAL };
        tokio::spawn(async move { serve(listener, Router::new(), &limits, pending()).await });
        for half in [&b""[..], b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n"] {
            let cut = answer(address, half).await;
            assert!(!cut.contains(" 200 "), "{cut}");
        }
    }

    #[tokio::test]
    async fn what_is_under_way_is_answered_after_the_stop() {
        let (begun, beginning) = oneshot::channel();
        let begun = Arc::new(std::sync::Mutex::new(Some(begun)));
        let (stop, stopped) = oneshot::channel::<()>();
        let app = Router::new().route(
            "/",
            get(async move || {
                let begun = begun.lock().unwrap().take();
                begun.unwrap().send(()).unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move {
            serve(listener, app, &Limits::USUAL, async { drop(stopped.await) }).await;
        });
        let asked = tokio::spawn(answer(address, REQUEST));
        beginning.await.unwrap();
        stop.send(()).unwrap();
        assert!(asked.await.unwrap().starts_with("HTTP/1.1 200"));
        server.await.unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    }
}

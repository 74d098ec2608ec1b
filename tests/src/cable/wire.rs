//! One connection from the browser, and the one to the server that belongs to it.

use std::io::{self, ErrorKind};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    select,
};

use super::{Fate, Fault, Mode, Shared};
use crate::lock;

const CAPTIVE_PAGE: &str = "<!doctype html><title>Free Wi-Fi</title><h1>Please log in</h1>";

/// Carries a connection until one side has had enough, or until it is cut.
pub async fn carry(mut browser: TcpStream, shared: &Shared) {
    let mut mode = shared.mode.subscribe();
    let _ = browser.set_nodelay(true);
    let mut link =
        Link { browser: &mut browser, server: None, shared, arrived: Vec::new(), current: None };
    let end = select! {
        biased;
        _ = mode.wait_for(|mode| *mode == Mode::Unplugged) => Err(ErrorKind::ConnectionAborted.into()),
        end = link.run() => end,
    };
    if end.is_err() {
        // A reset, so that the browser sees a broken connection and not a polite end.
        let _ = browser.set_zero_linger();
    }
}

struct Link<'a> {
    browser: &'a mut TcpStream,
    server: Option<TcpStream>,
    shared: &'a Shared,
    /// From the browser, and not yet a whole request.
    arrived: Vec<u8>,
    /// The request that is being answered, and what is to happen to the answer.
    current: Option<(usize, Option<Fault>)>,
}

struct Request {
    method: String,
    path: String,
    bytes: Vec<u8>,
}

impl Link<'_> {
    async fn run(&mut self) -> io::Result<()> {
        while let Some(request) = self.next_request().await? {
            let exchange = self.shared.begin(&request.method, &request.path);
            self.wait_while_stalled().await?;
            match self.fault(&request.method) {
                Some(Fault::Answer { status, content_type, body }) => {
                    self.shared.end(exchange, Fate::AnsweredByCable);
                    self.answer(status, content_type, "", &body).await?;
                }
                Some(Fault::AskForRest) => {
                    self.shared.end(exchange, Fate::AnsweredByCable);
                    self.answer(503, "text/plain", "Retry-After: 3600\r\n", "busy").await?;
                }
                Some(Fault::CutRequestAfter(bytes)) => {
                    self.shared.end(exchange, Fate::RequestCut);
                    self.pass_up(&request.bytes[..bytes.min(request.bytes.len())]).await?;
                    return Err(ErrorKind::ConnectionAborted.into());
                }
                fault => {
                    self.current = Some((exchange, fault));
                    if let Err(error) = self.pass_up(&request.bytes).await {
                        self.shared.end(exchange, Fate::RequestCut);
                        return Err(error);
                    }
                }
            }
        }
        Ok(())
    }

    /// The next whole request; meanwhile whatever the server says goes to the browser. `None` when
    /// the conversation is over.
    async fn next_request(&mut self) -> io::Result<Option<Request>> {
        loop {
            if let Some(request) = take_request(&mut self.arrived)? {
                return Ok(Some(request));
            }
            let mut from_browser = vec![0; 64 * 1024];
            let mut from_server = vec![0; 64 * 1024];
            select! {
                count = self.browser.read(&mut from_browser) => {
                    let count = count?;
                    if count == 0 {
                        return Ok(None);
                    }
                    self.arrived.extend_from_slice(&from_browser[..count]);
                }
                count = read(&mut self.server, &mut from_server) => {
                    let count = count?;
                    if count == 0 {
                        self.browser.shutdown().await?;
                        return Ok(None);
                    }
                    self.pass_down(&from_server[..count]).await?;
                }
            }
        }
    }

    async fn pass_down(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.wait_while_stalled().await?;
        match self.current.take() {
            Some((exchange, Some(Fault::CutResponseAfter(passes)))) => {
                self.browser.write_all(&bytes[..passes.min(bytes.len())]).await?;
                self.shared.end(exchange, Fate::ResponseCut);
                return Err(ErrorKind::ConnectionAborted.into());
            }
            Some((exchange, Some(Fault::HoldResponse))) => {
                let mut holding = self.shared.holding.subscribe();
                self.shared.end(exchange, Fate::ResponseHeld);
                let mut more = [0];
                select! {
                    _ = holding.changed() => self.shared.end(exchange, Fate::Answered),
                    // The browser sends nothing before it has an answer: what can be read is its end.
                    _ = self.browser.read(&mut more) => return Err(ErrorKind::ConnectionAborted.into()),
                }
            }
            Some((exchange, _)) => self.shared.end(exchange, Fate::Answered),
            None => {}
        }
        self.browser.write_all(bytes).await
    }

    async fn pass_up(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.server.is_none() {
            let address = *lock(&self.shared.server);
            let server = TcpStream::connect(address).await?;
            server.set_nodelay(true)?;
            self.server = Some(server);
        }
        let Some(server) = &mut self.server else { unreachable!("connected above") };
        server.write_all(bytes).await
    }

    /// `header` is a whole line, or none.
    async fn answer(
        &mut self,
        status: u16,
        content_type: &str,
        header: &str,
        body: &str,
    ) -> io::Result<()> {
        let length = body.len();
        let answer = format!(
            "HTTP/1.1 {status} Cable\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\
             {header}Cache-Control: no-store\r\n\r\n{body}"
        );
        self.browser.write_all(answer.as_bytes()).await
    }

    fn fault(&self, method: &str) -> Option<Fault> {
        if *self.shared.mode.borrow() == Mode::Captive {
            let body = CAPTIVE_PAGE.to_owned();
            return Some(Fault::Answer { status: 200, content_type: "text/html", body });
        }
        self.shared.fault(method)
    }

    /// A browser that gives up while the cable stalls takes its request with it.
    async fn wait_while_stalled(&mut self) -> io::Result<()> {
        let mut mode = self.shared.mode.subscribe();
        let browser_leaves = async {
            match self.browser.peek(&mut [0]).await {
                Ok(1..) => std::future::pending().await,
                _ => io::Error::from(ErrorKind::ConnectionAborted),
            }
        };
        select! {
            biased;
            _ = mode.wait_for(|mode| *mode != Mode::Stall) => Ok(()),
            error = browser_leaves => Err(error),
        }
    }
}

async fn read(server: &mut Option<TcpStream>, buffer: &mut [u8]) -> io::Result<usize> {
    match server {
        Some(server) => server.read(buffer).await,
        None => std::future::pending().await,
    }
}

/// Takes the first whole request out of `arrived`. Browsers always say how long a body is.
fn take_request(arrived: &mut Vec<u8>) -> io::Result<Option<Request>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut head = httparse::Request::new(&mut headers);
    let head_length = match head.parse(arrived) {
        Ok(httparse::Status::Complete(length)) => length,
        Ok(httparse::Status::Partial) => return Ok(None),
        Err(error) => return Err(io::Error::new(ErrorKind::InvalidData, error)),
    };
    let body_length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok())
        .unwrap_or(0);
    let length = head_length + body_length;
    if arrived.len() < length {
        return Ok(None);
    }
    let method = head.method.unwrap_or_default().to_owned();
    let path = head.path.unwrap_or_default().to_owned();
    let bytes = arrived.drain(..length).collect();
    Ok(Some(Request { method, path, bytes }))
}

//! The cable between the browser and the server: a TCP proxy that the journey holds in its hand.
//!
//! One port for the whole journey, so that the page's origin stays the same whatever happens to the
//! network. Bytes pass untouched in both directions; the cable only reads as much HTTP as it needs
//! to know where a request begins and ends.

mod wire;

use std::{
    collections::VecDeque,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicU16, Ordering},
    },
};

use tokio::{
    net::{TcpListener, TcpSocket},
    sync::watch,
    task::JoinHandle,
};

use crate::{lock, wait::wait_for};

/// What the whole cable does. It can be changed at any time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Everything passes.
    Pass,
    /// Nobody listens: connections are refused, and those that were open are cut.
    Unplugged,
    /// Connections are taken and nothing ever comes back, until the mode changes.
    Stall,
    /// A hotel's login page answers every request: 200 and HTML.
    Captive,
}

/// What happens to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The first `n` bytes of the request reach the server, then the connection is cut.
    CutRequestAfter(usize),
    /// The server answers, and the first `n` bytes of its answer reach the browser.
    CutResponseAfter(usize),
    /// The server answers, and its answer stays in the cable until the connection ends, or until
    /// [`Cable::let_go`].
    HoldResponse,
    /// The request never reaches the server; the cable answers it.
    Answer { status: u16, content_type: &'static str, body: String },
    /// The request never reaches the server; the cable answers 503 and asks for an hour of rest.
    AskForRest,
}

/// One request as the cable saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    pub method: String,
    pub path: String,
    pub fate: Fate,
}

/// How far a request came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// On its way, or waiting in a cable that stalls.
    Open,
    /// The server's answer has begun to come back.
    Answered,
    /// The server has answered, and the browser never heard all of it.
    ResponseCut,
    /// The server has answered, and the browser waits for it.
    ResponseHeld,
    /// The server has not heard all of it.
    RequestCut,
    /// The cable answered in the server's place.
    AnsweredByCable,
}

/// The cable. Dropping it cuts everything.
pub struct Cable {
    shared: Arc<Shared>,
    address: SocketAddr,
    listening: Mutex<Option<JoinHandle<()>>>,
    /// Bound and never listening: keeps the port ours while nobody listens on it.
    _reserved: TcpSocket,
}

struct Shared {
    server: Mutex<SocketAddr>,
    mode: watch::Sender<Mode>,
    faults: Mutex<VecDeque<(String, Fault)>>,
    /// What every other request with a method meets.
    standing: Mutex<Option<(String, Fault)>>,
    /// Changes when answers that are held may go on.
    holding: watch::Sender<()>,
    log: Mutex<Vec<Exchange>>,
}

impl Cable {
    /// A cable to `server`, on a free port of this machine.
    pub fn to(server: SocketAddr) -> Self {
        let reserved = bind_anew();
        let address = reserved.local_addr().expect("a bound socket has an address");
        let shared = Arc::new(Shared {
            server: Mutex::new(server),
            mode: watch::Sender::new(Mode::Pass),
            faults: Mutex::default(),
            standing: Mutex::default(),
            holding: watch::Sender::new(()),
            log: Mutex::default(),
        });
        let cable = Self { shared, address, listening: Mutex::default(), _reserved: reserved };
        cable.listen();
        cable
    }

    /// The page's origin, without a slash at its end.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The server behind the cable has moved.
    pub fn connect_to(&self, server: SocketAddr) {
        *lock(&self.shared.server) = server;
    }

    /// From now on.
    pub async fn set(&self, mode: Mode) {
        self.shared.mode.send_replace(mode);
        if mode != Mode::Unplugged {
            self.listen();
            return;
        }
        let listening = lock(&self.listening).take();
        if let Some(listening) = listening {
            listening.abort();
            let _ = listening.await;
        }
    }

    /// The next request with this method meets this fault, and only that one. Several wait in line.
    pub fn next(&self, method: &str, fault: Fault) {
        lock(&self.shared.faults).push_back((method.to_owned(), fault));
    }

    /// From now on every request with this method meets this fault, but for those that wait in line for
    /// another; none ends it.
    pub fn always(&self, method: &str, fault: Option<Fault>) {
        *lock(&self.shared.standing) = fault.map(|fault| (method.to_owned(), fault));
    }

    /// The answers that are held now go on to the browser.
    pub fn let_go(&self) {
        self.shared.holding.send_replace(());
    }

    /// Nothing more happens to single requests.
    pub fn forget_faults(&self) {
        lock(&self.shared.faults).clear();
    }

    /// How many requests there were so far with this method.
    pub fn count(&self, method: &str) -> usize {
        lock(&self.shared.log).iter().filter(|exchange| exchange.method == method).count()
    }

    /// Every request so far with this method.
    pub fn requests(&self, method: &str) -> Vec<Exchange> {
        lock(&self.shared.log)
            .iter()
            .filter(|exchange| exchange.method == method)
            .cloned()
            .collect()
    }

    /// Waits until `count` requests with this method have come to an end of this kind.
    pub async fn wait_for(&self, method: &str, fate: Fate, count: usize) {
        wait_for(&format!("{count} {method} requests {fate:?}"), async || {
            let requests = self.requests(method);
            (requests.iter().filter(|exchange| exchange.fate == fate).count() >= count)
                .then_some(())
        })
        .await;
    }

    fn listen(&self) {
        let mut listening = lock(&self.listening);
        if listening.is_some() {
            return;
        }
        let listener =
            bind(self.address).and_then(|socket| socket.listen(64)).expect("the cable's own port");
        *listening = Some(tokio::spawn(accept(listener, Arc::clone(&self.shared))));
    }
}

impl Drop for Cable {
    fn drop(&mut self) {
        self.shared.mode.send_replace(Mode::Unplugged);
        if let Some(listening) = lock(&self.listening).take() {
            listening.abort();
        }
    }
}

impl Shared {
    fn begin(&self, method: &str, path: &str) -> usize {
        let mut log = lock(&self.log);
        log.push(Exchange { method: method.to_owned(), path: path.to_owned(), fate: Fate::Open });
        log.len() - 1
    }

    fn end(&self, exchange: usize, fate: Fate) {
        lock(&self.log)[exchange].fate = fate;
    }

    fn fault(&self, method: &str) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        if let Some(place) = faults.iter().position(|(of, _)| of == method) {
            return faults.remove(place).map(|(_, fault)| fault);
        }
        let standing = lock(&self.standing).clone();
        standing.filter(|(of, _)| of == method).map(|(_, fault)| fault)
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((browser, _)) = listener.accept().await {
        let shared = Arc::clone(&shared);
        tokio::spawn(async move { wire::carry(browser, &shared).await });
    }
}

/// A socket on a port that no cable of this process has had: a browser that was another journey's knows
/// nothing of it.
fn bind_anew() -> TcpSocket {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Below the ports that the system gives by itself.
    let (first, count) = (15_000, 15_000);
    let begin = u16::try_from(std::process::id() % count).expect("below the count");
    for _ in 0..count {
        let port = (begin + NEXT.fetch_add(1, Ordering::Relaxed)) % count as u16 + first;
        if let Ok(socket) = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))) {
            return socket;
        }
    }
    panic!("no free port");
}

fn bind(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use tokio::{
        io::{AsyncReadExt, AsyncWriteExt},
        net::{TcpListener, TcpStream},
    };

    use super::{Cable, Fate, Fault, Mode};

    /// Answers every request with its number, over kept connections.
    async fn counting_server() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        tokio::spawn(async move {
            let mut count = 0;
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut buffer = [0; 1024];
                while let Ok(1..) = stream.read(&mut buffer).await {
                    count += 1;
                    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{count}");
                    if stream.write_all(answer.as_bytes()).await.is_err() {
                        break;
                    }
                }
            }
        });
        address
    }

    /// What comes back for one PUT, as text; the error when the connection breaks.
    async fn put(stream: &mut TcpStream) -> std::io::Result<String> {
        stream.write_all(b"PUT /a HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}").await?;
        let mut buffer = vec![0; 1024];
        let count = stream.read(&mut buffer).await?;
        Ok(String::from_utf8_lossy(&buffer[..count]).into_owned())
    }

    async fn connect(cable: &Cable) -> std::io::Result<TcpStream> {
        TcpStream::connect(cable.address).await
    }

    #[tokio::test]
    async fn requests_pass_on_one_connection_and_are_counted() {
        let cable = Cable::to(counting_server().await);
        let mut stream = connect(&cable).await.expect("it listens");
        assert!(put(&mut stream).await.expect("an answer").ends_with("\r\n1"));
        assert!(put(&mut stream).await.expect("an answer").ends_with("\r\n2"));
        assert_eq!(cable.requests("PUT").len(), 2);
        assert_eq!(cable.requests("GET").len(), 0);
    }

    #[tokio::test]
    async fn unplugged_it_refuses_and_cuts_and_comes_back_on_the_same_port() {
        let cable = Cable::to(counting_server().await);
        let mut stream = connect(&cable).await.expect("it listens");
        put(&mut stream).await.expect("an answer");
        cable.set(Mode::Unplugged).await;
        assert!(put(&mut stream).await.is_err());
        assert!(connect(&cable).await.is_err());
        cable.set(Mode::Pass).await;
        let mut stream = connect(&cable).await.expect("it listens again");
        assert!(put(&mut stream).await.expect("an answer").ends_with('2'));
    }

    #[tokio::test]
    async fn a_cut_response_has_reached_the_server_and_a_cut_request_has_not() {
        let cable = Cable::to(counting_server().await);
        cable.next("PUT", Fault::CutResponseAfter(0));
        cable.next("PUT", Fault::CutRequestAfter(0));
        assert!(put(&mut connect(&cable).await.expect("it listens")).await.is_err());
        assert!(put(&mut connect(&cable).await.expect("it listens")).await.is_err());
        let answer = put(&mut connect(&cable).await.expect("it listens")).await.expect("an answer");
        assert!(answer.ends_with('2'), "{answer}");
        let fates: Vec<Fate> = cable.requests("PUT").iter().map(|exchange| exchange.fate).collect();
        assert_eq!(fates, [Fate::ResponseCut, Fate::RequestCut, Fate::Answered]);
    }

    #[tokio::test]
    async fn an_answer_that_is_held_goes_on_when_it_is_let_go() {
        let cable = Cable::to(counting_server().await);
        cable.next("PUT", Fault::HoldResponse);
        let mut stream = connect(&cable).await.expect("it listens");
        let request = tokio::spawn(async move { put(&mut stream).await });
        cable.wait_for("PUT", Fate::ResponseHeld, 1).await;
        assert!(!request.is_finished());
        cable.let_go();
        assert!(request.await.expect("no panic").expect("an answer").ends_with('1'));
        assert_eq!(cable.requests("PUT")[0].fate, Fate::Answered);
    }

    #[tokio::test]
    async fn a_captive_portal_answers_everything_itself() {
        let cable = Cable::to(counting_server().await);
        let mut stream = connect(&cable).await.expect("it listens");
        put(&mut stream).await.expect("an answer");
        cable.set(Mode::Captive).await;
        assert!(put(&mut stream).await.expect("an answer").contains("Please log in"));
        cable.set(Mode::Pass).await;
        assert!(put(&mut stream).await.expect("an answer").ends_with('2'));
    }

    #[tokio::test]
    async fn a_stalled_request_goes_on_when_the_cable_does() {
        let cable = Cable::to(counting_server().await);
        cable.set(Mode::Stall).await;
        let mut stream = connect(&cable).await.expect("it listens");
        let request = tokio::spawn(async move { put(&mut stream).await });
        cable.wait_for("PUT", Fate::Open, 1).await;
        cable.set(Mode::Pass).await;
        assert!(request.await.expect("no panic").expect("an answer").ends_with('1'));
    }
}

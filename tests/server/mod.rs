//! A server on the loopback interface that answers as a test says.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

pub mod nginx;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What becomes of a request.
pub struct Answer {
    bytes: Vec<u8>,
    delay: Duration,
    closes: bool,
    resets: bool,
    trickles: bool,
}

impl Answer {
    pub fn raw(text: &str) -> Self {
        Self {
            bytes: text.as_bytes().to_vec(),
            delay: Duration::ZERO,
            closes: false,
            resets: false,
            trickles: false,
        }
    }

    pub fn status(status: u16) -> Self {
        Self::raw(&format!(
            "HTTP/1.1 {status} Test\r\ncontent-length: 5\r\n\r\nhello"
        ))
    }

    pub fn ok() -> Self {
        Self::status(200)
    }

    /// The connection breaks instead of an answer.
    pub fn reset() -> Self {
        Self {
            resets: true,
            ..Self::raw("")
        }
    }

    /// A body in JSON.
    pub fn json(status: u16, body: &str) -> Self {
        Self::of_type(status, "application/json", body)
    }

    /// A body of a media type.
    pub fn of_type(status: u16, kind: &str, body: &str) -> Self {
        let length = body.len();
        Self::raw(&format!(
            "HTTP/1.1 {status} Test\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n\r\n{body}"
        ))
    }

    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// The last byte of the body never comes.
    pub fn trickling(self) -> Self {
        Self {
            trickles: true,
            ..self
        }
    }

    /// The connection is closed behind the answer.
    pub fn closed(self) -> Self {
        Self {
            closes: true,
            ..self
        }
    }

    /// The connection is closed behind the answer, which says so.
    pub fn closing(self) -> Self {
        let text = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\nok";
        Self {
            bytes: text.as_bytes().to_vec(),
            closes: true,
            ..self
        }
    }
}

type Behaviour = dyn Fn(u64, &str) -> Answer + Send + Sync;

#[derive(Default)]
struct Seen {
    requests: AtomicU64,
    connections: AtomicU64,
    last: Mutex<String>,
}

/// The server; its threads end with the test program.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Seen>,
}

impl Server {
    /// A server whose answer depends on the number of the request, from 0.
    pub fn new(behaviour: impl Fn(u64) -> Answer + Send + Sync + 'static) -> Self {
        Self::reading(move |number, _| behaviour(number))
    }

    /// A server whose answer depends on the request as well.
    pub fn reading(behaviour: impl Fn(u64, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Seen::default());
        let (behaviour, shared): (Arc<Behaviour>, _) = (Arc::new(behaviour), Arc::clone(&seen));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (behaviour, seen) = (Arc::clone(&behaviour), Arc::clone(&shared));
                seen.connections.fetch_add(1, Ordering::SeqCst);
                thread::spawn(move || serve(stream.unwrap(), &*behaviour, &seen));
            }
        });
        Self { address, seen }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// How many requests came.
    pub fn requests(&self) -> u64 {
        self.seen.requests.load(Ordering::SeqCst)
    }

    /// How many connections were made.
    pub fn connections(&self) -> u64 {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub fn last_request(&self) -> String {
        self.seen.last.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, behaviour: &Behaviour, seen: &Seen) {
    stream.set_nodelay(true).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    while let Some(text) = read(&mut reader) {
        let answer = behaviour(seen.requests.fetch_add(1, Ordering::SeqCst), &text);
        *seen.last.lock().unwrap() = text;
        if !answer.delay.is_zero() {
            thread::sleep(answer.delay);
        }
        if answer.resets {
            return;
        }
        let whole = answer.bytes.len() - usize::from(answer.trickles);
        if stream.write_all(&answer.bytes[..whole]).is_err() || answer.closes {
            return;
        }
        if answer.trickles {
            // Until the other side has lost its patience.
            let _ = reader.read(&mut [0]);
            return;
        }
    }
}

/// The next request with its body.
fn read(reader: &mut BufReader<TcpStream>) -> Option<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let length = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| value.trim().parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

/// How long a server still stands still, which does so for the third second of every five.
pub fn stall_left(begun: Instant) -> Duration {
    let every = Duration::from_secs(5).as_micros();
    let place = begun.elapsed().as_micros() % every;
    let (from, to) = (2_000_000, 3_000_000);
    if !(from..to).contains(&place) {
        return Duration::ZERO;
    }
    Duration::from_micros(u64::try_from(to - place).unwrap())
}

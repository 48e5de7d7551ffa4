//! A small HTTP server that answers as a test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is answered: the head without its first words, and the body.
pub(crate) struct Answer {
    pub(crate) head: &'static str,
    pub(crate) body: String,
}

pub(crate) struct Api {
    pub(crate) address: String,
    heads: Arc<Mutex<Vec<String>>>,
}

impl Api {
    /// Serves until the test ends. `None` leaves the client waiting.
    pub(crate) fn serve(answer: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let heads: Arc<Mutex<Vec<String>>> = Arc::default();
        let noted = Arc::clone(&heads);
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (answer, noted) = (Arc::clone(&answer), Arc::clone(&noted));
                std::thread::spawn(move || {
                    let stream = stream.unwrap();
                    let head = read(&stream);
                    noted.lock().unwrap().push(head.clone());
                    match answer(&head) {
                        Some(answer) => write(&stream, &answer),
                        None => std::thread::park(),
                    }
                });
            }
        });
        Self { address, heads }
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}

fn read(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap_or(0) > 0 {}
    let lower = head.to_lowercase();
    let length = lower
        .lines()
        .find_map(|line| line.strip_prefix("content-length:"));
    let length = length
        .and_then(|length| length.trim().parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    let _ = reader.read_exact(&mut body);
    head
}

fn write(mut stream: &TcpStream, answer: &Answer) {
    let (head, body) = (answer.head, &answer.body);
    let length = body.len();
    // A client that has gone has its reasons.
    let _ = write!(
        stream,
        "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
}

//! A stand-in for the services that audits ask for advisories.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};

/// What is answered, and to which requests: those that hold the text in their head or body.
type Answer = (&'static str, &'static str);

/// What npm answers of one package with a weakness.
pub(crate) const NPM: &[Answer] = &[(
    "/-/npm/v1/security/advisories/bulk",
    r#"{"left-pad": [{"id": 1179, "url": "https://github.com/advisories/GHSA-xxxx-left-padd",
        "title": "Prototype pollution in left-pad", "severity": "moderate",
        "vulnerable_versions": "<1.3.0", "cwe": [], "cvss": {"score": 0, "vectorString": null}}]}"#,
)];

/// What npm answers if it knows of no weakness.
pub(crate) const NPM_CLEAN: &[Answer] = &[("/-/npm/v1/security/advisories/bulk", "{}")];

/// What OSV answers: one package has a weakness, all others have none.
pub(crate) const OSV: &[Answer] = &[
    (
        r#""name": "jinja2""#,
        r#"{"vulns": [{"id": "PYSEC-2019-217", "summary": "Sandbox escape", "details": "Sandbox escape",
            "modified": "2024-01-01T00:00:00Z", "aliases": ["CVE-2019-10906"],
            "affected": [{"package": {"name": "jinja2", "ecosystem": "PyPI"},
                "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "2.10.1"}]}]}]}]}"#,
    ),
    ("/osv", "{}"),
];

/// Answers until the test ends; gives its address.
pub(crate) fn serve(answers: &'static [Answer]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A client that went away asks nothing.
            _ = stream.and_then(|stream| answer(stream, answers));
        }
    });
    format!("http://{address}")
}

/// An address at which nothing answers.
pub(crate) fn nowhere() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn answer(mut stream: TcpStream, answers: &[Answer]) -> std::io::Result<()> {
    let request = request(&mut BufReader::new(&stream))?;
    let known = answers.iter().find(|(part, _)| request.contains(part));
    let (status, body) = known.map_or(("404 Not Found", "{}"), |(_, body)| ("200 OK", *body));
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn request(stream: &mut impl BufRead) -> std::io::Result<String> {
    let (mut text, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        text += &line;
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body)?;
    Ok(text + &String::from_utf8_lossy(&body))
}

//! Who is asked, and what.

use std::num::NonZeroU32;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_LENGTH, HOST, HeaderName, HeaderValue, TRANSFER_ENCODING, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::expect::Expect;

/// Where a server is, and whether it is spoken to by TLS.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name or address of the host, without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Whether the URL begins with `https://`.
    pub tls: bool,
}

/// A request, who answers it and how.
#[derive(Debug, Clone)]
pub struct Target {
    /// Who is asked.
    pub origin: Origin,
    /// How often it is sent, in comparison with the other targets.
    pub weight: NonZeroU32,
    /// Which answers are a success.
    pub expect: Expect,
    request: Request<Full<Bytes>>,
    bytes: Bytes,
    url: Uri,
    /// The URL as HTTP/2 has it: with scheme and host.
    whole: Uri,
}

impl Target {
    /// A GET of that URL, to be changed before it is built.
    pub fn of(url: &str) -> TargetBuilder {
        TargetBuilder {
            url: url.to_owned(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
            weight: NonZeroU32::MIN,
            expect: Expect::default(),
        }
    }

    /// The URL.
    pub(super) fn url(&self) -> String {
        self.url.to_string()
    }

    /// The request as it is sent each time, over HTTP/1.1.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether it is answered without a body, whatever the head of the answer says.
    pub(super) fn is_head(&self) -> bool {
        self.request.method() == Method::HEAD
    }

    /// The request.
    pub(super) fn request(&self) -> Request<Full<Bytes>> {
        self.request.clone()
    }

    /// The request as it is sent each time, over HTTP/2: the host is part of its URL.
    pub(super) fn request_of_http2(&self) -> Request<Full<Bytes>> {
        let mut request = self.request.clone();
        *request.uri_mut() = self.whole.clone();
        *request.version_mut() = hyper::Version::HTTP_2;
        request.headers_mut().remove(HOST);
        request
    }
}

/// What stands in a query as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A target that is being described.
#[derive(Debug, Clone)]
pub struct TargetBuilder {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Bytes,
    weight: NonZeroU32,
    expect: Expect,
}

impl TargetBuilder {
    /// Sends another method.
    #[must_use]
    pub fn method(mut self, method: &str) -> Self {
        method.clone_into(&mut self.method);
        self
    }

    /// Sends a header as well.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Adds parameters to the query of the URL, as names with values of any characters.
    #[must_use]
    pub fn query<'q>(mut self, parameters: impl IntoIterator<Item = (&'q str, &'q str)>) -> Self {
        for (name, value) in parameters {
            self.url
                .push(if self.url.contains('?') { '&' } else { '?' });
            self.url.extend(utf8_percent_encode(name, PLAIN));
            self.url.push('=');
            self.url.extend(utf8_percent_encode(value, PLAIN));
        }
        self
    }

    /// Is sent so often in comparison with the other targets, instead of once.
    #[must_use]
    pub fn weight(mut self, weight: NonZeroU32) -> Self {
        self.weight = weight;
        self
    }

    /// Takes other answers as a success.
    #[must_use]
    pub fn expect(mut self, expect: Expect) -> Self {
        self.expect = expect;
        self
    }

    /// The target, or what is wrong with it.
    pub fn build(self) -> Result<Target, String> {
        let url = &self.url;
        let uri: Uri = url
            .parse()
            .map_err(|error| format!("`{url}` is no URL: {error}"))?;
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => {
                return Err(format!(
                    "`{url}` does not begin with `http://` or `https://`"
                ));
            }
        };
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(format!("`{url}` holds a user; send the header instead"));
        }
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(format!("`{url}` names no host"));
        }
        let port = match authority.strip_prefix(host) {
            None | Some("") => Some(if tls { 443 } else { 80 }),
            Some(behind) => behind.strip_prefix(':').and_then(|port| port.parse().ok()),
        };
        let port = port.filter(|port| *port > 0);
        let port = port.ok_or_else(|| format!("`{url}` names no port that there is"))?;
        let method = Method::from_bytes(self.method.as_bytes())
            .map_err(|_| format!("`{}` is no method", self.method))?;
        let path = uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .body(Full::new(self.body.clone()))
            .map_err(|error| error.to_string())?;
        *request.headers_mut() = self.header_map(authority)?;
        let whole = whole(&uri, request.headers())?;
        Ok(Target {
            origin: Origin {
                host: host.trim_matches(['[', ']']).to_owned(),
                port,
                tls,
            },
            weight: self.weight,
            expect: self.expect,
            bytes: bytes_of(&request, &self.body)?,
            request,
            url: uri,
            whole,
        })
    }

    fn header_map(&self, authority: &str) -> Result<HeaderMap, String> {
        let mut headers = HeaderMap::new();
        for (name, value) in &self.headers {
            let key = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| format!("`{name}` is no name of a header"))?;
            let value = HeaderValue::from_str(value)
                .map_err(|_| format!("the value of the header `{name}` can't be sent"))?;
            headers.append(key, value);
        }
        if !headers.contains_key(HOST) {
            let host = HeaderValue::from_str(authority).map_err(|error| error.to_string())?;
            headers.insert(HOST, host);
        }
        let agent = HeaderValue::from_static(concat!("sdd/", env!("CARGO_PKG_VERSION")));
        headers.entry(USER_AGENT).or_insert(agent);
        Ok(headers)
    }
}

/// The bytes of a request of HTTP/1.1, with the length of its body.
fn bytes_of(request: &Request<Full<Bytes>>, body: &Bytes) -> Result<Bytes, String> {
    let headers = request.headers();
    if headers.contains_key(TRANSFER_ENCODING) {
        return Err("`Transfer-Encoding` can't be sent: a body is sent as a whole".to_owned());
    }
    let (method, uri) = (request.method(), request.uri());
    let mut bytes = format!("{method} {uri} HTTP/1.1\r\n").into_bytes();
    for (name, value) in headers {
        let parts = [name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"];
        bytes.extend_from_slice(&parts.concat());
    }
    let expects_length = [Method::POST, Method::PUT, Method::PATCH].contains(method);
    if !headers.contains_key(CONTENT_LENGTH) && (!body.is_empty() || expects_length) {
        bytes.extend_from_slice(format!("content-length: {}\r\n", body.len()).as_bytes());
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(body);
    Ok(bytes.into())
}

/// The URL with the host that the headers name: HTTP/2 tells it in no other place.
fn whole(uri: &Uri, headers: &HeaderMap) -> Result<Uri, String> {
    let mut parts = uri.clone().into_parts();
    if let Some(host) = headers.get(HOST) {
        let authority = host.as_bytes().try_into();
        parts.authority = Some(authority.map_err(|_| "`Host` names no host")?);
    }
    Uri::from_parts(parts).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target = Target::of("http://[::1]:8080/a?b=c").build().unwrap();
        let origin = |url| Target::of(url).build().unwrap().origin;
        assert_eq!(target.origin.host, "::1");
        assert_eq!((target.origin.port, target.origin.tls), (8080, false));
        assert_eq!(target.request().uri(), "/a?b=c");
        assert_eq!(target.request().headers()[HOST], "[::1]:8080");
        let post = Target::of("http://a/b?c").method("POST").header("X", "y");
        let post = post.body("hi").build().unwrap();
        let text = String::from_utf8(post.bytes().to_vec()).unwrap();
        let (line, rest) = text.split_once("\r\n").unwrap();
        assert_eq!(line, "POST /b?c HTTP/1.1");
        assert!(
            rest.contains("x: y\r\n") && rest.contains("host: a\r\n"),
            "{rest}"
        );
        assert!(rest.ends_with("content-length: 2\r\n\r\nhi"), "{rest}");
        assert_eq!(origin("http://a").port, 80);
        assert_eq!(
            (origin("https://a").port, origin("https://a").tls),
            (443, true)
        );
    }

    #[test]
    fn parameters_are_added_to_the_query_whatever_their_characters() {
        let target = Target::of("http://a/b?c=d").query([("e f", "g&h"), ("i", "ü")]);
        let target = target.build().unwrap();
        assert_eq!(target.request().uri(), "/b?c=d&e%20f=g%26h&i=%C3%BC");
    }

    #[test]
    fn http2_names_the_host_in_the_url_and_nowhere_else() {
        let request = Target::of("https://a:1/b").build().unwrap();
        let request = request.request_of_http2();
        assert_eq!(request.uri(), "https://a:1/b");
        assert!(!request.headers().contains_key(HOST));
        let other = Target::of("https://a:1/b").header("Host", "c").build();
        assert_eq!(other.unwrap().request_of_http2().uri(), "https://c/b");
    }

    #[test]
    fn what_can_not_be_sent_is_refused() {
        for url in [
            "",
            "127.0.0.1",
            "ftp://a/",
            "http://",
            "http://u:p@a/",
            "http://a:b/",
            "http://a:70000/",
            "http://a:0/",
        ] {
            assert!(Target::of(url).build().is_err(), "{url}");
        }
        let target = Target::of("http://a/");
        assert!(target.clone().method("GE T").build().is_err());
        assert!(target.clone().header("a b", "c").build().is_err());
        assert!(target.header("a", "c\nd").build().is_err());
    }

    #[test]
    fn a_header_of_ones_own_replaces_what_is_sent_by_itself() {
        let target = Target::of("http://a/").header("Host", "b");
        assert_eq!(target.build().unwrap().request().headers()[HOST], "b");
    }
}

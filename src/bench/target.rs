//! Who is asked, and what.

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{HOST, HeaderName, HeaderValue, USER_AGENT};
use hyper::{HeaderMap, Method, Request, Uri};

/// A request and who answers it.
#[derive(Debug, Clone)]
pub struct Target {
    host: String,
    port: u16,
    request: Request<Full<Bytes>>,
}

impl Target {
    /// A GET of that URL, to be changed before it is built.
    pub fn of(url: &str) -> TargetBuilder {
        TargetBuilder {
            url: url.to_owned(),
            method: "GET".to_owned(),
            headers: Vec::new(),
            body: Bytes::new(),
        }
    }

    /// Name or address of the host, without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The request as it is sent each time.
    pub(super) fn request(&self) -> Request<Full<Bytes>> {
        self.request.clone()
    }
}

/// A target that is being described.
#[derive(Debug, Clone)]
pub struct TargetBuilder {
    url: String,
    method: String,
    headers: Vec<(String, String)>,
    body: Bytes,
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

    /// The target, or what is wrong with it.
    pub fn build(self) -> Result<Target, String> {
        let url = &self.url;
        let uri: Uri = url
            .parse()
            .map_err(|error| format!("`{url}` is no URL: {error}"))?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => return Err(format!("`{url}`: https is not supported yet")),
            _ => return Err(format!("`{url}` does not begin with `http://`")),
        }
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        if authority.contains('@') {
            return Err(format!("`{url}` holds a user; send the header instead"));
        }
        let host = uri.host().unwrap_or_default();
        if host.is_empty() {
            return Err(format!("`{url}` names no host"));
        }
        let port = match authority.strip_prefix(host) {
            None | Some("") => Some(80),
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
        Ok(Target {
            host: host.trim_matches(['[', ']']).to_owned(),
            port,
            request,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_taken_apart() {
        let target = Target::of("http://[::1]:8080/a?b=c").build().unwrap();
        assert_eq!((target.host(), target.port()), ("::1", 8080));
        assert_eq!(target.request().uri(), "/a?b=c");
        assert_eq!(target.request().headers()[HOST], "[::1]:8080");
        assert_eq!(Target::of("http://a").build().unwrap().port(), 80);
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

//! Addresses written one way only, so that the same place has the same text.

/// Ports that go without saying.
const PORTS: &[(&str, &str)] = &[
    ("http", ":80"),
    ("https", ":443"),
    ("ws", ":80"),
    ("wss", ":443"),
];

/// An address without capitals in its scheme and host, the port that goes without saying, a `./`
/// at its beginning and a slash at its end.
pub(super) fn plain(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("//") else {
        return here(url.trim_end_matches('/')).to_owned();
    };
    let rest = rest.trim_end_matches('/');
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let scheme = scheme.to_lowercase();
    let host = host.to_lowercase();
    let known = PORTS.iter().find(|(name, _)| scheme == format!("{name}:"));
    let bare = known.and_then(|(_, port)| host.strip_suffix(port));
    format!("{scheme}//{}{path}", bare.unwrap_or(&host))
}

fn here(mut url: &str) -> &str {
    while let Some(rest) = url.strip_prefix("./") {
        url = rest;
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_text() {
        for (written, plainly) in [
            ("HTTPS://A.Example:443/V1/", "https://a.example/V1"),
            ("http://a:80", "http://a"),
            ("http://a:443/x", "http://a:443/x"),
            ("//A/x", "//a/x"),
            ("http:///", "http://"),
            ("/V1/", "/V1"),
            ("././v1", "v1"),
            ("./", "."),
            ("/", ""),
        ] {
            assert_eq!(plain(written), plainly, "{written}");
        }
    }
}

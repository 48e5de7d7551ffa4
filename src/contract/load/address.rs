//! From what a reference says to what it is called.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

/// Whether an address leads out of the project.
pub fn is_url(address: &str) -> bool {
    address.contains("://")
}

/// Addresses below which references may lead over the network.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remote(Vec<String>);

impl Remote {
    /// Everything at or below these addresses.
    pub fn below(addresses: impl IntoIterator<Item = String>) -> Self {
        Self(addresses.into_iter().collect())
    }

    /// Everything on the host of a URL, and what is below these addresses.
    #[must_use]
    pub fn and_host_of(mut self, url: &str) -> Self {
        let host: Vec<&str> = url.splitn(4, '/').take(3).collect();
        self.0.push(host.join("/"));
        self
    }

    /// Whether a reference may lead there. What leads upwards again may not.
    pub fn permits(&self, url: &str) -> bool {
        let upwards = ["..", "\\", "%2e", "%2E"];
        let upwards = upwards.iter().any(|part| url.contains(part));
        let below = |address: &String| {
            let rest = url.strip_prefix(address.as_str());
            let next = |rest: &str| rest.is_empty() || rest.starts_with(['/', '?', '#']);
            rest.is_some_and(|rest| address.ends_with('/') || next(rest))
        };
        is_url(url) && !upwards && self.0.iter().any(below)
    }
}

/// An address that is written in a file, from where the file is.
pub(super) fn beside(file: &str, path: &str) -> String {
    if is_url(path) {
        return path.to_owned();
    }
    // The scheme, nothing, and the host.
    let root = if is_url(file) { 3 } else { 0 };
    // In names of files, nothing is escaped.
    let decoded = (root == 0).then(|| percent_decode_str(path).decode_utf8().ok());
    let path = decoded.flatten().unwrap_or(Cow::Borrowed(path));
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.truncate(if path.starts_with('/') && root > 0 {
        root
    } else {
        parts.len().saturating_sub(1).max(root)
    });
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." if root > 0 && parts.len() == root => {}
            ".." if parts.last().is_some_and(|last| !["..", ""].contains(last)) => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_from_where_the_file_is() {
        let cases = [
            ("a/b.yaml", "c.yaml", "a/c.yaml"),
            ("a/b.yaml", "../c.yaml", "c.yaml"),
            ("a/b.yaml", "../../c.yaml", "../c.yaml"),
            ("b.yaml", "./c.yaml", "c.yaml"),
            ("b.yaml", "https://h/c.yaml", "https://h/c.yaml"),
            ("https://h/a/b.yaml", "c.yaml", "https://h/a/c.yaml"),
            ("https://h/a/b.yaml", "../c.yaml", "https://h/c.yaml"),
            ("https://h/a/b.yaml", "../../../c.yaml", "https://h/c.yaml"),
            ("https://h/a/b.yaml", "/c.yaml", "https://h/c.yaml"),
            ("https://h", "c.yaml", "https://h/c.yaml"),
            ("a/b.yaml", "c%20d%2Fe.yaml", "a/c d/e.yaml"),
            ("100%/b.yaml", "50%.yaml", "100%/50%.yaml"),
            ("https://h/b.yaml", "c%20d.yaml", "https://h/c%20d.yaml"),
        ];
        for (file, path, found) in cases {
            assert_eq!(beside(file, path), found, "{file} {path}");
        }
    }

    #[test]
    fn references_lead_to_what_is_below_an_address_only() {
        let remote = Remote::below(["https://a.example/v1".to_owned(), "http://b/".to_owned()]);
        let may = [
            "https://a.example/v1",
            "https://a.example/v1/x.yaml",
            "https://a.example/v1?x",
            "http://b/x",
        ];
        let may_not = [
            "https://a.example/v10",
            "https://a.example/v1/../x",
            "https://a.example/v1/%2e%2E/x",
            "https://a.example.org/v1",
            "https://a.example@b/v1",
            "http://bb/",
            "file.yaml",
        ];
        assert_eq!(may.map(|url| remote.permits(url)), [true; 4]);
        assert_eq!(may_not.map(|url| remote.permits(url)), [false; 7]);
        assert!(
            Remote::default()
                .and_host_of("http://h:1/a/b.yaml")
                .permits("http://h:1/c")
        );
    }
}

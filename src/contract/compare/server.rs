//! Where operations are.

use super::operation::Walk;
use crate::contract::model::{FREE, Operation, Servers};

impl Walk<'_> {
    pub(super) fn servers(&mut self, old: &Operation, new: &Operation) {
        let (before, after) = (&old.servers, &new.servers);
        let places = (before.span, after.span);
        let gone = before.urls.iter().filter(|url| !has(after, url));
        let gone: Vec<&String> = gone.collect();
        for url in &gone {
            let path = path(url);
            let (rule, message) = if keeps_path(after, path) {
                let message = format!("`{url}` is no server any more");
                ("api-server-removed", message)
            } else {
                let shown = if path.is_empty() { "/" } else { path };
                let message = format!("no server has `{shown}` any more");
                ("api-base-path-removed", message)
            };
            self.tell(old, rule, "request.server", message, places);
        }
        for (pattern, default) in &before.free {
            if !has(after, pattern) && has(after, default) {
                let message = format!("not every `{pattern}` is a server any more");
                self.tell(old, "api-server-removed", "request.server", message, places);
            }
        }
        // One that took the place of another was told of above.
        if !gone.is_empty() {
            return;
        }
        let patterns = after.free.iter();
        let patterns = patterns.filter(|(_, default)| has(before, default));
        let patterns = patterns.map(|(pattern, _)| pattern);
        for url in after.urls.iter().chain(patterns) {
            if !has(before, url) {
                let message = format!("`{url}` is a server now");
                self.tell(old, "api-server-added", "request.server", message, places);
            }
        }
    }
}

/// Whether an address, or all of a pattern, is among the servers.
fn has(servers: &Servers, url: &str) -> bool {
    servers.urls.iter().any(|server| same(server, url))
        || servers.free.keys().any(|pattern| fits(pattern, url))
}

fn keeps_path(servers: &Servers, wanted: &str) -> bool {
    let mut all = servers.urls.iter().chain(servers.free.keys());
    all.any(|server| {
        let own = path(server);
        fits(own, wanted) || below(own, wanted) || below(wanted, own)
    })
}

/// Whether a server is at an address, as far as that is known: what it leaves out is as it is for
/// the document.
fn same(server: &str, url: &str) -> bool {
    let ((scheme, host), (wanted_scheme, wanted_host)) = (origin(server), origin(url));
    let (own, wanted) = (path(server), path(url));
    (host.is_empty() || host == wanted_host)
        && (scheme.is_empty() || wanted_scheme.is_empty() || scheme == wanted_scheme)
        && (own == wanted || below(own, wanted))
}

/// Whether a path that begins where the document is may end up as another.
fn below(relative: &str, whole: &str) -> bool {
    let relative = match relative {
        "." => return true,
        path if path.is_empty() || path.starts_with('/') => return false,
        path => path,
    };
    let rest = whole.strip_suffix(relative);
    rest.is_some_and(|rest| rest.ends_with('/'))
}

/// Whether a pattern becomes that address if its variables are chosen well.
fn fits(pattern: &str, url: &str) -> bool {
    let Some((first, rest)) = pattern.split_once(FREE) else {
        return pattern == url;
    };
    let Some(mut left) = url.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = rest.split(FREE).collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match left.find(part) {
            Some(at) => left = &left[at + part.len()..],
            None => return false,
        }
    }
    left.ends_with(last)
}

/// The scheme and the host of an address; empty, where it names none.
fn origin(url: &str) -> (&str, &str) {
    let (scheme, rest) = url.split_once("//").unwrap_or_default();
    (scheme, rest.split('/').next().unwrap_or_default())
}

/// An address without the host.
fn path(url: &str) -> &str {
    match url.split_once("//") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_fits_what_its_variables_can_become() {
        for (pattern, url, expected) in [
            ("https://{}.a/v1", "https://x.a/v1", true),
            ("https://{}.a/v1", "https://{}.a/v1", true),
            ("https://{}.a/v1", "https://x.b/v1", false),
            ("https://{}.a/{}/x", "https://x.a/v1/x", true),
            ("https://{}.a/{}/x", "https://x.a/v1", false),
            ("{}", "https://a/v1", true),
            ("https://a", "https://a/v1", false),
        ] {
            assert_eq!(fits(pattern, url), expected, "{pattern} {url}");
        }
    }
}

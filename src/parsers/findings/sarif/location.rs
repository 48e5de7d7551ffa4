//! Where a result is: its URI as a path.

use std::collections::HashMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Location {
    pub(super) physical_location: Option<PhysicalLocation>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PhysicalLocation {
    pub(super) artifact_location: Option<ArtifactLocation>,
    pub(super) region: Option<Region>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Region {
    pub(super) start_line: Option<u64>,
    pub(super) start_column: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ArtifactLocation {
    uri: Option<String>,
    uri_base_id: Option<String>,
    index: Option<i64>,
}

#[derive(Deserialize)]
pub(super) struct Artifact {
    location: Option<ArtifactLocation>,
}

/// Folders that a run gives names to.
pub(super) type Bases = HashMap<String, ArtifactLocation>;

/// How many folders may be named by one another; the standard forbids circles.
const MOST_BASES: usize = 16;

impl ArtifactLocation {
    /// The path: absolute if the run says where its folders are, otherwise as it stands.
    pub(super) fn path(&self, bases: &Bases, artifacts: &[Artifact]) -> Option<String> {
        let (uri, mut base) = if let Some(uri) = &self.uri {
            (uri, &self.uri_base_id)
        } else {
            let artifact = artifacts.get(usize::try_from(self.index?).ok()?)?;
            let location = artifact.location.as_ref()?;
            (location.uri.as_ref()?, &location.uri_base_id)
        };
        let mut uri = uri.clone();
        for _ in 0..MOST_BASES {
            let Some(folder) = base.as_ref().and_then(|name| bases.get(name)) else {
                break;
            };
            if is_absolute(&uri) {
                break;
            }
            if let Some(prefix) = &folder.uri {
                uri = format!("{}/{uri}", prefix.trim_end_matches('/'));
            }
            base = &folder.uri_base_id;
        }
        Some(plain(&uri)).filter(|path| !path.is_empty())
    }
}

fn is_absolute(uri: &str) -> bool {
    uri.starts_with('/') || uri.contains("://") || uri.starts_with("file:")
}

/// The path of a URI; one that is no file stays as it is.
fn plain(uri: &str) -> String {
    let path = match uri.strip_prefix("file:") {
        None if uri.contains("://") => return uri.to_owned(),
        None => uri,
        Some(rest) => match rest.strip_prefix("//") {
            None => rest,
            // What stands before the path is the machine.
            Some(rest) => rest.find('/').map_or(rest, |at| &rest[at..]),
        },
    };
    let path = decoded(path);
    match path.as_bytes() {
        [b'/', drive, b':', ..] if drive.is_ascii_alphabetic() => path[1..].to_owned(),
        _ => path,
    }
}

/// `%20` → a blank.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        let digits = after
            .get(..2)
            .filter(|digits| byte == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let value = digits
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match value {
            Some(value) => {
                bytes.push(value);
                rest = &after[2..];
            }
            None => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(uri: &str, base: Option<&str>) -> Option<String> {
        let folder = |uri: Option<&str>, base: Option<&str>| ArtifactLocation {
            uri: uri.map(str::to_owned),
            uri_base_id: base.map(str::to_owned),
            index: None,
        };
        let bases: Bases = [
            ("ROOT".to_owned(), folder(Some("file:///pro%20ject/"), None)),
            ("SRC".to_owned(), folder(Some("src/"), Some("ROOT"))),
            ("UNSAID".to_owned(), folder(None, None)),
            ("ROUND".to_owned(), folder(Some("r"), Some("ROUND"))),
        ]
        .into();
        folder(Some(uri), base).path(&bases, &[])
    }

    #[test]
    fn a_uri_is_a_path_below_the_folders_that_the_run_names() {
        let expected = [
            ("src/a.py", None, "src/a.py"),
            ("caf%C3%A9%20%zz.py", None, "café %zz.py"),
            ("file:///project/a.py", None, "/project/a.py"),
            ("file:/project/a.py", None, "/project/a.py"),
            ("file://machine/project/a.py", None, "/project/a.py"),
            ("file:///C:/project/a.cs", None, "C:/project/a.cs"),
            ("a.py", Some("SRC"), "/pro ject/src/a.py"),
            ("/b/a.py", Some("SRC"), "/b/a.py"),
            ("a.py", Some("UNSAID"), "a.py"),
            ("a.py", Some("UNKNOWN"), "a.py"),
        ];
        for (uri, base, shown) in expected {
            assert_eq!(path(uri, base).as_deref(), Some(shown), "{uri}");
        }
        assert!(path("a.py", Some("ROUND")).is_some(), "a circle ends");
        assert_eq!(path("", None), None);
    }
}

//! Where the links of Markdown pages lead.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::path::Path;

use super::markdown::{Link, Page};
use crate::event::{Finding, Grade};
use crate::spec::normalise;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// To another site, which is not looked at.
    Elsewhere,
    /// Out of the project.
    Outside,
    /// To a file or folder of the project, and to an anchor in it.
    Inside {
        /// The path, relative to the root; empty for the root itself.
        path: String,
        /// Whether only a folder can be meant.
        folder: bool,
        /// The anchor.
        anchor: Option<String>,
    },
}

/// Where a link of a page leads.
pub fn target(page: &str, link: &str) -> Target {
    if is_elsewhere(link) {
        return Target::Elsewhere;
    }
    let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| {
        (path, Some(decoded(anchor).into_owned()))
    });
    // A query asks for another view than the page, with other anchors.
    let (path, anchor) = match path.split_once('?') {
        Some((path, _)) => (path, None),
        None => (path, anchor),
    };
    let folder = path.ends_with('/');
    let path = decoded(path);
    let whole = match path.strip_prefix('/') {
        Some(from_root) => from_root.to_owned(),
        None if path.is_empty() => page.to_owned(),
        None => match page.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{path}"),
            None => path.into_owned(),
        },
    };
    match normalise(&whole) {
        Some(path) => Target::Inside {
            path,
            folder,
            anchor: anchor.filter(|anchor| !anchor.is_empty()),
        },
        None => Target::Outside,
    }
}

/// Whether a link names a scheme or a host.
fn is_elsewhere(link: &str) -> bool {
    let scheme = link.split_once(':').map_or("", |(scheme, _)| scheme);
    let letter = |c: char| c.is_ascii_alphanumeric() || ['+', '-', '.'].contains(&c);
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic());
    link.starts_with("//") || is_scheme && scheme.chars().all(letter)
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy()
}

/// Whether a file is a Markdown page.
pub fn is_page(path: &str) -> bool {
    let ending = Path::new(path).extension().unwrap_or_default();
    ["md", "markdown"]
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// Files of which a link of `pages` names an anchor, and which are no page that is known. `files`
/// are all files of the project, sorted.
pub fn unread(pages: &BTreeMap<String, Page>, files: &[String]) -> BTreeSet<String> {
    let links = pages.iter().flat_map(|(from, page)| {
        page.links
            .iter()
            .map(move |link| target(from, &link.target))
    });
    let with_anchor = links.filter_map(|target| match target {
        Target::Inside {
            path,
            anchor: Some(_),
            ..
        } => Some(path),
        _ => None,
    });
    with_anchor
        .filter(|path| is_page(path) && !pages.contains_key(path))
        .filter(|path| files.binary_search(path).is_ok())
        .collect()
}

/// What links can lead to.
#[derive(Debug)]
pub struct Site<'s> {
    files: &'s [String],
    places: HashSet<&'s str>,
    folders: HashSet<&'s str>,
    pages: &'s BTreeMap<String, Page>,
}

/// What checking the links of a page came to.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Checked {
    /// Links that were followed.
    pub followed: u64,
    /// Links that were not: to other sites, and anchors of what is no Markdown page.
    pub unchecked: u64,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl<'s> Site<'s> {
    /// `files` are all files of the project, `pages` those whose anchors are known.
    pub fn new(files: &'s [String], pages: &'s BTreeMap<String, Page>) -> Self {
        let mut folders = HashSet::from([""]);
        for file in files {
            let mut path = file.as_str();
            while let Some((folder, _)) = path.rsplit_once('/') {
                if !folders.insert(folder) {
                    break;
                }
                path = folder;
            }
        }
        Self {
            places: files.iter().map(String::as_str).collect(),
            files,
            folders,
            pages,
        }
    }

    /// Whether a file of that path is there.
    fn has(&self, path: &str) -> bool {
        self.places.contains(path)
    }

    /// Follows the links of a page.
    pub fn check(&self, path: &str, page: &Page) -> Checked {
        let mut checked = Checked::default();
        for link in &page.links {
            match self.follow(path, link) {
                Followed::Found => checked.followed += 1,
                Followed::Unchecked => checked.unchecked += 1,
                Followed::Broken(rule, message) => {
                    checked.followed += 1;
                    checked.findings.push(finding(rule, message, path, link));
                }
            }
        }
        for link in &page.undefined {
            let message = format!("`[{}]` is defined nowhere on the page", link.target);
            let finding = finding("link-undefined", message, path, link);
            checked.followed += 1;
            checked.findings.push(finding);
        }
        checked
    }

    fn follow(&self, from: &str, link: &Link) -> Followed {
        let (path, folder, anchor) = match target(from, &link.target) {
            Target::Elsewhere => return Followed::Unchecked,
            Target::Outside => {
                let message = format!("`{}` leads out of the project", link.target);
                return Followed::Broken("link-outside", message);
            }
            Target::Inside { .. } if link.target.is_empty() => {
                return Followed::Broken("link-broken", "the link is empty".to_owned());
            }
            Target::Inside {
                path,
                folder,
                anchor,
            } => (path, folder, anchor),
        };
        let is_file = !folder && self.has(&path);
        if !is_file && !self.folders.contains(path.as_str()) {
            return Followed::Broken("link-broken", self.missing(&path));
        }
        let Some(anchor) = anchor else {
            return Followed::Found;
        };
        match self.pages.get(&path) {
            Some(page) if has_anchor(page, &anchor) => Followed::Found,
            Some(page) => Followed::Broken("anchor-broken", no_anchor(&path, page, &anchor)),
            None => Followed::Unchecked,
        }
    }

    /// Says that nothing is there, and what is there under a name in other letters.
    fn missing(&self, path: &str) -> String {
        let lower = path.to_lowercase();
        match self.files.iter().find(|file| file.to_lowercase() == lower) {
            Some(file) => format!("`{path}` is not there, but `{file}` is"),
            None => format!("`{path}` is not there, or git ignores it"),
        }
    }
}

/// How following a link ended.
enum Followed {
    Found,
    Unchecked,
    /// The rule that it breaks, and how.
    Broken(&'static str, String),
}

fn finding(rule: &str, message: String, path: &str, link: &Link) -> Finding {
    Finding::new(rule, Grade::Medium, message).at(path, Some(link.line), Some(link.column))
}

fn has_anchor(page: &Page, anchor: &str) -> bool {
    let own = anchor.strip_prefix("user-content-").unwrap_or(anchor);
    anchor == "top" || page.anchors.contains(anchor) || page.anchors.contains(own)
}

fn no_anchor(path: &str, page: &Page, anchor: &str) -> String {
    let known = page.anchors.iter().map(String::as_str);
    let near = crate::diag::did_you_mean(anchor, known);
    let near = near.map_or(String::new(), |near| format!("; {near}"));
    format!("`{path}` has no anchor `#{anchor}`{near}")
}

#[cfg(test)]
mod tests {
    use super::super::markdown;
    use super::*;

    /// Rule words of the links of `text`, which stands in `docs/page.md`.
    fn broken(text: &str) -> Vec<String> {
        let files = ["docs/page.md", "docs/a b.md", "src/Main.rs", "README.md"];
        let files: Vec<String> = files.map(str::to_owned).to_vec();
        let readme = markdown::read("# Read me\n");
        let page = markdown::read(text);
        let pages = BTreeMap::from([
            ("README.md".to_owned(), readme),
            ("docs/page.md".to_owned(), page.clone()),
        ]);
        let checked = Site::new(&files, &pages).check("docs/page.md", &page);
        checked
            .findings
            .into_iter()
            .map(|found| found.rule)
            .collect()
    }

    #[test]
    fn what_is_there_is_found() {
        for target in [
            "a%20b.md",
            "<a b.md>",
            "../README.md#read-me",
            "/README.md",
            "../src/",
            "../src",
            "..",
            "#here",
            "#top",
            "page.md?plain=1#L3-L4",
            "../src/Main.rs#L10",
            "../src/Main.rs?raw=true",
        ] {
            let broken = broken(&format!("# Here\n[x]({target})\n"));
            assert!(broken.is_empty(), "{target}: {broken:?}");
        }
    }

    #[test]
    fn what_is_not_there_is_found_out() {
        for (target, rule) in [
            ("gone.md", "link-broken"),
            ("", "link-broken"),
            ("../src/main.rs", "link-broken"),
            ("../README.md/", "link-broken"),
            ("../../other/README.md", "link-outside"),
            ("#there", "anchor-broken"),
            ("../README.md#Read-Me", "anchor-broken"),
        ] {
            assert_eq!(
                broken(&format!("# Here\n[x]({target})\n")),
                [rule],
                "{target}"
            );
        }
        assert_eq!(broken("see [x][y]\n"), ["link-undefined"]);
    }

    #[test]
    fn other_sites_are_not_looked_at() {
        let elsewhere = ["https://a.b/c", "mailto:a@b.c", "//a.b/c", "vscode://x"];
        for link in elsewhere {
            assert_eq!(target("page.md", link), Target::Elsewhere, "{link}");
        }
        assert_ne!(target("page.md", "a/b:c.md"), Target::Elsewhere);
    }
}

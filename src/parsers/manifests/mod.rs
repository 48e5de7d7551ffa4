//! What a project says of the libraries that it uses → names and versions. Pure.
//!
//! One file a format and one row in the table. A manifest names the libraries that somebody chose;
//! a lock file says which versions of them are installed.

mod cargo_lock;
mod cargo_toml;
mod go_mod;
mod package_json;
mod package_lock;
mod pep508;
mod poetry_lock;
mod pyproject;
mod requirements;
mod stack;
#[cfg(test)]
mod tests;
mod toml_text;
mod used;
mod uv_lock;

pub use used::{Role, Source, Used, used};

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use regex::Regex;

/// Whose names they are: what is one name here may be two elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// Packages of Python.
    Python,
    /// Packages of npm.
    Npm,
    /// Crates.
    Cargo,
    /// Modules of Go.
    Go,
    /// Names that the project's list of its technologies gives.
    Stack,
}

impl Ecosystem {
    /// What two spellings of the same name have in common.
    pub fn key(self, name: &str) -> String {
        match self {
            Ecosystem::Python | Ecosystem::Stack => {
                let lower = name.to_lowercase();
                let words = lower.split(['-', '_', '.']).filter(|word| !word.is_empty());
                words.collect::<Vec<_>>().join("-")
            }
            Ecosystem::Cargo => name.replace('_', "-"),
            Ecosystem::Npm | Ecosystem::Go => name.to_owned(),
        }
    }
}

/// Which version somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// This one and no other.
    Exact(String),
    /// One of several.
    Range(String),
    /// Nothing is said.
    Any,
    /// That which the workspace says for the same name.
    Inherited,
}

/// What a workspace says of a library for its members.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shared {
    /// It is this library, of this version.
    Library(String, Wanted),
    /// It is the project's own code.
    Own,
}

/// A library that somebody chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// Its name.
    pub name: String,
    /// Its version, as far as the manifest says it.
    pub wanted: Wanted,
    /// Where it stands, from 1.
    pub line: Option<u64>,
}

/// A version that is installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pin {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether the project itself asks for it, as far as the file says it.
    pub direct: bool,
    /// The folder of the package that asks for it, relative to that of the file.
    pub folder: String,
}

/// Another file that belongs to this one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Include {
    /// Its path, relative to the folder of this one.
    pub path: String,
    /// Whether it names no libraries, only versions for them.
    pub constraints: bool,
    /// Where it is named.
    pub line: u64,
}

/// What a file says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Manifest {
    /// Libraries that were chosen.
    pub declared: Vec<Declared>,
    /// Versions that are installed.
    pub pins: Vec<Pin>,
    /// Files that belong to it.
    pub includes: Vec<Include>,
    /// Names of the project's own code, which no server knows.
    pub own: Vec<String>,
    /// What it says for the members of its workspace, by their name for it.
    pub shared: BTreeMap<String, Shared>,
    /// Patterns of the folders of its workspace's members, if it has a workspace.
    pub members: Option<Vec<String>>,
}

impl Manifest {
    fn declare(&mut self, name: impl Into<String>, wanted: Wanted, line: Option<u64>) {
        self.declared.push(Declared {
            name: name.into(),
            wanted,
            line,
        });
    }

    fn pin(&mut self, name: impl Into<String>, version: impl Into<String>, direct: bool) {
        self.pins.push(Pin {
            name: name.into(),
            version: version.into(),
            direct,
            folder: String::new(),
        });
    }
}

/// Why a file can't be understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where, from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: String,
}

impl Problem {
    fn at(line: u64, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            message: without_user(&message.into()),
        }
    }

    fn of_json(error: &serde_json::Error) -> Self {
        let message = error.to_string();
        let message = message.split(" at line ").next().unwrap_or_default();
        Self::at(error.line() as u64, message)
    }
}

/// A text without the names and passwords in its URLs: what is quoted is seen by everybody.
fn without_user(text: &str) -> String {
    static USER: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"://[^/\s]*@").expect("the pattern is a literal"));
    USER.replace_all(text, "://***@").into_owned()
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// A row of the table: one format.
#[derive(Debug)]
pub struct ManifestFormat {
    /// The name of its files; a `*` stands for anything.
    pub file: &'static str,
    /// Whose libraries it names.
    pub ecosystem: Ecosystem,
    /// Whether it only says versions of what another file names.
    pub lock: bool,
    /// Reads it.
    pub read: fn(&str) -> Result<Manifest, Problem>,
}

macro_rules! manifest_formats {
    ($($file:literal $ecosystem:ident $lock:literal $module:ident;)+) => {
        /// Every format. Of several lock files in a folder, the first one counts.
        pub const FORMATS: &[ManifestFormat] = &[$(ManifestFormat {
            file: $file,
            ecosystem: Ecosystem::$ecosystem,
            lock: $lock,
            read: $module::read,
        }),+];
    };
}

manifest_formats! {
    "requirements*.txt" Python false requirements;
    "pyproject.toml" Python false pyproject;
    "uv.lock" Python true uv_lock;
    "poetry.lock" Python true poetry_lock;
    "package.json" Npm false package_json;
    "npm-shrinkwrap.json" Npm true package_lock;
    "package-lock.json" Npm true package_lock;
    "Cargo.toml" Cargo false cargo_toml;
    "Cargo.lock" Cargo true cargo_lock;
    "go.mod" Go false go_mod;
    "stack.txt" Stack false stack;
}

/// Files that name libraries or say their versions, and that can't be read here: what they say is
/// not known, which is not nothing.
pub const UNREAD: &[(&str, Ecosystem, bool)] = &[
    ("Pipfile", Ecosystem::Python, false),
    ("Pipfile.lock", Ecosystem::Python, true),
    ("pdm.lock", Ecosystem::Python, true),
    ("pylock.toml", Ecosystem::Python, true),
    ("bun.lock", Ecosystem::Npm, true),
    ("bun.lockb", Ecosystem::Npm, true),
    ("pnpm-lock.yaml", Ecosystem::Npm, true),
    ("yarn.lock", Ecosystem::Npm, true),
];

impl ManifestFormat {
    /// The format of the file at that path.
    pub fn of(path: &str) -> Option<&'static ManifestFormat> {
        let name = path.rsplit('/').next().unwrap_or(path);
        FORMATS.iter().find(|format| format.is_of(name))
    }

    fn is_of(&self, name: &str) -> bool {
        match self.file.split_once('*') {
            None => self.file == name,
            Some((start, end)) => {
                name.len() >= start.len() + end.len()
                    && name.starts_with(start)
                    && name.ends_with(end)
            }
        }
    }
}

/// Reads a file that lists requirements of Python, whatever it is called.
pub fn requirements(text: &str) -> Result<Manifest, Problem> {
    requirements::read(text)
}

/// Reads a list of technologies, whatever it is called.
pub fn stack(text: &str) -> Result<Manifest, Problem> {
    stack::read(text)
}

/// The version, if it is one and not a range: `1.2.3`, `v1.2`, `=1.2.3`.
fn exact(text: &str) -> Option<String> {
    let version = text.trim().trim_start_matches('=').trim();
    let version = version.strip_prefix('v').unwrap_or(version);
    let is_version = version.starts_with(|c: char| c.is_ascii_digit())
        && !version.ends_with('+')
        && version
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".-+_".contains(c))
        && !version.split('.').any(|part| part == "x" || part == "X");
    is_version.then(|| version.to_owned())
}

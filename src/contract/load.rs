//! The files of a contract: the document, and all that its references name.

mod address;
mod survey;

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use self::address::beside;
pub use self::address::{Remote, is_url};
use self::survey::Survey;
use crate::span::{SourceId, Sources, Span};
use crate::yaml::{Value, Yaml, parse};

/// Most references that lead to each other.
const LONGEST_CHAIN: usize = 100;

/// Where the texts come from.
pub trait Files {
    /// The text of a file, or why it can't be read.
    fn read(&self, path: &str) -> Result<String, String>;

    /// Whether a reference may lead to that URL. If not, what stands there is not known.
    fn fetches(&self, _url: &str) -> bool {
        false
    }
}

/// Why a document can't be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub path: String,
    /// The place in it; nothing if it was not read at all.
    pub span: Option<Span>,
    /// What is wrong, as a sentence without its end.
    pub message: String,
}

/// A node and the file that it stands in.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    file: usize,
    /// The node.
    pub node: &'a Yaml,
}

impl<'a> At<'a> {
    /// The value of that name.
    pub fn get(self, key: &str) -> Option<At<'a>> {
        self.node.get(key).map(|node| self.with(node))
    }

    /// Another node of the same file.
    #[must_use]
    pub fn with(self, node: &'a Yaml) -> At<'a> {
        At { node, ..self }
    }

    /// The named values.
    pub fn entries(self) -> impl Iterator<Item = (&'a str, At<'a>)> {
        let entries = self.node.entries().iter();
        entries.map(move |entry| (entry.key.as_str(), self.with(&entry.value)))
    }

    /// The named values of the mapping of that name.
    pub fn each(self, key: &str) -> impl Iterator<Item = (&'a str, At<'a>)> {
        self.get(key).into_iter().flat_map(At::entries)
    }

    /// The items of the list of that name.
    pub fn list(self, key: &str) -> impl Iterator<Item = At<'a>> {
        let items = self.node.get(key).map_or(&[][..], Yaml::items);
        items.iter().map(move |node| self.with(node))
    }

    /// The text of that name.
    pub fn text(self, key: &str) -> Option<&'a str> {
        self.node.get(key)?.text()
    }

    /// Whether the value of that name is `true`.
    pub fn flag(self, key: &str) -> bool {
        self.node.get(key).and_then(Yaml::truth) == Some(true)
    }
}

/// A file that was read.
#[derive(Debug)]
struct File {
    path: String,
    source: SourceId,
    root: Yaml,
    survey: Survey,
    /// Where the names of large mappings are, since many references lead through them.
    index: HashMap<String, HashMap<String, usize>>,
}

/// A document with all files that it refers to.
#[derive(Debug, Default)]
pub struct Library {
    files: Vec<File>,
}

impl Library {
    /// Reads a document and every file that it names, directly or not.
    pub fn read(
        path: &str,
        files: &dyn Files,
        sources: &mut Sources,
    ) -> Result<Self, Vec<Problem>> {
        let mut library = Self::default();
        let mut seen = HashSet::from([path.to_owned()]);
        let mut open = vec![(path.to_owned(), None)];
        let mut problems = Vec::new();
        while let Some((path, asked)) = open.pop() {
            match library.add(&path, files, sources) {
                Ok(file) => {
                    for (path, span) in file.foreign(files) {
                        if seen.insert(path.clone()) {
                            open.push((path, Some((file.path.clone(), span))));
                        }
                    }
                }
                Err(problem) => problems.push(placed(problem, asked)),
            }
        }
        if problems.is_empty() {
            Ok(library)
        } else {
            Err(problems)
        }
    }

    fn add(
        &mut self,
        path: &str,
        files: &dyn Files,
        sources: &mut Sources,
    ) -> Result<&File, Problem> {
        let problem = |span, message| Problem {
            path: path.to_owned(),
            span,
            message,
        };
        let text = files
            .read(path)
            .map_err(|error| problem(None, format!("`{path}` can't be read: {error}")))?;
        let parsed = parse(&text);
        let source = sources.add(path, text);
        let root =
            parsed.map_err(|error| problem(Some(Span::new(source, error.range)), error.message))?;
        self.files.push(File {
            path: path.to_owned(),
            source,
            index: index(&root),
            survey: Survey::of(&root),
            root,
        });
        Ok(&self.files[self.files.len() - 1])
    }

    /// The root of the document itself.
    pub fn root(&self) -> At<'_> {
        At {
            file: 0,
            node: &self.files[0].root,
        }
    }

    /// The path of the document itself.
    pub fn path(&self) -> &str {
        &self.files[0].path
    }

    /// Where a node stands.
    pub fn span(&self, at: At<'_>) -> Span {
        Span::new(self.files[at.file].source, at.node.range.clone())
    }

    /// Where the name of one of its values stands; where the node does, if there is no such value.
    pub fn key_span(&self, at: At<'_>, key: &str) -> Span {
        let entry = at.node.entry(key);
        let range = entry.map_or(&at.node.range, |entry| &entry.range);
        Span::new(self.files[at.file].source, range.clone())
    }

    /// The root of the file that a node stands in.
    pub fn root_of<'a>(&'a self, at: At<'_>) -> At<'a> {
        At {
            file: at.file,
            node: &self.files[at.file].root,
        }
    }

    /// Whether a problem is one of that very node.
    pub fn is_about(&self, problem: &Problem, at: At<'_>) -> bool {
        problem.span == Some(self.span(at))
    }

    /// A problem at a node.
    pub fn problem(&self, at: At<'_>, message: impl Into<String>) -> Problem {
        Problem {
            path: self.files[at.file].path.clone(),
            span: Some(self.span(at)),
            message: message.into(),
        }
    }

    /// What a node is once its references are followed.
    pub fn follow<'a>(&'a self, at: At<'a>) -> Result<At<'a>, Problem> {
        self.pass(at, |_| {})
    }

    /// A node and all that its references lead to, one after the other.
    pub fn chain<'a>(&'a self, at: At<'a>) -> Result<Vec<At<'a>>, Problem> {
        let mut all = Vec::new();
        self.pass(at, |at| all.push(at))?;
        Ok(all)
    }

    /// Follows references, and shows each node on the way.
    fn pass<'a>(&'a self, start: At<'a>, mut show: impl FnMut(At<'a>)) -> Result<At<'a>, Problem> {
        let mut at = start;
        for _ in 0..LONGEST_CHAIN {
            show(at);
            let Some(reference) = at.text("$ref") else {
                return Ok(at);
            };
            at = self.resolve(at, reference)?;
        }
        Err(self.problem(start, "the reference leads back to itself"))
    }

    /// What a reference in a node leads to.
    pub fn resolve<'a>(&'a self, at: At<'a>, reference: &str) -> Result<At<'a>, Problem> {
        let (address, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        let home = self.home(at, address);
        let found = home.and_then(|(file, base)| {
            let node = self.files[file].part(base, fragment)?;
            Some(At { file, node })
        });
        found.ok_or_else(|| {
            let known = is_url(address) && home.is_none();
            let message = if known {
                format!("what `{reference}` names is not fetched")
            } else {
                format!("`{reference}` leads nowhere")
            };
            self.problem(at.get("$ref").unwrap_or(at), message)
        })
    }

    /// The file and the schema or document in it that an address in a node is about.
    fn home<'a>(&'a self, at: At<'a>, address: &str) -> Option<(usize, &'a Yaml)> {
        let own = &self.files[at.file];
        let around = own.survey.home(&at.node.range);
        if address.is_empty() {
            let range = around.map(|(_, range)| range);
            let base = range.and_then(|range| survey::at(&own.root, &range));
            return Some((at.file, base.unwrap_or(&own.root)));
        }
        let absolute = around.map(|(id, _)| beside(id, address));
        for address in [Some(address), absolute.as_deref()].into_iter().flatten() {
            for (place, file) in self.files.iter().enumerate() {
                if let Some(range) = file.survey.named(address) {
                    return Some((place, survey::at(&file.root, &range)?));
                }
            }
        }
        let wanted = beside(&own.path, address);
        let place = self.files.iter().position(|file| file.path == wanted)?;
        Some((place, &self.files[place].root))
    }

    /// What a `$dynamicRef` in a node leads to, if that is the same wherever it is used.
    pub fn resolve_dynamic<'a>(&'a self, at: At<'a>, reference: &str) -> Option<At<'a>> {
        let (_, name) = reference.split_once('#')?;
        let named = self.files.iter().map(|file| file.survey.dynamic(name));
        if named.sum::<usize>() > 1 {
            return None;
        }
        self.resolve(at, reference).ok()
    }

    /// The dialect that the schema at a node, or its document, names.
    pub fn dialect(&self, at: At<'_>) -> Option<&str> {
        let file = &self.files[at.file];
        let own = file.survey.dialect(&at.node.range);
        own.or_else(|| file.root.get("jsonSchemaDialect")?.text())
    }
}

impl File {
    /// The files that references name, with the place of each.
    fn foreign(&self, files: &dyn Files) -> Vec<(String, Span)> {
        let each = self.survey.references.iter();
        let each = each.filter_map(|(reference, range)| {
            let address = reference.split('#').next()?;
            let path = beside(&self.path, address);
            let named = |address: &str| self.survey.named(address).is_some();
            let home = self.survey.home(range);
            let known = named(address) || home.is_some_and(|(id, _)| named(&beside(id, address)));
            let unknown = is_url(&path) && !files.fetches(&path);
            let span = Span::new(self.source, range.clone());
            (!known && !unknown).then_some((path, span))
        });
        each.collect()
    }

    /// What a fragment names: all, what a pointer leads to, or an anchor.
    fn part<'a>(&'a self, base: &'a Yaml, fragment: &str) -> Option<&'a Yaml> {
        if fragment.is_empty() {
            return Some(base);
        }
        if !fragment.starts_with('/') {
            let range: Range<usize> = self.survey.anchored(&unescaped(fragment)?)?;
            return survey::at(&self.root, &range);
        }
        // Many a schema with an address of its own goes on to point into the document.
        let own = (!std::ptr::eq(base, &raw const self.root)).then(|| walk(base, fragment));
        own.flatten().or_else(|| self.walk(fragment))
    }

    fn walk(&self, pointer: &str) -> Option<&Yaml> {
        if let Some((parent, last)) = pointer.rsplit_once('/')
            && let Some(names) = self.index.get(parent)
        {
            let place = *names.get(&unescaped(last)?)?;
            let parent = walk(&self.root, parent)?;
            return parent.entries().get(place).map(|entry| &entry.value);
        }
        walk(&self.root, pointer)
    }
}

/// The mappings that references usually lead into.
fn index(root: &Yaml) -> HashMap<String, HashMap<String, usize>> {
    let mut index = HashMap::new();
    for way in ["/components/schemas", "/definitions"] {
        if let Some(node) = walk(root, way) {
            let names = node.entries().iter().map(|entry| entry.key.clone());
            index.insert(way.to_owned(), names.zip(0..).collect());
        }
    }
    index
}

fn walk<'a>(root: &'a Yaml, pointer: &str) -> Option<&'a Yaml> {
    let mut node = root;
    if pointer.is_empty() {
        return Some(node);
    }
    for step in pointer.strip_prefix('/')?.split('/') {
        let step = unescaped(step)?;
        node = match &node.value {
            Value::Sequence(items) => items.get(step.parse::<usize>().ok()?)?,
            _ => node.get(&step)?,
        };
    }
    Some(node)
}

fn unescaped(step: &str) -> Option<String> {
    let decoded = percent_encoding::percent_decode_str(step)
        .decode_utf8()
        .ok()?;
    Some(decoded.replace("~1", "/").replace("~0", "~"))
}

/// A file that can't be read is a mistake of the reference that names it.
fn placed(problem: Problem, asked: Option<(String, Span)>) -> Problem {
    match (problem.span, asked) {
        (None, Some((path, span))) => Problem {
            path,
            span: Some(span),
            ..problem
        },
        _ => problem,
    }
}

//! From the texts of a contract to what it promises.

mod access;
mod media;
mod operation;
mod server;
mod style;
mod swagger;
mod url;

use std::collections::{BTreeMap, BTreeSet};

use super::load::{At, Files, Library, Problem};
use super::model::{Caller, Contract, Operation};
use super::schema::{Dialect, Graph, Reader};
use crate::span::Sources;
use crate::yaml::Value;

/// The keys of a path that are methods; all others say something of the path.
const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// Reads a contract; its schemas go into the graph.
pub fn read(
    path: &str,
    files: &dyn Files,
    sources: &mut Sources,
    graph: &mut Graph,
) -> Result<Contract, Vec<Problem>> {
    let library = Library::read(path, files, sources)?;
    promises(&library, graph)
}

/// What a document promises that was read already; its schemas go into the graph.
pub fn promises(library: &Library, graph: &mut Graph) -> Result<Contract, Vec<Problem>> {
    let version = version(library).map_err(|problem| vec![problem])?;
    let dialect = match version {
        Version::Three => Dialect::New,
        _ => Dialect::Old,
    };
    let mut document = Document {
        reader: Reader::new(library, graph, dialect),
        root: library.root(),
        library,
        version,
    };
    let contract = document.contract();
    match document.reader.problems {
        problems if problems.is_empty() => Ok(contract),
        problems => Err(problems),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Version {
    Two,
    ThreeZero,
    Three,
}

fn version(library: &Library) -> Result<Version, Problem> {
    let root = library.root();
    if root.node.entries().is_empty() {
        return Err(library.problem(
            root,
            "a contract has to be a mapping that names its version",
        ));
    }
    let written = |key: &str| root.get(key).and_then(|at| Some((at, at.node.text()?)));
    let Some((at, text)) = written("openapi").or_else(|| written("swagger")) else {
        let message = "this is no contract: neither `openapi` nor `swagger` names a version";
        return Err(library.problem(root, message));
    };
    let version = match text {
        "2.0" => Version::Two,
        text if text.starts_with("3.0.") => Version::ThreeZero,
        text if text.starts_with("3.1.") || text.starts_with("3.2.") => Version::Three,
        _ => {
            let message = format!("version `{text}` is not known: 2.0, 3.0, 3.1 and 3.2 are");
            return Err(library.problem(at, message));
        }
    };
    let needed: &[&str] = match version {
        Version::Three => &["paths", "webhooks", "components"],
        _ => &["paths"],
    };
    if !needed.iter().any(|key| root.get(key).is_some()) {
        let message = format!(
            "the contract promises nothing: `{}` is missing",
            needed.join("`, `")
        );
        return Err(library.problem(root, message));
    }
    if root.get("info").is_none() {
        return Err(library.problem(root, "`info` is missing"));
    }
    Ok(version)
}

struct Document<'a, 'g> {
    reader: Reader<'a, 'g>,
    root: At<'a>,
    library: &'a Library,
    version: Version,
}

impl<'a> Document<'a, '_> {
    fn contract(&mut self) -> Contract {
        let mut contract = Contract::default();
        let sections = [
            ("paths", "", Caller::Client),
            ("webhooks", "webhook ", Caller::Webhook),
        ];
        for (section, prefix, caller) in sections {
            let Some(paths) = self.root.get(section) else {
                continue;
            };
            if paths.node.text().is_some_and(|text| !text.is_empty()) {
                self.wrong(paths, format!("`{section}` has to be a mapping"));
            }
            for (path, item) in paths.entries() {
                if path.starts_with("x-") {
                    continue;
                }
                if section == "paths" && !path.starts_with('/') {
                    self.wrong(item, format!("the path `{path}` has to begin with `/`"));
                }
                let path = format!("{prefix}{path}");
                self.path(&path, &caller, item, &mut contract);
            }
        }
        contract.mistakes = self.mistakes(&contract);
        contract
    }

    fn path(&mut self, path: &str, caller: &Caller, item: At<'a>, contract: &mut Contract) {
        let layers = self.kept(self.library.chain(item)).unwrap_or_default();
        for (method, operation) in self.methods(&layers) {
            if !matches!(operation.node.value, Value::Mapping(_)) {
                self.wrong(operation, format!("`{method}` has to be a mapping"));
                continue;
            }
            let made = self.operation((&method, path), caller.clone(), &layers, operation);
            let parent = made.key();
            contract.operations.push(made);
            if *caller == Caller::Client {
                self.callbacks((path, parent), operation, contract);
            }
        }
    }

    /// The methods of a path, as requests name them: its own, and those of the path that it refers
    /// to which it does not replace.
    fn methods(&self, layers: &[At<'a>]) -> Vec<(String, At<'a>)> {
        let mut found: Vec<(String, At<'a>)> = Vec::new();
        for layer in layers {
            let usual = layer.entries().filter(|(key, _)| METHODS.contains(key));
            let usual = usual.map(|(key, at)| (key.to_uppercase(), at));
            let others = layer.each("additionalOperations");
            let known = |method: &str| self.version == Version::Three && !method.starts_with("x-");
            let others = others.filter(|(method, _)| known(method));
            let others = others.map(|(method, at)| (method.to_owned(), at));
            for (method, at) in usual.chain(others) {
                if !found.iter().any(|(known, _)| *known == method) {
                    found.push((method, at));
                }
            }
        }
        found
    }

    /// What the server asks after an operation.
    fn callbacks(
        &mut self,
        (path, parent): (&str, (String, String)),
        operation: At<'a>,
        contract: &mut Contract,
    ) {
        let method = parent.0.clone();
        let caller = Caller::Callback(parent);
        for (name, callback) in operation.each("callbacks") {
            let Some(callback) = self.follow(callback) else {
                continue;
            };
            for (expression, item) in callback.entries() {
                if !expression.starts_with("x-") {
                    let path = format!("{path} {method} callback {name} {expression}");
                    self.path(&path, &caller, item, contract);
                }
            }
        }
    }

    /// What is wrong, though every reader makes the same of it.
    fn mistakes(&mut self, contract: &Contract) -> Vec<Problem> {
        let mut names = BTreeSet::new();
        let mut keys: BTreeMap<(String, String), &str> = BTreeMap::new();
        let mut mistakes = Vec::new();
        for operation in &contract.operations {
            let name = operation.name.as_ref();
            let twice = name.filter(|name| !names.insert(*name));
            let twice = twice.map(|name| format!("the operation id `{name}` is used twice"));
            let undeclared = if operation.caller == Caller::Client {
                undeclared(operation)
            } else {
                Vec::new()
            };
            let undeclared = undeclared.into_iter();
            let undeclared =
                undeclared.map(|name| format!("`{{{name}}}` is no parameter of the path"));
            let found = twice.into_iter().chain(undeclared);
            mistakes.extend(found.map(|message| self.mistake(operation, &message)));
            if let Some(other) = keys.insert(operation.key(), &operation.path) {
                let problem = self.mistake(operation, &format!("`{other}` is the same path"));
                self.reader.problems.push(problem);
            }
        }
        mistakes
    }

    fn mistake(&self, operation: &Operation, message: &str) -> Problem {
        Problem {
            path: self.library.path().to_owned(),
            span: Some(operation.span),
            message: format!("{}: {message}", operation.title()),
        }
    }

    fn follow(&mut self, at: At<'a>) -> Option<At<'a>> {
        self.kept(self.library.follow(at))
    }

    /// What was found; if nothing was, the problem is kept.
    fn kept<T>(&mut self, found: Result<T, Problem>) -> Option<T> {
        match found {
            Ok(found) => Some(found),
            Err(problem) => {
                self.reader.problems.push(problem);
                None
            }
        }
    }

    fn wrong(&mut self, at: At<'a>, message: impl Into<String>) {
        let problem = self.library.problem(at, message);
        self.reader.problems.push(problem);
    }
}

fn undeclared(operation: &Operation) -> Vec<&str> {
    let declared = |name: &&str| {
        let mut own = operation.parameters.iter();
        own.any(|parameter| parameter.place == "path" && parameter.name == *name)
    };
    let variables = operation.variables().into_iter();
    variables.filter(|name| !declared(name)).collect()
}

//! Nodes as they will be written, in no language yet.

use std::collections::BTreeSet;

use super::package::{Action, Check, Evidence, Language, Package, RESULTS, Role};
use super::project::{Project, file_name};

/// Longest part of an id that is taken from the name of a folder, in characters.
const LONGEST_PREFIX: usize = 40;

/// A value inside a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Atom {
    /// Text.
    Text(String),
    /// A number.
    Number(u64),
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Content {
    /// One text or several.
    Texts(Vec<String>),
    /// True or false.
    Flag(bool),
    /// Named values.
    Table(Vec<(&'static str, Atom)>),
    /// Fields of its own.
    Block(Vec<Field>),
}

/// A field of a node.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Field {
    /// Its name.
    pub(super) name: &'static str,
    /// What it holds.
    pub(super) content: Content,
}

impl Field {
    /// A field with one text.
    pub(super) fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self::texts(name, vec![text.into()])
    }

    /// A field with several texts.
    pub(super) fn texts(name: &'static str, texts: Vec<String>) -> Self {
        let content = Content::Texts(texts);
        Self { name, content }
    }

    /// A field that is true or false.
    pub(super) fn flag(name: &'static str, truth: bool) -> Self {
        let content = Content::Flag(truth);
        Self { name, content }
    }

    /// A field with fields of its own.
    pub(super) fn block(name: &'static str, fields: Vec<Field>) -> Self {
        let content = Content::Block(fields);
        Self { name, content }
    }

    /// A field with named values.
    pub(super) fn table(name: &'static str, entries: Vec<(&'static str, Atom)>) -> Self {
        let content = Content::Table(entries);
        Self { name, content }
    }
}

/// A node with the comment above it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// One sentence a line.
    pub(super) comment: Vec<String>,
    /// Its kind.
    pub(super) kind: &'static str,
    /// Its id.
    pub(super) id: String,
    /// Its fields, in the order of the file.
    pub(super) fields: Vec<Field>,
}

/// The nodes for all checks of all packages.
pub(super) fn drafts(packages: &[Package], project: &dyn Project) -> Vec<Draft> {
    let prefixes = prefixes(packages);
    let mut drafts: Vec<Draft> = Vec::new();
    for (package, prefix) in packages.iter().zip(&prefixes) {
        let mut checks: Vec<&Check> = package.checks.iter().collect();
        checks.sort_by_key(|check| check.role);
        for check in &checks {
            let alone = checks
                .iter()
                .filter(|other| other.role == check.role)
                .count()
                == 1;
            let word = check.role.word();
            let name = if alone {
                word.to_owned()
            } else {
                format!("{word}-{}", check.tool)
            };
            let id = if prefix.is_empty() {
                name
            } else {
                format!("{prefix}-{name}")
            };
            drafts.push(draft(&id, package, check, project));
        }
    }
    make_unique(&mut drafts);
    drafts
}

fn draft(id: &str, package: &Package, check: &Check, project: &dyn Project) -> Draft {
    let mut comment = check.comment.clone();
    comment.extend(missing(package, check, project));
    let mut fields = Vec::new();
    if !package.dir.is_empty() {
        fields.push(Field::text("dir", package.dir.clone()));
    }
    fields.extend(action(&check.action));
    if let Evidence::Junit { tests_exist } = check.evidence {
        let mut results = vec![
            ("format", Atom::Text("junit".to_owned())),
            ("path", Atom::Text(RESULTS.to_owned())),
        ];
        results.extend(tests_exist.then_some(("min-tests", Atom::Number(1))));
        fields.push(Field::table("results", results));
    }
    if !check.required {
        fields.push(Field::flag("required", false));
    }
    fields.extend(check.fields.iter().cloned());
    Draft {
        comment,
        kind: kind(check),
        id: sanitise(id),
        fields,
    }
}

/// The fields that say what is run.
fn action(action: &Action) -> Vec<Field> {
    match action {
        Action::Run(words) => vec![Field::texts("run", words.clone())],
        Action::Shell(script) => vec![Field::text("shell", script.clone())],
        Action::Scan(names) => {
            let names = names.iter().map(|name| (*name).to_owned()).collect();
            vec![Field::texts("scan", names)]
        }
        Action::Tool(preset) => {
            let mut fields = vec![Field::text("tool", preset.name)];
            for (name, words) in [("args", &preset.args), ("paths", &preset.paths)] {
                if !words.is_empty() {
                    fields.push(Field::texts(name, words.clone()));
                }
            }
            fields
        }
    }
}

fn kind(check: &Check) -> &'static str {
    match (&check.action, check.evidence, check.role) {
        (Action::Scan(_), ..) => "security",
        (Action::Tool(_), _, Role::Test) | (_, Evidence::Junit { .. }, _) => "test",
        (Action::Tool(_), _, Role::Format) => "format",
        (Action::Tool(_), ..) => "lint",
        (Action::Run(_) | Action::Shell(_), ..) => "command",
    }
}

/// What has to be installed before the node can run here.
fn missing(package: &Package, check: &Check, project: &dyn Project) -> Option<String> {
    let missing: Vec<_> = check
        .programs
        .iter()
        .filter(|program| !project.has_program(&package.dir, program))
        .map(|program| format!("`{program}`"))
        .collect();
    (!missing.is_empty()).then(|| {
        let names = missing.join(" and ");
        format!("Not found on this machine, to be installed first: {names}.")
    })
}

/// What the ids of each package begin with; empty where nothing else could be meant.
fn prefixes(packages: &[Package]) -> Vec<String> {
    if packages.len() == 1 {
        return vec![String::new()];
    }
    let name = |package: &Package| sanitise(file_name(&package.dir));
    let path = |package: &Package| sanitise(&package.dir.replace('/', "-"));
    let same_name = |package: &Package| {
        let others = packages.iter().filter(|other| other.dir != package.dir);
        others.filter(|other| name(other) == name(package)).count() > 0
    };
    let shares_folder = |package: &Package| {
        let here = packages.iter().filter(|other| other.dir == package.dir);
        here.count() > 1
    };
    packages
        .iter()
        .map(|package| {
            let folder = if same_name(package) {
                path(package)
            } else {
                name(package)
            };
            let language: Language = package.language;
            match (folder.is_empty(), shares_folder(package)) {
                (_, false) => folder,
                (true, true) => language.word().to_owned(),
                (false, true) => format!("{folder}-{}", language.word()),
            }
        })
        .collect()
}

/// A text as part of an id: letters, digits, `-`, `_` and `.`.
pub(super) fn sanitise(text: &str) -> String {
    let sound = |c: char| {
        if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') {
            c
        } else {
            '-'
        }
    };
    let id: String = text.chars().map(sound).take(LONGEST_PREFIX * 2).collect();
    id.trim_matches(['-', '.']).to_owned()
}

/// Numbers ids that occur again.
pub(super) fn make_unique(drafts: &mut [Draft]) {
    let mut taken = BTreeSet::new();
    for draft in drafts {
        let mut id = draft.id.clone();
        let mut number = 2;
        while !taken.insert(id.clone()) {
            id = format!("{}-{number}", draft.id);
            number += 1;
        }
        draft.id = id;
    }
}

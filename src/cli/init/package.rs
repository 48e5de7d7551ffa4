//! What detection finds: packages, and what can be checked in each.

use super::draft::{Atom, Field};
use crate::tools;

/// A folder with a manifest, and what can be checked in it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Package {
    /// Relative to the root, which is `""`.
    pub(crate) dir: String,
    /// What it is written in.
    pub(crate) language: Language,
    /// What can be checked, in the order of the file.
    pub(crate) checks: Vec<Check>,
}

/// Languages that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Language {
    /// Python.
    Python,
    /// JavaScript and TypeScript.
    JavaScript,
    /// Rust.
    Rust,
    /// Go.
    Go,
}

impl Language {
    /// The word that tells packages of one folder apart.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::JavaScript => "js",
            Self::Rust => "rust",
            Self::Go => "go",
        }
    }
}

/// What a check is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Mistakes that can be seen without running it.
    Lint,
    /// Types.
    Types,
    /// The layout of the source; behind the linters, whose mending may leave another one.
    Format,
    /// The test suite.
    Test,
    /// Known weaknesses.
    Security,
}

impl Role {
    /// The word that ids are made of.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Types => "types",
            Self::Format => "format",
            Self::Test => "test",
            Self::Security => "security",
        }
    }
}

/// How a check is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Action {
    /// A program and its arguments, in which `{{name}}` is a name.
    Run(Vec<String>),
    /// A script for `sh`.
    Shell(String),
    /// A tool that is known by its name.
    Tool(Preset),
    /// Scanners that are known by their names.
    Scan(Vec<&'static str>),
}

/// A tool by its name, with what the project wants of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Preset {
    /// Its name in `sdd tools`.
    pub(crate) name: &'static str,
    /// Words that are added to its command.
    pub(crate) args: Vec<String>,
    /// What it checks, if not what its file says.
    pub(crate) paths: Vec<String>,
}

/// What says that a check passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Evidence {
    /// The exit code.
    ExitCode,
    /// The results in [`RESULTS`]; whether there are test files, so that no test is a failure.
    Junit {
        /// Whether there are test files.
        tests_exist: bool,
    },
}

/// The file that test results are written to.
pub(super) const RESULTS: &str = "{{out}}/results.xml";

/// What else a check takes care of, below its own folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing.
    Package,
    /// What the same tool would check there.
    SameTool,
    /// Everything of its role: a script that goes through the whole workspace.
    Workspace,
}

/// Something that can be checked.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Check {
    /// What it is for.
    pub(crate) role: Role,
    /// The program that does it.
    pub(crate) tool: String,
    /// Programs that have to be installed.
    pub(crate) programs: Vec<String>,
    /// Why it is there, and what should be known of it: one sentence a line.
    pub(crate) comment: Vec<String>,
    /// How it is made.
    pub(crate) action: Action,
    /// What says that it passed.
    pub(crate) evidence: Evidence,
    /// Whether the run fails with it.
    pub(crate) required: bool,
    /// What else it takes care of.
    pub(crate) reach: Reach,
    /// Further fields of the node.
    pub(super) fields: Vec<Field>,
}

impl Check {
    /// A command that is required and judged by its exit code.
    pub(super) fn run<W: Into<String>>(
        role: Role,
        words: impl IntoIterator<Item = W>,
        why: impl Into<String>,
    ) -> Self {
        let words: Vec<String> = words.into_iter().map(Into::into).collect();
        let program = words.first().cloned().unwrap_or_default();
        Self {
            role,
            tool: program.clone(),
            programs: vec![program],
            comment: vec![why.into()],
            action: Action::Run(words),
            evidence: Evidence::ExitCode,
            required: true,
            reach: Reach::Package,
            fields: Vec::new(),
        }
    }

    /// A tool that is known by its name; required, and judged as its file says.
    pub(super) fn preset(role: Role, name: &'static str, why: impl Into<String>) -> Self {
        let preset = Preset {
            name,
            args: Vec::new(),
            paths: Vec::new(),
        };
        Self {
            action: Action::Tool(preset),
            ..Self::run(role, program(name), why)
        }
    }

    /// Scanners that are known by their names.
    pub(super) fn scan(names: Vec<&'static str>, why: impl Into<String>) -> Self {
        let programs = names.iter().filter_map(|name| program(name)).collect();
        Self {
            action: Action::Scan(names),
            programs,
            ..Self::run(Role::Security, ["scan"], why)
        }
    }

    /// Adds words to the command of its tool.
    pub(super) fn args<W: Into<String>>(mut self, words: impl IntoIterator<Item = W>) -> Self {
        if let Action::Tool(preset) = &mut self.action {
            preset.args.extend(words.into_iter().map(Into::into));
        }
        self
    }

    /// What its tool checks, instead of what the tool's file says.
    pub(super) fn paths<W: Into<String>>(mut self, paths: impl IntoIterator<Item = W>) -> Self {
        if let Action::Tool(preset) = &mut self.action {
            preset.paths.extend(paths.into_iter().map(Into::into));
        }
        self
    }

    /// Asks for one test at least, if there are test files.
    pub(super) fn min_tests(self, tests_exist: bool) -> Self {
        if !tests_exist {
            return self;
        }
        self.field(Field::table(
            "results",
            vec![("min-tests", Atom::Number(1))],
        ))
    }

    /// Names the tool where it is not the program itself, and what has to be installed for it.
    pub(super) fn tool(mut self, tool: &str) -> Self {
        tool.clone_into(&mut self.tool);
        self
    }

    /// Also needs that program.
    pub(super) fn program(mut self, program: &str) -> Self {
        self.programs.push(program.to_owned());
        self
    }

    /// Adds a sentence to its comment.
    pub(super) fn comment(mut self, line: impl Into<String>) -> Self {
        self.comment.push(line.into());
        self
    }

    /// Passes by the results that it writes to [`RESULTS`].
    pub(super) fn junit(mut self, tests_exist: bool) -> Self {
        self.evidence = Evidence::Junit { tests_exist };
        self
    }

    /// Takes care of more than its own folder.
    pub(super) fn reach(mut self, reach: Reach) -> Self {
        self.reach = reach;
        self
    }

    /// Adds a field to the node.
    pub(super) fn field(mut self, field: Field) -> Self {
        self.fields.push(field);
        self
    }

    /// Shown, but the run does not fail with it.
    pub(super) fn advisory(mut self) -> Self {
        self.required = false;
        self
    }
}

/// The program that a tool starts.
fn program(tool: &str) -> Option<String> {
    let tool = tools::built_in(tool)?;
    let first = tool.check.words.first()?;
    first.as_literal().map(str::to_owned)
}

/// A text of the project's own as part of a command, in which `{{` has no meaning.
pub(super) fn literal(text: &str) -> String {
    text.replace("{{", "{{{{")
}

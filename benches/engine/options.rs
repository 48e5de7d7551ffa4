//! The command line of the benchmark.

use std::path::PathBuf;

/// Shown by `--help` and after a mistake.
pub(crate) const USAGE: &str = "\
cargo bench --bench engine -- [OPTION]…
  --quick          about a minute: fewer cases, one round; floor, sdd, ninja and make only
  --rounds N       rounds of each case (default 5)
  --jobs N         nodes at a time (default 2)
  --case NAME      only this case (the names are the tables', or version, parsing, behaviour); may be repeated
  --only A,B       only these tools, beside the floor
  --subject TOOL   the tool that is held against the goals (default sdd)
  --json FILE      every sample, as JSON
The environment variable SDD_BIN names another sdd.";

const QUICK_TOOLS: [&str; 3] = ["sdd", "ninja", "make"];

/// What the user asked for.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) quick: bool,
    pub(crate) rounds: usize,
    pub(crate) jobs: usize,
    pub(crate) cases: Vec<String>,
    pub(crate) tools: Vec<String>,
    pub(crate) subject: String,
    pub(crate) json: Option<PathBuf>,
    pub(crate) help: bool,
}

impl Options {
    /// Reads the arguments that follow the program's name.
    pub(crate) fn parse(arguments: impl Iterator<Item = String>) -> Result<Self, String> {
        let mut options = Self::new();
        let mut rest = arguments;
        while let Some(argument) = rest.next() {
            options.take(&argument, &mut rest)?;
        }
        options.complete();
        Ok(options)
    }

    /// Whether a case was asked for: all are, unless some are named.
    pub(crate) fn wants(&self, case: &str) -> bool {
        self.cases.is_empty() || self.cases.iter().any(|wanted| wanted == case)
    }

    /// Whether a tool was asked for: all are, unless some are named.
    pub(crate) fn includes(&self, tool: &str) -> bool {
        self.tools.is_empty() || self.tools.iter().any(|wanted| wanted == tool)
    }

    /// A name that nothing has would silently measure nothing.
    pub(crate) fn check(&self, cases: &[&str], tools: &[&str]) -> Result<(), String> {
        let unknown = |names: &[String], known: &[&str]| {
            names
                .iter()
                .find(|name| !known.contains(&name.as_str()))
                .cloned()
        };
        match (unknown(&self.cases, cases), unknown(&self.tools, tools)) {
            (Some(case), _) => Err(format!("no case {case}; there are {}", cases.join(", "))),
            (_, Some(tool)) => Err(format!("no tool {tool}; there are {}", tools.join(", "))),
            (None, None) => Ok(()),
        }
    }

    fn new() -> Self {
        Self {
            quick: false,
            rounds: 0,
            jobs: 2,
            cases: Vec::new(),
            tools: Vec::new(),
            subject: "sdd".to_owned(),
            json: None,
            help: false,
        }
    }

    fn take(
        &mut self,
        argument: &str,
        rest: &mut dyn Iterator<Item = String>,
    ) -> Result<(), String> {
        let mut value = || {
            rest.next()
                .ok_or_else(|| format!("{argument} needs a value"))
        };
        match argument {
            // cargo adds it to every benchmark's arguments.
            "--bench" => {}
            "--help" => self.help = true,
            "--quick" => self.quick = true,
            "--rounds" => self.rounds = count(&value()?)?,
            "--jobs" => self.jobs = count(&value()?)?,
            "--case" => self.cases.push(value()?),
            "--only" => self.tools = value()?.split(',').map(str::to_owned).collect(),
            "--subject" => self.subject = value()?,
            "--json" => self.json = Some(value()?.into()),
            _ => return Err(format!("unknown option {argument}")),
        }
        Ok(())
    }

    /// What was not said depends on whether it should be quick.
    fn complete(&mut self) {
        if self.rounds == 0 {
            self.rounds = if self.quick { 1 } else { 5 };
        }
        if self.quick && self.tools.is_empty() {
            self.tools = QUICK_TOOLS.map(str::to_owned).to_vec();
        }
    }
}

fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(number) if number > 0 => Ok(number),
        _ => Err(format!("{text} is not a positive number")),
    }
}

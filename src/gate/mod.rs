//! What gates share: running a tool the way its file says, and weighing what it reports.

pub mod advisory;
mod check;
mod checker;
pub mod coverage;
pub mod covered;
pub mod documented;
mod fixer;
mod fresh;
pub mod judge;
mod place;
pub mod results;
pub mod specified;
pub mod waiver;
pub mod weigh;

pub use check::{Evidence, Says, check};
pub use checker::Checker;
pub use fresh::only_new;

use crate::host::{Conclusion, Host, Snapshot};
use crate::parsers::findings::{FindingsSpec, Severity};
use crate::sched::Outcome;
use crate::spec::{Argv, Glob, Map, Pattern, Template};
use crate::tools::{ExitCodes, Tool};

/// How something is checked: a tool's way, or the node's own.
#[derive(Debug, Clone, Copy)]
pub struct Check<'a> {
    /// What it is called in messages and files: the tool, or the program.
    pub name: &'a str,
    /// The command.
    pub command: &'a Argv,
    /// The command that mends.
    pub fix: Option<&'a Argv>,
    /// Words added to the commands.
    pub args: &'a [Template],
    /// Paths, and patterns of paths, that end the commands.
    pub paths: &'a [String],
    /// A word before each of the paths.
    pub path_flag: Option<&'a str>,
    /// Files that are written into the attempt's own folder first.
    pub files: Option<&'a Map<Template>>,
    /// What it prints when there was nothing to check.
    pub nothing: Option<&'a Pattern>,
    /// Where findings stand; without it, the exit code alone is the evidence.
    pub findings: Option<&'a FindingsSpec>,
    /// What exit codes mean.
    pub exit: &'a ExitCodes,
    /// Variables for the commands.
    pub env: Option<&'a Map<Template>>,
    /// How to install it.
    pub install: Option<&'a str>,
}

/// What a node says of its check.
#[derive(Debug, Clone, Copy)]
pub struct Policy {
    /// Only findings count that are new against the base.
    pub new_only: bool,
    /// The least severity that fails; without it, the tool's own exit code decides.
    pub fail_on: Option<Severity>,
}

/// What a node that checks reads and writes of the project.
#[derive(Debug, Clone, Copy)]
pub struct Effects<'a> {
    /// The files that it reads; `None` if that can be all of them.
    pub reads: Option<&'a [Glob]>,
    /// The files that it writes when it mends.
    pub writes: &'a [Glob],
    /// Whether it can mend.
    pub fixes: bool,
}

impl<'a> Check<'a> {
    /// A tool's way; what the node says goes over it.
    pub fn of_tool(tool: &'a Tool, name: &'a str) -> Self {
        Self {
            name,
            command: &tool.check,
            fix: tool.fix.as_ref(),
            args: &[],
            paths: &tool.paths,
            path_flag: tool.path_flag.as_deref(),
            files: Some(&tool.files),
            nothing: tool.nothing.as_ref(),
            findings: tool.findings.as_ref(),
            exit: &tool.exit,
            env: Some(&tool.env),
            install: Some(&tool.install),
        }
    }

    /// The way of a command that a node gives itself.
    pub fn of_command(command: &'a Argv, exit: &'a ExitCodes) -> Self {
        let program = command.words.first().and_then(Template::as_literal);
        Self {
            name: program.unwrap_or("the command"),
            command,
            fix: None,
            args: &[],
            paths: &[],
            path_flag: None,
            files: None,
            nothing: None,
            findings: None,
            exit,
            env: None,
            install: None,
        }
    }
}

/// Mends if the run was asked to, checks, and says how the node ends.
pub async fn run(host: &impl Host, check: &Check<'_>, policy: &Policy) -> Conclusion {
    match attempt(host, check, policy).await {
        Ok(conclusion) | Err(conclusion) => conclusion,
    }
}

async fn attempt(
    host: &impl Host,
    check: &Check<'_>,
    policy: &Policy,
) -> Result<Conclusion, Conclusion> {
    let fixes = host.fixing() && check.fix.is_some();
    let writes = if fixes { host.writes() } else { Vec::new() };
    let watched = [host.reads(), writes].concat();
    let mut before = host.snapshot(&watched).await;
    if fixes {
        fixer::mend(host, check).await?;
        let after = host.snapshot(&watched).await;
        fixer::tell(host, check, &before.changed(&after))?;
        before = after;
    }
    let evidence = self::check(host, check, None).await?;
    untouched(host, check, &before, &watched).await?;
    let evidence = if policy.new_only {
        fresh::only_new(host, check, evidence).await?
    } else {
        evidence
    };
    Ok(weigh::conclude(host, check, policy.fail_on, evidence))
}

/// Refuses a check that wrote files: what was checked is not what is there now.
async fn untouched(
    host: &impl Host,
    check: &Check<'_>,
    before: &Snapshot,
    watched: &[Glob],
) -> Result<(), Conclusion> {
    let changed = before.changed(&host.snapshot(watched).await);
    let Some(first) = changed.first() else {
        return Ok(());
    };
    let others = host.companions();
    if !others.is_empty() {
        for path in &changed {
            let message = format!(
                "it changed while `{}` checked; `{}` ran at the same time",
                check.name,
                others.join("`, `")
            );
            weigh::note(host, "changed-meanwhile", path, message);
        }
        return Ok(());
    }
    let more = match changed.len() {
        1 => String::new(),
        count => format!(" and {} more", count - 1),
    };
    let reason = format!(
        "`{}` changed `{first}`{more}: a check must not write",
        check.name
    );
    Err(Conclusion::new(Outcome::Error, "check-wrote", reason)
        .remedy("give the command that writes as `fix`, and one that only looks as `check`"))
}

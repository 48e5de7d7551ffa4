//! `sdd contract`.

use std::io::{self, Write};
use std::path::PathBuf;

use super::args::{ContractCommand, ContractDiffArgs};
use super::{Cx, Failure, Outcome, print_json};
use crate::contract::compare::compare_on;
use crate::contract::load::{Files, Problem};
use crate::contract::model::Contract;
use crate::contract::read;
use crate::contract::schema::Graph;
use crate::report::{breaking, contract_document, write_contract_human};
use crate::span::Sources;

/// Compares contracts, or checks them.
pub(super) fn contract(cx: &Cx, command: &ContractCommand) -> Outcome {
    let files = Folder(cx.dir()?);
    match command {
        ContractCommand::Diff(args) => diff(cx, &files, args),
        ContractCommand::Check { files: paths } => check(cx, &files, paths),
    }
}

struct Folder(PathBuf);

impl Files for Folder {
    fn read(&self, path: &str) -> Result<String, String> {
        std::fs::read_to_string(self.0.join(path)).map_err(|error| error.to_string())
    }
}

fn diff(cx: &Cx, files: &Folder, args: &ContractDiffArgs) -> Outcome {
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    let mut open = |path: &PathBuf| -> Result<Contract, Failure> {
        let path = path.to_string_lossy();
        read(&path, files, &mut sources, &mut graph).map_err(|problems| {
            tell(cx, &problems, &sources);
            let message = format!("`{path}` can't be compared");
            Failure::Usage(message, None)
        })
    };
    let old = open(&args.old)?;
    let new = open(&args.new)?;
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let findings = compare_on(Some(now.date()), &old, &new, &mut graph);
    if args.format == "json" {
        print_json(&contract_document(&findings, &sources))?;
    } else {
        write_contract_human(&findings, &sources, &mut io::stdout().lock())?;
    }
    Ok(u8::from(breaking(&findings) > 0))
}

fn check(cx: &Cx, files: &Folder, paths: &[PathBuf]) -> Outcome {
    let mut code = 0;
    for path in paths {
        let path = path.to_string_lossy();
        let (mut sources, mut graph) = (Sources::default(), Graph::default());
        match read(&path, files, &mut sources, &mut graph) {
            Ok(contract) if !contract.mistakes.is_empty() => {
                code = code.max(1);
                tell(cx, &contract.mistakes, &sources);
            }
            Ok(contract) => {
                let count = contract.operations.len();
                writeln!(io::stdout(), "{path}: {count} operations, no mistakes")?;
            }
            Err(problems) => {
                let unread = problems.iter().any(|problem| problem.span.is_none());
                code = code.max(if unread { 2 } else { 1 });
                tell(cx, &problems, &sources);
            }
        }
    }
    Ok(code)
}

/// Says what is wrong, each with the line and column that it is about.
fn tell(cx: &Cx, problems: &[Problem], sources: &Sources) {
    for problem in problems {
        let place = problem.span.map(|span| sources.position(span));
        let place = place.map(|at| format!(":{}:{}", at.line, at.column));
        let place = place.unwrap_or_default();
        cx.say_error(
            &format!("{}{place}: {}", problem.path, problem.message),
            None,
        );
    }
}

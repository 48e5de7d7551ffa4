//! `sdd contract`.

mod texts;

use std::io::{self, Write};
use std::path::Path;

use self::texts::Texts;
use super::args::{ContractCheckArgs, ContractCommand, ContractDiffArgs};
use super::{Cx, Failure, Outcome, print_json};
use crate::contract::compare::{Notice, Terms, compare_by};
use crate::contract::live::repeats;
use crate::contract::load::{Library, Problem, Remote};
use crate::contract::model::Contract;
use crate::contract::place::Places;
use crate::contract::read;
use crate::contract::schema::Graph;
use crate::contract::validate::{Grade, inspect, unreadable};
use crate::report::{
    Changes, Checked, breaking, checks_document, checks_sarif, contract_document, contract_sarif,
    write_checks_markdown, write_contract_human, write_contract_markdown,
};
use crate::span::Sources;

/// Compares contracts, or checks them.
pub(super) fn contract(cx: &Cx, command: &ContractCommand) -> Outcome {
    let folder = cx.dir()?;
    match command {
        ContractCommand::Diff(args) => diff(cx, &folder, args),
        ContractCommand::Check(args) => check(cx, &folder, args),
    }
}

fn diff(cx: &Cx, folder: &Path, args: &ContractDiffArgs) -> Outcome {
    let (mut sources, mut graph) = (Sources::default(), Graph::default());
    let remote = Remote::below(args.remote.iter().cloned());
    let mut open = |written: &str| -> Result<Contract, Failure> {
        let (texts, path) = Texts::of(folder, written, &remote);
        read(&path, &texts, &mut sources, &mut graph).map_err(|problems| {
            tell(cx, &problems, &sources);
            let message = format!("`{written}` can't be compared");
            Failure::Usage(message, None)
        })
    };
    let old = open(&args.old)?;
    let new = open(&args.new)?;
    let now = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC);
    let terms = Terms {
        today: Some(now.date()),
        notice: Notice {
            stable: args.deprecation_days_stable,
            beta: args.deprecation_days_beta,
        },
    };
    let findings = compare_by(terms, &old, &new, &mut graph);
    // Programs that want a request can make it of the witness.
    let repeats = match args.format.as_str() {
        "json" => Vec::new(),
        _ => repeats(&old, &new, &mut graph, &findings),
    };
    let changes = Changes {
        findings: &findings,
        repeats: &repeats,
        sources: &sources,
        names: (&args.old, &args.new),
    };
    let mut out = io::stdout().lock();
    match args.format.as_str() {
        "json" => print_json(&contract_document(&changes)).map(drop),
        "sarif" => print_json(&contract_sarif(&changes)).map(drop),
        "markdown" => Ok(write_contract_markdown(&changes, &mut out)?),
        _ => Ok(write_contract_human(&changes, &mut out)?),
    }?;
    Ok(u8::from(breaking(&findings) > 0))
}

fn check(cx: &Cx, folder: &Path, args: &ContractCheckArgs) -> Outcome {
    let mut sources = Sources::default();
    let remote = Remote::below(args.remote.iter().cloned());
    let each = args.files.iter().map(|written| {
        let (texts, path) = Texts::of(folder, written, &remote);
        one(&texts, &path, &mut sources)
    });
    let checked: Vec<Checked> = each.collect();
    match args.format.as_str() {
        "json" => print_json(&checks_document(&checked, &sources)).map(drop),
        "sarif" => print_json(&checks_sarif(&checked, &sources)).map(drop),
        "markdown" => Ok(write_checks_markdown(
            &checked,
            &sources,
            &mut io::stdout().lock(),
        )?),
        _ => Ok(say(cx, &checked, &sources)?),
    }?;
    let unread = checked.iter().any(|file| !file.unread.is_empty());
    let wrong = checked.iter().any(|file| !file.is_valid());
    Ok(if unread { 2 } else { u8::from(wrong) })
}

fn one(files: &Texts, path: &str, sources: &mut Sources) -> Checked {
    let library = Library::read(path, files, sources);
    let mut checked = Checked {
        path: path.to_owned(),
        operations: None,
        diagnoses: Vec::new(),
        unread: Vec::new(),
    };
    match library {
        Ok(library) => {
            let inspected = inspect(&library, &mut Graph::default());
            checked.operations = inspected.contract.map(|one| one.operations.len());
            checked.diagnoses = inspected.diagnoses;
        }
        Err(problems) => {
            checked.diagnoses = problems.iter().filter_map(unreadable).collect();
            let unread = problems.into_iter().filter(|one| one.span.is_none());
            checked.unread = unread.collect();
        }
    }
    checked
}

/// Says what is wrong on one stream, and what is well on the other.
fn say(cx: &Cx, checked: &[Checked], sources: &Sources) -> io::Result<()> {
    let places = Places::new(sources);
    for file in checked {
        tell(cx, &file.unread, sources);
        for one in &file.diagnoses {
            let at = places.of(one.span).map(|(_, at)| at);
            let at = at.map(|at| format!(":{}:{}", at.line, at.column));
            let place = format!("{}{}", one.path, at.unwrap_or_default());
            let message = format!("{place}: {} [{}]", one.message, one.rule.id);
            match one.grade {
                Grade::Error => cx.say_error(&message, None),
                Grade::Warning => cx.say_warning(&message),
            }
        }
        if file.is_valid() {
            let count = file.operations.unwrap_or_default();
            writeln!(
                io::stdout(),
                "{}: {count} operations, no mistakes",
                file.path
            )?;
        }
    }
    Ok(())
}

/// Says what is wrong, each with the line and column that it is about.
fn tell(cx: &Cx, problems: &[Problem], sources: &Sources) {
    for problem in problems {
        let message = match problem.span.map(|span| sources.position(span)) {
            Some(at) => format!(
                "{}:{}:{}: {}",
                problem.path, at.line, at.column, problem.message
            ),
            // A file that could not be read is named by the message.
            None => problem.message.clone(),
        };
        cx.say_error(&message, None);
    }
}

//! The benchmark of the gates: searching through files beside ripgrep, reading large reports, and
//! what a pipeline of real tools takes beyond them.
//!
//! It asserts no time: it fails only when something could not be measured.

mod meter;
mod pipeline;
mod reading;
mod search;

use std::io::Write;
use std::process::ExitCode;

use crate::meter::Meter;

const USAGE: &str = "\
cargo bench --bench gates -- [OPTION]…
  --rounds N       rounds of each case (default 5)
  --case NAME      only this case: search, reading, pipeline
The environment variable SDD_BIN names another sdd.";

/// A row of the table.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) limit: String,
    pub(crate) measured: String,
    /// Whether it is what it should be; `None` where nothing is demanded.
    pub(crate) met: Option<bool>,
}

type Case = fn(&Meter, usize) -> Result<Vec<Row>, String>;

const CASES: &[(&str, Case)] = &[
    ("search", search::measure),
    ("reading", reading::measure),
    ("pipeline", pipeline::measure),
];

fn main() -> ExitCode {
    match options().and_then(|(rounds, case)| measure(rounds, case.as_deref())) {
        Ok(rows) => say(&markdown(&rows)),
        Err(fault) => {
            // There is nowhere left to complain to.
            _ = writeln!(std::io::stderr(), "{fault}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<(usize, Option<String>), String> {
    let (mut rounds, mut case) = (5, None);
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(USAGE);
        match argument.as_str() {
            // Cargo adds this one.
            "--bench" => {}
            "--rounds" => rounds = value()?.parse().map_err(|_| USAGE)?,
            "--case" => case = Some(value()?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    Ok((rounds, case))
}

fn measure(rounds: usize, only: Option<&str>) -> Result<Vec<Row>, String> {
    let meter = Meter::build()?;
    let wanted = CASES
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == *name));
    let mut rows = Vec::new();
    for (name, case) in wanted {
        _ = writeln!(std::io::stderr(), "{name} …");
        rows.extend(case(&meter, rounds)?);
    }
    if rows.is_empty() {
        return Err(USAGE.to_owned());
    }
    Ok(rows)
}

fn markdown(rows: &[Row]) -> String {
    let mut text = "| what | limit | measured |  |\n| --- | --- | --- | --- |\n".to_owned();
    for row in rows {
        let met = match row.met {
            None => "",
            Some(true) => "met",
            Some(false) => "**missed**",
        };
        text += &format!(
            "| {} | {} | {} | {met} |\n",
            row.what, row.limit, row.measured
        );
    }
    text
}

/// The answer goes to stdout, everything else to stderr.
fn say(text: &str) -> ExitCode {
    match write!(std::io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

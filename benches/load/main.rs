//! The benchmark of the load generator: how much it sends beside wrk and oha, each pinned to one
//! processor and the server to another, what that costs, and whether its numbers are true.
//!
//! It asserts no time: it fails only when something could not be measured.

// What the tests and the benchmark of the gates have, which use more of it.
#[allow(dead_code, reason = "a part of it is used")]
#[path = "../gates/meter.rs"]
mod meter;
#[allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#[path = "../../tests/server/mod.rs"]
mod server;
#[allow(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#[path = "../../tests/support/mod.rs"]
mod support;

mod goal;
mod speed;
mod truth;

use std::io::Write;
use std::process::ExitCode;

use goal::Row;
use meter::Meter;

const USAGE: &str = "\
cargo bench --bench load -- [OPTION]…
  --rounds N       rounds of each comparison (default 5)
  --seconds N      how long each tool sends in a round (default 3)
  --case NAME      only this case: speed, truth
The environment variable SDD_BIN names another sdd.";

struct Options {
    rounds: usize,
    seconds: u64,
    case: Option<String>,
}

fn main() -> ExitCode {
    match options().and_then(|options| measure(&options)) {
        Ok(text) => match write!(std::io::stdout(), "{text}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(fault) => {
            // There is nowhere left to complain to.
            _ = writeln!(std::io::stderr(), "{fault}");
            ExitCode::FAILURE
        }
    }
}

fn options() -> Result<Options, String> {
    let mut options = Options {
        rounds: 5,
        seconds: 3,
        case: None,
    };
    let mut rest = std::env::args().skip(1);
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or(USAGE);
        match argument.as_str() {
            // Cargo adds this one.
            "--bench" => {}
            "--rounds" => options.rounds = value()?.parse().map_err(|_| USAGE)?,
            "--seconds" => options.seconds = value()?.parse().map_err(|_| USAGE)?,
            "--case" => options.case = Some(value()?),
            _ => return Err(USAGE.to_owned()),
        }
    }
    let known = [None, Some("speed"), Some("truth")];
    if options.rounds == 0 || options.seconds == 0 || !known.contains(&options.case.as_deref()) {
        return Err(USAGE.to_owned());
    }
    Ok(options)
}

fn measure(options: &Options) -> Result<String, String> {
    let meter = Meter::build()?;
    let is_wanted = |name: &str| options.case.as_deref().is_none_or(|case| case == name);
    let (mut goals, mut table) = (Vec::<Row>::new(), String::new());
    if is_wanted("speed") {
        let comparison = speed::compare(&meter, options.rounds, options.seconds)?;
        goals.extend(comparison.goals());
        table = format!("\n{}", comparison.table());
    }
    if is_wanted("truth") {
        _ = writeln!(std::io::stderr(), "truth …");
        goals.extend(truth::measure()?);
    }
    Ok(goal::markdown(&goals) + &table)
}

//! The benchmark of contracts: what `sdd contract diff` takes for documents of 1 to 8 MB whose
//! schemas lead to each other, and whether that grows as they do.
//!
//! It asserts no time: it fails only when something could not be measured.

mod cases;
mod documents;
#[path = "../gates/meter.rs"]
#[expect(dead_code, reason = "the meter of the gates can do more")]
mod meter;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::documents::{Kind, document};
use crate::meter::{Meter, least, median, told, write};

/// A pair of documents.
struct Case {
    what: &'static str,
    kind: Kind,
    /// How many schemas there are.
    schemas: usize,
    /// Whether the second document is another one.
    changed: bool,
    /// Most seconds of processor time.
    seconds: f64,
    /// Most memory, in MiB.
    memory: f64,
}

const fn case(what: &'static str, kind: Kind, schemas: usize, seconds: f64) -> Case {
    Case {
        what,
        kind,
        schemas,
        changed: true,
        seconds,
        memory: 250.0,
    }
}

const CASES: &[Case] = &[
    case("two schemas", Kind::Recursive, 2, 0.005),
    case(
        "200 schemas that all lead to each other",
        Kind::Entangled,
        200,
        0.1,
    ),
    case("recursive, 1 MB", Kind::Recursive, 200, 0.5),
    case("recursive, 2 MB", Kind::Recursive, 400, 0.5),
    case("recursive, 3.5 MB", Kind::Recursive, 700, 1.0),
    case("recursive, 8 MB", Kind::Recursive, 1600, 2.5),
    case("deep `allOf`, 1 MB", Kind::AllOf, 205, 0.5),
    case("deep `allOf`, 3 MB", Kind::AllOf, 615, 0.5),
    Case {
        changed: false,
        ..case(
            "recursive, 3.5 MB, against itself",
            Kind::Recursive,
            910,
            1.0,
        )
    },
];

const USAGE: &str = "\
cargo bench --bench contract -- [OPTION]…
  --rounds N       rounds of each case (default 5)
  --cases FOLDER   judge the cases of a folder, and measure nothing
The environment variable SDD_BIN names another sdd.";

/// What is to be done.
enum Work {
    Measure(usize),
    Judge(PathBuf),
}

impl Work {
    fn done(self) -> Result<String, String> {
        match self {
            Work::Measure(rounds) => measure(rounds),
            Work::Judge(folder) => cases::judge(&folder),
        }
    }
}

fn main() -> ExitCode {
    match work().and_then(Work::done) {
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

fn work() -> Result<Work, String> {
    let mut rest = std::env::args().skip(1).filter(|word| word != "--bench");
    match (rest.next().as_deref(), rest.next()) {
        (None, _) => Ok(Work::Measure(5)),
        (Some("--cases"), Some(folder)) => Ok(Work::Judge(folder.into())),
        (Some("--rounds"), Some(count)) => match count.parse() {
            Ok(count) => Ok(Work::Measure(count)),
            Err(_) => Err(USAGE.to_owned()),
        },
        _ => Err(USAGE.to_owned()),
    }
}

fn measure(rounds: usize) -> Result<String, String> {
    let meter = Meter::build()?;
    let folder = tempfile::tempdir().map_err(told)?;
    let mut text = "| pair | MB | processor | a MB | limit | memory | limit | findings |  |\n\
                    | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_owned();
    for case in CASES {
        _ = writeln!(std::io::stderr(), "{} …", case.what);
        text += &row(&meter, folder.path(), case, rounds)?;
    }
    Ok(text)
}

fn row(meter: &Meter, folder: &Path, case: &Case, rounds: usize) -> Result<String, String> {
    let old = document(case.kind, case.schemas, false);
    let size = megabytes(old.len());
    write(&folder.join("old.json"), &old)?;
    write(
        &folder.join("new.json"),
        document(case.kind, case.schemas, case.changed),
    )?;
    let sdd = meter.sdd.to_string_lossy();
    let command = [
        &sdd, "contract", "diff", "old.json", "new.json", "--format", "json",
    ];
    let report = folder.join("report.json");
    let (mut seconds, mut memory) = (Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let cost = meter.run(&command, folder, Some(&report))?;
        if !matches!(cost.exit, 0 | 1) {
            return Err(format!("{}: sdd exited with {}", case.what, cost.exit));
        }
        seconds.push(cost.cpu_ms / 1000.0);
        memory.push(cost.rss_mib);
    }
    let findings = findings(&report)?;
    if (findings == 0) == case.changed {
        return Err(format!("{}: {findings} findings", case.what));
    }
    let (best, middle, memory) = (least(&seconds), median(seconds), median(memory));
    let met = if middle <= case.seconds && memory <= case.memory {
        "met"
    } else {
        "**missed**"
    };
    Ok(format!(
        "| {} | {size:.2} | {middle:.3} s (min {best:.3}) | {:.3} s | ≤ {} s | {memory:.0} MiB | ≤ {} MiB | {findings} | {met} |\n",
        case.what,
        middle / size,
        case.seconds,
        case.memory,
    ))
}

fn findings(report: &Path) -> Result<usize, String> {
    let text = std::fs::read_to_string(report).map_err(told)?;
    let value: serde_json::Value = serde_json::from_str(&text).map_err(told)?;
    let all = value["findings"].as_array();
    all.map(Vec::len)
        .ok_or_else(|| "the report has no findings".to_owned())
}

fn megabytes(bytes: usize) -> f64 {
    f64::from(u32::try_from(bytes).unwrap_or(u32::MAX)) / 1e6
}

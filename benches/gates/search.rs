//! A rule over ten thousand files, beside ripgrep with the same pattern over the same files.

use std::path::Path;

use crate::Row;
use crate::meter::{Meter, least, median, told, write};

const FILES: usize = 10_000;
const LINES: usize = 120;
/// One file in so many holds what is looked for.
const HIT: usize = 500;
const PATTERN: &str = r"\bunsafe_call\(\w+\)";
/// At most so many times the wall time of ripgrep.
const LIMIT: f64 = 1.5;

pub(crate) fn measure(meter: &Meter, rounds: usize) -> Result<Vec<Row>, String> {
    let folder = tempfile::tempdir().map_err(told)?;
    let root = folder.path();
    let bytes = fill(root)?;
    write(
        &root.join("pipelines/end-of-session.kdl"),
        format!("rule \"calls\" {{\n    forbid #\"{PATTERN}\"#\n    in \"src/**/*.py\"\n}}\n"),
    )?;
    let report = root.join("report.json");
    let ripgrep = [
        "rg",
        "--no-config",
        "--hidden",
        "--no-heading",
        "--line-number",
        "--column",
        "--glob",
        "*.py",
        PATTERN,
        "src",
    ];
    let found = root.join("found.txt");
    let (mut sdd, mut rg) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let own = meter.sdd(root, 1, &report)?;
        let peer = meter.run(&ripgrep, root, Some(&found))?;
        if peer.exit != 0 {
            return Err("ripgrep does not run: tests/setup.sh --bench installs it".to_owned());
        }
        // The first round warms the files for both.
        if round > 0 {
            sdd.push(own.wall_ms);
            rg.push(peer.wall_ms);
        }
    }
    agree(&report, &found)?;
    let ratios: Vec<f64> = sdd.iter().zip(&rg).map(|(own, peer)| own / peer).collect();
    let ratio = median(ratios.clone());
    Ok(vec![Row {
        what: format!(
            "`rule` over {FILES} files ({} MiB): wall over ripgrep",
            bytes >> 20
        ),
        limit: format!("≤ {LIMIT} ×"),
        measured: format!(
            "{ratio:.2} × (min {:.2} ×; {:.0} ms, ripgrep {:.0} ms)",
            least(&ratios),
            median(sdd),
            median(rg)
        ),
        met: Some(ratio <= LIMIT),
    }])
}

/// Source text in folders of a hundred files.
fn fill(root: &Path) -> Result<usize, String> {
    let mut bytes = 0;
    for number in 0..FILES {
        let mut text = String::new();
        for line in 0..LINES {
            text += &format!("    value_{line} = compute(value_{number}, {line})\n");
        }
        if number % HIT == 0 {
            text += "    unsafe_call(value)\n";
        }
        bytes += text.len();
        let path = format!("src/part{:03}/module{number:05}.py", number / 100);
        write(&root.join(path), text)?;
    }
    Ok(bytes)
}

/// Two that do not find the same can't be compared.
fn agree(report: &Path, found: &Path) -> Result<(), String> {
    let text = std::fs::read_to_string(report).map_err(told)?;
    let report: serde_json::Value = serde_json::from_str(&text).map_err(told)?;
    let own = report["nodes"][0]["findings"]
        .as_array()
        .map_or(0, Vec::len);
    let peer = std::fs::read_to_string(found)
        .map_err(told)?
        .lines()
        .count();
    if own == peer && own == FILES / HIT {
        return Ok(());
    }
    Err(format!("sdd found {own} lines, ripgrep {peer}"))
}

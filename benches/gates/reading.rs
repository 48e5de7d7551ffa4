//! Reports of fifty megabytes: how long they take to read, and how much memory.

use std::fmt::Write as _;
use std::path::Path;

use sdd::event::Finding;

use crate::Row;
use crate::meter::{Meter, median, told, write};

const SIZE: usize = 50 << 20;
/// At most so many times what is kept, beyond what a small report takes.
const LIMIT: f64 = 3.0;
/// One test in so many fails.
const FAILING: usize = 100;

/// A kind of report.
struct Report {
    name: &'static str,
    /// The exit code of `sdd`, which follows from what is in it.
    exit: i32,
    node: &'static str,
    text: fn(usize) -> String,
}

const REPORTS: &[Report] = &[
    Report {
        name: "JUnit",
        exit: 1,
        node: "test \"it\" {\n    run \"cp\" \"NAME\" \"{{out}}/report\"\n    results format=\"junit\" path=\"{{out}}/report\"\n}\n",
        text: junit,
    },
    Report {
        name: "SARIF",
        exit: 1,
        node: "lint \"it\" {\n    check \"cp\" \"NAME\" \"{{out}}/report\"\n    findings format=\"sarif\" path=\"{{out}}/report\"\n    fail-on \"low\"\n    reads \"pipelines/**\"\n}\n",
        text: sarif,
    },
    Report {
        name: "LCOV",
        exit: 0,
        node: "test \"it\" {\n    run \"cp\" \"NAME\" \"one.xml\" \"{{out}}/\"\n    results format=\"junit\" path=\"{{out}}/one.xml\"\n    coverage format=\"lcov\" path=\"{{out}}/NAME\" min=10\n}\n",
        text: lcov,
    },
];

pub(crate) fn measure(meter: &Meter, rounds: usize) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for report in REPORTS {
        let (_, small, _) = costs(meter, report, 2000, 1)?;
        let (wall, large, kept) = costs(meter, report, SIZE, rounds.min(3))?;
        let beyond = large - small;
        let times = beyond / kept;
        let cost = format!("{beyond:.1} MiB beyond {small:.1} MiB, {wall:.0} ms");
        // Of coverage no finding is kept.
        let is_kept = kept > 0.0;
        rows.push(Row {
            what: format!("{} of 50 MB: memory beyond a small one", report.name),
            limit: if is_kept {
                format!("≤ {LIMIT} × the findings")
            } else {
                "–".to_owned()
            },
            measured: if is_kept {
                format!("{times:.2} × ({cost}; findings {kept:.1} MiB)")
            } else {
                cost
            },
            met: is_kept.then_some(times <= LIMIT),
        });
    }
    Ok(rows)
}

/// Wall time in milliseconds, memory and what is kept in MiB.
fn costs(
    meter: &Meter,
    report: &Report,
    size: usize,
    rounds: usize,
) -> Result<(f64, f64, f64), String> {
    let folder = tempfile::tempdir().map_err(told)?;
    let root = folder.path();
    let node = report.node.replace("NAME", "report.txt");
    write(&root.join("pipelines/end-of-session.kdl"), node)?;
    write(&root.join("report.txt"), (report.text)(size))?;
    write(&root.join("one.xml"), junit(0))?;
    let (mut wall, mut rss) = (Vec::new(), Vec::new());
    let printed = root.join("printed.json");
    for _ in 0..rounds {
        let cost = meter.sdd(root, report.exit, &printed)?;
        wall.push(cost.wall_ms);
        rss.push(cost.rss_mib);
    }
    Ok((median(wall), median(rss), kept(&printed)?))
}

/// What the findings take in memory, in MiB: each with its texts.
fn kept(printed: &Path) -> Result<f64, String> {
    let text = std::fs::read_to_string(printed).map_err(told)?;
    let mut report: serde_json::Value = serde_json::from_str(&text).map_err(told)?;
    let findings = report["nodes"][0]["findings"].take();
    let findings: Vec<Finding> = serde_json::from_value(findings).map_err(told)?;
    let texts = |one: &Finding| {
        let path = one.path.as_ref().map_or(0, String::len);
        one.rule.len() + one.message.len() + path
    };
    let bytes: usize = findings
        .iter()
        .map(|one| size_of::<Finding>() + texts(one))
        .sum();
    let bytes = u32::try_from(bytes).map_err(told)?;
    Ok(f64::from(bytes) / f64::from(1 << 20))
}

fn junit(size: usize) -> String {
    let mut text = "<testsuites><testsuite name=\"all\">\n".to_owned();
    let mut number = 0;
    while number == 0 || text.len() < size {
        let name = format!(
            "classname=\"tests.test_{}\" name=\"test_{number}\" file=\"tests/test_{}.py\" line=\"{number}\"",
            number / 50,
            number / 50
        );
        if number % FAILING == 1 {
            _ = writeln!(
                text,
                "<testcase {name} time=\"0.01\"><failure message=\"assert {number} == 0\">{}</failure></testcase>",
                "at some place in the code\n".repeat(20)
            );
        } else {
            _ = writeln!(text, "<testcase {name} time=\"0.01\"/>");
        }
        number += 1;
    }
    text + "</testsuite></testsuites>\n"
}

fn sarif(size: usize) -> String {
    let mut text = "{\"version\":\"2.1.0\",\"runs\":[{\"tool\":{\"driver\":{\"name\":\"scanner\"}},\"results\":[".to_owned();
    let mut number = 0;
    while number == 0 || text.len() < size {
        let comma = if number == 0 { "" } else { "," };
        let snippet = "let value = compute(value, 1);\\n".repeat(20);
        _ = write!(
            text,
            "{comma}\n{{\"ruleId\":\"R{}\",\"level\":\"warning\",\"message\":{{\"text\":\"what is computed here is not used anywhere ({number})\"}},\"locations\":[{{\"physicalLocation\":{{\"artifactLocation\":{{\"uri\":\"src/part{}.rs\"}},\"region\":{{\"startLine\":{},\"startColumn\":5,\"snippet\":{{\"text\":\"{snippet}\"}}}}}}}}]}}",
            number % 40,
            number / 100,
            number % 1000 + 1
        );
        number += 1;
    }
    text + "]}]}\n"
}

fn lcov(size: usize) -> String {
    let mut text = String::new();
    let mut file = 0;
    while file == 0 || text.len() < size {
        _ = writeln!(text, "TN:\nSF:src/part{file}.rs");
        for line in 1..=1000 {
            _ = writeln!(text, "DA:{line},{}", line % 3);
        }
        text += "LF:1000\nLH:667\nend_of_record\n";
        file += 1;
    }
    text
}

//! Tools are data, and their recorded runs are their tests: each is played back to the real
//! program, which has to come to the conclusion that stands beside it.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use sdd::diag::Diags;
use sdd::span::Sources;
use sdd::syntax::fmt::format_kdl;
use sdd::tools::{self, BUILT_IN, Purpose, Sample, Tool};
use serde_json::Value;
use support::Project;

/// The tools that `sdd` promises to come with.
const PROMISED: &[&str] = &[
    "pytest",
    "unittest",
    "jest",
    "vitest",
    "node-test",
    "cargo-test",
    "cargo-nextest",
    "go-test",
    "ruff",
    "mypy",
    "eslint",
    "tsc",
    "biome",
    "clippy",
    "shellcheck",
    "golangci-lint",
    "ruff-format",
    "black",
    "prettier",
    "rustfmt",
    "gofmt",
    "bandit",
    "pip-audit",
    "safety",
    "npm-audit",
    "cargo-audit",
    "cargo-deny",
    "gitleaks",
    "semgrep",
];

fn samples_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/tools/samples")
}

fn tool(name: &str) -> Tool {
    let (mut sources, mut diags) = (Sources::default(), Diags::default());
    let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).unwrap();
    let tool = tools::read(name, &format!("{name}.kdl"), text, &mut sources, &mut diags);
    assert!(diags.is_empty(), "{name}: {diags:?}");
    tool.unwrap()
}

#[test]
fn every_promised_tool_comes_along() {
    let missing: Vec<_> = PROMISED
        .iter()
        .filter(|name| !BUILT_IN.iter().any(|(known, _)| known == *name))
        .collect();
    assert_eq!(missing, Vec::<&&str>::new());
}

#[test]
fn every_tool_file_is_sound_and_laid_out_uniformly() {
    for (name, text) in BUILT_IN {
        tool(name);
        assert_eq!(format_kdl(text).as_deref(), Ok(*text), "{name}");
    }
}

#[test]
fn every_tool_has_recorded_runs_that_pass_and_that_do_not() {
    for (name, _) in BUILT_IN {
        let outcomes: Vec<String> = tool(name)
            .sample
            .0
            .into_iter()
            .map(|(_, sample)| sample.outcome)
            .collect();
        for wanted in ["passed", "failed", "error"] {
            assert!(
                outcomes.iter().any(|known| known == wanted),
                "{name}: {wanted}"
            );
        }
    }
}

#[test]
fn every_recording_belongs_to_a_tool() {
    let mut named = Vec::new();
    for (name, _) in BUILT_IN {
        for (_, sample) in tool(name).sample.0 {
            named.extend(
                [sample.stdout, sample.stderr, sample.report]
                    .into_iter()
                    .flatten(),
            );
        }
    }
    let mut open = vec![samples_folder()];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let inside = path.strip_prefix(samples_folder()).unwrap();
            let inside = inside.to_string_lossy().into_owned();
            assert!(named.contains(&inside), "no tool plays `{inside}` back");
        }
    }
}

#[test]
fn every_recorded_run_is_judged_as_it_should_be() {
    let mut wrong = String::new();
    for (name, _) in BUILT_IN {
        let tool = tool(name);
        for (case, sample) in &tool.sample.0 {
            for problem in play(name, &tool, sample) {
                writeln!(wrong, "{name}, {}: {problem}", **case).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Plays a recorded run back in a project of its own, and says what came out otherwise.
fn play(name: &str, tool: &Tool, sample: &Sample) -> Vec<String> {
    let program = tool.check.words[0].as_literal().unwrap();
    let project = Project::with(&pipeline(name, tool))
        .file(".gitignore", "node_modules\n")
        .program(program, &script(tool, sample));
    let report = project.run();
    let node = report.node("it").clone();
    let mut problems = Vec::new();
    let mut expect = |what: &str, wanted: String, found: String| {
        if wanted != found {
            problems.push(format!(
                "{what} is {found}, not {wanted} ({})",
                node["reason"]
            ));
        }
    };
    expect(
        "the outcome",
        sample.outcome.clone(),
        word(&node["outcome"]),
    );
    if let Some(count) = sample.findings {
        let counts = |finding: &&Value| finding["severity"] != "info" || finding["rule"] != "fixed";
        let found = node["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(counts)
            .count();
        expect(
            "the number of findings",
            count.to_string(),
            found.to_string(),
        );
    }
    if let [passed, failed, errors, skipped] = sample.tests[..] {
        let names = ["passed", "failed", "errors", "skipped"];
        for (name, wanted) in names.iter().zip([passed, failed, errors, skipped]) {
            let found = node["measurements"][format!("tests.{name}")].as_f64();
            expect(
                name,
                wanted.to_string(),
                found.unwrap_or(f64::NAN).to_string(),
            );
        }
    }
    if let Some(reason) = &sample.reason
        && !word(&node["reason"]).contains(reason)
    {
        problems.push(format!("the reason is {}", node["reason"]));
    }
    problems.extend(missing(&node, sample));
    problems
}

/// Findings of a sample that are not there.
fn missing(node: &Value, sample: &Sample) -> Vec<String> {
    let mut problems = Vec::new();
    let findings: Vec<String> = node["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(line)
        .collect();
    for wanted in sample.finding.iter().map(|words| joined(words)) {
        if !findings.iter().any(|found| found.contains(&wanted)) {
            problems.push(format!(
                "there is no finding\n  {wanted}\namong\n  {}",
                findings.join("\n  ")
            ));
        }
    }
    problems
}

/// Words with one blank between those that are not empty.
fn joined(words: &[String]) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    words
        .join(" ")
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn word(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A finding as samples write it: severity, rule, place, message.
fn line(finding: &Value) -> String {
    let place: Vec<String> = [&finding["path"], &finding["line"], &finding["column"]]
        .into_iter()
        .filter(|part| !part.is_null())
        .map(|part| {
            part.as_str()
                .map_or_else(|| part.to_string(), str::to_owned)
        })
        .collect();
    let words = [
        word(&finding["severity"]),
        word(&finding["rule"]),
        place.join(":"),
        word(&finding["message"]),
    ];
    joined(&words)
}

fn pipeline(name: &str, tool: &Tool) -> String {
    match tool.purpose {
        Purpose::Test => format!("test \"it\" {{\n    tool \"{name}\"\n    paths \".\"\n}}\n"),
        Purpose::Lint => format!("lint \"it\" {{\n    tool \"{name}\"\n    paths \".\"\n}}\n"),
        Purpose::Format => format!("format \"it\" {{\n    tool \"{name}\"\n    paths \".\"\n}}\n"),
        Purpose::Security => format!(
            "security \"it\" {{\n    scan \"{name}\" {{\n        paths \".\"\n    }}\n    fail-on \"medium\"\n}}\n"
        ),
    }
}

/// A program that writes what was recorded, and exits as the tool did.
fn script(tool: &Tool, sample: &Sample) -> String {
    let file = |file: &Option<String>| file.as_ref().map(|file| samples_folder().join(file));
    let mut script = "#!/bin/sh\n".to_owned();
    if let Some(file) = file(&sample.stdout) {
        writeln!(script, "sed \"s|/project|$PWD|g\" '{}'", file.display()).unwrap();
    }
    if let Some(file) = file(&sample.stderr) {
        writeln!(script, "sed \"s|/project|$PWD|g\" '{}' >&2", file.display()).unwrap();
    }
    if let Some(file) = file(&sample.report) {
        let findings = tool
            .findings
            .as_ref()
            .and_then(|findings| findings.path.as_ref());
        let results = tool
            .results
            .as_ref()
            .and_then(|results| results.path.as_ref());
        let target = findings
            .or(results)
            .unwrap()
            .source()
            .replace("{{out}}", "$SDD_OUT");
        writeln!(
            script,
            "mkdir -p \"$(dirname \"{target}\")\"\nsed \"s|/project|$PWD|g\" '{}' > \"{target}\"",
            file.display()
        )
        .unwrap();
    }
    writeln!(script, "exit {}", sample.exit).unwrap();
    script
}

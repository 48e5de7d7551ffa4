//! Seven gates with real tools, beside the tools of the slowest path alone.

use std::path::Path;

use crate::Row;
use crate::meter::{Meter, least, median, told, write};

/// At most so many times the time of the slowest path.
const LIMIT: f64 = 1.05;
/// How long the test suite waits, as a suite does that waits for services, in seconds.
const WAIT: f64 = 4.0;

const PIPELINE: &str = r#"
jobs 2
lint "lint" { tool "ruff" }
lint "types" {
    tool "mypy"
    needs "lint"
}
test "unit" {
    tool "pytest"
    needs "types"
}
format "layout" { tool "ruff-format" }
security "scan" { scan "bandit" }
docs "docs" { links "*.md" }
rule "no-print" {
    forbid "print"
    in "shop/**"
}
"#;

/// The commands of the slowest path, as the files of the tools say them.
const PATH: &[&[&str]] = &[
    &[
        "ruff",
        "check",
        "--output-format=json",
        "--force-exclude",
        "--no-fix",
        ".",
    ],
    &[
        "mypy",
        "--no-pretty",
        "--show-column-numbers",
        "--show-error-codes",
        "--hide-error-context",
        "--hide-absolute-path",
        "--no-color-output",
        "--no-error-summary",
        "--no-install-types",
        ".",
    ],
    &[
        "pytest",
        "--junit-xml=.pytest-results.xml",
        "-o",
        "junit_family=xunit1",
    ],
];

pub(crate) fn measure(meter: &Meter, rounds: usize) -> Result<Vec<Row>, String> {
    let folder = tempfile::tempdir().map_err(told)?;
    let root = folder.path();
    fill(root)?;
    let report = root.join(".report.json");
    let (mut whole, mut path) = (Vec::new(), Vec::new());
    for round in 0..=rounds {
        let sdd = meter.sdd(root, 0, &report)?.wall_ms;
        let alone = alone(meter, root)?;
        // The first round fills the caches of the tools for both.
        if round > 0 {
            whole.push(sdd);
            path.push(alone);
        }
    }
    let ratios: Vec<f64> = whole
        .iter()
        .zip(&path)
        .map(|(one, other)| one / other)
        .collect();
    let ratio = median(ratios.clone());
    Ok(vec![Row {
        what: "seven gates (ruff → mypy → pytest, beside ruff format, bandit, links, a rule): wall over that path alone".to_owned(),
        limit: format!("≤ {LIMIT} ×"),
        measured: format!(
            "{ratio:.3} × (min {:.3} ×; {:.0} ms, alone {:.0} ms)",
            least(&ratios),
            median(whole),
            median(path)
        ),
        met: Some(ratio <= LIMIT),
    }])
}

fn alone(meter: &Meter, root: &Path) -> Result<f64, String> {
    let mut wall = 0.0;
    for command in PATH {
        let program = root.join(".venv/bin").join(command[0]);
        let program = program.to_string_lossy();
        let words: Vec<&str> = std::iter::once(&*program)
            .chain(command[1..].iter().copied())
            .collect();
        let cost = meter.run(&words, root, None)?;
        if cost.exit != 0 {
            return Err(format!("{} does not pass by itself", command[0]));
        }
        wall += cost.wall_ms;
    }
    Ok(wall)
}

fn fill(root: &Path) -> Result<(), String> {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/venv");
    std::os::unix::fs::symlink(installed, root.join(".venv")).map_err(told)?;
    write(
        &root.join(".gitignore"),
        ".venv\n__pycache__\n.mypy_cache\n.ruff_cache\n.pytest*\n.report.json\n",
    )?;
    write(&root.join("pipelines/end-of-session.kdl"), PIPELINE)?;
    write(&root.join("conftest.py"), "")?;
    write(&root.join("README.md"), "# Shop\n")?;
    write(
        &root.join("pyproject.toml"),
        "[tool.ruff.lint]\nselect = [\"F\"]\n",
    )?;
    for part in 0..20 {
        let text = format!("def price_{part}(count: int) -> int:\n    return count * {part}\n");
        write(&root.join(format!("shop/part{part}.py")), text)?;
    }
    write(&root.join("shop/__init__.py"), "")?;
    write(
        &root.join("tests/test_shop.py"),
        format!(
            "import time\n\nfrom shop.part1 import price_1\n\n\ndef test_price() -> None:\n    time.sleep({WAIT})\n    assert price_1(2) == 2\n"
        ),
    )
}

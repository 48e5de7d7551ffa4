//! `regex`, `paths`, `diff`, `checkstyle` and `junit`.

use super::{read, recorded, shown};

const GCC: &str = r##"format "regex"; pattern #"^(?P<path>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<severity>\w+): (?P<message>.*) \[(?P<rule>\w+)\]$"#"##;

#[test]
fn every_line_that_matches_is_a_finding() {
    let report = read(GCC, recorded("shellcheck.txt")).unwrap();
    assert_eq!(
        shown(&report)[1],
        "high SC2045 s.sh:3:10 Iterating over ls output is fragile. Use globs."
    );
    let coloured = "checking\r\n\x1b[1ma b.sh\x1b[0m:1:0: note: odd [SC1]\r\n";
    assert_eq!(
        shown(&read(GCC, coloured).unwrap()),
        ["low SC1 a b.sh:1 odd"]
    );
    let problem = read(GCC, "a.sh:1:1: odd: text [SC1]\n").unwrap_err();
    assert!(
        problem.contains("`odd`") && problem.contains("a.sh:1:1"),
        "{problem}"
    );
}

#[test]
fn every_line_of_a_list_is_a_file() {
    let report = read("format \"paths\"", "a.go\r\n\n  b c.go\n").unwrap();
    assert_eq!(
        shown(&report),
        [
            "medium not-formatted a.go not formatted",
            "medium not-formatted b c.go not formatted"
        ]
    );
    let fields = "format \"paths\"; pattern \"^would reformat (?P<path>.+)$\"; severity-default \"low\"; rule-default \"black\"";
    let report = read(
        fields,
        "would reformat a.py\nOh no! 1 file would be reformatted.\n",
    )
    .unwrap();
    assert_eq!(shown(&report), ["low black a.py not formatted"]);
}

fn diff(text: &str) -> Result<Vec<String>, String> {
    let report = read("format \"diff\"", text)?;
    Ok(report
        .findings
        .iter()
        .map(|found| found.place().unwrap())
        .collect())
}

#[test]
fn every_file_of_a_diff_is_found_at_its_first_hunk() {
    let ruff = String::from_utf8(recorded("ruff.diff")).unwrap();
    assert_eq!(diff(&ruff).unwrap(), ["a.py:1"]);
    let git = "diff --git a/x.c b/x.c\nindex 1..2 100644\n--- a/x.c\n+++ b/x.c\n@@ -7 +7 @@ main\n-a\n\\ No newline at end of file\n+b\n@@ -20,2 +20,1 @@\n--- a\n-x\n+y\ndiff --git a/gone b/gone\ndeleted file mode 100644\n--- a/gone\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/new file b/new file\n--- /dev/null\n+++ b/new file\t\n@@ -0,0 +1 @@\n+x\ndiff --git a/p.png b/p.png\nBinary files a/p.png and b/p.png differ\ndiff --git a/o b/n\nsimilarity index 100%\nrename from o\nrename to n\n";
    assert_eq!(
        diff(git).unwrap(),
        ["x.c:7", "gone:1", "new file:1", "p.png", "n"]
    );
    let plain = "\u{1b}[1m--- a b.py\t2026-01-01 00:00:00\u{1b}[0m\n+++ a b.py\t2026-01-02\n@@ -3,2 +3,2 @@\n x\n\n--- \"a/caf\\303\\251\"\n+++ \"b/caf\\303\\251\"\n@@ -1 +1 @@\n-x\n+y\n1 file would be reformatted\n";
    assert_eq!(diff(plain).unwrap(), ["a b.py:3", "café:1"]);
}

#[test]
fn what_is_no_diff_is_refused() {
    assert_eq!(diff("").unwrap(), Vec::<String>::new());
    assert_eq!(diff("\n\n").unwrap(), Vec::<String>::new());
    for text in [
        "error: no such file\n",
        "--- a\n+++ b\n",
        "--- a\n+++ a\n@@ -1,3 +1,3 @@\n x\n",
        "--- a\n+++ a\n@@ oops @@\n",
        "--- a\n+++ a\n@@ -1 +1 @@\nx\n",
        "@@ -1 +1 @@\n-a\n+b\n",
        "heading\n--- \ntext\n",
    ] {
        assert!(diff(text).is_err(), "{text}");
    }
}

#[test]
fn checkstyle_is_read() {
    let report = read(
        "format \"checkstyle\"; severity { info \"low\"; }",
        recorded("shellcheck.xml"),
    )
    .unwrap();
    assert_eq!(
        shown(&report)[0],
        "low ShellCheck.SC2086 s.sh:2:6 Double quote to prevent globbing and word splitting."
    );
    let fields = "format \"checkstyle\"";
    assert_eq!(
        read(fields, "<checkstyle version='8'/>").unwrap().findings,
        []
    );
    let text = "<checkstyle><file name='a&amp;b'><error message='m' line='0'/><exception>\n<![CDATA[No parse\nat x]]></exception></file></checkstyle>";
    let report = read(fields, text).unwrap();
    assert_eq!(shown(&report), ["medium finding a&b m"]);
    assert_eq!(report.problems, ["a&b: No parse"]);
}

#[test]
fn what_is_no_checkstyle_is_refused() {
    let fields = "format \"checkstyle\"";
    let whole = "<checkstyle><file name='a'><error message='m'/></file></checkstyle>";
    for end in 0..whole.len() {
        assert!(read(fields, &whole[..end]).is_err(), "{end}");
    }
    for text in ["<html/>", "{}", "<a><checkstyle/></a>", "<checkstyle></a>"] {
        assert!(read(fields, text).is_err(), "{text}");
    }
    let odd = "<checkstyle><file name='a'><error message='m' severity='bad'/></file></checkstyle>";
    assert!(read(fields, odd).unwrap_err().contains("`bad`"));
    let deep = format!("<checkstyle>{}", "<a>".repeat(10_000));
    assert!(read(fields, deep).is_err());
}

#[test]
fn failures_of_junit_are_findings() {
    let text = "<testsuite name='s'><testcase name='a' file='t.yml' line='3'><failure message='odd&#10;more'/></testcase><testcase name='b'/></testsuite>";
    let report = read("format \"junit\"; rule-default \"yamllint\"", text).unwrap();
    assert_eq!(shown(&report), ["medium yamllint t.yml:3 a: odd"]);
    assert!(read("format \"junit\"", "").is_err());
}

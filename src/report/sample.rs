//! A run in which everything happens that can happen, for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::event::{
    Advisory, Body, Debt, Detail, Event, Finding, GateChange, Grade, LEAKED, Measurement,
    PlannedNode, Preface, RunState, VERSION, Verdict,
};
use crate::sched::{Mode, Outcome};

/// Writes down events as a run would.
pub(super) struct Recorder {
    pub(super) events: Vec<Event>,
    now_ms: u64,
}

impl Recorder {
    pub(super) fn begin(nodes: Vec<PlannedNode>) -> Self {
        Self::begin_with(Preface::default(), nodes)
    }

    fn begin_with(preface: Preface, nodes: Vec<PlannedNode>) -> Self {
        let mut recorder = Self {
            events: Vec::new(),
            now_ms: 0,
        };
        recorder.tell(Body::RunStarted {
            run: "20261122T163301Z-4f2a".to_owned(),
            pipeline: "end-of-session".to_owned(),
            started_at: "2026-11-22T16:33:01Z".to_owned(),
            jobs: 4,
            pid: 4242,
            options: Vec::new(),
            preface,
            nodes,
        });
        recorder
    }

    pub(super) fn at(&mut self, now_ms: u64) -> &mut Self {
        self.now_ms = now_ms;
        self
    }

    pub(super) fn tell(&mut self, body: Body) -> &mut Self {
        self.events.push(Event {
            v: VERSION,
            seq: self.events.len() as u64,
            at_ms: self.now_ms,
            body,
        });
        self
    }

    pub(super) fn start(&mut self, node: &str, attempt: u32) -> &mut Self {
        let node = Arc::from(node);
        self.tell(Body::NodeStarted { node, attempt })
    }

    pub(super) fn settle(&mut self, node: &str, outcome: Outcome, detail: Detail) -> &mut Self {
        let node = Arc::from(node);
        self.tell(Body::NodeSettled {
            node,
            outcome,
            detail,
        })
    }

    pub(super) fn pass(&mut self, node: &str, duration_ms: u64) -> &mut Self {
        let detail = Detail {
            duration_ms,
            exit_code: Some(0),
            ..Detail::default()
        };
        self.settle(node, Outcome::Passed, detail)
    }

    pub(super) fn find(&mut self, node: &str, finding: Finding) -> &mut Self {
        let node = Arc::from(node);
        self.tell(Body::Finding { node, finding })
    }

    pub(super) fn measure(&mut self, node: &str, name: &str, value: f64) -> &mut Self {
        let node = Arc::from(node);
        let measurement = Measurement {
            name: name.to_owned(),
            value,
            unit: "count".to_owned(),
        };
        self.tell(Body::Measurement { node, measurement })
    }

    fn output(&mut self, node: &str, text: &str, omitted: u64) -> &mut Self {
        self.tell(Body::NodeOutput {
            node: Arc::from(node),
            attempt: 1,
            text: text.to_owned(),
            omitted,
        })
    }

    pub(super) fn end(&mut self) -> &mut Self {
        let state = RunState::fold(&self.events);
        let (verdict, exit_code): (Verdict, u8) = (state.verdict(), state.exit_code());
        let duration_ms = self.now_ms;
        self.tell(Body::RunFinished {
            verdict,
            exit_code,
            duration_ms,
        })
    }
}

pub(super) fn planned(id: &str, kind: &str, needs: &[&str]) -> PlannedNode {
    PlannedNode {
        id: Arc::from(id),
        kind: kind.to_owned(),
        required: true,
        needs: needs.iter().map(|id| Arc::from(*id)).collect(),
        after: Vec::new(),
        finalises: None,
        expected_ms: None,
    }
}

fn usually(node: PlannedNode, expected_ms: u64) -> PlannedNode {
    PlannedNode {
        expected_ms: Some(expected_ms),
        ..node
    }
}

fn detail(reason: &str, code: &str) -> Detail {
    Detail {
        reason: Some(reason.to_owned()),
        code: Some(code.to_owned()),
        ..Detail::default()
    }
}

fn ran(detail: Detail, node: &str, duration_ms: u64, command: &[&str]) -> Detail {
    Detail {
        duration_ms,
        command: command.iter().map(|word| (*word).to_owned()).collect(),
        log: Some(format!(
            ".session/runs/20261122T163301Z-4f2a/logs/{node}.1.log"
        )),
        ..detail
    }
}

fn plan() -> Vec<PlannedNode> {
    let optional = |node| PlannedNode {
        required: false,
        ..node
    };
    vec![
        usually(planned("format", "format", &[]), 400),
        usually(planned("lint", "lint", &["format"]), 1200),
        usually(planned("unit", "test", &["format"]), 2500),
        planned("types", "command", &["format"]),
        optional(planned("audit", "security", &[])),
        planned("changelog", "docs", &[]),
        planned("diagram", "docs", &[]),
        usually(planned("stack", "compose", &[]), 3000),
        usually(planned("e2e", "test", &["stack"]), 8000),
        planned("slow", "command", &["stack"]),
        planned("bench", "benchmark", &["stack", "unit"]),
        planned("contract", "contract", &["stack"]),
        PlannedNode {
            after: ["e2e", "slow", "bench", "contract"].map(Arc::from).to_vec(),
            finalises: Some(Arc::from("stack")),
            ..planned("stack.down", "teardown", &[])
        },
    ]
}

fn owed(node: &str, reason: &str) -> Debt {
    Debt {
        node: Arc::from(node),
        reason: reason.to_owned(),
        since: "20261121T101500Z-01b7".to_owned(),
    }
}

fn preface() -> Preface {
    let change = |what: &str, node: Option<&str>, message: &str, line| GateChange {
        what: what.to_owned(),
        node: node.map(str::to_owned),
        message: message.to_owned(),
        path: Some("pipelines/end-of-session.kdl".to_owned()),
        line,
    };
    let lowered = "`unit`: `results.min-tests` was `40` and is `20`";
    Preface {
        gates_changed: vec![
            change("lowered", Some("unit"), lowered, Some(12)),
            change(
                "node-removed",
                Some("docs"),
                "`docs` is not there any more",
                None,
            ),
        ],
        debt: vec![
            owed("lint", "3 findings"),
            owed("types", "it exited with 2"),
            owed("spelling", "it exited with 1"),
        ],
        ..Preface::default()
    }
}

/// A required node fails in a run that blocks nothing, and the base can't be read.
pub(crate) fn checkpoint() -> Vec<Event> {
    let preface = Preface {
        checkpoint: true,
        gates_unknown: Some("the base `v9` is not known: it failed without a word".to_owned()),
        debt: vec![owed("lint", "3 findings")],
        ..Preface::default()
    };
    let mut run = Recorder::begin_with(
        preface,
        vec![planned("lint", "lint", &[]), planned("unit", "test", &[])],
    );
    run.start("lint", 1).start("unit", 1);
    run.at(900).pass("lint", 900);
    let failed = ran(
        detail("1 of 41 tests failed", "tests-failed"),
        "unit",
        2088,
        &["pytest"],
    );
    run.at(2100).settle("unit", Outcome::Failed, failed);
    run.end();
    run.events
}

/// What is required was called off before anything failed.
pub(crate) fn called_off() -> Vec<Event> {
    let mut run = Recorder::begin(vec![planned("unit", "test", &[])]);
    run.start("unit", 1);
    run.at(400).tell(Body::RunEscalated {
        mode: Mode::Interrupted,
        reason: "called off by Ctrl-C".to_owned(),
        exit_code: Some(130),
    });
    run.settle(
        "unit",
        Outcome::Cancelled,
        detail("the run was called off", "interrupted"),
    );
    run.end();
    run.events
}

/// Passes, failures of every kind, skips, a retry, a leak and a run that is called off.
pub(crate) fn eventful() -> Vec<Event> {
    let mut run = Recorder::begin_with(preface(), plan());
    skips(&mut run);
    run.start("format", 1).start("audit", 1).start("stack", 1);
    run.at(412).pass("format", 412);
    run.start("lint", 1).start("unit", 1).start("types", 1);
    types(&mut run);
    lint(&mut run);
    unit(&mut run);
    audit(&mut run);
    environment(&mut run);
    run.at(12_600).end();
    run.events
}

fn skips(run: &mut Recorder) {
    let unchanged = || detail("nothing that it reads changed", "condition");
    run.settle("changelog", Outcome::Skipped, unchanged());
    run.settle("diagram", Outcome::Skipped, unchanged());
}

fn types(run: &mut Recorder) {
    let missing = Detail {
        remedy: vec!["npm install --save-dev typescript".to_owned()],
        ..detail(
            "the program `tsc` is not installed",
            "tool-missing-required",
        )
    };
    let missing = ran(missing, "types", 3, &["tsc", "--noEmit"]);
    run.at(415).settle("types", Outcome::Error, missing);
}

fn lint(run: &mut Recorder) {
    let waived = Finding {
        waiver: Some("generated".to_owned()),
        ..Finding::new("E501", Grade::Low, "line too long").at("src/gen.py", Some(1), Some(101))
    };
    run.find("lint", waived);
    run.at(1600).pass("lint", 1188);
}

fn unit(run: &mut Recorder) {
    let unused = Finding::new("F401", Grade::Low, "`os` imported but unused");
    let fixable = Finding {
        fixable: true,
        ..unused.at("src/a.py", Some(3), Some(8))
    };
    let wrong = "assert total([1, 2]) == 3\n  where total([1, 2]) = 4\x1b]52;c;aGk=\x07";
    let wrong = Finding::new("tests.test_total", Grade::High, wrong);
    run.at(2500)
        .find("unit", fixable)
        .find("unit", wrong.at("tests/test_total.py", Some(12), None))
        .find(
            "unit",
            Finding::new("coverage", Grade::Medium, "2 | 3 lines"),
        )
        .measure("unit", "tests.passed", 41.0)
        .measure("unit", "tests.failed", 1.0)
        .measure("unit", "coverage.lines", 79.6)
        .output("unit", "41 passed, 1 failed", 0);
    let failed = Detail {
        exit_code: Some(1),
        ..detail("coverage 79.6 % is below 80 %", "coverage-below-minimum")
    };
    let failed = ran(failed, "unit", 2088, &["pytest", "-q", "-k", "not slow"]);
    run.settle("unit", Outcome::Failed, failed);
    let reason = "`unit` did not pass";
    run.settle("bench", Outcome::Skipped, detail(reason, "need-failed"));
}

fn advisory(id: &str, grade: Grade, package: &str) -> Finding {
    let known = Advisory {
        package: package.to_owned(),
        version: Some("2.19.0".to_owned()),
        fixed_in: vec!["2.20.0".to_owned()],
        aliases: vec!["CVE-2026-1234".to_owned()],
        url: Some("https://example.org/advisory".to_owned()),
    };
    Finding {
        advisory: Some(Box::new(known)),
        ..Finding::new(id, grade, "Sends credentials to the wrong host")
    }
}

fn audit(run: &mut Recorder) {
    let waived = Finding {
        waiver: Some("only used in tests, until 2026-12-31".to_owned()),
        ..advisory("GHSA-2", Grade::Critical, "chardet")
    };
    run.find("audit", waived);
    run.find("audit", advisory("GHSA-1", Grade::High, "requests"));
    run.at(2900).output("audit", "1 vulnerability", 0);
    let failed = Detail {
        exit_code: Some(1),
        ..detail("1 finding of high severity", "findings")
    };
    let failed = ran(failed, "audit", 2900, &["pip-audit"]);
    run.settle("audit", Outcome::Failed, failed);
}

fn environment(run: &mut Recorder) {
    let published = BTreeMap::from([("port.api.8000".to_owned(), "49153".to_owned())]);
    run.at(3100).tell(Body::EnvironmentUp {
        node: Arc::from("stack"),
        published,
    });
    run.pass("stack", 3100);
    run.start("e2e", 1).start("slow", 1).start("contract", 1);
    run.at(6000).tell(Body::NodeRetried {
        node: Arc::from("e2e"),
        attempt: 1,
        outcome: Outcome::Failed,
        reason: "1 test failed".to_owned(),
    });
    run.at(6100).start("e2e", 2);
    run.measure("e2e", "tests.passed", 7.0);
    run.tell(Body::Finding {
        node: Arc::from("e2e"),
        finding: Finding::new(
            LEAKED,
            Grade::Medium,
            "left a process running, which was ended: chromium (pid 4711)",
        ),
    });
    let marked = Detail {
        marks: vec!["flaky".to_owned()],
        duration_ms: 5900,
        ..Detail::default()
    };
    run.at(9000).settle("e2e", Outcome::Passed, marked);
    let lines: Vec<String> = (1..=30).map(|line| format!("step {line}")).collect();
    run.at(11_100).output("slow", &lines.join("\n"), 4096);
    let timed_out = detail("it did not end within 8 s", "timeout");
    let timed_out = ran(timed_out, "slow", 8000, &["sh", "-eu", "-c", "sleep 99"]);
    run.settle("slow", Outcome::TimedOut, timed_out);
    run.at(12_000).tell(Body::RunEscalated {
        mode: Mode::Interrupted,
        reason: "called off by Ctrl-C".to_owned(),
        exit_code: Some(130),
    });
    let cancelled = Detail {
        duration_ms: 8950,
        ..detail("the run was called off", "interrupted")
    };
    run.at(12_050)
        .settle("contract", Outcome::Cancelled, cancelled)
        .start("stack.down", 1);
    let broken = detail("docker did not answer", "exit-code");
    let broken = ran(broken, "stack.down", 500, &["docker", "compose", "down"]);
    run.at(12_550).settle("stack.down", Outcome::Failed, broken);
}

/// All passes, some is skipped.
pub(crate) fn happy() -> Vec<Event> {
    let mut run = Recorder::begin(vec![
        planned("format", "format", &[]),
        planned("lint", "lint", &["format"]),
        planned("unit", "test", &["format"]),
        planned("changelog", "docs", &[]),
    ]);
    skips(&mut run);
    run.start("format", 1).at(412).pass("format", 412);
    run.start("lint", 1).start("unit", 1);
    run.at(1600).pass("lint", 1188);
    run.measure("unit", "tests.passed", 41.0)
        .measure("unit", "coverage.lines", 92.04);
    run.at(5300).pass("unit", 4888);
    run.end();
    run.events
}

/// What is not required fails, everything else passes.
pub(crate) fn amber() -> Vec<Event> {
    let optional = PlannedNode {
        required: false,
        ..planned("audit", "security", &[])
    };
    let mut run = Recorder::begin(vec![planned("lint", "lint", &[]), optional]);
    run.start("lint", 1).start("audit", 1);
    run.at(900).pass("lint", 900);
    audit(&mut run);
    run.end();
    run.events
}

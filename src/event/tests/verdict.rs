//! How a node ends × whether it is required × how the run goes → the verdict and the exit code.

use super::*;

/// A word for how a node ends, its outcome, and the code of its reason.
const ENDINGS: &[(&str, Option<Outcome>, &str)] = &[
    ("passed", Some(Outcome::Passed), ""),
    ("failed", Some(Outcome::Failed), "exit-code"),
    ("error", Some(Outcome::Error), "tool-crashed"),
    ("timed-out", Some(Outcome::TimedOut), "timeout"),
    ("skipped-stated", Some(Outcome::Skipped), "condition"),
    ("skipped", Some(Outcome::Skipped), "need-failed"),
    ("cancelled", Some(Outcome::Cancelled), "interrupted"),
    ("unfinished", None, ""),
];

/// How a run goes: whether it is a checkpoint, and how it is called off.
type Way = (&'static str, bool, Option<(Mode, Option<u8>)>);

const WAYS: &[Way] = &[
    ("normal", false, None),
    ("checkpoint", true, None),
    ("fail-fast", false, Some((Mode::Draining, None))),
    ("run-timeout", false, Some((Mode::Interrupted, None))),
    ("interrupted", false, Some((Mode::Interrupted, Some(130)))),
    ("terminated", false, Some((Mode::Interrupted, Some(143)))),
    (
        "interrupted-checkpoint",
        true,
        Some((Mode::Interrupted, Some(130))),
    ),
];

const TABLE: &str = "
ending          required  normal    checkpoint  fail-fast  run-timeout  interrupted    terminated     interrupted-checkpoint
passed          yes       passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
failed          yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
error           yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
timed-out       yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
skipped-stated  yes       passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
skipped         yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
cancelled       yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
unfinished      yes       failed/1  failed/0    failed/1   failed/1     cancelled/130  cancelled/143  cancelled/130
passed          no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
failed          no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
error           no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
timed-out       no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
skipped-stated  no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
skipped         no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
cancelled       no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
unfinished      no        passed/0  passed/0    passed/0   failed/1     cancelled/130  cancelled/143  cancelled/130
";

/// A run of one node that ends so, beside one that passes.
fn run((_, checkpoint, called_off): Way, required: bool, ending: &str) -> RunState {
    let (_, outcome, code) = ENDINGS
        .iter()
        .find(|(name, ..)| *name == ending)
        .expect("the ending is known");
    let planned = |id: &str, required| PlannedNode {
        id: Arc::from(id),
        kind: "command".to_owned(),
        required,
        needs: Vec::new(),
        after: Vec::new(),
        finalises: None,
        expected_ms: None,
    };
    let settled = |id: &str, outcome, code: &str| Body::NodeSettled {
        node: Arc::from(id),
        outcome,
        detail: Detail {
            code: (!code.is_empty()).then(|| code.to_owned()),
            ..Detail::default()
        },
    };
    let mut bodies = vec![
        Body::RunStarted {
            run: "r".to_owned(),
            pipeline: "p".to_owned(),
            started_at: String::new(),
            jobs: 1,
            pid: 1,
            options: Vec::new(),
            preface: Preface {
                checkpoint,
                ..Preface::default()
            },
            nodes: vec![planned("other", true), planned("node", required)],
        },
        settled("other", Outcome::Passed, ""),
    ];
    bodies.extend(called_off.map(|(mode, exit_code)| Body::RunEscalated {
        mode,
        reason: String::new(),
        exit_code,
    }));
    bodies.extend(outcome.map(|outcome| settled("node", outcome, code)));
    let events = (0..).zip(bodies).map(|(seq, body)| Event {
        v: VERSION,
        seq,
        at_ms: seq,
        body,
    });
    RunState::fold(&events.collect::<Vec<_>>())
}

#[test]
fn b12_the_exit_code_follows_from_the_verdict_and_the_verdict_from_what_is_required() {
    let mut lines = TABLE.trim().lines().map(str::split_whitespace);
    let head: Vec<&str> = lines.next().expect("a head").skip(2).collect();
    let names: Vec<&str> = WAYS.iter().map(|(name, ..)| *name).collect();
    assert_eq!(head, names);
    let mut rows = 0;
    for mut line in lines {
        let (ending, required) = (line.next().expect("a word"), line.next() == Some("yes"));
        for (way, expected) in WAYS.iter().zip(line) {
            let state = run(*way, required, ending);
            let found = format!("{}/{}", state.verdict().as_str(), state.exit_code());
            assert_eq!(found, expected, "{ending}, required {required}, {}", way.0);
        }
        rows += 1;
    }
    assert_eq!(rows, ENDINGS.len() * 2);
}

#[test]
fn a_checkpoint_owes_what_would_have_failed_the_run_and_nothing_else() {
    let checkpoint = WAYS[1];
    for (ending, ..) in ENDINGS {
        for required in [true, false] {
            let (owing, normal) = (
                run(checkpoint, required, ending),
                run(WAYS[0], required, ending),
            );
            let owed = owing.debt_left().len();
            assert_eq!(
                owed,
                usize::from(normal.exit_code()),
                "{ending}, required {required}"
            );
            assert_eq!(normal.debt(), [], "{ending}");
        }
    }
}

#[test]
fn debt_is_paid_when_the_node_passes_and_stays_until_then() {
    let owed = |node: &str| Debt {
        node: Arc::from(node),
        reason: "it failed".to_owned(),
        since: "before".to_owned(),
    };
    let mut state = run(WAYS[1], true, "failed");
    assert_eq!(state.debt_left()[0].since, "r");
    state.preface.checkpoint = false;
    state.preface.debt = vec![owed("node"), owed("other"), owed("removed")];
    let stands: Vec<Payment> = state
        .debt()
        .into_iter()
        .map(|(_, payment)| payment)
        .collect();
    assert_eq!(stands, [Payment::Owed, Payment::Paid, Payment::Gone]);
    assert_eq!(state.debt_left(), [owed("node")]);
    state.preface.checkpoint = true;
    assert_eq!(
        state.debt_left(),
        [owed("node")],
        "it was let through before"
    );
}

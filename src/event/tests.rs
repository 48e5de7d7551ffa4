//! Events are stored and read again without loss.

mod verdict;

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;

use super::*;

fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z.]{0,8}",
        any::<String>(),
        Just("\u{0}\u{1b}[31m\u{2028}\"\\\n".to_owned()),
    ]
}

/// Few of them, so that events meet the nodes of the plan.
fn node() -> impl Strategy<Value = Arc<str>> {
    "[a-d]".prop_map(Arc::from)
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop::sample::select(Outcome::ALL.to_vec())
}

fn grade() -> impl Strategy<Value = Grade> {
    use Grade::{Critical, High, Info, Low, Medium};
    prop::sample::select(vec![Info, Low, Medium, High, Critical])
}

fn finding() -> impl Strategy<Value = Finding> {
    let place = (
        option::of(word()),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
    );
    (word(), grade(), word(), place, any::<bool>()).prop_map(
        |(rule, severity, message, (path, line, column), fixable)| Finding {
            rule,
            severity,
            message,
            path,
            line,
            column,
            fixable,
            advisory: None,
            waiver: None,
        },
    )
}

/// Every number that there is; infinities and what is no number are no measurements.
fn number() -> impl Strategy<Value = f64> {
    use prop::num::f64::{NEGATIVE, NORMAL, POSITIVE, SUBNORMAL, ZERO};
    NORMAL | SUBNORMAL | ZERO | POSITIVE | NEGATIVE
}

fn measurement() -> impl Strategy<Value = Measurement> {
    (word(), number(), word()).prop_map(|(name, value, unit)| Measurement { name, value, unit })
}

fn detail() -> impl Strategy<Value = Detail> {
    let said = (option::of(word()), option::of(word()), option::of(word()));
    let lists = (vec(word(), 0..3), vec(word(), 0..3), vec(word(), 0..3));
    (said, lists, option::of(any::<i32>()), any::<u64>()).prop_map(
        |((reason, code, log), (command, marks, remedy), exit_code, duration_ms)| Detail {
            reason,
            code,
            exit_code,
            command,
            log,
            duration_ms,
            marks,
            remedy,
        },
    )
}

fn planned() -> impl Strategy<Value = PlannedNode> {
    let edges = (vec(node(), 0..3), vec(node(), 0..3), option::of(node()));
    (
        node(),
        word(),
        any::<bool>(),
        edges,
        option::of(any::<u64>()),
    )
        .prop_map(
            |(id, kind, required, (needs, after, finalises), expected_ms)| PlannedNode {
                id,
                kind,
                required,
                needs,
                after,
                finalises,
                expected_ms,
            },
        )
}

fn started() -> impl Strategy<Value = Body> {
    let words = (word(), word(), word());
    (words, any::<usize>(), any::<u32>(), vec(planned(), 0..5)).prop_map(
        |((run, pipeline, started_at), jobs, pid, nodes)| Body::RunStarted {
            run,
            pipeline,
            started_at,
            jobs,
            pid,
            options: Vec::new(),
            preface: Preface::default(),
            nodes,
        },
    )
}

fn of_node() -> impl Strategy<Value = Body> {
    let published = btree_map(word(), word(), 0..3);
    prop_oneof![
        (node(), any::<u32>()).prop_map(|(node, attempt)| Body::NodeStarted { node, attempt }),
        (node(), any::<u32>(), word(), any::<u64>()).prop_map(|(node, attempt, text, omitted)| {
            Body::NodeOutput {
                node,
                attempt,
                text,
                omitted,
            }
        }),
        (node(), finding()).prop_map(|(node, finding)| Body::Finding { node, finding }),
        (node(), measurement())
            .prop_map(|(node, measurement)| Body::Measurement { node, measurement }),
        (node(), any::<u32>(), outcome(), word()).prop_map(|(node, attempt, outcome, reason)| {
            Body::NodeRetried {
                node,
                attempt,
                outcome,
                reason,
            }
        }),
        (node(), outcome(), detail()).prop_map(|(node, outcome, detail)| Body::NodeSettled {
            node,
            outcome,
            detail
        }),
        (node(), published).prop_map(|(node, published)| Body::EnvironmentUp { node, published }),
        node().prop_map(|node| Body::EnvironmentDown { node }),
    ]
}

fn of_run() -> impl Strategy<Value = Body> {
    use Mode::{Draining, Interrupted, Killed, Running};
    let mode = prop::sample::select(vec![Running, Draining, Interrupted, Killed]);
    let verdicts = [Verdict::Passed, Verdict::Failed, Verdict::Cancelled];
    let verdict = prop::sample::select(verdicts.to_vec());
    prop_oneof![
        (mode, word(), option::of(any::<u8>())).prop_map(|(mode, reason, exit_code)| {
            Body::RunEscalated {
                mode,
                reason,
                exit_code,
            }
        }),
        (verdict, any::<u8>(), any::<u64>()).prop_map(|(verdict, exit_code, duration_ms)| {
            Body::RunFinished {
                verdict,
                exit_code,
                duration_ms,
            }
        }),
    ]
}

fn event() -> impl Strategy<Value = Event> {
    let body = prop_oneof![1 => started(), 10 => of_node(), 1 => of_run()];
    (any::<u32>(), any::<u64>(), any::<u64>(), body).prop_map(|(v, seq, at_ms, body)| Event {
        v,
        seq,
        at_ms,
        body,
    })
}

fn printed(event: &Event) -> String {
    serde_json::to_string(event).expect("an event can be written")
}

proptest! {
    #[test]
    fn the_fold_of_what_was_stored_is_the_fold_of_what_happened(
        first in started(),
        events in vec(event(), 0..20),
    ) {
        let first = Event { v: VERSION, seq: 0, at_ms: 0, body: first };
        let events: Vec<Event> = std::iter::once(first).chain(events).collect();
        let mut read = Vec::new();
        for event in &events {
            let line = printed(event);
            prop_assert!(!line.contains('\n'), "{line}");
            let event: Event = serde_json::from_str(&line).expect("what was written can be read");
            read.push(event);
        }
        prop_assert_eq!(&read, &events);
        prop_assert_eq!(RunState::fold(&read), RunState::fold(&events));
    }
}

#[test]
fn an_event_is_one_flat_object() {
    let event = Event {
        v: 1,
        seq: 12,
        at_ms: 2040,
        body: Body::NodeSettled {
            node: Arc::from("unit"),
            outcome: Outcome::TimedOut,
            detail: Detail {
                reason: Some("it did not end within 2 s".to_owned()),
                duration_ms: 2000,
                ..Detail::default()
            },
        },
    };
    assert_eq!(
        printed(&event),
        r#"{"v":1,"seq":12,"at_ms":2040,"type":"node-settled","node":"unit","outcome":"timed-out","reason":"it did not end within 2 s","duration_ms":2000}"#
    );
}

#[test]
fn what_a_later_version_adds_to_an_event_is_passed_over() {
    let line =
        r#"{"v":1,"seq":0,"at_ms":0,"type":"node-started","node":"a","attempt":1,"why":"x"}"#;
    let read: Event = serde_json::from_str(line).expect("it can be read");
    let body = Body::NodeStarted {
        node: Arc::from("a"),
        attempt: 1,
    };
    assert_eq!(read.body, body);
}

#[test]
fn an_environment_up_event_keeps_what_it_publishes() {
    let published = BTreeMap::from([("port".to_owned(), "5432".to_owned())]);
    let body = Body::EnvironmentUp {
        node: Arc::from("db"),
        published,
    };
    let event = Event {
        v: VERSION,
        seq: 0,
        at_ms: 0,
        body,
    };
    let read: Event = serde_json::from_str(&printed(&event)).expect("it can be read");
    assert_eq!(read, event);
}

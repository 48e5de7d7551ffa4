use super::super::sample::eventful;
use super::super::{REPORTS, Size, Style, Verbosity};
use super::*;
use crate::event::{Body, Event, RunState};

/// The schema, with every field forbidden that it does not name: nothing is left undescribed.
fn closed(mut schema: Value) -> Value {
    let mut open = vec![&mut schema];
    while let Some(value) = open.pop() {
        if value.get("properties").is_some() {
            value["additionalProperties"] = false.into();
        }
        match value {
            Value::Object(object) => open.extend(object.values_mut()),
            Value::Array(array) => open.extend(array),
            _ => {}
        }
    }
    schema
}

fn assert_valid(schema: Value, instance: &Value) {
    let validator = jsonschema::validator_for(&closed(schema)).expect("it is a schema");
    let errors: Vec<String> = validator
        .iter_errors(instance)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn the_report_of_an_eventful_run_is_as_its_schema_says() {
    let state = RunState::fold(&eventful());
    let style = Style {
        colour: false,
        ascii: false,
        size: Size {
            width: 80,
            height: 24,
        },
        verbosity: Verbosity::Normal,
    };
    let json = REPORTS
        .iter()
        .find(|report| report.name == "json")
        .expect("a row");
    let mut text = Vec::new();
    (json.write)(&state, &style, &mut text).expect("memory can be written to");
    let report = serde_json::from_slice(&text).expect("it is JSON");
    assert_valid(report_schema(), &report);
}

#[test]
fn every_type_of_event_is_as_its_schema_says() {
    let down = Event {
        v: VERSION,
        seq: 0,
        at_ms: 0,
        body: Body::EnvironmentDown {
            node: "stack".into(),
        },
    };
    let mut types: Vec<String> = Vec::new();
    for event in eventful().into_iter().chain([down]) {
        let event = serde_json::to_value(event).expect("an event is JSON");
        types.push(event["type"].as_str().unwrap_or_default().to_owned());
        assert_valid(event_schema(), &event);
    }
    for (name, ..) in EVENTS {
        assert!(
            types.iter().any(|known| known == name),
            "{name} is not among them"
        );
    }
}

#[test]
fn a_report_without_a_verdict_is_refused() {
    let validator = jsonschema::validator_for(&report_schema()).expect("it is a schema");
    assert!(!validator.is_valid(&json!({ "schema": "sdd.report/1" })));
}

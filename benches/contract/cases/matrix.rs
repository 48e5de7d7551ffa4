//! One change of a schema a case, in a request or a response.

use sdd::contract::compare::{Finding, Level, Notice};
use serde_json::{Value, json};

use super::{Pair, Score, findings};

/// Breaks that were found with a witness, and harmless changes without an alarm.
pub(super) fn scores(cases: &Value) -> Vec<Score> {
    let mut breaks = Score::new("matrix: breaks found with a witness");
    let mut calm = Score::new("matrix: no alarm where nothing breaks");
    for case in cases["cases"].as_array().into_iter().flatten() {
        let (old, new) = (document(case, "base"), document(case, "revision"));
        let found = findings(&Pair::Texts(old, new), Notice::default(), ("old", "new"));
        let told = || {
            format!(
                "{} {} {} {found:?}",
                case["name"], case["where"], case["dir"]
            )
        };
        let all = found.as_deref().unwrap_or_default();
        if case["breaking"] == true {
            let proven =
                |finding: &Finding| finding.level == Level::Error && finding.witness.is_some();
            breaks.count(all.iter().any(proven), told);
        } else {
            let quiet = all.iter().all(|finding| finding.level == Level::Info);
            calm.count(found.is_ok() && quiet, told);
        }
    }
    vec![breaks, calm]
}

fn document(case: &Value, side: &str) -> String {
    let schema = &case[side];
    let place = case["where"].as_str().unwrap_or_default();
    let inner = if place.ends_with("property") {
        json!({"type": "object", "properties": {"p": schema}})
    } else {
        schema.clone()
    };
    let content = json!({"application/json": {"schema": inner}});
    let mut answer = json!({"description": "d"});
    let mut operation = json!({});
    match place {
        "query" => {
            operation["parameters"] = json!([{"name": "p", "in": "query", "schema": inner}]);
        }
        "response-header" => answer["headers"] = json!({"X-P": {"schema": inner}}),
        place if place.starts_with("request") => {
            operation["requestBody"] = json!({"required": true, "content": content});
        }
        _ => answer["content"] = content,
    }
    operation["responses"] = json!({"200": answer});
    json!({
        "openapi": case["openapi"],
        "info": {"title": "t", "version": "1"},
        "paths": {"/a": {"post": operation}},
    })
    .to_string()
}

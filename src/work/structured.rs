//! A specification in JSON, with the keys that work items used to have in their records. Times are
//! numbers of milliseconds there, and rates numbers of requests a second.

use super::json::{self, Json, Shape};
use super::quantity::{Dimension, Quantity};
use super::read::is_percentile;
use super::spec::{Contract, Limit, Scenario, Spec, TOPICS, Topic, VALUE};
use super::spec::{check_contract, check_names};
use crate::diag::{Diagnostic, Diags};
use crate::span::{SourceId, Span, Spanned};

/// Reads a specification. What its values say wrongly is reported; what is left out is not.
pub fn read(text: &str, source: SourceId, diags: &mut Diags) -> Spec {
    let mut reader = Reader {
        diags,
        spec: Spec {
            is_json: true,
            top: Span::new(source, 0..1),
            ..Spec::default()
        },
    };
    let Some(root) = json::parse(text, source, VALUE, reader.diags) else {
        reader.spec.is_unreadable = true;
        return reader.spec;
    };
    reader.spec.top = root.head();
    reader.repeated(&root);
    reader.spec.title = reader.text(root.get("title"));
    for (topic, _, key) in TOPICS {
        if let Some(json) = root.get(key) {
            reader.spec.parts.push((*topic, json.head()));
            reader.topic(*topic, json);
        }
    }
    check_names(&reader.spec.scenarios, reader.diags);
    reader.spec
}

struct Reader<'d> {
    diags: &'d mut Diags,
    spec: Spec,
}

impl Reader<'_> {
    fn topic(&mut self, topic: Topic, json: &Json) {
        match topic {
            Topic::Scope => {
                self.spec.components = self.texts(json.get("components"));
                self.spec.points = self.texts(json.get("integration_points"));
                if !matches!(json.shape, Shape::Object(_)) {
                    self.spec.scope = self.texts(Some(json));
                }
            }
            Topic::Scenarios => {
                for (index, json) in self.array(json).iter().enumerate() {
                    let scenario = self.scenario(index + 1, json);
                    self.spec.scenarios.push(scenario);
                }
            }
            Topic::Performance => {
                self.spec.performance.response_time =
                    self.limits(json.get("response_time"), Dimension::Duration);
                self.spec.performance.throughput =
                    self.limits(json.get("throughput"), Dimension::Rate);
            }
            Topic::Contracts => {
                for json in &self.array(json) {
                    let contract = self.contract(json);
                    check_contract(&contract, self.diags);
                    self.spec.contracts.push(contract);
                }
            }
            Topic::Environment => {
                let services = self.texts(json.get("services_required"));
                let config_files = self.texts(json.get("config_files"));
                let compose_file = self.text(json.get("compose_file"));
                let environment = &mut self.spec.environment;
                environment.services = services;
                environment.config_files = config_files;
                environment.compose_file = compose_file;
            }
            Topic::Dependencies => self.spec.dependencies = self.texts(Some(json)),
        }
    }

    /// Only one of two values could count.
    fn repeated(&mut self, json: &Json) {
        for (key, again) in json.repeated() {
            self.diags.push(
                Diagnostic::new("spec-duplicate", format!("`{key}` is there twice"))
                    .at(again.head(), "again here")
                    .help("write all of it under one key"),
            );
        }
        match &json.shape {
            Shape::Object(entries) => {
                for (_, value) in entries {
                    self.repeated(value);
                }
            }
            Shape::Array(items) => items.iter().for_each(|item| self.repeated(item)),
            _ => {}
        }
    }

    fn refuse(&mut self, json: &Json, message: String, help: &str) {
        self.diags.push(
            Diagnostic::new(VALUE, message)
                .at(json.head(), "here")
                .help(help),
        );
    }

    fn array(&mut self, json: &Json) -> Vec<Json> {
        if let Shape::Array(items) = &json.shape {
            return items.clone();
        }
        self.refuse(json, "a list is meant".to_owned(), "write `[{ … }]`");
        Vec::new()
    }

    fn scenario(&mut self, number: usize, json: &Json) -> Scenario {
        let named = json.get("name").or(json.get("description"));
        let unnamed = Spanned::new(format!("Scenario {number}"), json.head());
        Scenario {
            name: self.text(named).unwrap_or(unnamed),
            number: Some(number),
            setup: self.texts(json.get("setup")),
            actions: self.texts(json.get("actions")),
            expected: self.texts(json.get("expected_results")),
        }
    }

    fn contract(&mut self, json: &Json) -> Contract {
        let file = self.text(json.get("contract_file"));
        let unnamed = Spanned::new(String::new(), json.head());
        let named = self.text(json.get("name")).or(file.clone());
        Contract {
            name: named.unwrap_or(unnamed),
            file,
            version: self.text(json.get("version")),
            is_schema: false,
        }
    }

    fn limits(&mut self, json: Option<&Json>, dimension: Dimension) -> Vec<Limit> {
        let Some(json) = json else { return Vec::new() };
        let Shape::Object(entries) = &json.shape else {
            let message = "limits by their names are meant".to_owned();
            self.refuse(json, message, "for instance `{ \"p95\": 500 }`");
            return vec![broken(String::new(), json)];
        };
        let entries = entries.iter();
        entries
            .map(|(name, value)| self.limit(name, value, dimension))
            .collect()
    }

    fn limit(&mut self, name: &str, json: &Json, dimension: Dimension) -> Limit {
        let (unit, least) = match dimension {
            Dimension::Duration => ("milliseconds", 1.0),
            _ => ("requests a second", f64::MIN_POSITIVE),
        };
        let reason = match &json.shape {
            _ if dimension == Dimension::Duration && !is_percentile(name) => {
                format!("`{name}` is no percentile")
            }
            Shape::Number(number) if *number >= least && number.is_finite() => {
                let quantity = Quantity {
                    value: *number,
                    dimension,
                    text: format!(
                        "{number} {}",
                        if unit == "milliseconds" { "ms" } else { "/s" }
                    ),
                };
                return Limit {
                    quantity: Some(quantity),
                    ..broken(name.to_owned(), json)
                };
            }
            Shape::Number(number) => format!("`{name}` can't be {number} {unit}"),
            Shape::Text(text) => format!("`{name}` is the text `{text}`, not a number"),
            _ => format!("`{name}` is no number"),
        };
        let help = match dimension {
            Dimension::Duration => "write the number of milliseconds, such as `100`",
            _ => "write the number of requests a second, such as `100`",
        };
        self.refuse(json, reason, help);
        broken(name.to_owned(), json)
    }

    fn text(&mut self, json: Option<&Json>) -> Option<Spanned<String>> {
        let json = json?;
        match &json.shape {
            Shape::Text(text) if text.trim().is_empty() => None,
            Shape::Text(text) => Some(Spanned::new(text.trim().to_owned(), json.span)),
            _ => {
                self.refuse(json, "text is meant".to_owned(), "put it in quotes");
                Some(Spanned::new(String::new(), json.head()))
            }
        }
    }

    /// Texts in a list, or one alone. A component may be an object with a name and a version.
    fn texts(&mut self, json: Option<&Json>) -> Vec<Spanned<String>> {
        let Some(json) = json else { return Vec::new() };
        match &json.shape {
            Shape::Array(items) => {
                let items = items.iter();
                items.filter_map(|item| self.text_or_name(item)).collect()
            }
            _ => self.text_or_name(json).into_iter().collect(),
        }
    }

    fn text_or_name(&mut self, json: &Json) -> Option<Spanned<String>> {
        let Some(name) = json.get("name").and_then(Json::text) else {
            return self.text(Some(json));
        };
        let version = json.get("version").and_then(Json::text);
        let version = version
            .map(|version| format!(" {version}"))
            .unwrap_or_default();
        Some(Spanned::new(format!("{name}{version}"), json.span))
    }
}

fn broken(name: String, json: &Json) -> Limit {
    Limit {
        name: Spanned::new(name, json.span),
        quantity: None,
    }
}

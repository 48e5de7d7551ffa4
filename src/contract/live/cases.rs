//! The requests that a contract allows: its examples first, then such as are made of its schemas.

use serde_json::Value;

use super::body::{body, is_json, is_known};
use super::exchange::{Body, Request};
use super::generate::{Amount, Generator};
use super::write::pairs;
use crate::chance::Chance;
use crate::contract::model::{Caller, Contract, Media, Operation, Parameter};

/// How often a value is made anew that can't be written in its place.
const TRIES: u64 = 10;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The URL under which the paths of the contract stand.
    pub base: String,
    /// The methods that may be sent, in capitals.
    pub methods: Vec<String>,
    /// Most requests of one operation.
    pub most: usize,
    /// What generated values follow from.
    pub seed: u64,
    /// Headers of every request.
    pub headers: Vec<(String, String)>,
}

/// A request of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// The place of the operation in the contract.
    pub operation: usize,
    /// What is sent.
    pub request: Request,
}

/// An operation of which nothing is sent, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Untried {
    /// The place of the operation in the contract.
    pub operation: usize,
    /// Why, as a sentence without its end.
    pub reason: String,
}

/// How the values of one request are chosen.
#[derive(Clone, Copy)]
struct Variant {
    /// The example of that number, where there is one.
    example: Option<usize>,
    amount: Amount,
    seed: u64,
}

/// The requests of all operations, in the order of the contract.
pub(super) fn cases(
    contract: &Contract,
    generator: &Generator<'_>,
    settings: &Settings,
) -> (Vec<Case>, Vec<Untried>) {
    let (mut cases, mut untried) = (Vec::new(), Vec::new());
    for (place, operation) in contract.operations.iter().enumerate() {
        if operation.caller != Caller::Client || !operation.path.starts_with('/') {
            continue;
        }
        if !settings.methods.contains(&operation.method) {
            let reason = format!(
                "`{}` is none of the methods that are sent",
                operation.method
            );
            untried.push(Untried {
                operation: place,
                reason,
            });
            continue;
        }
        let maker = Maker {
            operation,
            generator,
            settings,
            fixed: None,
        };
        match maker.requests() {
            Ok(requests) => cases.extend(requests.into_iter().map(|request| Case {
                operation: place,
                request,
            })),
            Err(reason) => untried.push(Untried {
                operation: place,
                reason,
            }),
        }
    }
    (cases, untried)
}

struct Maker<'c> {
    operation: &'c Operation,
    generator: &'c Generator<'c>,
    settings: &'c Settings,
    fixed: Option<Fixed<'c>>,
}

/// What is decided of a request before it is made.
#[derive(Clone, Copy)]
pub(super) enum Fixed<'c> {
    /// The value of the parameter of that place and that name.
    Parameter(&'c str, &'c str, &'c Value),
    /// The media type of the body, and its value.
    Body(&'c str, &'c Value),
}

/// One request that says no more than it has to, and what is decided of it.
pub(super) fn one(
    operation: &Operation,
    generator: &Generator<'_>,
    settings: &Settings,
    fixed: Option<Fixed<'_>>,
) -> Result<Request, String> {
    let maker = Maker {
        operation,
        generator,
        settings,
        fixed,
    };
    maker.request(Variant {
        example: None,
        amount: Amount::Least,
        seed: settings.seed,
    })
}

impl Maker<'_> {
    fn requests(&self) -> Result<Vec<Request>, String> {
        let mut requests: Vec<Request> = Vec::new();
        let mut reason = None;
        for variant in self.variants() {
            if requests.len() >= self.settings.most {
                break;
            }
            match self.request(variant) {
                Ok(request) if !requests.contains(&request) => requests.push(request),
                Ok(_) => {}
                Err(error) => reason = reason.or(Some(error)),
            }
        }
        match reason {
            Some(reason) if requests.is_empty() => Err(reason),
            _ => Ok(requests),
        }
    }

    fn variants(&self) -> Vec<Variant> {
        let parameters = self.operation.parameters.iter();
        let examples = parameters.map(|parameter| self.examples(parameter).len());
        let body = self
            .media()
            .map_or(0, |(_, media)| self.samples(media).len());
        let examples = examples.chain([body]).max().unwrap_or_default().max(1);
        let seed = self.settings.seed;
        let of_examples = (0..examples).map(|place| Variant {
            example: Some(place),
            amount: Amount::Least,
            seed,
        });
        let made = |amount, more: u64| Variant {
            example: None,
            amount,
            seed: seed.wrapping_add(more),
        };
        let more = self.settings.most as u64;
        of_examples
            .chain([made(Amount::Least, 1), made(Amount::Most, 2)])
            .chain((3..3 + more).map(|place| made(Amount::Some, place)))
            .collect()
    }

    fn examples(&self, parameter: &Parameter) -> Vec<Value> {
        let survey = self.generator.survey;
        let schema = parameter.schema.map(|id| self.generator.graph.span(id));
        let of_schema = schema.map_or(&[][..], |span| survey.examples(span));
        [survey.examples(parameter.span), of_schema].concat()
    }

    fn samples(&self, media: &Media) -> Vec<Value> {
        let survey = self.generator.survey;
        let schema = media.schema.map(|id| self.generator.graph.span(id));
        let of_schema = schema.map_or(&[][..], |span| survey.examples(span));
        [survey.examples(media.span), of_schema].concat()
    }

    /// The content that is sent: JSON, if that is one of them, or what it is known how to write.
    fn media(&self) -> Option<(&str, &Media)> {
        let body = self.operation.body.as_ref()?;
        let mut all = body.media.iter();
        let json = all.clone().find(|(kind, _)| is_json(kind));
        let known = || all.clone().find(|(kind, _)| is_known(kind));
        let (kind, media) = json.or_else(known).or_else(|| all.next())?;
        Some((kind, media))
    }

    fn request(&self, variant: Variant) -> Result<Request, String> {
        let mut path = self.operation.path.clone();
        let (mut query, mut headers, mut cookies) = (Vec::new(), Vec::new(), Vec::new());
        for parameter in &self.operation.parameters {
            let Some(pairs) = self.written(parameter, variant)? else {
                continue;
            };
            match parameter.place.as_str() {
                "path" => {
                    let text = pairs.first().map_or("", |(_, value)| value);
                    path = path.replace(&format!("{{{}}}", parameter.name), text);
                }
                "query" => query.extend(pairs),
                "header" => headers.extend(pairs),
                "cookie" => cookies.extend(pairs),
                place => {
                    let name = &parameter.name;
                    return Err(format!("how `{name}` is written in `{place}` is not known"));
                }
            }
        }
        if path.contains('{') {
            return Err(format!("`{path}` has variables that are no parameters"));
        }
        let body = self.body(variant, &mut headers)?;
        if !cookies.is_empty() {
            let cookies = cookies
                .into_iter()
                .map(|(name, value)| format!("{name}={value}"));
            headers.push(("Cookie".to_owned(), cookies.collect::<Vec<_>>().join("; ")));
        }
        headers.insert(0, ("Accept".to_owned(), self.accepted()));
        for (name, value) in &self.settings.headers {
            headers.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
            headers.push((name.clone(), value.clone()));
        }
        let query = query.into_iter();
        let query = query.map(|(name, value)| format!("{name}={value}"));
        let query = query.collect::<Vec<_>>().join("&");
        let between = if query.is_empty() { "" } else { "?" };
        let base = self.settings.base.trim_end_matches('/');
        Ok(Request {
            method: self.operation.method.clone(),
            url: format!("{base}{path}{between}{query}"),
            headers,
            body,
        })
    }

    /// A parameter as it is written; nothing if it is left away.
    fn written(
        &self,
        parameter: &Parameter,
        variant: Variant,
    ) -> Result<Option<Vec<(String, String)>>, String> {
        let name = &parameter.name;
        if let Some(Fixed::Parameter(place, own, value)) = self.fixed
            && (place, own) == (&parameter.place, name)
        {
            let pairs = pairs(parameter, value);
            let reason = || format!("the value of `{name}` can't be written");
            return pairs.map(Some).ok_or_else(reason);
        }
        let examples = self.examples(parameter);
        let example = variant
            .example
            .and_then(|place| examples.get(place).or(examples.first()));
        let mut chance = Chance::of(variant.seed, name);
        let wanted = parameter.required
            || match variant.amount {
                Amount::Least => example.is_some(),
                Amount::Most => true,
                Amount::Some => chance.below(2) == 1,
            };
        if !wanted {
            return Ok(None);
        }
        for attempt in 0..TRIES {
            // An empty list is the least there is, and can't be written.
            let amount = match variant.amount {
                Amount::Least if attempt > 0 => Amount::Some,
                amount => amount,
            };
            let value = match (example, parameter.schema) {
                (Some(example), _) if attempt == 0 => Some(example.clone()),
                (_, Some(id)) => {
                    let seed =
                        Chance::of(variant.seed.wrapping_add(attempt), name).below(usize::MAX);
                    self.generator.value(id, amount, seed as u64)
                }
                (_, None) => Some(Value::String("1".to_owned())),
            };
            if let Some(pairs) = value.and_then(|value| pairs(parameter, &value)) {
                return Ok(Some(pairs));
            }
        }
        if parameter.required {
            return Err(format!("no value for the parameter `{name}` could be made"));
        }
        Ok(None)
    }

    fn body(
        &self,
        variant: Variant,
        headers: &mut Vec<(String, String)>,
    ) -> Result<Option<Body>, String> {
        if let Some(Fixed::Body(kind, value)) = self.fixed {
            return written_body(kind, value, headers).map(Some);
        }
        let Some(described) = &self.operation.body else {
            return Ok(None);
        };
        let Some((kind, media)) = self.media() else {
            return Ok(None);
        };
        let samples = self.samples(media);
        let sample = variant
            .example
            .and_then(|place| samples.get(place).or(samples.first()));
        if !described.required && sample.is_none() && variant.amount == Amount::Least {
            return Ok(None);
        }
        let made = || match media.schema {
            Some(id) => self.generator.value(id, variant.amount, variant.seed),
            None => Some(Value::Object(serde_json::Map::new())),
        };
        let value = sample.cloned().or_else(made);
        let value = value.ok_or("no body could be made that fits its schema")?;
        written_body(kind, &value, headers).map(Some)
    }

    fn accepted(&self) -> String {
        let answers = self.operation.responses.values();
        let mut kinds: Vec<&str> = answers
            .flat_map(|answer| answer.media.keys().map(String::as_str))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        if kinds.is_empty() {
            return "*/*".to_owned();
        }
        kinds.join(", ")
    }
}

/// A body with the header that says what it is.
fn written_body(
    kind: &str,
    value: &Value,
    headers: &mut Vec<(String, String)>,
) -> Result<Body, String> {
    let reason = || format!("how a body of the type `{kind}` is written is not known");
    let body = body(kind, value).ok_or_else(reason)?;
    let kind = match &body {
        Body::Text(_) => kind.to_owned(),
        Body::Parts(_) => format!("{kind};boundary={}", Body::BOUNDARY),
    };
    headers.push(("Content-Type".to_owned(), kind));
    Ok(body)
}

/// The values that a text can be, as what came in a header.
pub(super) fn readings(text: &str) -> Vec<Value> {
    let parsed = serde_json::from_str::<Value>(text).ok();
    let list = text.split(',').map(|item| {
        let item = item.trim();
        serde_json::from_str(item).unwrap_or_else(|_| Value::String(item.to_owned()))
    });
    let texts = text
        .split(',')
        .map(|item| Value::String(item.trim().to_owned()));
    [
        Some(Value::String(text.to_owned())),
        parsed,
        Some(list.collect()),
        Some(texts.collect()),
    ]
    .into_iter()
    .flatten()
    .filter(|value| !value.is_null())
    .collect()
}

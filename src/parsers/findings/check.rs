//! What can be said of a spec before any tool runs.

use super::place::Place;
use super::regex::GROUPS;
use super::source::{Condition, Source};
use super::words::named;
use super::{Each, FindingsFormat, FindingsSpec, Severity};
use crate::diag::{Diagnostic, did_you_mean};
use crate::span::{Span, Spanned};
use crate::spec::{Choice, Decoder, Form};

/// Reports what in a spec can't be used; `owner` is the place of the block it stands in.
pub fn check(spec: &FindingsSpec, owner: Span, decoder: &mut Decoder<'_>) {
    check_fields(spec, owner, decoder);
    check_words(spec, decoder);
    for place in &spec.expect {
        report(place, Place::compile(place), decoder);
    }
    for (place, each) in &spec.each.0 {
        report(place, Place::compile(place), decoder);
        check_each(each, decoder);
    }
}

/// The format decides which fields are needed and which say nothing.
fn check_fields(spec: &FindingsSpec, owner: Span, decoder: &mut Decoder<'_>) {
    let format = spec.format.as_str();
    let is_json = matches!(
        spec.format,
        FindingsFormat::Json | FindingsFormat::JsonLines
    );
    let missing = match spec.format {
        FindingsFormat::Regex if spec.pattern.is_none() => Some("pattern"),
        _ if is_json && spec.each.0.is_empty() => Some("each"),
        _ => None,
    };
    if let Some(field) = missing {
        decoder.diags.push(
            Diagnostic::new(
                "missing-field",
                format!("findings in the format `{format}` need `{field}`"),
            )
            .at(owner, format!("has no `{field}`")),
        );
    }
    let places = spec
        .expect
        .first()
        .or(spec.each.0.first().map(|(place, _)| place));
    if let Some(place) = places.filter(|_| !is_json) {
        decoder.diags.push(
            Diagnostic::new(
                "conflicting-fields",
                format!("the format `{format}` has no places"),
            )
            .at(place.span, "says nothing here")
            .help("`expect` and `each` are for `json` and `json-lines`"),
        );
    }
    check_groups(spec, decoder);
}

fn check_groups(spec: &FindingsSpec, decoder: &mut Decoder<'_>) {
    let Some(pattern) = &spec.pattern else {
        return;
    };
    let known: &[&str] = match spec.format {
        FindingsFormat::Regex => GROUPS,
        FindingsFormat::Paths => &["path"],
        _ => &[],
    };
    let groups: Vec<&str> = pattern.regex.capture_names().flatten().collect();
    let unknown = groups.iter().find(|group| !known.contains(group));
    let problem = match unknown {
        Some(group) => format!("the group `{group}` means nothing"),
        None if groups.is_empty() => "no group has a name that means something".to_owned(),
        None => return,
    };
    let help = match known {
        [] => format!("the format `{}` takes no `pattern`", spec.format.as_str()),
        known => format!("groups that mean something are {}", known.join(", ")),
    };
    decoder.diags.push(
        Diagnostic::new("bad-regex", problem)
            .at(pattern.span, "this expression")
            .help(help),
    );
}

fn check_words(spec: &FindingsSpec, decoder: &mut Decoder<'_>) {
    let meanings = spec.severity.0.iter().map(|(_, meaning)| meaning);
    for meaning in meanings.filter(|meaning| named(meaning).is_none()) {
        decoder.diags.push(
            Diagnostic::new("unknown-choice", format!("`{}` is no severity", **meaning))
                .at(
                    meaning.span,
                    format!("not {}", Form::Choice(Severity::WORDS).noun()),
                )
                .maybe_help(did_you_mean(meaning, Severity::WORDS.iter().copied())),
        );
    }
}

fn check_each(each: &Each, decoder: &mut Decoder<'_>) {
    for words in &each.only {
        if let Some((place, _)) = words.split_first() {
            report(place, Condition::compile(place, Vec::new()), decoder);
        }
    }
    let fields = [
        &each.rule,
        &each.severity,
        &each.score,
        &each.message,
        &each.path,
        &each.line,
        &each.column,
        &each.fixable,
        &each.package,
        &each.version,
        &each.fixed_in,
        &each.aliases,
        &each.url,
    ];
    for place in fields.into_iter().flatten() {
        report(place, Source::compile(place), decoder);
    }
}

fn report<T>(written: &Spanned<String>, compiled: Result<T, String>, decoder: &mut Decoder<'_>) {
    if let Err(problem) = compiled {
        let message = format!("`{}` is no place: {problem}", **written);
        decoder.diags.push(
            Diagnostic::new("bad-place", message)
                .at(written.span, "this place")
                .help("for instance `results[].line`; text that stands for itself begins with `=`"),
        );
    }
}

//! The choice between `run` and `shell` that several kinds offer.

use crate::diag::Diagnostic;
use crate::host::Invocation;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Template};

/// What to run, from the two fields that may say it.
pub(super) fn invocation<'a>(
    run: Option<&'a Argv>,
    shell: Option<&'a Template>,
) -> Option<Invocation<'a>> {
    run.map(Invocation::Run).or(shell.map(Invocation::Shell))
}

/// The program that the two fields name; a script has none but the shell.
pub(super) fn programs(run: Option<&Argv>) -> Vec<Option<Template>> {
    vec![run.and_then(|argv| argv.words.first().cloned())]
}

/// Reports unless exactly one of `choices` is written; each is its name and where it stands.
pub(super) fn exactly_one(
    choices: &[(&str, Option<Span>)],
    owner: Span,
    decoder: &mut Decoder<'_>,
) {
    let written: Vec<_> = choices
        .iter()
        .filter_map(|(name, at)| Some((name, (*at)?)))
        .collect();
    let names: Vec<_> = choices
        .iter()
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    match written.as_slice() {
        [_] => {}
        [] => decoder.diags.push(
            Diagnostic::new(
                "conflicting-fields",
                format!("none of {} is written", names.join(", ")),
            )
            .at(owner, "says not what to do")
            .help(format!("write one of {}", names.join(", "))),
        ),
        [(first, first_at), .., (last, last_at)] => decoder.diags.push(
            Diagnostic::new(
                "conflicting-fields",
                format!("`{first}` and `{last}` exclude each other"),
            )
            .at(*last_at, format!("`{last}` here"))
            .at(*first_at, format!("`{first}` here"))
            .help("keep one of them"),
        ),
    }
}

/// [`exactly_one`] of `run` and `shell`.
pub(super) fn run_or_shell(
    run: Option<&Argv>,
    shell: Option<&Template>,
    owner: Span,
    decoder: &mut Decoder<'_>,
) {
    let choices = [
        ("run", run.map(Argv::span)),
        ("shell", shell.map(|script| script.span)),
    ];
    exactly_one(&choices, owner, decoder);
}

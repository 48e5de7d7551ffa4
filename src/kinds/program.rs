//! The choice between `run` and `shell` that several kinds offer.

use crate::host::Invocation;
use crate::span::Span;
use crate::spec::{Argv, Decoder, Template, exactly_one};

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

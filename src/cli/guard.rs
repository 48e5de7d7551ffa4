//! Commands that start processes run under the guardian.

use std::ffi::{OsStr, OsString};
use std::io::Write;
use std::process::ExitCode;

use crate::run::guardian;

/// Commands that start processes of the pipeline.
const GUARDED: &[&str] = &["run"];
/// Global options that take a value.
const WITH_VALUE: &[&str] = &["-C", "--color"];
/// Words by which nothing is started.
const HARMLESS: &[&str] = &["--help", "-h", "--dry-run"];

/// Becomes guardian and worker if the command needs that; `None` for who is to do the work. The
/// command line is only skimmed here: the worker reads it, and says what is wrong with it.
pub(super) fn guard(words: &[OsString]) -> Option<ExitCode> {
    let command = command_position(words)?;
    let named = |list: &[&str], word: &OsString| list.iter().any(|known| OsStr::new(known) == word);
    if !named(GUARDED, &words[command]) || words.iter().any(|word| named(HARMLESS, word)) {
        return None;
    }
    let mut recover: Vec<OsString> = words[..command].to_vec();
    recover.extend(folder_behind(&words[command..]));
    recover.extend(["recover".into(), "--cut-off".into()]);
    match guardian::divide(&recover) {
        Ok(code) => code.map(ExitCode::from),
        // Without a guardian there is no promise to keep, so nothing is started.
        Err(error) => {
            let _ = writeln!(
                std::io::stderr(),
                "error: the guardian can't be started: {error}"
            );
            Some(ExitCode::from(3))
        }
    }
}

/// The position of the first word that is neither an option nor its value.
fn command_position(words: &[OsString]) -> Option<usize> {
    let mut value = false;
    words.iter().position(|word| {
        if value {
            value = false;
            return false;
        }
        value = WITH_VALUE.iter().any(|option| OsStr::new(option) == word) || ends_in_folder(word);
        !word.to_string_lossy().starts_with('-')
    })
}

/// Whether a word is `-C`, perhaps behind other short options (`-qC`), so that a folder follows.
fn ends_in_folder(word: &OsString) -> bool {
    let text = word.to_string_lossy();
    text.starts_with('-') && !text.starts_with("--") && text.ends_with('C')
}

/// The folder that a `-C` behind the command names.
fn folder_behind(words: &[OsString]) -> Vec<OsString> {
    for (at, word) in words.iter().enumerate() {
        let text = word.to_string_lossy();
        if ends_in_folder(word) {
            let folder = words.get(at + 1).cloned();
            return std::iter::once("-C".into()).chain(folder).collect();
        }
        if let Some(folder) = text.strip_prefix("-C") {
            return vec!["-C".into(), folder.into()];
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    #[test]
    fn the_command_is_found_behind_global_options() {
        for (line, position) in [
            ("run", Some(0)),
            ("-C run graph", Some(2)),
            ("-q --color never run x", Some(3)),
            ("-qC there run x", Some(2)),
            ("--version", None),
        ] {
            assert_eq!(command_position(&words(line)), position, "{line}");
        }
    }

    #[test]
    fn recovery_works_in_the_same_folder() {
        assert_eq!(
            folder_behind(&words("run x -C there --jobs 2")),
            words("-C there")
        );
        assert_eq!(folder_behind(&words("run -Cthere")), words("-C there"));
        assert_eq!(folder_behind(&words("run x")), words(""));
    }
}

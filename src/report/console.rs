//! What this process may write to, and what that can show.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use super::{Output, Screen, Size, Stream, Style, Verbosity};

/// Whether to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// As the terminal and the environment say.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

/// Standard output and standard error of this process, as its terminal and environment
/// (`NO_COLOR`, `CLICOLOR_FORCE`, `TERM`, `LC_ALL`, `LC_CTYPE`, `LANG`, `GITHUB_STEP_SUMMARY`)
/// describe them.
pub fn console(colour: Colour, verbosity: Verbosity) -> Output {
    let stream = |writer: Box<dyn Write + Send>, is_terminal: bool| Stream {
        writer,
        style: Style {
            colour: colours(colour, is_terminal, &variable),
            ascii: is_ascii(&variable),
            size: size().unwrap_or_default(),
            verbosity,
        },
    };
    let (stdout, stderr) = (io::stdout(), io::stderr());
    let repaints = stderr.is_terminal() && !is_dumb(&variable);
    Output {
        answer: stream(Box::new(io::stdout()), stdout.is_terminal()),
        progress: stream(Box::new(io::stderr()), stderr.is_terminal()),
        screen: repaints.then(|| -> Screen { Box::new(size) }),
        step_summary: variable("GITHUB_STEP_SUMMARY").map(PathBuf::from),
    }
}

/// The size of the terminal behind standard error.
fn size() -> Option<Size> {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok()?;
    let known = size.ws_col > 0 && size.ws_row > 0;
    known.then(|| Size {
        width: usize::from(size.ws_col),
        height: usize::from(size.ws_row),
    })
}

type Variables<'e> = &'e dyn Fn(&str) -> Option<String>;

/// A variable of the environment; an empty one is as good as none.
fn variable(name: &str) -> Option<String> {
    let value = env::var_os(name)?.to_string_lossy().into_owned();
    Some(value).filter(|value| !value.is_empty())
}

fn is_dumb(variable: Variables<'_>) -> bool {
    variable("TERM").is_none_or(|term| term == "dumb")
}

fn colours(choice: Colour, is_terminal: bool, variable: Variables<'_>) -> bool {
    match choice {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto if variable("NO_COLOR").is_some() => false,
        Colour::Auto if variable("CLICOLOR_FORCE").is_some_and(|force| force != "0") => true,
        Colour::Auto => is_terminal && !is_dumb(variable),
    }
}

/// Only a locale that says so is not UTF-8: most containers set none at all.
fn is_ascii(variable: Variables<'_>) -> bool {
    let mut names = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter();
    let locale = names.find_map(variable).unwrap_or_default().to_lowercase();
    !locale.is_empty() && !locale.contains("utf-8") && !locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment<'e>(pairs: &'e [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'e {
        |name| {
            let found = pairs.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn what_the_user_says_beats_the_environment_which_beats_the_terminal() {
        let quiet = environment(&[("NO_COLOR", "1"), ("TERM", "xterm")]);
        let forced = environment(&[("CLICOLOR_FORCE", "1")]);
        let bare = environment(&[("TERM", "xterm")]);
        let dumb = environment(&[("TERM", "dumb")]);
        assert!(colours(Colour::Always, false, &quiet));
        assert!(!colours(Colour::Never, true, &forced));
        assert!(!colours(Colour::Auto, true, &quiet));
        assert!(colours(Colour::Auto, false, &forced));
        assert!(colours(Colour::Auto, true, &bare));
        assert!(!colours(Colour::Auto, false, &bare));
        assert!(!colours(Colour::Auto, true, &dumb));
    }

    #[test]
    fn only_a_locale_that_says_so_is_not_utf_8() {
        let locale = |pairs: &[(&str, &str)]| is_ascii(&environment(pairs));
        assert!(!locale(&[]));
        assert!(!locale(&[("LANG", "de_DE.UTF-8")]));
        assert!(!locale(&[("LC_ALL", "C.utf8"), ("LANG", "C")]));
        assert!(locale(&[("LANG", "C")]));
        assert!(locale(&[("LC_ALL", "POSIX"), ("LANG", "de_DE.UTF-8")]));
    }
}

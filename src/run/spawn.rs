//! Starting the process of a node with as little work as there can be.
//!
//! `posix_spawn` gets an environment that was laid out once for the run, so a start costs the
//! variables of its own alone. It can't change the folder, so commands that run elsewhere than in
//! the folder of this process go the longer way.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::{CStr, CString, OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::spawn::{PosixSpawnAttr, PosixSpawnFileActions, PosixSpawnFlags, posix_spawn};
use nix::sys::signal::{SigSet, Signal};
use nix::unistd::Pid as NixPid;
use rustix::process::Pid;

/// Variables, each by its name.
pub(super) type Variables<'a> = [(&'a OsStr, Cow<'a, OsStr>)];

/// The environment that every command starts from.
#[derive(Debug)]
pub(super) struct Environment {
    variables: BTreeMap<OsString, OsString>,
    /// The same as `name=value`, each with its name.
    laid_out: Vec<(OsString, CString)>,
}

impl Environment {
    pub(super) fn new(variables: BTreeMap<OsString, OsString>) -> Self {
        let laid_out = variables
            .iter()
            .filter_map(|(name, value)| Some((name.clone(), entry(name, value).ok()?)))
            .collect();
        Self {
            variables,
            laid_out,
        }
    }

    /// All variables, with those of a command in the place of others of the same name.
    pub(super) fn with<'a>(
        &'a self,
        own: &'a Variables<'a>,
    ) -> impl Iterator<Item = (&'a OsStr, &'a OsStr)> {
        let base = self.variables.iter();
        base.map(|(name, value)| (name.as_os_str(), value.as_os_str()))
            .chain(own.iter().map(|(name, value)| (*name, &**value)))
    }

    fn laid_out_with(&self, own: &Variables<'_>) -> io::Result<Vec<Cow<'_, CStr>>> {
        let replaced = |name: &OsString| own.iter().any(|(other, _)| *other == name.as_os_str());
        let mut all: Vec<Cow<'_, CStr>> = Vec::with_capacity(self.laid_out.len() + own.len());
        for (name, entry) in &self.laid_out {
            if !replaced(name) {
                all.push(Cow::Borrowed(entry.as_c_str()));
            }
        }
        for (index, (name, value)) in own.iter().enumerate() {
            if !own[index + 1..].iter().any(|(later, _)| later == name) {
                all.push(Cow::Owned(entry(name, value)?));
            }
        }
        Ok(all)
    }
}

fn entry(name: &OsStr, value: &OsStr) -> io::Result<CString> {
    let bytes = [name.as_bytes(), b"=", value.as_bytes()].concat();
    CString::new(bytes).map_err(io::Error::from)
}

/// A command that runs in the folder of this process.
pub(super) struct Start<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a [String],
    pub(super) environment: &'a Environment,
    pub(super) own: &'a Variables<'a>,
    pub(super) input: &'a File,
    pub(super) output: &'a File,
    pub(super) errors: &'a File,
}

/// Starts it in a process group of its own, with no signal held back or ignored.
pub(super) fn spawn(start: &Start<'_>) -> io::Result<Pid> {
    let mut argv = Vec::with_capacity(start.args.len() + 1);
    argv.push(CString::new(start.program.as_os_str().as_bytes())?);
    for arg in start.args {
        argv.push(CString::new(arg.as_bytes())?);
    }
    let environment = start.environment.laid_out_with(start.own)?;
    let mut files = PosixSpawnFileActions::init()?;
    files.add_dup2(start.input.as_raw_fd(), 0)?;
    files.add_dup2(start.output.as_raw_fd(), 1)?;
    files.add_dup2(start.errors.as_raw_fd(), 2)?;
    let pid = posix_spawn(start.program, &files, &attributes()?, &argv, &environment)?;
    Pid::from_raw(pid.as_raw()).ok_or_else(|| io::Error::other("the process has no id"))
}

fn attributes() -> io::Result<PosixSpawnAttr> {
    let mut attributes = PosixSpawnAttr::init()?;
    attributes.set_flags(
        PosixSpawnFlags::POSIX_SPAWN_SETPGROUP
            | PosixSpawnFlags::POSIX_SPAWN_SETSIGDEF
            | PosixSpawnFlags::POSIX_SPAWN_SETSIGMASK,
    )?;
    attributes.set_pgroup(NixPid::from_raw(0))?;
    // Programs in Rust ignore SIGPIPE, and what they start would inherit that. All the others too:
    // of a signal that is not named, glibc first asks in the new process what is done with it,
    // and naming them all halves the time that `posix_spawn` takes of its caller.
    let mut usual = SigSet::all();
    usual.remove(Signal::SIGKILL);
    usual.remove(Signal::SIGSTOP);
    attributes.set_sigdefault(&usual)?;
    attributes.set_sigmask(&SigSet::empty())?;
    Ok(attributes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_of_the_command_replaces_that_of_the_run_and_the_last_one_counts() {
        let base = [("A", "1"), ("B", "2")];
        let base = base.map(|(name, value)| (name.into(), value.into()));
        let environment = Environment::new(base.into_iter().collect());
        let own = [("B", "3"), ("C", "4"), ("C", "5")];
        let own = own.map(|(name, value)| (OsStr::new(name), Cow::Borrowed(OsStr::new(value))));
        let all = environment.laid_out_with(&own).unwrap();
        let all: Vec<_> = all.iter().map(|entry| entry.to_str().unwrap()).collect();
        assert_eq!(all, ["A=1", "B=3", "C=5"]);
    }

    #[test]
    fn a_value_that_no_process_can_have_is_refused() {
        let environment = Environment::new(BTreeMap::new());
        let own = [(OsStr::new("A"), Cow::Borrowed(OsStr::new("x\0y")))];
        assert!(environment.laid_out_with(&own).is_err());
    }
}

//! Starting processes, hearing of their end, and ending them. The only place that starts any.

use std::borrow::Cow;
use std::cell::{OnceCell, RefCell};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::rc::Rc;
use std::sync::Arc;

use rustix::process::{Pid, Signal, WaitOptions};
use tokio::sync::watch;

use super::spawn::{self, Environment};
use crate::host::Ended;

/// What to start.
#[derive(Debug)]
pub(super) struct Launch<'a> {
    pub(super) program: &'a Path,
    pub(super) args: &'a [String],
    /// The working folder, if it is not that of this process.
    pub(super) dir: Option<&'a Path>,
    /// The environment that every command starts from.
    pub(super) environment: &'a Environment,
    /// Variables of its own; a later one replaces an earlier one of the same name.
    pub(super) env: Vec<(&'a OsStr, Cow<'a, OsStr>)>,
    /// What stands on its input; without it, nothing.
    pub(super) input: Option<File>,
    /// Where its standard output goes.
    pub(super) output: File,
    /// Where its standard error goes; without it, to the same place.
    pub(super) errors: Option<File>,
}

/// A process that was started; it leads its own process group.
#[derive(Debug, Clone)]
pub(super) struct Process {
    pub(super) pid: Pid,
    ended: watch::Receiver<Option<ExitStatus>>,
}

/// All processes that were started and have not been seen to end.
#[derive(Debug, Default, Clone)]
pub(super) struct Children {
    alive: Rc<RefCell<Vec<Child>>>,
    /// What stands on the input of commands.
    nothing: OnceCell<Rc<File>>,
}

#[derive(Debug)]
struct Child {
    pid: Pid,
    waiter: Waiter,
    ended: watch::Sender<Option<ExitStatus>>,
}

/// How the end of a child is asked for.
#[derive(Debug)]
enum Waiter {
    Pid,
    Handle(Box<duct::Handle>),
}

impl Waiter {
    fn try_wait(&self, pid: Pid) -> io::Result<Option<ExitStatus>> {
        match self {
            Waiter::Pid => {
                let ended = rustix::process::waitpid(Some(pid), WaitOptions::NOHANG)?;
                Ok(ended.map(|(_, status)| ExitStatus::from_raw(status.as_raw())))
            }
            Waiter::Handle(handle) => Ok(handle.try_wait()?.map(|output| output.status)),
        }
    }
}

fn start_elsewhere(dir: &Path, launch: Launch<'_>) -> io::Result<duct::Handle> {
    let command = duct::cmd(launch.program, launch.args)
        .dir(dir)
        .full_env(launch.environment.with(&launch.env));
    let command = match launch.input {
        Some(input) => command.stdin_file(input),
        None => command.stdin_null(),
    };
    let command = match launch.errors {
        Some(errors) => command.stderr_file(errors),
        None => command.stderr_to_stdout(),
    };
    command
        .stdout_file(launch.output)
        .unchecked()
        .before_spawn(|command| {
            command.process_group(0);
            Ok(())
        })
        .start()
}

impl Children {
    /// Starts a process in a group of its own.
    pub(super) fn start(&self, launch: Launch<'_>) -> io::Result<Process> {
        let (pid, waiter) = if let Some(dir) = launch.dir {
            let handle = start_elsewhere(dir, launch)?;
            let pid = handle
                .pids()
                .first()
                .and_then(|pid| Pid::from_raw(pid.cast_signed()));
            let pid = pid.ok_or_else(|| io::Error::other("the process has no id"))?;
            (pid, Waiter::Handle(Box::new(handle)))
        } else {
            (self.start_here(&launch)?, Waiter::Pid)
        };
        let (sender, ended) = watch::channel(None);
        self.alive.borrow_mut().push(Child {
            pid,
            waiter,
            ended: sender,
        });
        Ok(Process { pid, ended })
    }

    fn start_here(&self, launch: &Launch<'_>) -> io::Result<Pid> {
        let input = if let Some(nothing) = self.nothing.get() {
            nothing
        } else {
            let opened = File::open("/dev/null")?;
            self.nothing.get_or_init(|| Rc::new(opened))
        };
        spawn::spawn(&spawn::Start {
            program: launch.program,
            args: launch.args,
            environment: launch.environment,
            own: &launch.env,
            input: launch.input.as_ref().unwrap_or(input),
            output: &launch.output,
            errors: launch.errors.as_ref().unwrap_or(&launch.output),
        })
    }

    /// Takes note of every child that has ended. To be called whenever one may have.
    pub(super) fn reap(&self) {
        self.alive.borrow_mut().retain(|child| {
            let status = match child.waiter.try_wait(child.pid) {
                Ok(None) => return true,
                Ok(Some(status)) => status,
                // The status is lost; what is known is that the process is gone.
                Err(_) => ExitStatus::from_raw(libc_sigkill()),
            };
            child.ended.send_replace(Some(status));
            false
        });
    }

    /// Whether a process is one that was started and has not been seen to end.
    pub(super) fn contains(&self, pid: Pid) -> bool {
        self.alive.borrow().iter().any(|child| child.pid == pid)
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.alive.borrow().is_empty()
    }
}

fn libc_sigkill() -> i32 {
    Signal::KILL.as_raw()
}

impl Process {
    /// Waits for the end. The future may be dropped and asked for again.
    pub(super) async fn ended(&self) -> ExitStatus {
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await {
            Ok(status) => status.unwrap_or_default(),
            Err(_) => ExitStatus::from_raw(libc_sigkill()),
        }
    }

    /// How it ended, if it has.
    pub(super) fn status(&self) -> Option<ExitStatus> {
        *self.ended.borrow()
    }

    /// Sends a signal to its group, as long as the process itself lives: afterwards its number
    /// may belong to somebody else.
    pub(super) fn signal(&self, signal: Signal) {
        if self.status().is_none() {
            let _ = rustix::process::kill_process_group(self.pid, signal);
        }
    }

    /// Whether something of its group is still there once the process itself has ended.
    pub(super) fn group_is_alive(&self) -> bool {
        rustix::process::test_kill_process_group(self.pid).is_ok()
    }
}

/// How a process ended, in the words of the port.
pub(super) fn ended(status: ExitStatus) -> Ended {
    match (status.code(), status.signal()) {
        (Some(code), _) => Ended::Exited(code),
        (None, Some(signal)) => Ended::Signalled(signal),
        (None, None) => Ended::Signalled(0),
    }
}

/// The signal of that name, without `SIG`.
pub(super) fn signal_named(name: &str) -> Signal {
    match name {
        "INT" => Signal::INT,
        "QUIT" => Signal::QUIT,
        "HUP" => Signal::HUP,
        "KILL" => Signal::KILL,
        _ => Signal::TERM,
    }
}

/// Variables by which a git hook tells `git` of another repository, index or folder than the one
/// that is looked at.
const OF_A_HOOK: &[&str] = &["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"];

/// Runs a program to its end and gives its standard output, or its error output as the error.
pub(super) fn capture(dir: &Path, program: &str, args: &[&str]) -> Result<Vec<u8>, String> {
    capture_with(dir, program, args, &[])
}

/// [`capture`] with variables added to the environment.
pub(super) fn capture_with(
    dir: &Path,
    program: &str,
    args: &[&str],
    env: &[(&str, &str)],
) -> Result<Vec<u8>, String> {
    let command = duct::cmd(program, args).dir(dir);
    let command = OF_A_HOOK
        .iter()
        .fold(command, |command, name| command.env_remove(name));
    let command = command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_TERMINAL_PROMPT", "0");
    let command = env
        .iter()
        .fold(command, |command, (name, value)| command.env(name, value));
    let output = command
        .stdin_null()
        .stdout_capture()
        .stderr_capture()
        .unchecked()
        .run()
        .map_err(|error| format!("`{program}` can't be started: {error}"))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(said
        .lines()
        .next()
        .unwrap_or("it failed without a word")
        .to_owned())
}

/// What a program prints, if it succeeds in time. It is ended when its time is over, or when nobody
/// waits for it any more. The thread that asks is free meanwhile.
pub(super) async fn answer_within(
    dir: &Path,
    words: &[String],
    limit: std::time::Duration,
) -> Option<Vec<u8>> {
    let (program, args) = words.split_first()?;
    let command = duct::cmd(program, args)
        .dir(dir)
        .stdin_null()
        .stdout_capture()
        .stderr_null()
        .unchecked();
    let asked = Asked(Arc::new(command.start().ok()?));
    let handle = Arc::clone(&asked.0);
    let waited = tokio::task::spawn_blocking(move || {
        let output = handle.wait_timeout(limit).ok()??;
        output.status.success().then(|| output.stdout.clone())
    });
    waited.await.ok()?
}

/// How a program ended, and what it printed on standard output and on standard error.
pub(super) struct Printed {
    pub(super) ended: Ended,
    pub(super) output: String,
    pub(super) errors: String,
}

/// Runs a program to its end. Once `stop` is set it is asked to end as by Ctrl-C, and killed if it
/// does not.
pub(super) fn run_until(
    dir: &Path,
    words: &[String],
    stop: &std::sync::atomic::AtomicBool,
) -> io::Result<Printed> {
    use duct::unix::HandleExt;
    use std::time::{Duration, Instant};
    const GLANCE: Duration = Duration::from_millis(50);
    const GRACE: Duration = Duration::from_secs(2);
    let (program, args) = words.split_first().ok_or(io::ErrorKind::InvalidInput)?;
    let handle = duct::cmd(program, args)
        .dir(dir)
        .stdin_null()
        .stdout_capture()
        .stderr_capture()
        .unchecked()
        .start()?;
    let mut asked: Option<Instant> = None;
    let output = loop {
        if let Some(output) = handle.wait_timeout(GLANCE)? {
            break output;
        }
        match asked {
            None if stop.load(std::sync::atomic::Ordering::Relaxed) => {
                handle.send_signal(Signal::INT.as_raw())?;
                asked = Some(Instant::now());
            }
            Some(since) if since.elapsed() > GRACE => handle.kill()?,
            _ => {}
        }
    };
    Ok(Printed {
        ended: ended(output.status),
        output: String::from_utf8_lossy(&output.stdout).into_owned(),
        errors: String::from_utf8_lossy(&output.stderr).into_owned(),
    })
}

/// A program that is ended when this goes out of scope.
struct Asked(Arc<duct::Handle>);

impl Drop for Asked {
    fn drop(&mut self) {
        // One that has ended already is fine.
        let _ = self.0.kill();
    }
}

/// The first line that a program prints, within some seconds and if it succeeds.
pub fn first_line_of(dir: &Path, program: &Path, args: &[String]) -> Option<String> {
    let text = answer_of(dir, program, args)?;
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    Some(line.to_owned())
}

/// What a program prints on both streams, within some seconds and if it succeeds.
pub(super) fn answer_of(dir: &Path, program: &Path, args: &[String]) -> Option<String> {
    const PATIENCE: std::time::Duration = std::time::Duration::from_secs(20);
    let handle = duct::cmd(program, args)
        .dir(dir)
        .stdin_null()
        .stderr_to_stdout()
        .stdout_capture()
        .unchecked()
        .start()
        .ok()?;
    let Ok(Some(output)) = handle.wait_timeout(PATIENCE) else {
        let _ = handle.kill();
        return None;
    };
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Starts this program anew with other arguments and nothing to say on standard output. It hears of
/// the end of this process through its standard input.
pub(super) fn start_again(
    args: &[OsString],
    input: os_pipe::PipeReader,
) -> io::Result<std::process::Child> {
    // The file of this program may have been replaced since it was started; what runs has not.
    let program = if cfg!(target_os = "linux") {
        PathBuf::from("/proc/self/exe")
    } else {
        std::env::current_exe()?
    };
    std::process::Command::new(program)
        .arg0("sdd")
        .args(args)
        .stdin(input)
        .stdout(std::process::Stdio::null())
        .spawn()
}

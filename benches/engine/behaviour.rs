//! What a tool does when it is killed, interrupted, held up or given a broken file.

use crate::graph::{self, Graph, Work};
use crate::kit::{HOLDER, Kit};
use crate::options::Options;
use crate::process::{self, wait_until};
use crate::series::FLOOR;
use crate::subject::Subject;
use crate::tool::{TOOLS, Tool};
use crate::verify;
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus};
use std::thread;
use std::time::{Duration, Instant};

/// The name by which `--case` picks them all.
pub(crate) const BEHAVIOUR: &str = "behaviour";

/// After a signal, whatever is alive this much later was left behind.
const SETTLE: Duration = Duration::from_secs(1);

/// A tool that has not ended by then waits for its nodes, or hangs.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a tool may take to have its node running.
const START: Duration = Duration::from_secs(10);

/// The time after a node's exit by which a tool should have gone on, though its stdout is held.
const HELD_LIMIT: Duration = Duration::from_secs(2);

/// What one tool did, and whether that is what is wanted.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    pub(crate) text: String,
    pub(crate) met: bool,
}

/// One question put to every tool.
#[derive(Debug, Serialize)]
pub(crate) struct Behaviour {
    pub(crate) name: &'static str,
    pub(crate) wanted: &'static str,
    pub(crate) answers: BTreeMap<String, Answer>,
}

struct Trial<'a> {
    kit: Kit,
    tool: &'a Tool,
    folder: PathBuf,
    held_seconds: u32,
}

/// A trial says nothing about a tool that the question does not fit.
type Question = fn(&Trial<'_>) -> Result<Option<Answer>, String>;

const QUESTIONS: [(&str, &str, Question); 9] = [
    ("SIGKILL of the tool", "0 left 1 s later", killed),
    (
        "SIGKILL of the tool's worker",
        "0 left 1 s later",
        worker_killed,
    ),
    ("SIGINT to the group", "exit 130, 0 left", |trial| {
        interrupted(trial, Signal::INT)
    }),
    ("SIGTERM to the tool", "exit 143, 0 left", |trial| {
        interrupted(trial, Signal::TERM)
    }),
    (
        "a daemon holds a node's stdout",
        "goes on within 2 s, names it, 0 left",
        held,
    ),
    ("misspelt key", "exit 2, nothing run", misspelt),
    ("cycle", "exit 2, nothing run", |trial| {
        broken(trial, &[&[2], &[0], &[1], &[]])
    }),
    ("unknown dependency", "exit 2, nothing run", |trial| {
        broken(trial, &[&[77], &[]])
    }),
    ("node depends on itself", "exit 2, nothing run", |trial| {
        broken(trial, &[&[0], &[]])
    }),
];

/// Puts every question to every tool, tools side by side: they mostly sleep.
pub(crate) fn ask(kit: &Kit, scratch: &Path, options: &Options) -> Result<Vec<Behaviour>, String> {
    let tools: Vec<&Tool> = TOOLS
        .iter()
        .filter(|tool| {
            tool.name != FLOOR && options.includes(tool.name) && tool.locate(kit).is_some()
        })
        .collect();
    let questions = QUESTIONS.iter().enumerate();
    questions
        .map(|(index, (name, wanted, question))| {
            let trials = tools.iter().map(|tool| Trial {
                kit: kit.marked(tool.name),
                tool,
                folder: scratch.join(format!("behaviour-{index}-{}", tool.name)),
                held_seconds: if options.quick { 5 } else { 15 },
            });
            Ok(Behaviour {
                name,
                wanted,
                answers: side_by_side(trials.collect(), *question)?,
            })
        })
        .collect()
}

fn side_by_side(
    trials: Vec<Trial<'_>>,
    question: Question,
) -> Result<BTreeMap<String, Answer>, String> {
    thread::scope(|scope| {
        let asked: Vec<_> = trials
            .into_iter()
            .map(|trial| {
                scope.spawn(move || {
                    let answer = question(&trial);
                    process::end_marked(&trial.kit.mark);
                    (trial.tool.name.to_owned(), answer)
                })
            })
            .collect();
        let mut answers = BTreeMap::new();
        for thread in asked {
            let (name, answer) = thread.join().map_err(|_| "a trial panicked")?;
            if let Some(answer) = answer.map_err(|fault| format!("{name}: {fault}"))? {
                answers.insert(name, answer);
            }
        }
        Ok(answers)
    })
}

/// A tool that was started, with its subject.
struct Started {
    subject: Subject,
    child: Child,
    pid: i32,
}

impl Trial<'_> {
    fn start(&self, subject: Subject) -> Result<Started, String> {
        let mut words = vec![self.kit.program("node"), "exec".to_owned()];
        words.extend(subject.argv.iter().cloned());
        let child = subject.command(&self.kit, &words)?.process_group(0).spawn();
        let child = child.map_err(|error| error.to_string())?;
        let pid = i32::try_from(child.id()).map_err(|error| error.to_string())?;
        Ok(Started {
            subject,
            child,
            pid,
        })
    }

    /// Starts the tool and waits for its node and the node's child.
    fn start_family(&self) -> Result<Started, String> {
        let subject =
            self.tool
                .prepare(&self.kit, &self.folder, &graph::wide(1).with(&Work::Family))?;
        let mut started = self.start(subject)?;
        let node = Path::new(&self.kit.program("node")).to_owned();
        if wait_until(START, || process::running(&self.kit.mark, &node) >= 2) {
            return Ok(started);
        }
        started.end();
        Err("its node did not come up".to_owned())
    }

    fn left(&self, except: Option<i32>) -> usize {
        process::marked(&self.kit.mark)
            .into_iter()
            .filter(|&pid| Some(pid) != except)
            .count()
    }
}

impl Started {
    fn wait(&mut self, limit: Duration) -> Option<ExitStatus> {
        let mut status = None;
        wait_until(limit, || {
            status = self.child.try_wait().ok().flatten();
            status.is_some()
        });
        status
    }

    fn end(&mut self) {
        process::send(self.pid, Signal::KILL);
        // It was killed or is gone: waiting only clears it from the table.
        _ = self.child.wait();
    }
}

fn killed(trial: &Trial<'_>) -> Result<Option<Answer>, String> {
    let mut started = trial.start_family()?;
    started.end();
    thread::sleep(SETTLE);
    Ok(Some(left_behind(trial.left(None))))
}

fn worker_killed(trial: &Trial<'_>) -> Result<Option<Answer>, String> {
    let mut started = trial.start_family()?;
    let worker = process::worker(started.pid, &trial.kit.mark);
    let answer = worker.map(|worker| {
        process::send(worker, Signal::KILL);
        thread::sleep(SETTLE);
        left_behind(trial.left(Some(started.pid)))
    });
    started.end();
    Ok(answer)
}

fn left_behind(left: usize) -> Answer {
    Answer {
        text: format!("{left} left"),
        met: left == 0,
    }
}

/// SIGINT goes to the whole group, as a terminal does it; SIGTERM to the tool alone, as CI does it.
fn interrupted(trial: &Trial<'_>, signal: Signal) -> Result<Option<Answer>, String> {
    let mut started = trial.start_family()?;
    match Pid::from_raw(started.pid) {
        Some(group) if signal == Signal::INT => _ = kill_process_group(group, signal),
        _ => process::send(started.pid, signal),
    }
    let status = started.wait(PATIENCE);
    if status.is_none() {
        started.end();
        return Ok(Some(Answer {
            text: "waits for its node".to_owned(),
            met: false,
        }));
    }
    thread::sleep(SETTLE);
    let left = trial.left(None);
    let wanted = status.and_then(|status| status.code()) == Some(128 + signal.as_raw());
    Ok(Some(Answer {
        text: format!("{}, {left} left", ended(status)),
        met: wanted && left == 0,
    }))
}

fn held(trial: &Trial<'_>) -> Result<Option<Answer>, String> {
    let daemon = graph::wide(1).with(&Work::Daemon(trial.held_seconds));
    let subject = trial.tool.prepare(&trial.kit, &trial.folder, &daemon)?;
    let begin = Instant::now();
    let mut started = trial.start(subject)?;
    let status = started.wait(PATIENCE + Duration::from_secs(trial.held_seconds.into()));
    let took = begin.elapsed();
    started.end();
    let printed = fs::read_to_string(started.subject.output()).unwrap_or_default();
    let named = printed.contains(HOLDER);
    let left = trial.left(None);
    let naming = if named { "names it" } else { "not named" };
    Ok(Some(Answer {
        text: format!(
            "{} after {:.1} s, {naming}, {left} left",
            ended(status),
            took.as_secs_f64()
        ),
        met: took <= HELD_LIMIT && named && left == 0,
    }))
}

fn misspelt(trial: &Trial<'_>) -> Result<Option<Answer>, String> {
    let (right, wrong) = trial.tool.misspelling;
    let text = trial
        .tool
        .text(&trial.kit, &graph::wide(2).with(&Work::Record));
    refused(trial, &text.replacen(right, wrong, 1)).map(Some)
}

fn broken(trial: &Trial<'_>, needs: &[&[usize]]) -> Result<Option<Answer>, String> {
    if !trial.tool.has_graph() {
        return Ok(None);
    }
    let nodes = needs.iter().map(|needs| graph::Node {
        needs: needs.to_vec(),
        work: Work::Record,
    });
    refused(
        trial,
        &trial.tool.text(
            &trial.kit,
            &Graph {
                nodes: nodes.collect(),
            },
        ),
    )
    .map(Some)
}

fn refused(trial: &Trial<'_>, text: &str) -> Result<Answer, String> {
    let subject = trial.tool.prepare_text(&trial.kit, &trial.folder, text)?;
    let mut started = trial.start(subject)?;
    let status = started.wait(PATIENCE);
    started.end();
    let ran = verify::nodes_run(&started.subject);
    let running = if ran == 0 {
        String::new()
    } else {
        format!(", {ran} run")
    };
    let wanted = status.and_then(|status| status.code()) == Some(2);
    Ok(Answer {
        text: format!("{}{running}", ended(status)),
        met: wanted && ran == 0,
    })
}

fn ended(status: Option<ExitStatus>) -> String {
    match status.map(|status| (status.code(), status.signal())) {
        None => "hangs".to_owned(),
        Some((Some(code), _)) => format!("exit {code}"),
        Some((None, signal)) => format!("signal {}", signal.unwrap_or_default()),
    }
}

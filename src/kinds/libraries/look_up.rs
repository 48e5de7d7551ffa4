//! Asking the server, or what it answered before.

use std::cell::Cell;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde::{Deserialize, Serialize};

use crate::gate::judge;
use crate::host::{Conclusion, Ended, Fault, Host, Said, Session};
use crate::kinds::libraries::Libraries;
use crate::kinds::libraries::gather::Library;
use crate::mcp::context7::{
    Chosen, Documentation, Entry, Tools, Unreadable, chosen, documentation, entries,
};
use crate::sched::Outcome;
use crate::spec::print_duration;

/// Libraries that are asked for at the same time.
const AT_ONCE: usize = 4;

/// What the server knows of a name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) enum Known {
    /// One library.
    One {
        /// Its entry: versions and documentation are those of the same one.
        entry: Entry,
        /// Whether documentation was served; `None` if the server has no tool for it.
        documented: Option<bool>,
    },
    /// Several by their ids, and nothing says which of them is meant.
    Several(Vec<String>),
}

/// What is known of one library.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    /// `None` if the server knows no library of that name.
    pub(super) known: Option<Known>,
    /// How old the answer is, if it is one of before.
    pub(super) age: Option<Duration>,
}

/// An answer for each library, in their order, as far as there is one, and why there is not.
pub(super) struct LookedUp {
    pub(super) answers: Vec<Option<Answer>>,
    pub(super) unknown: Option<Conclusion>,
}

/// Looks every library up.
pub(super) async fn look_up(node: &Libraries, host: &impl Host, libraries: &[Library]) -> LookedUp {
    let server = identity(node, host);
    let memory = |name: &str| memory(&server, name);
    let mut answers: Vec<Option<Answer>> = libraries
        .iter()
        .map(|library| recall(node, host, &memory(&library.asked)))
        .collect();
    let open: Vec<usize> = (0..libraries.len())
        .filter(|index| answers[*index].is_none())
        .collect();
    if open.is_empty() {
        return LookedUp {
            answers,
            unknown: None,
        };
    }
    let names: Vec<&str> = open
        .iter()
        .map(|index| libraries[*index].asked.as_str())
        .collect();
    let (found, mut unknown) = ask(node, host, &names).await;
    for (place, answer) in found {
        let known = answer
            .as_ref()
            .map(serde_json::to_value)
            .and_then(Result::ok);
        if let Some(value) = known
            && let Err(error) = host.remember(&memory(names[place]), value)
        {
            let reason = format!("an answer can't be kept: {error}");
            unknown.get_or_insert(Conclusion::new(Outcome::Error, "state-folder", reason));
        }
        answers[open[place]] = Some(Answer {
            known: answer,
            age: None,
        });
    }
    LookedUp { answers, unknown }
}

/// What answers are kept as. Those of another form are not understood, and asked for again.
const FORM: &str = "2";

/// The name that an answer is kept under. The parts stay apart, so that no two servers share one;
/// the last word is for people.
fn memory(server: &[String], name: &str) -> String {
    let parts = serde_json::json!(["context7", FORM, server, name]);
    format!("{parts} {name}")
}

/// What tells one server from another: how it is reached, and what it finds in its environment.
fn identity(node: &Libraries, host: &impl Host) -> Vec<String> {
    let run = node.server.run.iter().flat_map(|argv| &argv.words);
    let words = run.chain(&node.server.url);
    let words = words.map(|word| host.expand(word).unwrap_or_else(|_| word.source()));
    let token = node
        .server
        .token
        .iter()
        .map(|token| format!("token {}", **token));
    words.chain(token).chain(host.settings()).collect()
}

/// An answer of before that is not too old. Only what the server knows is kept: what it does not
/// know today it may know tomorrow.
fn recall(node: &Libraries, host: &impl Host, name: &str) -> Option<Answer> {
    let (value, age) = host.remembered(name)?;
    let known: Known = serde_json::from_value(value).ok()?;
    let is_one = matches!(known, Known::One { .. });
    (age < node.max_age.0 && is_one).then_some(Answer {
        known: Some(known),
        age: Some(age),
    })
}

type Found = Vec<(usize, Option<Known>)>;

/// Asks for each name; what was answered before something went wrong is not lost.
async fn ask(node: &Libraries, host: &impl Host, names: &[&str]) -> (Found, Option<Conclusion>) {
    let Some(server) = node.server.place() else {
        return (Vec::new(), Some(judge::nothing_read("no server is named")));
    };
    let session = match host.session(&server).await {
        Ok(session) => session,
        Err(fault) => return (Vec::new(), Some(of_fault(&fault))),
    };
    let mut found = Vec::new();
    let mut unknown = None;
    match tools(&session).await {
        Err(conclusion) => unknown = Some(conclusion),
        Ok(tools) => {
            // After a fault nobody else is asked for, and what was begun is heard to its end.
            let is_over = Cell::new(false);
            let asked = names.iter().enumerate().map(|(place, name)| {
                let (session, tools, is_over) = (&session, &tools, &is_over);
                async move {
                    if is_over.get() {
                        return None;
                    }
                    Some((place, one(host, session, tools, name).await))
                }
            });
            let mut asked = stream::iter(asked).buffer_unordered(AT_ONCE);
            while let Some(answer) = asked.next().await {
                match answer {
                    None => {}
                    Some((place, Ok(known))) => found.push((place, known)),
                    Some((_, Err(conclusion))) => {
                        is_over.set(true);
                        unknown.get_or_insert(conclusion);
                    }
                }
            }
        }
    }
    session.close().await;
    (found, unknown)
}

async fn tools(session: &impl Session) -> Result<Tools, Conclusion> {
    let offers = session.offers().await.map_err(|fault| of_fault(&fault))?;
    Tools::among(&offers).map_err(|reason| {
        untold("server-unsuitable", reason).remedy("name a server of Context7 in `server`")
    })
}

async fn one(
    host: &impl Host,
    session: &impl Session,
    tools: &Tools,
    name: &str,
) -> Result<Option<Known>, Conclusion> {
    let unreadable = |answer| of_unreadable(host, name, answer);
    let (tool, arguments) = tools.resolve(name);
    let said = call(session, tool, &arguments).await?;
    let entry = match chosen(entries(&said).map_err(unreadable)?, name) {
        Chosen::None => return Ok(None),
        Chosen::One(entry) => entry,
        Chosen::Several(ids) => return Ok(Some(Known::Several(ids))),
    };
    let documented = match tools.documentation(&entry.id) {
        None => None,
        Some((tool, arguments)) => {
            let said = call(session, tool, &arguments).await?;
            Some(documentation(&said).map_err(unreadable)? == Documentation::Served)
        }
    };
    Ok(Some(Known::One { entry, documented }))
}

async fn call(
    session: &impl Session,
    tool: &str,
    arguments: &[(&str, &str)],
) -> Result<Said, Conclusion> {
    session
        .call(tool, arguments)
        .await
        .map_err(|fault| of_fault(&fault))
}

fn untold(code: &'static str, reason: impl Into<String>) -> Conclusion {
    Conclusion::new(
        Outcome::Error,
        code,
        format!("the server could not tell: {}", reason.into()),
    )
}

/// What a fault of the server means: nobody can tell.
fn of_fault(fault: &Fault) -> Conclusion {
    match fault {
        Fault::Ended(ended @ (Ended::Exited(_) | Ended::Signalled(_))) => {
            let how = judge::could_not_tell(ended).reason.unwrap_or_default();
            untold("server-ended", how).remedy("what it said on its error output is in the log")
        }
        Fault::Ended(ended) => judge::could_not_tell(ended),
        Fault::Unreachable(why) => untold("server-unreachable", format!("it can't be reached: {why}"))
            .remedy("see whether it runs and the network is there; `required #false` lets a run without network pass"),
        Fault::Unauthorised(why) => unauthorised(why),
        Fault::Silent(patience) => untold(
            "server-silent",
            format!("it did not answer within {}", print_duration(*patience)),
        )
        .remedy("if it only needs longer, raise `start-timeout` or `answer-timeout` of `server`"),
        Fault::Garbled(why) => untold("server-garbled", why)
            .remedy("see whether `server` is one of the Model Context Protocol, and of a version that is known here"),
        Fault::Refused(why) => untold("server-refused", format!("it refused: {why}"))
            .remedy("what it said on its error output is in the log; see whether it is a server of Context7"),
    }
}

fn unauthorised(why: &str) -> Conclusion {
    untold("server-unauthorised", format!("it lets nobody in without a valid key: {why}")).remedy(
        "declare the key in the header, `secrets { CONTEXT7_API_KEY env=\"CONTEXT7_API_KEY\" }`; then \
         `secrets \"CONTEXT7_API_KEY\"` in the node for a program, `token \"CONTEXT7_API_KEY\"` in `server` for a URL",
    )
}

/// What an answer means that is neither yes nor no.
fn of_unreadable(host: &impl Host, name: &str, answer: Unreadable) -> Conclusion {
    match answer {
        Unreadable::Refused(why) => unauthorised(&host.quote(&why)),
        Unreadable::Limited(why) => {
            untold("server-limited", format!("it was asked too much: {}", host.quote(&why))).remedy(
                "a key raises the limit; answers are kept for `max-age`, so run it again later",
            )
        }
        Unreadable::Other(why) => {
            untold("answer-unreadable", format!("`{name}`: it answered: {}", host.quote(&why)))
                .remedy("see whether it reaches the service that it asks itself; `required #false` lets a run without network pass")
        }
        Unreadable::Nothing => {
            untold("answer-unreadable", format!("`{name}`: it answered with nothing"))
                .remedy("see whether it reaches the service that it asks itself; `required #false` lets a run without network pass")
        }
    }
}

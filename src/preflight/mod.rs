//! What a machine has to have before anything slow begins: each a check of its own. The kind
//! `preflight` and `sdd doctor` make the same ones.

mod attempt;
mod version;

pub use attempt::ThroughHost;
pub use version::{Range, version_in};

/// What Compose is called, newer forms first: a part of `docker`, or a program of its own.
pub const COMPOSE: &[&[&str]] = &[&["docker", "compose"], &["docker-compose"]];

/// One thing that a machine has to have.
#[derive(Debug, Clone, PartialEq)]
pub enum Check {
    /// A Docker daemon that answers.
    Docker,
    /// Docker Compose, as a part of `docker` or as a program of its own.
    Compose,
    /// A program, in some range of versions.
    Tool(String, Option<Range>),
    /// A file or folder of the project.
    File(String),
    /// A variable of the environment that is set and not empty.
    Variable(String),
    /// A TCP port that nothing listens on.
    Port(u16),
}

/// What is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable word.
    pub rule: &'static str,
    /// What is wrong, as a sentence without its end.
    pub message: String,
    /// How to mend it.
    pub remedy: String,
}

/// The machine, as the checks see it.
#[expect(
    async_fn_in_trait,
    reason = "checks are made on one thread, so their futures need not be Send"
)]
pub trait Machine {
    /// What a command prints, both streams, if it exits with 0. The error says why there is no
    /// answer.
    async fn ask(&self, words: &[String]) -> Result<String, Unanswered>;

    /// Whether a path of the project is there.
    fn has_file(&self, path: &str) -> bool;

    /// The value of a variable.
    fn variable(&self, name: &str) -> Option<String>;

    /// Who listens on a port, if somebody does.
    fn listener(&self, port: u16) -> Option<String>;
}

/// Why a command gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// There is no such program.
    NoProgram,
    /// It ended otherwise than with 0, or was not allowed to end.
    Failed,
}

impl Check {
    /// What is checked, for people.
    pub fn name(&self) -> String {
        match self {
            Check::Docker => "docker".to_owned(),
            Check::Compose => "docker compose".to_owned(),
            Check::Tool(name, None) => name.clone(),
            Check::Tool(name, Some(range)) => format!("{name} {range}"),
            Check::File(path) => path.clone(),
            Check::Variable(name) => format!("${name}"),
            Check::Port(port) => format!("port {port}"),
        }
    }

    /// Makes the check: what was found, or what is wrong.
    pub async fn make(&self, machine: &impl Machine) -> Result<String, Problem> {
        match self {
            Check::Docker => daemon(machine).await,
            Check::Compose => compose(machine).await,
            Check::Tool(name, range) => tool(machine, name, range.as_ref()).await,
            Check::File(path) => file(machine, path),
            Check::Variable(name) => variable(machine, name),
            Check::Port(port) => port_free(machine, *port),
        }
    }
}

fn problem(rule: &'static str, message: String, remedy: &str) -> Problem {
    Problem {
        rule,
        message,
        remedy: remedy.to_owned(),
    }
}

fn words(line: &[&str]) -> Vec<String> {
    line.iter().map(|word| (*word).to_owned()).collect()
}

/// The client alone is no evidence: it tells its version though nothing answers it.
async fn daemon(machine: &impl Machine) -> Result<String, Problem> {
    let ask = words(&["docker", "version", "--format", "{{.Server.Version}}"]);
    match machine.ask(&ask).await {
        Ok(version) => Ok(format!("daemon {}", version.trim())),
        Err(Unanswered::NoProgram) => Err(problem(
            "tool-missing",
            "`docker` is not installed".to_owned(),
            "install a Docker engine",
        )),
        Err(Unanswered::Failed) => Err(problem(
            "docker-unreachable",
            "the Docker daemon does not answer".to_owned(),
            "start it; `docker version` has to name a server",
        )),
    }
}

async fn compose(machine: &impl Machine) -> Result<String, Problem> {
    for program in COMPOSE {
        let ask = words(&[program, &["version"][..]].concat());
        if let Ok(printed) = machine.ask(&ask).await {
            let version = version_in(&printed).unwrap_or_default();
            let name = program.join(" ");
            return Ok(format!("{name} {version}").trim_end().to_owned());
        }
    }
    Err(problem(
        "compose-missing",
        "there is neither `docker compose` nor `docker-compose`".to_owned(),
        "install the Compose plugin of Docker",
    ))
}

async fn tool(
    machine: &impl Machine,
    name: &str,
    range: Option<&Range>,
) -> Result<String, Problem> {
    let printed = match machine.ask(&words(&[name, "--version"])).await {
        Ok(printed) => printed,
        // It is there, and does not know the flag.
        Err(Unanswered::Failed) if range.is_none() => return Ok("installed".to_owned()),
        Err(Unanswered::Failed) => {
            let message = format!("`{name} --version` does not tell its version");
            return Err(problem("version-unknown", message, "leave the range away"));
        }
        Err(Unanswered::NoProgram) => {
            let message = format!("`{name}` is not installed");
            return Err(problem("tool-missing", message, "install it"));
        }
    };
    let version = version_in(&printed);
    match (range, version) {
        (None, version) => Ok(version.unwrap_or_else(|| "installed".to_owned())),
        (Some(range), Some(version)) if range.holds(&version) => Ok(version),
        (Some(range), Some(version)) => Err(problem(
            "wrong-version",
            format!("`{name}` is {version}, and {range} is needed"),
            "install a version of that range",
        )),
        (Some(_), None) => {
            let message = format!("`{name} --version` names no version");
            Err(problem("version-unknown", message, "leave the range away"))
        }
    }
}

fn file(machine: &impl Machine, path: &str) -> Result<String, Problem> {
    if machine.has_file(path) {
        return Ok("there".to_owned());
    }
    let message = format!("`{path}` is not there");
    Err(problem(
        "file-missing",
        message,
        "make it, or correct the path",
    ))
}

fn variable(machine: &impl Machine, name: &str) -> Result<String, Problem> {
    match machine.variable(name).as_deref() {
        Some("") => Err(problem(
            "variable-empty",
            format!("the variable `{name}` is empty"),
            "give it a value",
        )),
        Some(_) => Ok("set".to_owned()),
        None => Err(problem(
            "variable-missing",
            format!("the variable `{name}` is not set"),
            "set it",
        )),
    }
}

fn port_free(machine: &impl Machine, port: u16) -> Result<String, Problem> {
    match machine.listener(port) {
        None => Ok("free".to_owned()),
        Some(owner) => Err(problem(
            "port-taken",
            format!("port {port} is taken by {owner}"),
            "end it, or use another port",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A machine where some commands answer and nothing else is there.
    struct Bare(&'static [(&'static str, &'static str)]);

    impl Machine for Bare {
        async fn ask(&self, words: &[String]) -> Result<String, Unanswered> {
            let line = words.join(" ");
            let known = self.0.iter().find(|(known, _)| *known == line);
            match known {
                Some((_, "")) => Err(Unanswered::Failed),
                Some((_, answer)) => Ok((*answer).to_owned()),
                None => Err(Unanswered::NoProgram),
            }
        }

        fn has_file(&self, path: &str) -> bool {
            path == "there"
        }

        fn variable(&self, name: &str) -> Option<String> {
            (name == "EMPTY").then(String::new)
        }

        fn listener(&self, port: u16) -> Option<String> {
            (port == 80).then(|| "nginx (pid 7)".to_owned())
        }
    }

    fn made(check: &Check, machine: &Bare) -> Result<String, &'static str> {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let made = runtime.unwrap().block_on(check.make(machine));
        made.map_err(|problem| problem.rule)
    }

    const DAEMON: &str = "docker version --format {{.Server.Version}}";

    #[test]
    fn b71_the_daemon_is_asked_and_not_its_client() {
        let with_client = Bare(&[("docker --version", "Docker version 28"), (DAEMON, "")]);
        assert_eq!(
            made(&Check::Docker, &with_client),
            Err("docker-unreachable")
        );
        assert_eq!(made(&Check::Docker, &Bare(&[])), Err("tool-missing"));
        let whole = Bare(&[(DAEMON, "20.10.24\n")]);
        assert_eq!(
            made(&Check::Docker, &whole),
            Ok("daemon 20.10.24".to_owned())
        );
    }

    #[test]
    fn b70_either_compose_counts() {
        let plugin = Bare(&[("docker compose version", "Docker Compose version v2.29.1")]);
        let made_with = |machine| made(&Check::Compose, machine);
        assert_eq!(made_with(&plugin), Ok("docker compose 2.29.1".to_owned()));
        let legacy = Bare(&[("docker-compose version", "docker-compose version 1.29.2")]);
        assert_eq!(made_with(&legacy), Ok("docker-compose 1.29.2".to_owned()));
        assert_eq!(made_with(&Bare(&[])), Err("compose-missing"));
    }

    #[test]
    fn a_tool_has_to_be_of_the_range() {
        let machine = Bare(&[
            ("python3 --version", "Python 3.11.7\n"),
            ("odd --version", ""),
        ]);
        let of = |name: &str, range: Option<&str>| {
            let range = range.map(|range| range.parse().unwrap());
            made(&Check::Tool(name.to_owned(), range), &machine)
        };
        assert_eq!(of("python3", Some(">=3.9, <4")), Ok("3.11.7".to_owned()));
        assert_eq!(of("python3", Some("3.12")), Err("wrong-version"));
        assert_eq!(of("odd", None), Ok("installed".to_owned()));
        assert_eq!(of("odd", Some("1")), Err("version-unknown"));
        assert_eq!(of("none", None), Err("tool-missing"));
    }

    #[test]
    fn files_variables_and_ports_are_looked_at() {
        let machine = Bare(&[]);
        assert!(made(&Check::File("there".into()), &machine).is_ok());
        assert_eq!(
            made(&Check::File("gone".into()), &machine),
            Err("file-missing")
        );
        assert_eq!(
            made(&Check::Variable("EMPTY".into()), &machine),
            Err("variable-empty")
        );
        assert_eq!(
            made(&Check::Variable("NO".into()), &machine),
            Err("variable-missing")
        );
        assert_eq!(made(&Check::Port(80), &machine), Err("port-taken"));
        assert!(made(&Check::Port(81), &machine).is_ok());
    }
}

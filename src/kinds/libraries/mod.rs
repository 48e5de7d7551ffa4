//! `libraries`: what a project uses is known to a server of documentation.

mod files;
mod gather;
mod look_up;
mod verdict;

use crate::diag::Diagnostic;
use crate::gate::Effects;
use crate::host::{Conclusion, Host, Place, Server};
use crate::kinds::NodeKind;
use crate::parsers::findings::Severity;
use crate::span::{Span, Spanned};
use crate::spec::{Argv, Decoder, Delay, Glob, Map, ProjectPath, Template};

crate::spec! {
    /// Libraries that the project declares are known to an MCP server of documentation, Context7.
    ///
    /// Verified is, for each: that the server knows a library under exactly that name, that the pinned version is among those that it lists, and that it serves documentation. Nothing is said about security or about being current.
    pub struct Libraries = "libraries" {
        /// Manifests; by default those at the root: `requirements*.txt`, `pyproject.toml`, `package.json`, `Cargo.toml`, `go.mod`. Lock files beside them or in a folder above say the versions.
        "manifests" manifests: Vec<Glob>,
        /// A list with a name and perhaps a version in each line; by default `.session/tracking/stack.txt`, if it is there.
        "stack" stack: Option<ProjectPath>,
        /// Those that only lock files name are looked up too.
        "transitive" transitive: bool = "false",
        /// Only libraries whose name matches, in any spelling that means the same name.
        "only" only: Vec<Glob>,
        /// No library whose name matches.
        "except" except: Vec<Glob>,
        /// What the server calls a library, where that is another name, or its id there, where several bear the name: `called { next "Next.js"; mux "/gorilla/mux" }`.
        "called" called: Map<Spanned<String>>,
        /// The server that is asked.
        "server" server: Context7,
        /// How long an answer may be used again; `"0s"` asks every time.
        "max-age" max_age: Delay = "7d",
        /// The least severity that fails: a library that is not known, and a `Pipfile`, which can't be read, are `medium`; a lock file that can't be read, a version that is not listed, or documentation that is missing, is `low`.
        "fail-on" fail_on: Severity = "medium",
    }
}

crate::spec! {
    /// A server of the Model Context Protocol: one that is started, or one at a URL.
    pub struct Context7 = "server" {
        /// A program and its arguments; it is talked to through its standard input and output. It finds the node's `secrets` in its environment.
        "run" run: Option<Argv>,
        /// A URL that takes streamable HTTP.
        "url" url: Option<Template>,
        /// The secret that is sent to the URL as bearer token.
        "token" token: Option<Spanned<String>>,
        /// How long it may take until it is ready.
        "start-timeout" start_timeout: Delay = "30s",
        /// How long an answer may take.
        "answer-timeout" answer_timeout: Delay = "60s",
    }
}

impl NodeKind for Libraries {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        self.server.check(owner, decoder);
    }

    fn programs(&self) -> Vec<Option<Template>> {
        let run = self.server.run.iter();
        run.map(|argv| argv.words.first().cloned()).collect()
    }

    fn effects(&self) -> Option<Effects<'_>> {
        Some(Effects {
            reads: None,
            writes: &[],
            fixes: false,
        })
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let gathered = match gather::gather(self, host).await {
            Ok(gathered) => gathered,
            Err(conclusion) => return conclusion,
        };
        let looked_up = look_up::look_up(self, host, &gathered.libraries).await;
        verdict::conclude(self, host, gathered, looked_up)
    }
}

impl Context7 {
    fn check(&self, owner: Span, decoder: &mut Decoder<'_>) {
        let choices = [
            ("run", self.run.as_ref().map(Argv::span)),
            ("url", self.url.as_ref().map(|url| url.span)),
        ];
        crate::spec::exactly_one(&choices, owner, decoder);
        if let Some(url) = &self.url
            && !["http://", "https://", "{{"]
                .iter()
                .any(|start| url.source().starts_with(start))
        {
            decoder.diags.push(
                Diagnostic::new("wrong-type", "`url` takes a whole URL")
                    .at(url.span, "not a URL")
                    .help("for instance \"https://mcp.context7.com/mcp\""),
            );
        }
        let Some(token) = &self.token else {
            return;
        };
        if let Some(run) = &self.run {
            decoder.diags.push(
                Diagnostic::new("conflicting-fields", "`token` is for a server at a `url`")
                    .at(token.span, "`token` here")
                    .at(run.span(), "`run` here")
                    .help(format!(
                        "a program finds it in its environment: `secrets \"{}\"` of the node",
                        **token
                    )),
            );
        } else if !decoder.secrets.contains(token) {
            decoder.diags.push(
                Diagnostic::new(
                    "unknown-variable",
                    format!("there is no secret `{}`", **token),
                )
                .at(token.span, "unknown secret")
                .help(format!(
                    "declare it in the header: `secrets {{ {0} env=\"{0}\" }}`",
                    **token
                )),
            );
        }
    }

    /// Where it is; `None` if the file does not say it, which loading has refused.
    fn place(&self) -> Option<Server<'_>> {
        let run = self.run.as_ref().map(Place::Run);
        Some(Server {
            place: run.or(self.url.as_ref().map(Place::Url))?,
            token: self.token.as_ref().map(|token| token.as_str()),
            start: self.start_timeout.0,
            answer: self.answer_timeout.0,
        })
    }
}

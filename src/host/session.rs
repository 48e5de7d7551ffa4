//! A session with a server of the Model Context Protocol, as a kind sees it.

use std::time::Duration;

use super::Ended;
use crate::spec::{Argv, Template};

/// Where a server is.
#[derive(Debug, Clone, Copy)]
pub enum Place<'a> {
    /// A command that talks through its standard input and output.
    Run(&'a Argv),
    /// A URL that takes streamable HTTP.
    Url(&'a Template),
}

/// A server, and how long one waits for it.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// Where it is.
    pub place: Place<'a>,
    /// The secret that is sent to a URL as its bearer token.
    pub token: Option<&'a str>,
    /// How long it may take until it is ready.
    pub start: Duration,
    /// How long it may take to answer.
    pub answer: Duration,
}

/// A tool that a server offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Its name.
    pub name: String,
    /// The names of its arguments.
    pub arguments: Vec<String>,
}

/// What a tool said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Its text.
    pub text: String,
    /// Whether the server itself calls that an error. That it does not says nothing.
    pub is_error: bool,
}

/// Why a server did not answer as it should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Its command did not start, or ended.
    Ended(Ended),
    /// It can't be reached; what the system says.
    Unreachable(String),
    /// It does not let this client in; what it says.
    Unauthorised(String),
    /// It did not answer within that time.
    Silent(Duration),
    /// It does not speak the protocol, or another version of it.
    Garbled(String),
    /// It refused a request, in the words of the protocol.
    Refused(String),
}

/// A session with a server.
#[expect(
    async_fn_in_trait,
    reason = "an attempt is driven on one thread, so its futures need not be Send"
)]
pub trait Session {
    /// The tools that the server offers.
    async fn offers(&self) -> Result<Vec<Offer>, Fault>;

    /// Calls a tool with arguments that are all text.
    async fn call(&self, tool: &str, arguments: &[(&str, &str)]) -> Result<Said, Fault>;

    /// Ends it, and the server with it if it was started for this session.
    async fn close(self);
}

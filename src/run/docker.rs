//! Docker's engine, asked over its socket: many short questions, for which its own program would
//! have to be started each time.

use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::client::conn::http1;
use hyper::header::HOST;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;

/// Where the engine listens if nothing else is said.
const USUAL_SOCKET: &str = "/var/run/docker.sock";
/// How long one answer may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The engine behind a socket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Engine {
    socket: PathBuf,
}

impl Engine {
    /// The engine that this environment means.
    pub(super) fn here() -> Result<Self, String> {
        Self::of(std::env::var("DOCKER_HOST").ok().as_deref())
    }

    fn of(host: Option<&str>) -> Result<Self, String> {
        let socket = match host {
            None | Some("") => USUAL_SOCKET,
            Some(host) => host.strip_prefix("unix://").ok_or_else(|| {
                format!("DOCKER_HOST is {host}, and only a Docker behind `unix://` can be sampled")
            })?,
        };
        Ok(Self {
            socket: socket.into(),
        })
    }

    /// Asks for something; the error says why there was no answer.
    pub(super) async fn get(&self, path: &str) -> Result<Value, String> {
        let told = |why: String| {
            let socket = self.socket.display();
            format!("Docker behind {socket} does not tell: {why}")
        };
        match tokio::time::timeout(PATIENCE, self.ask(path)).await {
            Ok(answer) => answer.map_err(told),
            Err(_) => Err(told("it does not answer".to_owned())),
        }
    }

    async fn ask(&self, path: &str) -> Result<Value, String> {
        let stream = UnixStream::connect(&self.socket).await;
        let stream = stream.map_err(|error| error.to_string())?;
        let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
            .await
            .map_err(|error| error.to_string())?;
        // It ends with the connection, which the engine closes or this side drops.
        tokio::spawn(connection);
        let request = Request::get(path)
            .header(HOST, "docker")
            .body(Empty::<Bytes>::new())
            .map_err(|error| error.to_string())?;
        let answer = sender.send_request(request).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let status = answer.status();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|error| error.to_string())?.to_bytes();
        let value: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        if status.is_success() {
            return Ok(value);
        }
        let message = value["message"].as_str().unwrap_or("it said nothing");
        Err(format!("{status}: {message}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_socket_is_that_of_the_environment_and_nothing_else_is_guessed() {
        let of = |host: &str| Engine::of(Some(host));
        assert_eq!(
            Engine::of(None).unwrap().socket,
            PathBuf::from(USUAL_SOCKET)
        );
        let own = of("unix:///run/user/1/docker.sock").unwrap();
        assert_eq!(own.socket, PathBuf::from("/run/user/1/docker.sock"));
        let error = of("tcp://10.0.0.1:2375").unwrap_err();
        assert!(error.contains("tcp://10.0.0.1:2375"), "{error}");
    }
}

//! Asking whether a service answers.

use std::cell::OnceCell;
use std::path::Path;
use std::time::Duration;

use regex::bytes::Regex;

use super::web;

/// How long one question may take.
const PATIENCE: Duration = Duration::from_secs(2);

/// An HTTP client that is made when it is first needed.
#[derive(Debug, Default)]
pub(super) struct Http(OnceCell<Result<reqwest::Client, String>>);

impl Http {
    fn client(&self) -> Result<&reqwest::Client, String> {
        let client = self.0.get_or_init(|| {
            web::plain()
                .no_proxy()
                .timeout(PATIENCE)
                .redirect(reqwest::redirect::Policy::none())
                .pool_max_idle_per_host(0)
                .build()
                .map_err(|error| error.to_string())
        });
        client.as_ref().map_err(Clone::clone)
    }
}

/// Whether a GET is answered with 2xx.
pub(super) async fn http(client: &Http, url: &str) -> Result<(), String> {
    let answer = client.client()?.get(url).send().await;
    let status = answer.map_err(|error| innermost(&error))?.status();
    if status.is_success() {
        return Ok(());
    }
    Err(format!("{url} answered {status}"))
}

/// What went wrong at the bottom of an error: `Connection refused` and not what wraps it.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// Whether an address takes a connection.
pub(super) async fn tcp(address: &str) -> Result<(), String> {
    let connect = tokio::net::TcpStream::connect(address);
    match tokio::time::timeout(PATIENCE, connect).await {
        Ok(Ok(_)) => Ok(()),
        Ok(Err(error)) => Err(format!("{address}: {error}")),
        Err(_) => Err(format!("{address} does not answer")),
    }
}

/// Whether a log holds a pattern.
pub(super) fn log(path: &Path, pattern: &Regex) -> Result<(), String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    if pattern.is_match(&bytes) {
        return Ok(());
    }
    Err(format!("its log does not hold `{pattern}`"))
}

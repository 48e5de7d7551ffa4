//! One HTTP request and its answer.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Method, Url};

use super::attempt::Attempt;
use super::probe::innermost;
use super::web;
use crate::contract::live::Answer;
use crate::gate::judge;
use crate::host::{Ended, Exchange};

/// Sends a request and reads its answer. The error says why there is none.
pub(super) async fn exchange(attempt: &Attempt, exchange: &Exchange<'_>) -> Result<Answer, String> {
    let mut halt = attempt.halt.clone();
    let patience = exchange.patience;
    tokio::select! {
        biased;
        answer = send(attempt, exchange) => answer,
        _ = halt.wait_for(Option::is_some) => Err(super::attempt::CALLED_OFF.to_owned()),
        () = tokio::time::sleep(patience) => Err(silent(patience)),
    }
}

fn silent(patience: Duration) -> String {
    format!("no answer within {patience:?}")
}

async fn send(attempt: &Attempt, exchange: &Exchange<'_>) -> Result<Answer, String> {
    let request = exchange.request;
    let url = Url::parse(&request.url)
        .map_err(|error| format!("`{}` is no URL: {error}", request.url))?;
    let token = exchange.token.map(|name| attempt.secret(name));
    let token = token.transpose().map_err(|ended| why(&ended))?;
    if token.is_some() && url.scheme() != "https" && !web::is_loopback(&url) {
        return Err(format!(
            "the token would be sent to {url} for everybody to read; use https"
        ));
    }
    let method = Method::from_bytes(request.method.as_bytes())
        .map_err(|_| format!("`{}` is no method", request.method))?;
    let mut builder = web::client(&url)?.request(method, url);
    for (name, value) in &request.headers {
        builder = builder.header(name, value);
    }
    if let Some(token) = token {
        builder = builder.bearer_auth(token);
    }
    if let Some(body) = &request.body {
        builder = builder.body(body.text());
    }
    let answer = builder.send().await.map_err(|error| innermost(&error))?;
    let (status, headers) = (answer.status().as_u16(), named(answer.headers()));
    Ok(Answer {
        status,
        headers,
        body: web::whole(answer).await?,
    })
}

fn named(headers: &HeaderMap) -> Vec<(String, String)> {
    let value = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let all = headers.iter();
    all.map(|(name, bytes)| (name.as_str().to_owned(), value(bytes.as_bytes())))
        .collect()
}

fn why(ended: &Ended) -> String {
    judge::could_not_tell(ended).reason.unwrap_or_default()
}

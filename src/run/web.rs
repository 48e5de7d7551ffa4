//! HTTP clients. Whatever they cost is paid by the first that needs one.

use std::sync::Once;
use std::time::Duration;

use reqwest::{Client, ClientBuilder, Response, Url, redirect};

use super::probe::innermost;
use crate::contract::origin::utf_8;

/// Most bytes of an answer. One that is longer is not read to its end.
const LARGEST: usize = 32 << 20;

/// How long a text may take to come.
const PATIENCE: Duration = Duration::from_secs(30);

/// The text that a URL leads to, without any redirection. The error says why there is none.
pub fn fetch(url: &str) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(async {
        let url = Url::parse(url).map_err(|error| format!("it is no URL: {error}"))?;
        let asked = client(&url)?.get(url).timeout(PATIENCE).send().await;
        let answer = asked.map_err(|error| innermost(&error))?;
        match answer.status().as_u16() {
            200 => {}
            status => return Err(format!("the answer was {status}")),
        }
        utf_8(whole(answer).await?)
    })
}

/// The body of an answer.
pub(super) async fn whole(mut answer: Response) -> Result<Vec<u8>, String> {
    let mut body = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|error| innermost(&error))? {
        if body.len() + piece.len() > LARGEST {
            return Err(format!("the answer is larger than {} MiB", LARGEST >> 20));
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}

/// A client for plain HTTP: it loads no certificates.
pub(super) fn plain() -> ClientBuilder {
    builder().tls_certs_only([])
}

/// A client for that URL. It follows no redirection, so that a token goes nowhere else.
pub(super) fn client(url: &Url) -> Result<Client, String> {
    let builder = if url.scheme() == "https" {
        builder()
    } else {
        plain()
    };
    let builder = if is_loopback(url) {
        builder.no_proxy()
    } else {
        builder
    };
    let client = builder.redirect(redirect::Policy::none()).build();
    client.map_err(|error| error.to_string())
}

/// Whether a URL leads to this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

fn builder() -> ClientBuilder {
    static PROVIDER: Once = Once::new();
    PROVIDER.call_once(|| {
        // Fails only if there is one already, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
    Client::builder()
}

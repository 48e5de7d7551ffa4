//! HTTP clients. Whatever they cost is paid by the first that needs one.

use std::sync::Once;

use reqwest::{Client, ClientBuilder, Url, redirect};

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

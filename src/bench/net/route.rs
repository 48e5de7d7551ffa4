//! The way to a server: its addresses, and what TLS needs to know of it.

use std::net::{SocketAddr, ToSocketAddrs};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::connection::innermost;
use crate::bench::Failure;
use crate::bench::load::{Load, Protocol};
use crate::bench::target::Origin;

/// The way to a server.
#[derive(Clone)]
pub(super) struct Route {
    addresses: Vec<SocketAddr>,
    tls: Option<(TlsConnector, ServerName<'static>)>,
}

/// Bytes to and from a server.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

impl Route {
    /// Connects to the first address that answers.
    pub(super) async fn connect(&self) -> Result<Box<dyn Wire>, Failure> {
        let refuse = |error: std::io::Error| Failure::Connect(innermost(&error));
        let stream = TcpStream::connect(self.addresses.as_slice())
            .await
            .map_err(refuse)?;
        stream.set_nodelay(true).map_err(refuse)?;
        match &self.tls {
            None => Ok(Box::new(stream)),
            Some((connector, name)) => {
                let connecting = connector.connect(name.clone(), stream);
                Ok(Box::new(connecting.await.map_err(refuse)?))
            }
        }
    }
}

/// The ways to the servers of all targets, one for each target.
pub(super) fn routes(load: &Load) -> Result<(Vec<Route>, Vec<usize>), String> {
    let mut origins: Vec<&Origin> = Vec::new();
    let mut places = Vec::new();
    for target in &load.targets {
        let known = origins.iter().position(|origin| **origin == target.origin);
        places.push(known.unwrap_or(origins.len()));
        if known.is_none() {
            origins.push(&target.origin);
        }
    }
    let connector = if origins.iter().any(|origin| origin.tls) {
        Some(TlsConnector::from(Arc::new(client(load)?)))
    } else {
        None
    };
    let routes: Result<Vec<Route>, String> = origins
        .into_iter()
        .map(|origin| {
            let connector = connector.as_ref().filter(|_| origin.tls);
            Ok(Route {
                addresses: resolve(origin)?,
                tls: match connector {
                    None => None,
                    Some(connector) => Some((connector.clone(), server_name(origin)?)),
                },
            })
        })
        .collect();
    Ok((routes?, places))
}

fn resolve(origin: &Origin) -> Result<Vec<SocketAddr>, String> {
    let host = &origin.host;
    let found = (host.as_str(), origin.port).to_socket_addrs();
    let addresses: Vec<_> = found
        .map_err(|error| format!("the address of `{host}` is not known: {error}"))?
        .collect();
    if addresses.is_empty() {
        return Err(format!("`{host}` has no address"));
    }
    Ok(addresses)
}

fn server_name(origin: &Origin) -> Result<ServerName<'static>, String> {
    ServerName::try_from(origin.host.clone())
        .map_err(|_| format!("no certificate can be for `{}`", origin.host))
}

fn client(load: &Load) -> Result<ClientConfig, String> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut client = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(trusted(load)?)
        .with_no_client_auth();
    client.alpn_protocols = match load.protocol {
        Protocol::Http1 => vec![b"http/1.1".to_vec()],
        Protocol::Http2 => vec![b"h2".to_vec()],
    };
    Ok(client)
}

fn trusted(load: &Load) -> Result<RootCertStore, String> {
    let mut trusted = RootCertStore::empty();
    let Some(pem) = &load.trusted else {
        // What can't be read is told when nothing that could be vouches for a server.
        trusted.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        return Ok(trusted);
    };
    for certificate in CertificateDer::pem_slice_iter(pem) {
        let added = certificate
            .map_err(|error| error.to_string())
            .and_then(|certificate| trusted.add(certificate).map_err(|error| error.to_string()));
        added.map_err(|error| format!("a certificate of `ca` can't be read: {error}"))?;
    }
    if trusted.is_empty() {
        return Err("`ca` holds no certificate in PEM".to_owned());
    }
    Ok(trusted)
}

//! One connection, of either protocol.

use hyper::StatusCode;

use super::http1::Http1;
use super::http2::Http2;
use super::route::Route;
use crate::bench::Failure;
use crate::bench::load::Protocol;
use crate::bench::target::Target;

/// The longest body that is looked into.
const LONGEST: u64 = 16 << 20;

/// A whole answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    /// Bytes of its body.
    pub(super) bytes: u64,
    /// Its body, if somebody wants to look into it and it is not too long for that.
    pub(super) body: Option<Vec<u8>>,
}

impl Answer {
    /// Takes a part of the body.
    pub(super) fn take(&mut self, part: &[u8]) {
        self.bytes += part.len() as u64;
        if self.bytes > LONGEST {
            self.body = None;
        } else if let Some(body) = &mut self.body {
            body.extend_from_slice(part);
        }
    }
}

/// A connection that is kept alive from request to request.
pub(super) enum Connection {
    Http1(Box<Http1>),
    Http2(Box<Http2>),
}

impl Connection {
    /// Connects, and greets the server as the protocol asks for.
    pub(super) async fn open(route: &Route, protocol: Protocol) -> Result<Self, Failure> {
        let wire = route.connect().await?;
        Ok(match protocol {
            Protocol::Http1 => Self::Http1(Box::new(Http1::new(wire))),
            Protocol::Http2 => Self::Http2(Box::new(Http2::open(wire).await?)),
        })
    }

    /// Whether a request can be sent; the other side may have closed an idle connection.
    pub(super) async fn is_usable(&mut self) -> bool {
        match self {
            Self::Http1(connection) => connection.is_usable().await,
            Self::Http2(connection) => connection.is_usable().await,
        }
    }

    /// Sends the request of a target and reads its answer to the end.
    pub(super) async fn exchange(&mut self, target: &Target) -> Result<Answer, Failure> {
        match self {
            Self::Http1(connection) => connection.exchange(target).await,
            Self::Http2(connection) => connection.exchange(target).await,
        }
    }
}

/// What went wrong at the bottom of an error.
pub(super) fn innermost(error: &dyn std::error::Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

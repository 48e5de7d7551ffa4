//! The client, made of the official SDK.

use std::error::Error;

use rmcp::model::{
    CallToolRequestParams, ClientCapabilities, ClientConfig, ErrorCode, Implementation, JsonObject,
    ProtocolVersion,
};
use rmcp::service::{ClientInitializeError, RoleClient, RunningService, ServiceError};
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::{
    StreamableHttpClientTransportConfig, StreamableHttpError,
};
use rmcp::{ServiceExt, serve_client};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};

use super::watch::{Oddity, Watch};
use crate::host::{Fault, Offer, Said};

/// A client that has shaken hands with its server.
#[derive(Debug)]
pub struct Client(RunningService<RoleClient, ClientConfig>);

impl Client {
    /// Shakes hands through what the server reads and writes. What it writes that is no message is
    /// noted in `oddity`.
    pub async fn over_pipes(
        read: impl AsyncRead + Send + Unpin + 'static,
        write: impl AsyncWrite + Send + Unpin + 'static,
        oddity: &Oddity,
    ) -> Result<Self, Fault> {
        let pipes = (Watch::new(read, oddity.clone()), write);
        Self::known(serve_client(config(), pipes).await)
    }

    /// Shakes hands with the server at a URL.
    pub async fn over_http(
        http: reqwest::Client,
        url: &str,
        token: Option<&str>,
    ) -> Result<Self, Fault> {
        let mut target = StreamableHttpClientTransportConfig::with_uri(url);
        if let Some(token) = token {
            target = target.auth_header(token);
        }
        let transport = StreamableHttpClientTransport::with_client(http, target);
        Self::known(config().serve(transport).await)
    }

    fn known(
        started: Result<RunningService<RoleClient, ClientConfig>, ClientInitializeError>,
    ) -> Result<Self, Fault> {
        let service = started.map_err(|error| of_start(&error))?;
        // The SDK takes whatever version the server names.
        let version = service
            .peer()
            .peer_info()
            .map(|info| info.protocol_version.clone());
        let is_known = |version: &ProtocolVersion| {
            version.has_initialize() && ProtocolVersion::KNOWN_VERSIONS.contains(version)
        };
        match version {
            Some(version) if is_known(&version) => Ok(Self(service)),
            Some(version) => Err(Fault::Garbled(format!(
                "it speaks version `{}` of the protocol, which is not known here",
                version.as_str()
            ))),
            None => Err(Fault::Garbled("it did not say what it is".to_owned())),
        }
    }

    /// The tools that the server offers.
    pub async fn offers(&self) -> Result<Vec<Offer>, Fault> {
        let tools = self.0.peer().list_all_tools().await;
        let tools = tools.map_err(|error| of_request(&error))?;
        let offer = |tool: rmcp::model::Tool| Offer {
            name: tool.name.into_owned(),
            arguments: arguments(&tool.input_schema),
        };
        Ok(tools.into_iter().map(offer).collect())
    }

    /// Calls a tool.
    pub async fn call(&self, tool: &str, arguments: &[(&str, &str)]) -> Result<Said, Fault> {
        let text = |value: &str| Value::String(value.to_owned());
        let named = arguments
            .iter()
            .map(|(name, value)| ((*name).to_owned(), text(value)));
        let request = CallToolRequestParams::new(tool.to_owned())
            .with_arguments(named.collect::<JsonObject>());
        let answer = self.0.peer().call_tool(request).await;
        let answer = answer.map_err(|error| of_request(&error))?;
        let texts = answer.content.iter().filter_map(|block| block.as_text());
        Ok(Said {
            text: texts
                .map(|text| text.text.as_str())
                .collect::<Vec<_>>()
                .join("\n"),
            is_error: answer.is_error.unwrap_or_default(),
        })
    }

    /// Takes leave: over pipes, the server sees the end of its input.
    pub async fn close(self) {
        let _ = self.0.cancel().await;
    }
}

fn config() -> ClientConfig {
    let name = Implementation::new(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    ClientConfig::new(ClientCapabilities::default(), name)
}

fn arguments(schema: &JsonObject) -> Vec<String> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(|names| names.keys().cloned())
        .collect()
}

fn of_start(error: &ClientInitializeError) -> Fault {
    match error {
        ClientInitializeError::TransportError { error, .. } => of_transport(error.error.as_ref()),
        ClientInitializeError::JsonRpcError(refusal) => refused(refusal),
        ClientInitializeError::ConnectionClosed(_) => closed(),
        other => Fault::Garbled(other.to_string()),
    }
}

fn of_request(error: &ServiceError) -> Fault {
    match error {
        ServiceError::McpError(refusal) => refused(refusal),
        ServiceError::TransportSend(error) => of_transport(error.error.as_ref()),
        ServiceError::TransportClosed => closed(),
        other => Fault::Garbled(other.to_string()),
    }
}

fn closed() -> Fault {
    Fault::Garbled("it closed the connection".to_owned())
}

fn refused(refusal: &rmcp::ErrorData) -> Fault {
    if refusal.code == ErrorCode::UNSUPPORTED_PROTOCOL_VERSION {
        return Fault::Garbled(refusal.message.to_string());
    }
    Fault::Refused(format!("{} ({})", refusal.message, refusal.code.0))
}

/// What lies below an error of a transport.
fn of_transport(error: &(dyn Error + 'static)) -> Fault {
    let mut inner = Some(error);
    while let Some(error) = inner {
        if let Some(error) = error.downcast_ref::<StreamableHttpError<reqwest::Error>>() {
            return of_http(error);
        }
        inner = error.source();
    }
    Fault::Garbled(error.to_string())
}

fn of_http(error: &StreamableHttpError<reqwest::Error>) -> Fault {
    match error {
        StreamableHttpError::AuthRequired(challenge) => {
            Fault::Unauthorised(challenge.www_authenticate_header.clone())
        }
        StreamableHttpError::InsufficientScope(challenge) => {
            Fault::Unauthorised(challenge.www_authenticate_header.clone())
        }
        StreamableHttpError::UnexpectedServerResponse(said)
            if ["HTTP 401", "HTTP 403"]
                .iter()
                .any(|status| said.contains(status)) =>
        {
            Fault::Unauthorised(said.to_string())
        }
        StreamableHttpError::Client(error) if error.is_connect() || error.is_timeout() => {
            Fault::Unreachable(innermost(error))
        }
        StreamableHttpError::Client(error) => Fault::Garbled(innermost(error)),
        StreamableHttpError::HttpStatus(status) => Fault::Unreachable(status.to_string()),
        other => Fault::Garbled(other.to_string()),
    }
}

/// What went wrong at the bottom of an error.
fn innermost(error: &dyn Error) -> String {
    let mut error = error;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

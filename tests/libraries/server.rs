//! A server built with the official SDK. It is a test of this program that other tests start.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, JsonObject,
    ListToolsResult, PaginatedRequestParams, ServerCapabilities, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use tokio::net::unix::pipe;

/// What it knows.
const FLASK: &str = "- Title: Flask\n- Context7-compatible library ID: /pallets/flask\n- Description: A framework.\n- Code Snippets: 10\n- Source Reputation: High\n- Versions: v3.0.0, 3.1.0";
const OTHER: &str = "- Title: Flask Login\n- Context7-compatible library ID: /maxcountryman/flask-login\n- Description: Logins.\n- Source Reputation: High";
const TWINS: &str = "- Title: One\n- Context7-compatible library ID: /one/twin\n- Versions: 1.0.0\n----------\n- Title: Two\n- Context7-compatible library ID: /two/twin\n- Versions: 2.0.0";
const PAGE: &str = "### Start\n\nSource: https://example.org/start\n\nRun it.\n";

struct Server {
    way: String,
}

impl Server {
    fn tools(&self) -> Vec<Tool> {
        let tool = |name: &'static str, arguments: &[&str]| {
            let names = arguments
                .iter()
                .map(|name| ((*name).to_owned(), serde_json::json!({"type": "string"})));
            let mut schema = JsonObject::new();
            schema.insert("type".into(), "object".into());
            schema.insert(
                "properties".into(),
                serde_json::Value::Object(names.collect()),
            );
            Tool::new(Cow::Borrowed(name), "of the tests", Arc::new(schema))
        };
        match self.way.as_str() {
            "no-tools" => Vec::new(),
            "other-tools" => vec![tool("echo", &["text"])],
            "older" => vec![
                tool("resolve-library-id", &["libraryName"]),
                tool(
                    "get-library-docs",
                    &["context7CompatibleLibraryID", "topic"],
                ),
            ],
            _ => vec![
                tool("resolve-library-id", &["query", "libraryName"]),
                tool("query-docs", &["libraryId", "query"]),
            ],
        }
    }

    fn resolve(&self, name: &str) -> String {
        match self.way.as_str() {
            "limited" => "Rate limited or quota exceeded. Create a free API key.".to_owned(),
            "key-refused" => format!(
                "Invalid API key {}. Please check your API key.",
                std::env::var("CONTEXT7_API_KEY").unwrap_or_default()
            ),
            "nonsense" => "<html>Bad gateway</html>".to_owned(),
            "nothing" => String::new(),
            _ if ["twin", "one/twin"].contains(&name) => format!("Available Libraries:\n\n{TWINS}"),
            _ if name == "flask" => format!("Available Libraries:\n\n{FLASK}\n----------\n{OTHER}"),
            _ if name == "flask-log" => format!("Available Libraries:\n\n{OTHER}"),
            _ => "No libraries found matching the provided name.".to_owned(),
        }
    }

    fn documentation(&self) -> &'static str {
        match self.way.as_str() {
            "no-documentation" => "Documentation not found or not finalized for this library. This",
            "documentation-fails" => "Error fetching library context. Please try again later.",
            _ => PAGE,
        }
    }
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
    }

    async fn list_tools(
        &self,
        _request: Option<PaginatedRequestParams>,
        _context: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(self.tools()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        _context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let argument = |name: &str| {
            let arguments = request.arguments.as_ref();
            arguments.and_then(|all| all.get(name)?.as_str())
        };
        note(&request);
        match self.way.as_str() {
            "fails-at-attrs" if argument("libraryName") != Some("attrs") => {}
            "slow" => tokio::time::sleep(Duration::from_hours(1)).await,
            "exits" => std::process::exit(7),
            "refuses" => return Err(ErrorData::invalid_params("not like that", None)),
            "fails" | "fails-at-attrs" => {
                let text = ContentBlock::text("it broke");
                return Ok(CallToolResult::error(vec![text]).into());
            }
            _ => {}
        }
        let text = match &*request.name {
            "resolve-library-id" => self.resolve(argument("libraryName").unwrap_or_default()),
            _ => self.documentation().to_owned(),
        };
        Ok(CallToolResult::success(vec![ContentBlock::text(text)]).into())
    }
}

/// Notes each call, so that a test can count them.
fn note(request: &CallToolRequestParams) {
    use std::io::Write;
    let calls = std::fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open("calls");
    let arguments = serde_json::to_string(&request.arguments).unwrap();
    writeln!(calls.unwrap(), "{} {arguments}", request.name).unwrap();
}

#[test]
#[ignore = "it is the server that other tests start"]
fn serve_for_other_tests() {
    let way = std::env::var("SDD_TEST_WAY").unwrap_or_default();
    if way == "leaves" {
        let stray = std::process::Command::new("setsid")
            .args(["sleep", "1000"])
            .spawn();
        drop(stray.unwrap());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(async {
        let read = pipe::OpenOptions::new()
            .open_receiver("/proc/self/fd/0")
            .unwrap();
        let write = pipe::OpenOptions::new()
            .open_sender("/proc/self/fd/3")
            .unwrap();
        let service = Server { way }.serve((read, write)).await.unwrap();
        service.waiting().await.unwrap();
    });
}

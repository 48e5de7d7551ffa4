//! What a service of a stack is waited for to be.

use super::{Container, Model, Stack, Until};
use crate::diag::{Diagnostic, Diags, did_you_mean};
use crate::host::{Host, Probe};
use crate::span::Spanned;
use crate::spec::{Decoder, Pattern};

/// Lines of a log that are looked at for a pattern, five times a second.
const LOOKED_AT: usize = 10_000;

crate::spec! {
    /// What a service is waited for to be.
    pub struct Wish = "service" {
        /// `healthy`: its health check passes. `running`: it runs. `exit-0`: it did its work and ended well. `http`, `tcp`, `log`: it answers a GET with 2xx, takes a connection, or printed something.
        "until" until: Option<Wanted>,
        /// The container's port for `http` and `tcp`, which has to be published.
        "port" port: Option<u32>,
        /// The path of the URL for `http`.
        "path" path: Option<String>,
        /// A regular expression for `log`.
        "pattern" pattern: Option<Pattern>,
    }
}

crate::choice! {
    /// What a service is waited for to be.
    pub enum Wanted {
        Healthy = "healthy",
        Running = "running",
        ExitZero = "exit-0",
        Http = "http",
        Tcp = "tcp",
        Log = "log",
    }
}

impl Wish {
    /// Reports fields that are missing or have no meaning.
    pub fn check(&self, name: &Spanned<String>, decoder: &mut Decoder<'_>) {
        let until = self.until.map_or("", Wanted::as_str);
        let needed = match self.until {
            Some(Wanted::Http | Wanted::Tcp) if self.port.is_none() => Some("port=8000"),
            Some(Wanted::Log) if self.pattern.is_none() => Some("pattern=\"ready\""),
            _ => None,
        };
        if let Some(needed) = needed {
            let field = needed.split('=').next().unwrap_or_default();
            let message = format!("`until=\"{until}\"` needs `{field}`");
            decoder.diags.push(
                Diagnostic::new("missing-field", message)
                    .at(name.span, format!("has no `{field}`"))
                    .help(format!(
                        "for instance `service \"{}\" until=\"{until}\" {needed}`",
                        **name
                    )),
            );
        }
        let useless = [
            (
                "port",
                self.port.is_some() && !matches!(self.until, Some(Wanted::Http | Wanted::Tcp)),
            ),
            (
                "path",
                self.path.is_some() && self.until != Some(Wanted::Http),
            ),
            (
                "pattern",
                self.pattern.is_some() && self.until != Some(Wanted::Log),
            ),
        ];
        for (field, _) in useless.iter().filter(|(_, useless)| *useless) {
            decoder.diags.push(
                Diagnostic::new(
                    "conflicting-fields",
                    format!("`{field}` has no meaning here"),
                )
                .at(name.span, "waited for in another way")
                .help("`port` is for `http` and `tcp`, `path` for `http`, `pattern` for `log`"),
            );
        }
    }

    /// What its containers have to be.
    pub fn until(&self) -> Until {
        match self.until {
            Some(Wanted::Healthy) => Until::Healthy,
            Some(Wanted::Running) => Until::Running,
            Some(Wanted::ExitZero) => Until::Exited,
            Some(Wanted::Http | Wanted::Tcp | Wanted::Log) => Until::Answers,
            None => Until::Unsaid,
        }
    }

    /// Compares it with what the compose files declare.
    pub fn compare(&self, name: &Spanned<String>, model: &Model, diags: &mut Diags) {
        let Some(service) = model.service(name) else {
            if !model.open {
                diags.push(unknown_service(name, model));
            }
            return;
        };
        let asks = matches!(self.until, Some(Wanted::Http | Wanted::Tcp));
        let port = self.port.filter(|_| asks);
        let port = port.and_then(|port| u16::try_from(port).ok());
        let missing = port.filter(|port| !service.ports.contains(port) && !service.more_ports);
        if let Some(port) = missing {
            let message = format!("`{}` does not publish the port {port}", **name);
            diags.push(
                Diagnostic::new("unknown-service", message)
                    .at(name.span, "waited for here")
                    .help(format!(
                        "add `ports: [\"{port}\"]` to the service in the compose file"
                    )),
            );
        }
    }

    /// Asks what the containers alone do not tell; every one of them has to answer.
    pub async fn ask<H: Host>(
        &self,
        stack: &Stack<'_, H>,
        own: &[&Container],
    ) -> Result<(), String> {
        for container in own {
            match (self.until, &self.pattern) {
                (Some(Wanted::Log), Some(pattern)) => {
                    let log = stack
                        .log_end(container, LOOKED_AT)
                        .await
                        .unwrap_or_default();
                    if !pattern.regex.is_match(log.as_bytes()) {
                        return Err(format!(
                            "its log does not hold `{}`",
                            pattern.regex.as_str()
                        ));
                    }
                }
                (Some(Wanted::Http), _) => {
                    let path = self.path.as_deref().unwrap_or("/");
                    let url = format!("http://127.0.0.1:{}{path}", self.outside(container)?);
                    stack.host.probe(Probe::Http(&url)).await?;
                }
                _ => {
                    let address = format!("127.0.0.1:{}", self.outside(container)?);
                    stack.host.probe(Probe::Tcp(&address)).await?;
                }
            }
        }
        Ok(())
    }

    fn outside(&self, container: &Container) -> Result<u16, String> {
        let inside = self.port.and_then(|port| u16::try_from(port).ok());
        let inside = inside.ok_or("it has no such port")?;
        let port = container.ports.get(&inside).copied();
        port.ok_or_else(|| format!("its port {inside} is not published"))
    }
}

fn unknown_service(name: &Spanned<String>, model: &Model) -> Diagnostic {
    let known = || model.services.iter().map(|service| service.name.as_str());
    let near = did_you_mean(name, known());
    let all: Vec<String> = known().map(|name| format!("`{name}`")).collect();
    let message = format!("the compose files have no service `{}`", **name);
    Diagnostic::new("unknown-service", message)
        .at(name.span, "unknown service")
        .help(near.unwrap_or_else(|| format!("there are {}", all.join(", "))))
}

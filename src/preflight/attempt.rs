//! The machine that checks of a node are made on.

use super::{Machine, Unanswered};
use crate::host::{Ended, Host};

/// The machine as an attempt reaches it.
pub struct ThroughHost<'h, H>(pub &'h H);

impl<H: Host> Machine for ThroughHost<'_, H> {
    async fn ask(&self, words: &[String]) -> Result<String, Unanswered> {
        match self.0.ask_all(words).await {
            Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            Err(Ended::NotFound { .. }) => Err(Unanswered::NoProgram),
            Err(_) => Err(Unanswered::Failed),
        }
    }

    fn has_file(&self, path: &str) -> bool {
        self.0.exists(path)
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.0.variable(name)
    }

    fn listener(&self, port: u16) -> Option<String> {
        self.0.listener(port)
    }
}

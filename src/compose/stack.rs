//! One stack of one run, acted upon through Docker's own programs.

use std::path::Path;
use std::time::Duration;

use super::container::{Container, containers};
use super::removal::{self, Docker};
use super::traces::{SORTS, ids};
use crate::host::{Ended, Host, Invocation, Job};
use crate::preflight::COMPOSE;
use crate::span::Span;
use crate::spec::Template;

/// One stack of one run.
#[derive(Debug)]
pub struct Stack<'s, H> {
    /// The world.
    pub host: &'s H,
    /// Its name in Docker.
    pub project: String,
    /// Its files, relative to the root.
    pub files: Vec<&'s str>,
    /// The profiles that are switched on.
    pub profiles: &'s [String],
}

impl<H: Host> Stack<'_, H> {
    /// How Compose is called here. The oldest form is not asked for: it takes its time to answer, and
    /// if it is not there either, the call itself says so.
    pub async fn compose(&self) -> &'static [&'static str] {
        let (oldest, newer) = COMPOSE.split_last().expect("Compose has a name");
        for program in newer {
            let ask = [program, &["version"][..]].concat();
            if self.host.ask(&owned(&ask), true).await.is_ok() {
                return program;
            }
        }
        oldest
    }

    /// A call of Compose: the same name, files and profiles every time.
    pub fn call(&self, compose: &[&str], words: &[&str]) -> Vec<String> {
        let mut call = owned(compose);
        call.extend(["--project-name".to_owned(), self.project.clone()]);
        for file in &self.files {
            let file = self.host.root().join(file);
            call.extend(["--file".to_owned(), file.to_string_lossy().into_owned()]);
        }
        for profile in self.profiles {
            call.extend(["--profile".to_owned(), profile.clone()]);
        }
        call.extend(owned(words));
        call
    }

    /// All containers of the stack.
    pub async fn containers(&self) -> Result<Vec<Container>, String> {
        let told = |ended| format!("Docker does not say what the stack does ({ended:?})");
        let found = self
            .printed(&SORTS[0].list(&self.project))
            .await
            .map_err(told)?;
        let found = ids(&found);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let words = [owned(&["docker", "inspect"]), found].concat();
        containers(&self.printed(&words).await.map_err(told)?)
    }

    /// The last lines of what a container printed.
    pub async fn log_end(&self, container: &Container, lines: usize) -> Result<String, Ended> {
        let lines = lines.to_string();
        let words = owned(&["docker", "logs", "--tail", &lines, &container.id]);
        let bytes = self.host.ask_all(&words).await?;
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    /// Writes what a container printed into a file, without secrets, however much it is.
    pub async fn keep_log(&self, container: &Container, file: &Path, limit: Duration) {
        let script = format!("docker logs {} 2>&1", container.id);
        let script = Template::literal(script, Span::default());
        let job = Job {
            dir: Some(self.host.root()),
            stdout: Some(file),
            limit: Some(limit),
            ..Job::new(Invocation::Shell(&script))
        };
        self.host.exec_job(&job).await;
    }

    /// Removes whatever is left of the stack, by its mark. Gives what could not be removed.
    pub async fn remove(&self, data: bool) -> Vec<String> {
        removal::remove(self, &self.project, data).await
    }

    async fn printed(&self, words: &[String]) -> Result<String, Ended> {
        let bytes = self.host.ask(words, false).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

impl<H: Host> Docker for Stack<'_, H> {
    async fn ask(&self, words: &[String]) -> Option<String> {
        self.printed(words).await.ok()
    }

    async fn pause(&self, duration: Duration) -> bool {
        self.host.sleep(duration).await;
        self.host.interruption().is_none()
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

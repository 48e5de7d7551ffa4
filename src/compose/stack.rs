//! One stack of one run, acted upon through Docker's own programs.

use std::path::Path;
use std::time::Duration;

use super::container::{Container, containers};
use super::traces::{SORTS, Sort, ids};
use crate::host::{Ended, Host, Invocation, Job};
use crate::preflight::COMPOSE;
use crate::span::Span;
use crate::spec::Template;

/// How often it is tried to remove what a stack left: what was being made at that moment comes
/// into being only after the first look.
const SWEEPS: usize = 5;
/// Pause between two looks at what is left.
const PAUSE: Duration = Duration::from_millis(300);

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
            .ask(&SORTS[0].list(&self.project))
            .await
            .map_err(told)?;
        let found = ids(&found);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let words = [owned(&["docker", "inspect"]), found].concat();
        containers(&self.ask(&words).await.map_err(told)?)
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
    pub async fn sweep(&self, data: bool) -> Vec<String> {
        let sorts: Vec<&Sort> = SORTS
            .iter()
            .filter(|sort| data || !sort.holds_data())
            .collect();
        let mut left = Vec::new();
        for _ in 0..SWEEPS {
            left = self.look(&sorts).await;
            if left.is_empty() {
                return left;
            }
            self.host.sleep(PAUSE).await;
            if self.host.interruption().is_some() {
                return left;
            }
        }
        left
    }

    /// Looks once for what there is, and asks for its removal.
    async fn look(&self, sorts: &[&Sort]) -> Vec<String> {
        let mut left = Vec::new();
        for sort in sorts {
            match self.ask(&sort.list(&self.project)).await {
                Ok(found) => {
                    let found = ids(&found);
                    if !found.is_empty() {
                        let _ = self.host.ask(&sort.remove(&found), false).await;
                    }
                    left.extend(found.iter().map(|id| format!("{} {id}", sort.name)));
                }
                Err(_) => left.push(format!("{}s that Docker does not tell of", sort.name)),
            }
        }
        left
    }

    async fn ask(&self, words: &[String]) -> Result<String, Ended> {
        let bytes = self.host.ask(words, false).await?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

//! What a plan has to know of the world, asked for when it is needed.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::repository::Repository;
use super::scan;
use crate::plan::Facts;
use crate::spec::Glob;
use crate::store::History;
use crate::work::{Item, NoItem};

/// The world around a project root.
#[derive(Debug)]
pub struct World {
    pub(super) root: PathBuf,
    profile: Option<String>,
    history: History,
    work_item: Result<Item, NoItem>,
    repository: Arc<Repository>,
}

impl World {
    /// The world of a project; `base` is the header field of that name.
    pub fn new(root: &Path, base: Option<&str>, profile: Option<&str>, history: History) -> Self {
        Self {
            root: root.to_owned(),
            profile: profile.map(str::to_owned),
            history,
            work_item: Err(NoItem::default()),
            repository: Arc::new(Repository::new(root, base)),
        }
    }

    /// The same world with a current work item, or why it has none.
    #[must_use]
    pub fn with_work_item(self, work_item: Result<Item, NoItem>) -> Self {
        Self { work_item, ..self }
    }

    /// The commit that "changed" counts from.
    pub fn base(&self) -> Result<&str, String> {
        self.repository
            .base()?
            .ok_or_else(|| "nothing is committed yet".to_owned())
    }

    /// The repository, with what is known of it by now.
    pub fn repository(&self) -> Arc<Repository> {
        Arc::clone(&self.repository)
    }
}

impl Facts for World {
    fn changed(&self) -> Result<&[String], String> {
        self.repository.paths()
    }

    fn branch(&self) -> Result<&str, String> {
        self.repository.branch()
    }

    fn env(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn exists(&self, glob: &Glob) -> bool {
        scan::exists(&self.root, glob)
    }

    fn os(&self) -> &str {
        std::env::consts::OS
    }

    fn profile(&self) -> Option<&str> {
        self.profile.as_deref()
    }

    fn work_item(&self) -> Result<&Item, &NoItem> {
        self.work_item.as_ref()
    }

    fn cpus(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }

    fn expected_ms(&self, id: &str) -> Option<u64> {
        self.history.expected_ms(id)
    }
}

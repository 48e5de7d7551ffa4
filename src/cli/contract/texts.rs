//! Where the texts of contracts on the command line are read.

use std::path::{Path, PathBuf};

use crate::contract::load::{Files, Remote, is_url};
use crate::contract::origin::{Origin, utf_8};
use crate::run::{Repository, fetch_text};
use crate::spec::normalise;

/// The texts of a contract and of all that it refers to.
pub(super) struct Texts {
    folder: PathBuf,
    origin: Origin,
    remote: Remote,
}

impl Texts {
    /// The texts of what is written on the command line, and the path of the contract among them:
    /// a path, a URL, `base:PATH` or `REV:PATH`. What is a file is a path, whatever its name.
    pub(super) fn of(folder: &Path, written: &str, remote: &Remote) -> (Self, String) {
        let is_file = folder.join(written).exists();
        let read = Origin::of(written).ok().filter(|_| !is_file);
        let (origin, path) = read.unwrap_or((Origin::Worktree, written));
        let remote = match origin {
            Origin::Web => remote.clone().and_host_of(written),
            _ => remote.clone(),
        };
        let texts = Self {
            folder: folder.to_owned(),
            origin,
            remote,
        };
        (texts, path.to_owned())
    }

    fn in_git(&self, path: &str) -> Result<String, String> {
        let path = normalise(path).ok_or("it is outside of the folder")?;
        let repository = Repository::new(&self.folder, None);
        let bytes = match &self.origin {
            Origin::Revision(revision) => repository.at_revision(revision, &path)?,
            _ => repository.at_base(&path)?,
        };
        utf_8(bytes.ok_or("it was not there")?)
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, String> {
        if is_url(path) {
            return fetch_text(path);
        }
        match self.origin {
            Origin::Base | Origin::Revision(_) => self.in_git(path),
            Origin::Worktree | Origin::Web => {
                std::fs::read_to_string(self.folder.join(path)).map_err(|error| error.to_string())
            }
        }
    }

    fn fetches(&self, url: &str) -> bool {
        self.remote.permits(url)
    }
}

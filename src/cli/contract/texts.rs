//! Where the texts of contracts on the command line are read.

use std::path::{Path, PathBuf};

use crate::contract::load::{Files, Remote, is_url};
use crate::run::{Repository, fetch_text};
use crate::spec::normalise;

/// The texts of a contract and of all that it refers to.
pub(super) struct Texts {
    folder: PathBuf,
    place: Place,
    remote: Remote,
}

/// Where a text is read.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Folder,
    /// In the commit where HEAD left the default branch.
    Base,
    Revision(String),
}

impl Texts {
    /// The texts of what is written on the command line, and the path of the contract among them:
    /// a path, a URL, `base:PATH` or `REV:PATH`. What is a file is a path, whatever its name.
    pub(super) fn of(folder: &Path, written: &str, remote: &Remote) -> (Self, String) {
        let is_file = is_url(written) || folder.join(written).exists();
        let (place, path) = match written.split_once(':') {
            Some(("base", path)) if !is_file => (Place::Base, path),
            Some((revision, path)) if !is_file && revision.len() > 1 => {
                (Place::Revision(revision.to_owned()), path)
            }
            _ => (Place::Folder, written),
        };
        let remote = if is_url(written) {
            remote.clone().and_host_of(written)
        } else {
            remote.clone()
        };
        let texts = Self {
            folder: folder.to_owned(),
            place,
            remote,
        };
        let path = match texts.place {
            Place::Folder => Some(path.to_owned()),
            _ => normalise(path),
        };
        (texts, path.unwrap_or_else(|| written.to_owned()))
    }

    fn in_git(&self, path: &str) -> Result<String, String> {
        let path = normalise(path).ok_or("it is outside of the folder")?;
        let repository = Repository::new(&self.folder, None);
        let bytes = match &self.place {
            Place::Revision(revision) => repository.at_revision(revision, &path)?,
            _ => repository.at_base(&path)?,
        };
        let bytes = bytes.ok_or("it was not there")?;
        String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())
    }
}

impl Files for Texts {
    fn read(&self, path: &str) -> Result<String, String> {
        if is_url(path) {
            return fetch_text(path);
        }
        match self.place {
            Place::Folder => {
                std::fs::read_to_string(self.folder.join(path)).map_err(|error| error.to_string())
            }
            _ => self.in_git(path),
        }
    }

    fn fetches(&self, url: &str) -> bool {
        self.remote.permits(url)
    }
}

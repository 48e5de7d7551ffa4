//! Where a contract is read.

/// Where a contract is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// As it is now.
    Worktree,
    /// As it was in the commit that "changed" counts from.
    Base,
    /// As it was in a commit.
    Revision(String),
    /// Where its URL leads.
    Web,
}

impl Origin {
    /// What `PATH`, `base:PATH`, `REV:PATH` or a URL says, with the path in it. The error is a
    /// sentence without its end.
    pub fn of(written: &str) -> Result<(Self, &str), String> {
        if written.starts_with("http://") || written.starts_with("https://") {
            return Ok((Origin::Web, written));
        }
        match written.split_once(':') {
            Some(("base", path)) => Ok((Origin::Base, path)),
            Some(("", _)) => Err(format!("`{written}` names no commit")),
            Some((revision, path)) => Ok((Origin::Revision(revision.to_owned()), path)),
            None => Ok((Origin::Worktree, written)),
        }
    }

    /// A path as people read it.
    pub fn label(&self, path: &str) -> String {
        match self {
            Origin::Worktree | Origin::Web => path.to_owned(),
            Origin::Base => format!("base:{path}"),
            Origin::Revision(revision) => format!("{revision}:{path}"),
        }
    }
}

/// The text of a file, or why it is none.
pub fn utf_8(bytes: Vec<u8>) -> Result<String, String> {
    String::from_utf8(bytes).map_err(|_| "it is no UTF-8 text".to_owned())
}

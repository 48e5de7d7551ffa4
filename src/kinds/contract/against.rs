//! What a contract is compared with.

use crate::contract::origin::Origin;
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::spec::normalise;

/// Where the contract stands that clients keep to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Against {
    /// Nowhere: nothing is compared.
    None,
    /// In one file, whatever the contract is called now.
    File(Origin, String),
    /// Under its own path in a folder, which ends with `/` or is empty.
    Folder(Origin, String),
}

/// The contract that another is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Previous {
    pub origin: Origin,
    pub path: String,
}

impl Against {
    /// What is written; what is not written is the base.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Against::None);
        }
        let (origin, path) = Origin::of(text)?;
        if origin == Origin::Web {
            return Ok(Against::File(origin, text.to_owned()));
        }
        let inside = normalise(path).ok_or_else(|| format!("`{path}` leaves the project"))?;
        Ok(if path.is_empty() && origin == Origin::Worktree {
            return Err("an empty path names nothing".to_owned());
        } else if inside.is_empty() {
            Against::Folder(origin, inside)
        } else if path.ends_with('/') {
            Against::Folder(origin, format!("{inside}/"))
        } else {
            Against::File(origin, inside)
        })
    }

    /// Whether every contract is compared with what it was under its own path at the base.
    pub(super) fn is_own_base(&self) -> bool {
        matches!(self, Against::Folder(Origin::Base, folder) if folder.is_empty())
    }

    /// What the contract of that path is compared with; nothing if that is nothing.
    pub(super) fn previous(&self, path: &str) -> Option<Previous> {
        let (origin, path) = match self {
            Against::None => return None,
            Against::File(origin, file) => (origin, file.clone()),
            Against::Folder(origin, folder) => (origin, format!("{folder}{path}")),
        };
        Some(Previous {
            origin: origin.clone(),
            path,
        })
    }

    /// That one file can't be what several contracts were.
    pub(super) fn one_for_several(&self, count: usize) -> Option<Conclusion> {
        let Against::File(origin, path) = self else {
            return None;
        };
        (count > 1).then(|| {
            let label = origin.label(path);
            let reason = format!("`{label}` can't be what all of {count} contracts were");
            Conclusion::new(Outcome::Error, "one-for-several", reason).remedy(
                "let `against` end with `/`, or be `base:`: each is looked for under its own path",
            )
        })
    }
}

impl Previous {
    /// As people read it.
    pub(super) fn label(&self) -> String {
        self.origin.label(&self.path)
    }

    /// Whether it is not there because the contract is new: git says so, of the contract's own
    /// path. Any other path that leads nowhere is a mistake.
    pub(super) async fn is_new(&self, host: &impl Host, path: &str) -> Result<bool, String> {
        let in_git = matches!(self.origin, Origin::Base | Origin::Revision(_));
        if !in_git || self.path != path {
            return Ok(false);
        }
        Ok(self.origin.text(host, path).await?.is_none())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_a_file_a_folder_a_commit_or_a_url() {
        let of = |text: &str| Against::of(text).unwrap();
        let folder = |origin, path: &str| Against::Folder(origin, path.to_owned());
        let file = |origin, path: &str| Against::File(origin, path.to_owned());
        assert_eq!(of("base:"), folder(Origin::Base, ""));
        assert_eq!(of("base:./a.yaml"), file(Origin::Base, "a.yaml"));
        assert_eq!(of("published/"), folder(Origin::Worktree, "published/"));
        let tag = || Origin::Revision("v1.2".to_owned());
        assert_eq!(of("v1.2:api/a.yaml"), file(tag(), "api/a.yaml"));
        assert_eq!(of("v1.2:"), folder(tag(), ""));
        assert_eq!(
            of("https://a/b.yaml"),
            file(Origin::Web, "https://a/b.yaml")
        );
        assert_eq!(of("none"), Against::None);
        for text in ["", ":a.yaml", "../a.yaml", "/a.yaml", "base:../a.yaml"] {
            assert!(Against::of(text).is_err(), "{text}");
        }
    }
}

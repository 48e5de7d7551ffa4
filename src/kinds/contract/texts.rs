//! Where the texts of a contract and of all that it refers to are read.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::time::Duration;

use crate::contract::live::Request;
use crate::contract::load::{Files, Library, Problem, Remote, is_url};
use crate::contract::origin::{Origin, utf_8};
use crate::host::{Exchange, Host};
use crate::span::Sources;
use crate::spec::normalise;

/// How long a text may take to come over the network.
const PATIENCE: Duration = Duration::from_secs(30);

impl Origin {
    /// A text; nothing if git says that it was not there. The error says why it can't be read.
    pub(super) async fn text(
        &self,
        host: &impl Host,
        path: &str,
    ) -> Result<Option<String>, String> {
        let bytes = match self {
            _ if is_url(path) => return fetch(host, path).await.map(Some),
            Origin::Web => return Err("it is no URL".to_owned()),
            _ if normalise(path).is_none_or(|inside| inside != path) => {
                return Err("it is outside of the project".to_owned());
            }
            Origin::Worktree => Some(host.read(path).map_err(|error| error.to_string())?),
            Origin::Base => host.at_base(path).await?,
            Origin::Revision(revision) => host.at_revision(revision, path).await?,
        };
        bytes.map(utf_8).transpose()
    }

    /// A contract with all that it refers to, as far as that is in the same place or at addresses
    /// that are `remote`.
    pub(super) async fn library(
        &self,
        host: &impl Host,
        (path, remote): (&str, &[String]),
        sources: &mut Sources,
    ) -> Result<Library, Vec<Problem>> {
        let remote = Remote::below(remote.iter().cloned());
        let known = Known {
            remote: match self {
                Origin::Web => remote.and_host_of(path),
                _ => remote,
            },
            ..Known::default()
        };
        loop {
            let mut read = sources.clone();
            let library = Library::read(path, &known, &mut read);
            let missing = known.missing.take();
            if missing.is_empty() {
                *sources = read;
                return library;
            }
            for path in missing {
                let text = self.text(host, &path).await;
                let text = text.and_then(|text| text.ok_or_else(|| "it was not there".to_owned()));
                known.texts.borrow_mut().insert(path, text);
            }
        }
    }
}

/// The texts that were read so far, and those that were asked for in vain.
#[derive(Default)]
struct Known {
    texts: RefCell<BTreeMap<String, Result<String, String>>>,
    missing: RefCell<Vec<String>>,
    remote: Remote,
}

impl Files for Known {
    fn read(&self, path: &str) -> Result<String, String> {
        if let Some(text) = self.texts.borrow().get(path) {
            return text.clone();
        }
        self.missing.borrow_mut().push(path.to_owned());
        Err("it was not read yet".to_owned())
    }

    fn fetches(&self, url: &str) -> bool {
        self.remote.permits(url)
    }
}

async fn fetch(host: &impl Host, url: &str) -> Result<String, String> {
    let request = Request::get(url);
    let exchange = Exchange {
        request: &request,
        token: None,
        patience: PATIENCE,
    };
    let answer = host.exchange(&exchange).await?;
    match answer.status {
        200 => utf_8(answer.body),
        status => Err(format!("the answer was {status}")),
    }
}

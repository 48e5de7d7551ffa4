//! What a stack leaves in Docker, by the mark that Compose puts on all that it makes; as commands,
//! for whoever runs them.

/// The mark, whose value is the name of the stack.
const MARK: &str = "com.docker.compose.project";

/// A sort of thing that a stack is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sort {
    /// What it is called for people.
    pub(crate) name: &'static str,
    list: &'static [&'static str],
    remove: &'static [&'static str],
    /// Images carry no mark in older versions of Compose; their names begin with the stack's.
    by_name: bool,
}

const VOLUMES: &str = "volume";

/// What is removed first stands first: a network goes when nothing is in it any more.
pub(super) const SORTS: &[Sort] = &[
    Sort {
        name: "container",
        list: &["ps", "-a"],
        remove: &["rm", "--force", "--volumes"],
        by_name: false,
    },
    Sort {
        name: "network",
        list: &["network", "ls"],
        remove: &["network", "rm"],
        by_name: false,
    },
    Sort {
        name: VOLUMES,
        list: &["volume", "ls"],
        remove: &["volume", "rm", "--force"],
        by_name: false,
    },
    Sort {
        name: "image",
        list: &["images"],
        // By its name and without force: what else has the same content stays.
        remove: &["rmi"],
        by_name: true,
    },
];

impl Sort {
    /// The command that prints what there is of a stack, an id a line.
    pub(crate) fn list(&self, project: &str) -> Vec<String> {
        let filter = if self.by_name {
            format!("reference={project}*")
        } else {
            format!("label={MARK}={project}")
        };
        let shown: &[&str] = if self.by_name {
            &["--format", "{{.Repository}}:{{.Tag}}", "--filter"]
        } else {
            &["--quiet", "--filter"]
        };
        let words = ["docker"].iter().chain(self.list).chain(shown);
        words
            .map(|word| (*word).to_owned())
            .chain([filter])
            .collect()
    }

    /// The command that removes what [`Sort::list`] named.
    pub(crate) fn remove(&self, ids: &[String]) -> Vec<String> {
        let words = ["docker"].iter().chain(self.remove);
        words
            .map(|word| (*word).to_owned())
            .chain(ids.iter().cloned())
            .collect()
    }

    /// The command that prints the names of all stacks that have something of this sort, one a
    /// line; there is none for what carries no mark.
    pub(crate) fn projects(&self) -> Option<Vec<String>> {
        let format = format!("{{{{.Label \"{MARK}\"}}}}");
        let words = ["docker"].iter().chain(self.list);
        (!self.by_name).then(|| {
            words
                .map(|word| (*word).to_owned())
                .chain(["--filter".to_owned(), format!("label={MARK}")])
                .chain(["--format".to_owned(), format])
                .collect()
        })
    }

    /// Whether data is kept in it.
    pub(crate) fn holds_data(&self) -> bool {
        self.name == VOLUMES
    }
}

/// The ids in what [`Sort::list`] prints.
pub fn ids(printed: &str) -> Vec<String> {
    let mut ids: Vec<String> = printed.split_whitespace().map(str::to_owned).collect();
    ids.sort();
    ids.dedup();
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_of_the_stack_is_asked_for() {
        let asked: Vec<String> = SORTS
            .iter()
            .map(|sort| sort.list("sdd-1-x").join(" "))
            .collect();
        assert_eq!(
            asked,
            [
                "docker ps -a --quiet --filter label=com.docker.compose.project=sdd-1-x",
                "docker network ls --quiet --filter label=com.docker.compose.project=sdd-1-x",
                "docker volume ls --quiet --filter label=com.docker.compose.project=sdd-1-x",
                "docker images --format {{.Repository}}:{{.Tag}} --filter reference=sdd-1-x*",
            ]
        );
    }
}

//! What every renderer draws: a resolved graph, and perhaps how a run of it went.

use crate::sched::Outcome;

/// A graph ready to be drawn. Indices point into [`Picture::vertices`]; one that
/// points nowhere, and a link of a vertex to itself, is left out of the drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picture {
    /// The pipeline's name.
    pub title: String,
    /// The nodes, in declaration order.
    pub vertices: Vec<Vertex>,
    /// What waits for what.
    pub links: Vec<Link>,
    /// The spans during which an environment is up.
    pub scopes: Vec<Scope>,
    /// The vertices that decide how long a run takes, first to last.
    pub critical_path: Vec<usize>,
    /// The run whose outcomes the vertices carry.
    pub run: Option<RunLabel>,
}

/// One node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Vertex {
    /// Its name, unique in the picture.
    pub id: String,
    /// Its kind: `test`, `lint`, `compose` …
    pub kind: String,
    /// Whether the verdict depends on it.
    pub required: bool,
    /// Whether it brings something up for others.
    pub environment: bool,
    /// The environment that this vertex takes down.
    pub teardown_of: Option<usize>,
    /// What the file says it is for.
    pub description: Option<String>,
    /// Why the plan leaves it out.
    pub skipped: Option<String>,
    /// How it ended, in a picture of a run.
    pub outcome: Option<Outcome>,
    /// How long it took, in milliseconds.
    pub duration_ms: Option<u64>,
}

/// `from` must be over before `to` starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The vertex that goes first.
    pub from: usize,
    /// The vertex that waits.
    pub to: usize,
    /// Why it waits.
    pub kind: LinkKind,
}

/// Why one vertex waits for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LinkKind {
    /// The first must have passed.
    Needs,
    /// The first must be over.
    After,
    /// The second takes the environment down that the first is or uses.
    Finalises,
    /// Both touch the files of `glob`, and one of them writes.
    Conflict {
        /// The pattern that both match.
        glob: String,
    },
}

/// An environment and everything that happens while it is up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// The vertex that brings it up.
    pub environment: usize,
    /// The vertex that takes it down.
    pub teardown: Option<usize>,
    /// The vertices that need it up.
    pub users: Vec<usize>,
}

/// The run that a picture shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunLabel {
    /// The run's id.
    pub id: String,
    /// `passed`, `failed` or `cancelled`.
    pub verdict: String,
    /// From start to end, in milliseconds.
    pub duration_ms: u64,
}

impl LinkKind {
    /// The word for it in machine formats.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Needs => "needs",
            Self::After => "after",
            Self::Finalises => "finalises",
            Self::Conflict { .. } => "conflict",
        }
    }

    /// Whether it only orders: nothing is handed from one to the other.
    pub fn only_orders(&self) -> bool {
        matches!(self, Self::After | Self::Conflict { .. })
    }
}

impl Scope {
    /// Environment, users and teardown.
    pub fn members(&self) -> impl Iterator<Item = usize> + '_ {
        let users = self.users.iter().copied();
        std::iter::once(self.environment)
            .chain(users)
            .chain(self.teardown)
    }
}

impl Picture {
    /// The links that can be drawn.
    pub fn sound_links(&self) -> impl Iterator<Item = &Link> {
        let count = self.vertices.len();
        self.links
            .iter()
            .filter(move |link| link.from < count && link.to < count && link.from != link.to)
    }

    /// The scopes whose environment exists, with their users and teardown likewise,
    /// each vertex once.
    pub fn sound_scopes(&self) -> Vec<Scope> {
        let count = self.vertices.len();
        let scopes = self.scopes.iter().filter(|scope| scope.environment < count);
        scopes
            .map(|scope| {
                let teardown = scope
                    .teardown
                    .filter(|&vertex| vertex < count && vertex != scope.environment);
                let mut users = scope.users.clone();
                users.sort_unstable();
                users.dedup();
                users.retain(|&user| {
                    user < count && user != scope.environment && Some(user) != teardown
                });
                Scope {
                    environment: scope.environment,
                    teardown,
                    users,
                }
            })
            .collect()
    }

    /// The critical path without indices that point nowhere.
    pub fn sound_critical_path(&self) -> Vec<usize> {
        let path = self.critical_path.iter().copied();
        path.filter(|&vertex| vertex < self.vertices.len())
            .collect()
    }
}

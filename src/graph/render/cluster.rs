//! Environments as nested boxes, for formats that know boxes and nothing freer.

use super::picture::Picture;

/// What a writer of boxes does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Open the box of this scope, an index into [`Picture::sound_scopes`].
    Open(usize),
    /// Draw this vertex.
    Vertex(usize),
    /// Close the box opened last.
    Close,
}

/// Draws every vertex once, in the smallest scope that it belongs to. A scope whose
/// environment uses another one lies inside that one.
pub(super) fn steps(picture: &Picture) -> Vec<Step> {
    let mut contents = contents(picture);
    let mut todo = std::mem::take(&mut contents[OUTSIDE]);
    let mut steps = Vec::new();
    while let Some(step) = todo.pop() {
        steps.push(step);
        if let Step::Open(scope) = step {
            todo.push(Step::Close);
            todo.append(&mut contents[inside(scope)]);
        }
    }
    steps
}

/// Where the contents of no box stand, before those of the boxes.
const OUTSIDE: usize = 0;

fn inside(scope: usize) -> usize {
    scope + 1
}

/// What lies directly in each box, last first: inner boxes are drawn after vertices.
fn contents(picture: &Picture) -> Vec<Vec<Step>> {
    let nest = Nest::of(picture);
    let mut contents = vec![Vec::new(); nest.scope_home.len() + 1];
    for (scope, home) in nest.scope_home.iter().enumerate().rev() {
        contents[home.map_or(OUTSIDE, inside)].push(Step::Open(scope));
    }
    for (vertex, home) in nest.vertex_home.iter().enumerate().rev() {
        contents[home.map_or(OUTSIDE, inside)].push(Step::Vertex(vertex));
    }
    contents
}

struct Nest {
    vertex_home: Vec<Option<usize>>,
    scope_home: Vec<Option<usize>>,
}

impl Nest {
    fn of(picture: &Picture) -> Self {
        let scopes = picture.sound_scopes();
        let mut by_size: Vec<usize> = (0..scopes.len()).collect();
        by_size.sort_by_key(|&index| (scopes[index].users.len(), index));
        let mut vertex_home = vec![None; picture.vertices.len()];
        for (index, scope) in scopes.iter().enumerate() {
            for owned in std::iter::once(scope.environment).chain(scope.teardown) {
                vertex_home[owned].get_or_insert(index);
            }
        }
        for &index in &by_size {
            for user in &scopes[index].users {
                vertex_home[*user].get_or_insert(index);
            }
        }
        // Only a scope later in the order of size can hold one, so no two hold each other.
        let mut scope_home = vec![None; scopes.len()];
        for (rank, &inner) in by_size.iter().enumerate() {
            let holds = |outer: &usize| scopes[*outer].users.contains(&scopes[inner].environment);
            scope_home[inner] = by_size[rank + 1..].iter().copied().find(holds);
        }
        Self {
            vertex_home,
            scope_home,
        }
    }
}

//! The files of a project, as detection sees them.

/// The port to a project: the disk, or a tree in memory.
pub(crate) trait Project {
    /// Every file that counts: relative to the root, with `/`, sorted.
    fn files(&self) -> &[String];
    /// The text of a file; `None` if it is not there or is no text.
    fn read(&self, path: &str) -> Option<String>;
    /// Whether a command that runs in `dir` would find this program on this machine.
    fn has_program(&self, dir: &str, program: &str) -> bool;
}

/// A folder of a project; `dir` is relative to the root, which is `""`.
#[derive(Clone, Copy)]
pub(super) struct Folder<'p> {
    pub(super) project: &'p dyn Project,
    pub(super) dir: &'p str,
}

impl<'p> Folder<'p> {
    /// The path of one of its files, relative to the root.
    pub(super) fn path(self, name: &str) -> String {
        join(self.dir, name)
    }

    /// Whether it holds that file.
    pub(super) fn has(self, name: &str) -> bool {
        let path = self.path(name);
        self.project.files().binary_search(&path).is_ok()
    }

    /// The first of these files that it holds.
    pub(super) fn first<'n>(self, names: &[&'n str]) -> Option<&'n str> {
        names.iter().copied().find(|name| self.has(name))
    }

    /// The text of one of its files.
    pub(super) fn read(self, name: &str) -> Option<String> {
        self.has(name)
            .then(|| self.project.read(&self.path(name)))
            .flatten()
    }

    /// Every file in it and below, relative to it.
    pub(super) fn below(self) -> impl Iterator<Item = &'p str> {
        let prefix = join(self.dir, "");
        let files = self.project.files();
        let start = files.partition_point(|path| path.as_str() < prefix.as_str());
        files[start..]
            .iter()
            .map_while(move |path| path.strip_prefix(prefix.as_str()))
    }

    /// Itself, then every folder above it up to the root.
    pub(super) fn upwards(self) -> impl Iterator<Item = Folder<'p>> {
        let project = self.project;
        std::iter::successors(Some(self.dir), |dir| parent(dir))
            .map(move |dir| Folder { project, dir })
    }
}

/// The folder that a path is in; `None` for the root.
pub(super) fn parent(path: &str) -> Option<&str> {
    (!path.is_empty()).then(|| path.rsplit_once('/').map_or("", |(folder, _)| folder))
}

/// The last part of a path.
pub(super) fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn join(dir: &str, name: &str) -> String {
    if dir.is_empty() {
        name.to_owned()
    } else {
        format!("{dir}/{name}")
    }
}

//! The tools that `tests/setup.sh` installs, as a project's own.

use super::Project;

const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools");

/// The Python tools.
pub fn with_python(project: Project) -> Project {
    with_link(project, "venv", ".venv")
}

/// The JavaScript tools.
pub fn with_node(project: Project) -> Project {
    with_link(project, "node/node_modules", "node_modules")
}

fn with_link(project: Project, installed: &str, name: &str) -> Project {
    let project = project.file(
        ".gitignore",
        ".venv\nnode_modules\n__pycache__\n.coverage\n.mypy_cache\n",
    );
    let target = format!("{TOOLS}/{installed}");
    std::os::unix::fs::symlink(target, project.root().join(name)).unwrap();
    project
}

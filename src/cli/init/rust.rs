//! Cargo packages and workspaces.

use super::draft::Field;
use super::package::{Check, Role};
use super::project::Folder;

/// The time for what compiles: a first build takes long.
const BUILD_TIMEOUT: &str = "30m";
/// Cargo lets only one of them into its target folder.
const BUILD_LOCK: &str = "cargo-target";

/// What can be checked in a package, or in the workspace that it is the root of.
pub(super) fn checks(folder: Folder<'_>, notes: &mut Vec<String>) -> Vec<Check> {
    let Some(manifest) = manifest(folder, notes) else {
        return Vec::new();
    };
    if is_member(folder, &manifest) {
        return Vec::new();
    }
    let is_workspace = manifest.contains_key("workspace");
    let what = if is_workspace { "workspace" } else { "package" };
    let why = format!("A Cargo {what} ({}).", folder.path("Cargo.toml"));
    let format = Check::preset(Role::Format, "rustfmt", why)
        .tool("rustfmt")
        .program("cargo-fmt");
    let lint = building(Check::preset(Role::Lint, "clippy", "Warnings count."))
        .comment("The lock: Cargo lets only one build into its target folder at a time.")
        .tool("clippy")
        .program("cargo-clippy");
    let mut checks = vec![format, lint];
    checks.extend(tests(folder));
    checks
}

fn tests(folder: Folder<'_>) -> Vec<Check> {
    if !folder.has(".config/nextest.toml") {
        let why = "Unit, integration and documentation tests.";
        let test = Check::preset(Role::Test, "cargo-test", why);
        return vec![building(test)];
    }
    let config = folder.path(".config/nextest.toml");
    let why = format!("nextest is configured in {config}.");
    let nextest = Check::preset(Role::Test, "cargo-nextest", why);
    let mut tests = vec![building(nextest).tool("nextest").program("cargo-nextest")];
    if folder
        .below()
        .any(|path| path == "src/lib.rs" || path.ends_with("/src/lib.rs"))
    {
        let why = "nextest leaves the examples in the documentation out.";
        let doc = Check::preset(Role::Test, "cargo-test", why).args(["--doc"]);
        tests.push(building(doc).tool("doc"));
    }
    tests
}

fn building(check: Check) -> Check {
    check
        .field(Field::text("locks", BUILD_LOCK))
        .field(Field::text("timeout", BUILD_TIMEOUT))
}

fn manifest(folder: Folder<'_>, notes: &mut Vec<String>) -> Option<toml::Table> {
    match folder.read("Cargo.toml")?.parse() {
        Ok(table) => Some(table),
        Err(error) => {
            notes.push(super::unread(&folder.path("Cargo.toml"), "TOML", &error));
            None
        }
    }
}

/// Whether a workspace further up takes care of it.
fn is_member(folder: Folder<'_>, manifest: &toml::Table) -> bool {
    if manifest.contains_key("workspace") {
        return false;
    }
    folder.upwards().skip(1).any(|above| {
        let workspace = above
            .read("Cargo.toml")
            .and_then(|text| text.parse::<toml::Table>().ok())
            .and_then(|mut table| table.remove("workspace"));
        let Some(workspace) = workspace else {
            return false;
        };
        let inside = folder.dir[above.dir.len()..].trim_start_matches('/');
        let excluded = workspace.get("exclude").and_then(toml::Value::as_array);
        !excluded
            .into_iter()
            .flatten()
            .filter_map(toml::Value::as_str)
            .any(|path| {
                let path = path.trim_matches('/');
                inside == path || inside.starts_with(&format!("{path}/"))
            })
    })
}

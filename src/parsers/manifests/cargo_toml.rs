//! `Cargo.toml`.

use toml::de::{DeTable, DeValue};

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem, Shared, Wanted, exact};

const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let root = document.root();
    let package = document.table(root, &["package"])?;
    let name = package.and_then(|package| toml_text::text(package, "name"));
    manifest.own.extend(name.map(str::to_owned));
    let mut owners = vec![root];
    owners.extend(document.table(root, &["workspace"])?);
    for (name, target, line) in document.entries(document.table(root, &["target"])?) {
        let target = toml_text::as_table(target);
        let target = target.ok_or_else(|| Problem::at(line, format!("`{name}` is no table")))?;
        owners.push(target);
    }
    for owner in owners {
        for table in TABLES {
            let table = document.table(owner, &[table])?;
            for (name, value, line) in document.entries(table) {
                declare(&mut manifest, name, value, line)?;
            }
        }
    }
    if let Some(workspace) = document.table(root, &["workspace"])? {
        let shared = document.table(workspace, &["dependencies"])?;
        for (alias, value, line) in document.entries(shared) {
            let shared = match dependency(alias, value, line)? {
                Some((name, wanted)) => Shared::Library(name.to_owned(), wanted),
                None => Shared::Own,
            };
            manifest.shared.insert(alias.to_owned(), shared);
        }
        let members = document.texts(workspace, "members")?;
        manifest.members = Some(members.into_iter().map(str::to_owned).collect());
    }
    Ok(manifest)
}

fn declare(
    manifest: &mut Manifest,
    name: &str,
    value: &DeValue<'_>,
    line: u64,
) -> Result<(), Problem> {
    match dependency(name, value, line)? {
        Some((name, wanted)) => manifest.declare(name, wanted, Some(line)),
        None => manifest.own.push(renamed(name, value).to_owned()),
    }
    Ok(())
}

/// The library and its version; `None` for the project's own code.
fn dependency<'t>(
    name: &'t str,
    value: &'t DeValue<'_>,
    line: u64,
) -> Result<Option<(&'t str, Wanted)>, Problem> {
    match value {
        DeValue::String(version) => Ok(Some((name, wanted(version)))),
        DeValue::Table(table) if toml_text::get(table, "path").is_some() => Ok(None),
        DeValue::Table(table) => Ok(Some((renamed(name, value), of_table(table)))),
        _ => {
            let message = format!("`{name}` is neither a version nor a table");
            Err(Problem::at(line, message))
        }
    }
}

/// What a library is called where it comes from.
fn renamed<'t>(name: &'t str, value: &'t DeValue<'_>) -> &'t str {
    let table = toml_text::as_table(value);
    let package = table.and_then(|table| toml_text::text(table, "package"));
    package.unwrap_or(name)
}

fn of_table(table: &DeTable<'_>) -> Wanted {
    match toml_text::get(table, "workspace") {
        Some(DeValue::Boolean(true)) => Wanted::Inherited,
        _ => toml_text::text(table, "version").map_or(Wanted::Any, wanted),
    }
}

/// A bare version is the least one of a range; `=1.2.3` is exact.
fn wanted(text: &str) -> Wanted {
    match text.trim().strip_prefix('=').and_then(exact) {
        Some(version) => Wanted::Exact(version),
        None if text.trim() == "*" => Wanted::Any,
        None => Wanted::Range(text.to_owned()),
    }
}

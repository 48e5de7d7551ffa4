//! `Cargo.toml`.

use toml::de::{DeTable, DeValue};

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem, Wanted, exact};

const TABLES: &[&str] = &["dependencies", "dev-dependencies", "build-dependencies"];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let root = document.root();
    let mut owners = vec![root];
    owners.extend(toml_text::table(root, &["workspace"]));
    for (_, target, _) in document.entries(toml_text::table(root, &["target"])) {
        owners.extend(toml_text::as_table(target));
    }
    for owner in owners {
        for table in TABLES {
            let table = toml_text::table(owner, &[table]);
            for (name, value, line) in document.entries(table) {
                declare(&mut manifest, name, value, line)?;
            }
        }
    }
    Ok(manifest)
}

fn declare(
    manifest: &mut Manifest,
    name: &str,
    value: &DeValue<'_>,
    line: u64,
) -> Result<(), Problem> {
    match value {
        DeValue::String(version) => manifest.declare(name, wanted(version), Some(line)),
        DeValue::Table(table) => {
            // The project's own code.
            if toml_text::get(table, "path").is_none() {
                let name = toml_text::text(table, "package").unwrap_or(name);
                manifest.declare(name, of_table(table), Some(line));
            }
        }
        _ => {
            let message = format!("`{name}` is neither a version nor a table");
            return Err(Problem::at(line, message));
        }
    }
    Ok(())
}

fn of_table(table: &DeTable<'_>) -> Wanted {
    toml_text::text(table, "version").map_or(Wanted::Any, wanted)
}

/// A bare version is the least one of a range; `=1.2.3` is exact.
fn wanted(text: &str) -> Wanted {
    match text.trim().strip_prefix('=').and_then(exact) {
        Some(version) => Wanted::Exact(version),
        None if text.trim() == "*" => Wanted::Any,
        None => Wanted::Range(text.to_owned()),
    }
}

//! `pyproject.toml`: PEP 621, PEP 735, and Poetry's own tables.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem, Wanted, exact, pep508};

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let root = document.root();
    if let Some(project) = toml_text::table(root, &["project"]) {
        list(
            &mut manifest,
            &document,
            toml_text::elements(project, "dependencies"),
        )?;
        groups(
            &mut manifest,
            &document,
            toml_text::table(project, &["optional-dependencies"]),
        )?;
    }
    groups(
        &mut manifest,
        &document,
        toml_text::table(root, &["dependency-groups"]),
    )?;
    if let Some(uv) = toml_text::table(root, &["tool", "uv"]) {
        list(
            &mut manifest,
            &document,
            toml_text::elements(uv, "dev-dependencies"),
        )?;
    }
    if let Some(poetry) = toml_text::table(root, &["tool", "poetry"]) {
        of_poetry(&mut manifest, &document, poetry);
    }
    Ok(manifest)
}

fn groups(
    manifest: &mut Manifest,
    document: &TomlText<'_>,
    groups: Option<&DeTable<'_>>,
) -> Result<(), Problem> {
    let Some(groups) = groups else {
        return Ok(());
    };
    for (name, _) in groups {
        list(
            manifest,
            document,
            toml_text::elements(groups, name.get_ref()),
        )?;
    }
    Ok(())
}

fn list<'a, 't: 'a>(
    manifest: &mut Manifest,
    document: &TomlText<'_>,
    requirements: impl Iterator<Item = &'a Spanned<DeValue<'t>>>,
) -> Result<(), Problem> {
    for requirement in requirements {
        let line = document.line(requirement);
        match requirement.get_ref() {
            DeValue::String(text) => {
                let (name, wanted) =
                    pep508::requirement(text).map_err(|message| Problem::at(line, message))?;
                manifest.declare(name, wanted, Some(line));
            }
            // `{ include-group = "…" }`: that group is read by itself.
            DeValue::Table(_) => {}
            _ => return Err(Problem::at(line, "a requirement is a text")),
        }
    }
    Ok(())
}

fn of_poetry(manifest: &mut Manifest, document: &TomlText<'_>, poetry: &DeTable<'_>) {
    let mut tables = vec![
        toml_text::table(poetry, &["dependencies"]),
        toml_text::table(poetry, &["dev-dependencies"]),
    ];
    if let Some(groups) = toml_text::table(poetry, &["group"]) {
        for (name, _) in groups {
            tables.push(toml_text::table(groups, &[name.get_ref(), "dependencies"]));
        }
    }
    for table in tables.into_iter().flatten() {
        for (name, value) in table {
            let (name, line) = (&**name.get_ref(), document.line(name));
            if name == "python" {
                continue;
            }
            if let Some(wanted) = of_value(value.get_ref()) {
                manifest.declare(name, wanted, Some(line));
            }
        }
    }
}

/// `None` for the project's own code.
fn of_value(value: &DeValue<'_>) -> Option<Wanted> {
    match value {
        DeValue::String(text) => Some(wanted(text)),
        DeValue::Table(table) if toml_text::get(table, "path").is_some() => None,
        DeValue::Table(table) => {
            Some(toml_text::text(table, "version").map_or(Wanted::Any, wanted))
        }
        _ => Some(Wanted::Any),
    }
}

fn wanted(text: &str) -> Wanted {
    match exact(text) {
        Some(version) => Wanted::Exact(version),
        None if text.trim() == "*" => Wanted::Any,
        None => Wanted::Range(text.to_owned()),
    }
}

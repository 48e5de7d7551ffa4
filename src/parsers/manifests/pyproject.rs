//! `pyproject.toml`: PEP 621, PEP 735, and Poetry's own tables.

use toml::de::{DeTable, DeValue};

use super::toml_text::{self, TomlText};
use super::{Include, Manifest, Problem, Wanted, exact, pep508};

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let root = document.root();
    if let Some(project) = document.table(root, &["project"])? {
        let name = toml_text::text(project, "name");
        manifest.own.extend(name.map(str::to_owned));
        list(&mut manifest, &document, project, "dependencies")?;
        let groups = document.table(project, &["optional-dependencies"])?;
        self::groups(&mut manifest, &document, groups)?;
        dynamic(&mut manifest, &document, project)?;
    }
    let groups = document.table(root, &["dependency-groups"])?;
    self::groups(&mut manifest, &document, groups)?;
    if let Some(uv) = document.table(root, &["tool", "uv"])? {
        list(&mut manifest, &document, uv, "dev-dependencies")?;
        for (name, source, _) in document.entries(document.table(uv, &["sources"])?) {
            manifest.own.extend(is_own(source).then(|| name.to_owned()));
        }
    }
    if let Some(poetry) = document.table(root, &["tool", "poetry"])? {
        let name = toml_text::text(poetry, "name");
        manifest.own.extend(name.map(str::to_owned));
        of_poetry(&mut manifest, &document, poetry)?;
    }
    Ok(manifest)
}

/// Whether a source of uv is the project's own code. There may be several, each for a platform.
fn is_own(source: &DeValue<'_>) -> bool {
    let own = ["path", "workspace"];
    match source {
        DeValue::Table(table) => own.iter().any(|own| toml_text::get(table, own).is_some()),
        DeValue::Array(several) => several.iter().all(|one| is_own(one.get_ref())),
        _ => false,
    }
}

/// What the project leaves to its build: files that it names are read, anything else is not known.
fn dynamic<'t>(
    manifest: &mut Manifest,
    document: &TomlText<'t>,
    project: &DeTable<'t>,
) -> Result<(), Problem> {
    let tool = |path: &[&str]| document.table(document.root(), path);
    let setuptools = tool(&["tool", "setuptools", "dynamic"])?;
    let is_of_poetry = tool(&["tool", "poetry", "dependencies"])?.is_some();
    for field in document.elements(project, "dynamic")? {
        let line = document.line(field);
        let name = toml_text::as_text(field.get_ref()).unwrap_or_default();
        let said = setuptools.and_then(|table| toml_text::get(table, name));
        let files = match (name, said) {
            ("dependencies", Some(said)) => files(said),
            ("optional-dependencies", Some(DeValue::Table(groups))) => {
                let groups = groups.iter().map(|(_, group)| files(group.get_ref()));
                let files: Option<Vec<Vec<&str>>> = groups.collect();
                files.map(|files| files.concat())
            }
            // Poetry's own table says them.
            ("dependencies", None) if is_of_poetry => Some(Vec::new()),
            ("dependencies" | "optional-dependencies", _) => None,
            _ => Some(Vec::new()),
        };
        let files = files.ok_or_else(|| {
            let message = format!("`{name}` is dynamic: only its build says what it names");
            Problem::at(line, message)
        })?;
        manifest
            .includes
            .extend(files.into_iter().map(|path| Include {
                path: path.to_owned(),
                constraints: false,
                line,
            }));
    }
    Ok(())
}

/// The files of `{ file = … }`, if it says any.
fn files<'a>(said: &'a DeValue<'_>) -> Option<Vec<&'a str>> {
    match toml_text::get(toml_text::as_table(said)?, "file")? {
        DeValue::String(path) => Some(vec![path]),
        DeValue::Array(paths) => paths
            .iter()
            .map(|path| toml_text::as_text(path.get_ref()))
            .collect(),
        _ => None,
    }
}

fn groups<'t>(
    manifest: &mut Manifest,
    document: &TomlText<'t>,
    groups: Option<&DeTable<'t>>,
) -> Result<(), Problem> {
    let Some(groups) = groups else {
        return Ok(());
    };
    for (name, _) in groups {
        list(manifest, document, groups, name.get_ref())?;
    }
    Ok(())
}

fn list<'t>(
    manifest: &mut Manifest,
    document: &TomlText<'t>,
    owner: &DeTable<'t>,
    name: &str,
) -> Result<(), Problem> {
    for requirement in document.elements(owner, name)? {
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

fn of_poetry<'t>(
    manifest: &mut Manifest,
    document: &TomlText<'t>,
    poetry: &DeTable<'t>,
) -> Result<(), Problem> {
    let mut tables = vec![
        document.table(poetry, &["dependencies"])?,
        document.table(poetry, &["dev-dependencies"])?,
    ];
    if let Some(groups) = document.table(poetry, &["group"])? {
        for (name, _) in groups {
            tables.push(document.table(groups, &[name.get_ref(), "dependencies"])?);
        }
    }
    for table in tables {
        for (name, value, line) in document.entries(table) {
            if name == "python" {
                continue;
            }
            if is_path(value) {
                manifest.own.push(name.to_owned());
                continue;
            }
            let wanted = of_value(value).ok_or_else(|| {
                Problem::at(line, format!("`{name}` is neither a version nor a table"))
            })?;
            manifest.declare(name, wanted, Some(line));
        }
    }
    Ok(())
}

/// Whether it is the project's own code.
fn is_path(value: &DeValue<'_>) -> bool {
    toml_text::as_table(value).is_some_and(|table| toml_text::get(table, "path").is_some())
}

fn of_value(value: &DeValue<'_>) -> Option<Wanted> {
    match value {
        DeValue::String(text) => Some(wanted(text)),
        DeValue::Table(table) => {
            Some(toml_text::text(table, "version").map_or(Wanted::Any, wanted))
        }
        // One for each platform or version of Python.
        DeValue::Array(_) => Some(Wanted::Any),
        _ => None,
    }
}

fn wanted(text: &str) -> Wanted {
    match exact(text) {
        Some(version) => Wanted::Exact(version),
        None if text.trim() == "*" => Wanted::Any,
        None => Wanted::Range(text.to_owned()),
    }
}

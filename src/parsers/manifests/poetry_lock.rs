//! `poetry.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    for package in toml_text::elements(document.root(), "package") {
        let table = toml_text::as_table(package.get_ref());
        let field = |name| table.and_then(|table| toml_text::text(table, name));
        let (Some(name), Some(version)) = (field("name"), field("version")) else {
            let line = document.line(package);
            return Err(Problem::at(line, "a package without a name or a version"));
        };
        manifest.pin(name, version, false);
    }
    Ok(manifest)
}

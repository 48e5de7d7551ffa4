//! `uv.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Where the project's own code comes from.
const OWN: &[&str] = &["editable", "virtual", "directory"];

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    for package in document.elements(document.root(), "package")? {
        let nameless = || Problem::at(document.line(package), "a package without a name");
        let table = toml_text::as_table(package.get_ref()).ok_or_else(nameless)?;
        let name = toml_text::text(table, "name").ok_or_else(nameless)?;
        let source = document.table(table, &["source"])?;
        let is_own = source
            .is_some_and(|source| OWN.iter().any(|own| toml_text::get(source, own).is_some()));
        if is_own {
            manifest.own.push(name.to_owned());
            continue;
        }
        if let Some(version) = toml_text::text(table, "version") {
            manifest.pin(name, version, false);
        }
    }
    Ok(manifest)
}

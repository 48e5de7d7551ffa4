//! `poetry.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    for package in document.packages()? {
        let source = document.table(package.table, &["source"])?;
        if source.and_then(|source| toml_text::text(source, "type")) == Some("directory") {
            manifest.own.push(package.name.to_owned());
            continue;
        }
        manifest.pin(package.name, package.version, false);
    }
    Ok(manifest)
}

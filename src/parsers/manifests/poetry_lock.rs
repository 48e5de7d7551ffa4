//! `poetry.lock`.

use super::toml_text::TomlText;
use super::{Manifest, Problem};

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    for package in document.packages() {
        let package = package?;
        manifest.pin(package.name, package.version, false);
    }
    Ok(manifest)
}

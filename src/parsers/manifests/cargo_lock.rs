//! `Cargo.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Reads it. What a package without a source asks for, the project asks for itself.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let mut asked: Vec<(&str, Option<&str>)> = Vec::new();
    for package in document.packages() {
        let package = package?;
        if toml_text::get(package.table, "source").is_some() {
            manifest.pin(package.name, package.version, false);
            continue;
        }
        for dependency in toml_text::elements(package.table, "dependencies") {
            let mut words = toml_text::as_text(dependency.get_ref())
                .unwrap_or_default()
                .split(' ');
            // The version stands there if there are several of that name.
            asked.push((words.next().unwrap_or_default(), words.next()));
        }
    }
    for pin in &mut manifest.pins {
        pin.direct = asked.iter().any(|(name, version)| {
            *name == pin.name && version.is_none_or(|version| version == pin.version)
        });
    }
    Ok(manifest)
}

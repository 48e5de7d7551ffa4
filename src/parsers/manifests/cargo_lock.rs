//! `Cargo.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Reads it. A package without a source is the project's own: what that asks for, the project asks
/// for itself.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let mut asked: Vec<(&str, Option<&str>)> = Vec::new();
    for package in document.packages()? {
        if toml_text::get(package.table, "source").is_some() {
            manifest.pin(package.name, package.version, false);
            continue;
        }
        manifest.own.push(package.name.to_owned());
        for dependency in document.texts(package.table, "dependencies")? {
            let mut words = dependency.split(' ');
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

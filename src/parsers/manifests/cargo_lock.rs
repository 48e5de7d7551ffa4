//! `Cargo.lock`.

use super::toml_text::{self, TomlText};
use super::{Manifest, Problem};

/// Reads it. What a package without a source asks for, the project asks for itself.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let document = TomlText::parse(text)?;
    let mut manifest = Manifest::default();
    let mut asked: Vec<(&str, Option<&str>)> = Vec::new();
    for package in toml_text::elements(document.root(), "package") {
        let table = toml_text::as_table(package.get_ref());
        let field = |name| table.and_then(|table| toml_text::text(table, name));
        let (Some(name), Some(version)) = (field("name"), field("version")) else {
            let line = document.line(package);
            return Err(Problem::at(line, "a package without a name or a version"));
        };
        if field("source").is_some() {
            manifest.pin(name, version, false);
            continue;
        }
        for dependency in table
            .into_iter()
            .flat_map(|own| toml_text::elements(own, "dependencies"))
        {
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

//! `package-lock.json`, of every version of its format.

use serde_json::{Map, Value};

use super::{Manifest, Pin, Problem};

const FOLDER: &str = "node_modules/";

/// Reads it.
pub(super) fn read(text: &str) -> Result<Manifest, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let document: Value = serde_json::from_str(text).map_err(|error| Problem::of_json(&error))?;
    let object = |name: &str| document.get(name).and_then(Value::as_object);
    let mut manifest = Manifest::default();
    match (object("packages"), object("dependencies")) {
        (Some(packages), _) => of_packages(&mut manifest, packages),
        (None, Some(dependencies)) => of_dependencies(&mut manifest, dependencies),
        (None, None) if document.get("lockfileVersion").is_some() => {}
        (None, None) => {
            return Err(Problem::at(
                1,
                "it has neither `packages` nor `dependencies`",
            ));
        }
    }
    Ok(manifest)
}

/// Versions 2 and 3: one entry for each folder. What lies in the folder of another package is what
/// that one asks for; what lies beside a member of the workspace is what only that member does.
fn of_packages(manifest: &mut Manifest, packages: &Map<String, Value>) {
    for (path, package) in packages {
        let Some((owner, folder)) = path.rsplit_once(FOLDER) else {
            continue;
        };
        if package.get("link").is_some() {
            manifest.own.push(folder.to_owned());
            continue;
        }
        let name = package
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or(folder);
        if let Some(version) = package.get("version").and_then(Value::as_str) {
            manifest.pins.push(Pin {
                name: name.to_owned(),
                version: version.to_owned(),
                direct: !owner.contains(FOLDER),
                folder: owner.trim_end_matches('/').to_owned(),
            });
        }
    }
}

/// Version 1: a tree.
fn of_dependencies(manifest: &mut Manifest, dependencies: &Map<String, Value>) {
    let mut open: Vec<(&Map<String, Value>, bool)> = vec![(dependencies, true)];
    while let Some((level, direct)) = open.pop() {
        for (name, package) in level {
            if let Some(version) = package.get("version").and_then(Value::as_str) {
                manifest.pin(name, version, direct);
            }
            let inner = package.get("dependencies").and_then(Value::as_object);
            open.extend(inner.map(|inner| (inner, false)));
        }
    }
}

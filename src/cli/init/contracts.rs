//! API contracts of a project → the node that keeps them.

use super::detect::FIXTURES;
use super::draft::{Draft, Field};
use super::project::{Project, file_name};

/// What contracts are usually called, without their ending.
const NAMES: &[&str] = &["openapi", "swagger"];

const ENDINGS: &[&str] = &["yaml", "yml", "json"];

/// The node for all contracts; nothing if there is none.
pub(super) fn draft(project: &dyn Project) -> Option<Draft> {
    let contracts: Vec<String> = project
        .files()
        .iter()
        .filter(|path| is_contract(project, path))
        .cloned()
        .collect();
    (!contracts.is_empty()).then(|| Draft {
        comment: vec![
            "Whoever keeps to what was promised at the base can go on, or the major version rises."
                .to_owned(),
        ],
        kind: "contract",
        id: "contracts".to_owned(),
        fields: vec![
            Field::texts("spec", contracts),
            Field::text("against", "base:"),
            Field::text("breaking", "major"),
        ],
    })
}

fn is_contract(project: &dyn Project, path: &str) -> bool {
    let named = file_name(path)
        .rsplit_once('.')
        .is_some_and(|(name, ending)| NAMES.contains(&name) && ENDINGS.contains(&ending));
    // What has a meaning in a pattern would not be that file.
    let plain = !path.contains(['*', '?', '[', '{', '\\']);
    let own = !path.split('/').any(|part| FIXTURES.contains(&part));
    let says = || {
        let text = project.read(path).unwrap_or_default();
        NAMES.iter().any(|name| text.contains(name))
    };
    named && plain && own && says()
}

#[cfg(test)]
mod tests {
    use crate::cli::init::tests::{generate, tree};

    #[test]
    fn contracts_that_are_called_so_are_kept_and_those_of_tests_are_not() {
        let contract = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n";
        let project = tree(&[
            ("api/openapi.yaml", contract),
            ("web/swagger.json", "{\"swagger\": \"2.0\"}"),
            ("tests/fixtures/openapi.yaml", contract),
            ("docs/openapi.yml", "something else"),
        ]);
        let (_, text) = generate(&project, None);
        let spec = "spec \"api/openapi.yaml\" \"web/swagger.json\"";
        assert!(text.contains("contract \"contracts\" {"), "{text}");
        assert!(text.contains(spec), "{text}");
    }
}

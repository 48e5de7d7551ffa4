//! Findings by endpoint, in the order in which the endpoints are first named.

use crate::contract::compare::Finding;

/// An endpoint and the places of its findings in the list.
pub(super) struct Group {
    pub endpoint: String,
    pub places: Vec<usize>,
}

/// The findings that are wanted, by endpoint.
pub(super) fn groups(findings: &[Finding], wanted: impl Fn(&Finding) -> bool) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for (place, finding) in findings.iter().enumerate() {
        if !wanted(finding) {
            continue;
        }
        let endpoint = format!("{} {}", finding.method, finding.path);
        let group = *known.entry(endpoint.clone()).or_insert(groups.len());
        match groups.get_mut(group) {
            Some(group) => group.places.push(place),
            None => groups.push(Group {
                endpoint,
                places: vec![place],
            }),
        }
    }
    groups
}

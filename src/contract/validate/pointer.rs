//! The JSON pointer to a node.

use crate::yaml::{Value, Yaml};

/// The way from a root to a node of its tree, as far as it can be told.
pub(super) fn pointer(root: &Yaml, node: &Yaml) -> String {
    let mut way = String::new();
    let mut here = root;
    while !std::ptr::eq(here, node) {
        let next = match &here.value {
            Value::Scalar { .. } => None,
            Value::Sequence(items) => {
                let place = items.iter().position(|item| holds(item, node));
                place.map(|place| (place.to_string(), &items[place]))
            }
            Value::Mapping(entries) => {
                let entry = entries.iter().find(|entry| holds(&entry.value, node));
                entry.map(|entry| (escaped(&entry.key), &entry.value))
            }
        };
        let Some((step, inner)) = next else { break };
        way.push('/');
        way.push_str(&step);
        here = inner;
    }
    way
}

fn holds(outer: &Yaml, inner: &Yaml) -> bool {
    std::ptr::eq(outer, inner)
        || (outer.range.start <= inner.range.start && inner.range.end <= outer.range.end)
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;

    #[test]
    fn a_pointer_leads_back_to_its_node() {
        let root = parse("a: {b/c: [x, {d~: 1}]}\ne: 2\n").unwrap();
        let list = root.get("a").unwrap().get("b/c").unwrap();
        let deep = list.items()[1].get("d~").unwrap();
        assert_eq!(pointer(&root, deep), "/a/b~1c/1/d~0");
        assert_eq!(pointer(&root, &root), "");
        assert_eq!(pointer(&root, root.get("e").unwrap()), "/e");
    }
}

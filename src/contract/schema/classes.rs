//! Which schemas say the same, however they are shared: the coarsest classes in which two nodes
//! have equal keywords and children of equal classes.

use std::collections::HashMap;

use super::{Graph, Keywords, SchemaId};

/// The first node of the class of every node.
pub fn classes(graph: &Graph) -> Vec<SchemaId> {
    let count = u32::try_from(graph.len()).unwrap_or(u32::MAX);
    let children: Vec<Vec<SchemaId>> = (0..count)
        .map(|id| graph.get(SchemaId(id)).children())
        .collect();
    let mut known = HashMap::new();
    let mut class: Vec<u32> = (0..count)
        .map(|id| number(&mut known, local(graph.get(SchemaId(id)))))
        .collect();
    let mut distinct = known.len();
    loop {
        let mut known = HashMap::new();
        let next: Vec<u32> = (0..class.len())
            .map(|id| {
                let below: Vec<u32> = children[id].iter().map(|c| class[c.index()]).collect();
                number(&mut known, (class[id], below))
            })
            .collect();
        let more = known.len() > distinct;
        distinct = known.len();
        class = next;
        if !more {
            break;
        }
    }
    let mut first = HashMap::new();
    (0..count)
        .zip(&class)
        .map(|(id, class)| *first.entry(*class).or_insert(SchemaId(id)))
        .collect()
}

fn number<K: std::hash::Hash + Eq>(known: &mut HashMap<K, u32>, key: K) -> u32 {
    let next = u32::try_from(known.len()).unwrap_or(u32::MAX);
    *known.entry(key).or_insert(next)
}

/// The keywords without the identity of the children, as a text.
fn local(keywords: &Keywords) -> String {
    let blank = SchemaId(0);
    let mut bare = keywords.clone();
    if let Some(values) = &mut bare.values {
        values.sort_by_cached_key(ToString::to_string);
    }
    let lists = [
        &mut bare.prefix,
        &mut bare.all_of,
        &mut bare.any_of,
        &mut bare.one_of,
    ];
    for list in lists {
        list.fill(blank);
    }
    let singles = [
        &mut bare.items,
        &mut bare.contains,
        &mut bare.additional,
        &mut bare.names,
        &mut bare.not,
    ];
    for single in singles {
        *single = single.map(|_| blank);
    }
    let maps = [
        &mut bare.properties,
        &mut bare.patterns,
        &mut bare.dependent_schemas,
    ];
    for map in maps {
        for id in map.values_mut() {
            *id = blank;
        }
    }
    bare.condition = bare
        .condition
        .map(|(_, then, otherwise)| (blank, then.map(|_| blank), otherwise.map(|_| blank)));
    format!("{bare:?}")
}

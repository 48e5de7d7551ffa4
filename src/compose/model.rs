//! What compose files declare, as far as it can be known without Docker.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::yaml::{self, Mistake, Yaml};

/// What one compose file declares.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Model {
    /// Its services, in the order of the file.
    pub services: Vec<ServiceModel>,
    /// Whether it brings in other files, so that there may be more services than these.
    pub open: bool,
    /// Containers, volumes and networks with a name of their own, which others may use: what they
    /// are called here, that name, and where it stands.
    pub shared: Vec<(String, String, Range<usize>)>,
}

/// A service.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ServiceModel {
    /// Its name.
    pub name: String,
    /// Container ports that are reachable from outside.
    pub ports: Vec<u16>,
    /// Whether there may be other ports, which only Docker can tell.
    pub more_ports: bool,
}

impl Model {
    /// Reads a compose file.
    pub fn read(text: &str) -> Result<Self, Mistake> {
        let tree = yaml::parse(text)?;
        let Some(services) = tree.get("services") else {
            if tree.get("include").is_none() {
                return Err(Mistake {
                    message: "there are no `services`".to_owned(),
                    range: 0..0,
                });
            }
            return Ok(Self {
                open: true,
                ..Self::default()
            });
        };
        let services: Vec<ServiceModel> = services
            .entries()
            .iter()
            .map(|entry| service(&entry.key, &entry.value))
            .collect();
        Ok(Self {
            services,
            open: tree.get("include").is_some(),
            shared: ["volumes", "networks"]
                .iter()
                .filter_map(|kind| tree.get(kind))
                .flat_map(shared)
                .chain(named_containers(&tree))
                .collect(),
        })
    }

    /// The same with another file laid over it, as Compose does with several.
    #[must_use]
    pub fn with(mut self, other: Model) -> Self {
        for service in other.services {
            match self
                .services
                .iter_mut()
                .find(|known| known.name == service.name)
            {
                Some(known) => {
                    known.ports.extend(service.ports);
                    known.more_ports |= service.more_ports;
                }
                None => self.services.push(service),
            }
        }
        self.open |= other.open;
        self.shared.extend(other.shared);
        self
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&ServiceModel> {
        self.services.iter().find(|service| service.name == name)
    }
}

fn service(name: &str, value: &Yaml) -> ServiceModel {
    let fields = fields(value);
    let written = fields.get("ports").map_or(&[][..], |ports| ports.items());
    let ports: Vec<Option<Vec<u16>>> = written.iter().map(container_ports).collect();
    ServiceModel {
        name: name.to_owned(),
        more_ports: fields.contains_key("extends") || ports.iter().any(Option::is_none),
        ports: ports.into_iter().flatten().flatten().collect(),
    }
}

/// The fields of a mapping with those that `<<` merges into it.
fn fields(value: &Yaml) -> BTreeMap<&str, &Yaml> {
    let mut found: BTreeMap<&str, &Yaml> = BTreeMap::new();
    let mut open = vec![value];
    while let Some(mapping) = open.pop() {
        for entry in mapping.entries().iter().filter(|entry| entry.key != "<<") {
            found.entry(&entry.key).or_insert(&entry.value);
        }
        if let Some(merged) = mapping.get("<<") {
            open.push(merged);
            open.extend(merged.items());
        }
    }
    found
}

/// The container ports of an entry of `ports`; `None` if only Docker can tell.
fn container_ports(entry: &Yaml) -> Option<Vec<u16>> {
    let text = match entry.get("target") {
        Some(target) => target.text()?,
        None => entry.text()?,
    };
    let text = text.split('/').next()?;
    let inside = text.rsplit(':').next()?;
    let (first, last) = inside.split_once('-').unwrap_or((inside, inside));
    Some((first.parse().ok()?..=last.parse().ok()?).collect())
}

/// Services whose container has a name of its own.
fn named_containers(tree: &Yaml) -> Vec<(String, String, Range<usize>)> {
    let services = tree.get("services").map_or(&[][..], Yaml::entries);
    let named = services.iter().filter_map(|entry| {
        let fields = fields(&entry.value);
        let name = fields.get("container_name")?;
        Some((
            entry.key.clone(),
            name.text()?.to_owned(),
            name.range.clone(),
        ))
    });
    named.collect()
}

/// Volumes or networks with a name of their own that Compose would make and remove.
fn shared(kind: &Yaml) -> Vec<(String, String, Range<usize>)> {
    let named = kind.entries().iter().filter_map(|entry| {
        let fields = fields(&entry.value);
        let is_external = fields
            .get("external")
            .is_some_and(|external| external.truth() != Some(false));
        let name = fields.get("name").filter(|_| !is_external)?;
        let own = name.text()?;
        // A name that begins with that of the project is nobody else's.
        let of_project = own.starts_with("${COMPOSE_PROJECT_NAME}");
        (!of_project).then(|| (entry.key.clone(), own.to_owned(), name.range.clone()))
    });
    named.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn model(text: &str) -> Model {
        Model::read(text).unwrap()
    }

    #[test]
    fn services_have_names_and_ports_in_every_way_to_write_them() {
        let model = model(
            "services:\n  api:\n    ports: [\"8000\", \"127.0.0.1:8001:9000\", 53:53/udp, 3000-3002, {target: 443}]\n  db: {}\n",
        );
        let api = model.service("api").unwrap();
        assert_eq!(api.ports, [8000, 9000, 53, 3000, 3001, 3002, 443]);
        assert!(!api.more_ports);
        assert!(model.service("db").unwrap().ports.is_empty());
    }

    #[test]
    fn what_only_docker_can_tell_is_left_open() {
        let model = model("include: [a.yaml]\nservices:\n  api: {ports: [\"${PORT}\"]}\n");
        assert!(model.open && model.service("api").unwrap().more_ports);
    }

    #[test]
    fn merged_fields_count() {
        let model = model("x: &x {ports: ['80']}\nservices:\n  api:\n    <<: *x\n    image: i\n");
        assert_eq!(model.service("api").unwrap().ports, [80]);
    }

    #[test]
    fn names_that_others_may_use_are_known() {
        let model = model(
            "services: {}\nvolumes:\n  a: {name: data}\n  b: {name: other, external: true}\n  c:\n  d: {name: '${COMPOSE_PROJECT_NAME}_d'}\n",
        );
        let names: Vec<_> = model
            .shared
            .iter()
            .map(|(key, name, _)| (&**key, &**name))
            .collect();
        assert_eq!(names, [("a", "data")]);
    }

    #[test]
    fn a_file_without_services_is_refused() {
        assert!(Model::read("version: '3'\n").is_err());
    }
}

//! Who is let in.

use std::collections::{BTreeMap, BTreeSet};

use super::url::plain;
use super::{Document, Version};
use crate::contract::load::At;
use crate::contract::model::Way;
use crate::yaml::{Entry, Yaml};

/// Most ways that the flows of a requirement's schemes are written out as.
const MOST_WAYS: usize = 64;

/// Where clients go for a token. A changed `refreshUrl` keeps nobody out who asks anew.
const ADDRESSES: &[&str] = &["authorizationUrl", "deviceAuthorizationUrl", "tokenUrl"];

/// What a scheme is, once for each flow by which it lets in.
type Flows = Vec<Flow>;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Flow {
    /// What it is.
    known_by: String,
    /// Its name, if the scheme has others.
    name: Option<String>,
}

impl<'a> Document<'a, '_> {
    /// The ways to be let in. A scheme is known by what it is, since its name is nobody's business.
    pub(super) fn security(&self, at: At<'a>) -> Vec<Way> {
        let written = at.get("security").or_else(|| self.root.get("security"));
        let ways = written.map_or(&[][..], |at| at.node.items());
        ways.iter().flat_map(|way| self.ways(way)).collect()
    }

    /// A requirement, once for each choice of flows.
    fn ways(&self, requirement: &Yaml) -> Vec<Way> {
        let mut schemes: BTreeMap<Flows, (String, BTreeSet<String>)> = BTreeMap::new();
        for Entry { key, value, .. } in requirement.entries() {
            let known = schemes.entry(self.flows(key));
            let (_, scopes) = known.or_insert_with(|| (key.clone(), BTreeSet::new()));
            let own = value.items().iter().filter_map(Yaml::text);
            scopes.extend(own.map(str::to_owned));
        }
        let choices = schemes
            .keys()
            .fold(1, |all: usize, flows| all.saturating_mul(flows.len()));
        let mut ways = vec![Way::new()];
        for (flows, (name, scopes)) in schemes {
            let flows = if choices > MOST_WAYS {
                vec![together(&flows)]
            } else {
                flows
            };
            let each = ways.iter().flat_map(|way| {
                flows.iter().map(|flow| {
                    let shown = match &flow.name {
                        Some(flow) => format!("{name} by {flow}"),
                        None => name.clone(),
                    };
                    let mut way = way.clone();
                    way.insert(flow.known_by.clone(), (shown, scopes.clone()));
                    way
                })
            });
            ways = each.collect();
        }
        ways
    }

    fn flows(&self, name: &str) -> Flows {
        let Some(at) = self.scheme(name) else {
            return vec![only(name.to_owned())];
        };
        let text = |key: &str| at.text(key).unwrap_or_default();
        let known_by = match text("type").to_lowercase().as_str() {
            "basic" => "http basic".to_owned(),
            "http" => format!("http {}", text("scheme").to_lowercase()),
            "apikey" => {
                let (place, key) = (text("in").to_lowercase(), text("name"));
                // Only names of headers do without capitals.
                let key = match place.as_str() {
                    "header" => key.to_lowercase(),
                    _ => key.to_owned(),
                };
                format!("apiKey {place} {key}")
            }
            "openidconnect" => format!("openIdConnect {}", plain(text("openIdConnectUrl"))),
            "mutualtls" => "mutualTLS".to_owned(),
            "oauth2" => return oauth(at),
            other => format!("{other} {name}"),
        };
        vec![only(known_by)]
    }

    /// What is declared by that name; from 3.2 on, an address names a scheme as well.
    fn scheme(&self, name: &str) -> Option<At<'a>> {
        let known = if self.version == Version::Two {
            self.root.get("securityDefinitions")
        } else {
            let components = self.root.get("components");
            components.and_then(|at| at.get("securitySchemes"))
        };
        let written = known.and_then(|known| known.get(name));
        let named = || self.library.resolve(self.root, name).ok();
        let addressed = || (self.version == Version::Three).then(named).flatten();
        self.library.follow(written.or_else(addressed)?).ok()
    }
}

fn only(known_by: String) -> Flow {
    Flow {
        known_by,
        name: None,
    }
}

/// All flows as one.
fn together(flows: &[Flow]) -> Flow {
    let all: Vec<&str> = flows.iter().map(|flow| flow.known_by.as_str()).collect();
    only(all.join(" "))
}

/// Where tokens come from, whatever the version calls the flow.
fn oauth(at: At<'_>) -> Flows {
    let flow = |name: &str, at: At<'_>| {
        let urls = ADDRESSES.iter().filter_map(|key| at.text(key));
        let urls: Vec<String> = urls.map(plain).collect();
        Flow {
            known_by: format!("oauth2 {name} {}", urls.join(" ")),
            name: Some(name.to_owned()),
        }
    };
    let mut all: Flows = at
        .each("flows")
        .filter(|(name, _)| !name.starts_with("x-"))
        .map(|(name, at)| flow(name, at))
        .collect();
    all.extend(at.text("flow").map(|name| {
        let name = match name {
            "application" => "clientCredentials",
            "accessCode" => "authorizationCode",
            other => other,
        };
        flow(name, at)
    }));
    if all.is_empty() {
        return vec![only("oauth2".to_owned())];
    }
    all.sort();
    if let [single] = all.as_mut_slice() {
        single.name = None;
    }
    all
}

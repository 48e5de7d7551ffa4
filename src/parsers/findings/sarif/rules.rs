//! What a tool says of its rules.

use std::collections::HashMap;
use std::sync::OnceLock;

use serde::Deserialize;
use serde_json::Value;

use super::message::Text;

#[derive(Default, Deserialize)]
pub(super) struct Tool {
    #[serde(default)]
    driver: Component,
    #[serde(default)]
    extensions: Option<Vec<Component>>,
}

/// The tool itself, or a plug-in of it.
#[derive(Default, Deserialize)]
pub(super) struct Component {
    name: Option<String>,
    guid: Option<String>,
    #[serde(default)]
    rules: Option<Vec<Rule>>,
    #[serde(skip)]
    by_id: OnceLock<HashMap<String, usize>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) id: Option<String>,
    short_description: Option<Text>,
    full_description: Option<Text>,
    #[serde(default)]
    pub(super) message_strings: Option<HashMap<String, Text>>,
    default_configuration: Option<Configuration>,
    properties: Option<Properties>,
}

#[derive(Deserialize)]
struct Configuration {
    level: Option<String>,
}

#[derive(Deserialize)]
struct Properties {
    /// A number, as text or bare.
    #[serde(rename = "security-severity")]
    security_severity: Option<Value>,
}

/// How a result names its rule.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RuleReference {
    pub(super) id: Option<String>,
    pub(super) index: Option<i64>,
    tool_component: Option<ComponentReference>,
}

#[derive(Deserialize)]
struct ComponentReference {
    index: Option<i64>,
    name: Option<String>,
    guid: Option<String>,
}

impl Tool {
    /// The rule that a result names.
    pub(super) fn rule(&self, named: &RuleReference) -> Option<&Rule> {
        let component = match &named.tool_component {
            Some(component) => self.component(component)?,
            None => &self.driver,
        };
        if let Some(rule) = component.at(named.index) {
            return Some(rule);
        }
        let id = named.id.as_deref()?;
        let extensions = self.extensions.iter().flatten();
        let mut components = std::iter::once(component)
            .chain([&self.driver])
            .chain(extensions);
        components.find_map(|component| component.named(id))
    }

    fn component(&self, named: &ComponentReference) -> Option<&Component> {
        let extensions = self.extensions.as_deref().unwrap_or_default();
        if let Some(index) = named.index.and_then(|index| usize::try_from(index).ok()) {
            return extensions.get(index);
        }
        extensions.iter().chain([&self.driver]).find(|component| {
            let same_guid = named.guid.is_some() && component.guid == named.guid;
            same_guid || (named.name.is_some() && component.name == named.name)
        })
    }
}

impl Component {
    fn at(&self, index: Option<i64>) -> Option<&Rule> {
        self.rules.as_ref()?.get(usize::try_from(index?).ok()?)
    }

    /// The rule of that id, or the one that it is a part of: `CA1000/1` is one of `CA1000`.
    fn named(&self, id: &str) -> Option<&Rule> {
        let rules = self.rules.as_ref()?;
        let by_id = self.by_id.get_or_init(|| {
            let ids = rules.iter().enumerate().rev();
            ids.filter_map(|(index, rule)| Some((rule.id.clone()?, index)))
                .collect()
        });
        let outer = id.rsplit_once('/').map(|(outer, _)| outer);
        let index = by_id.get(id).or_else(|| by_id.get(outer?))?;
        rules.get(*index)
    }
}

impl Rule {
    /// The level of its results that name none.
    pub(super) fn level(&self) -> Option<&str> {
        self.default_configuration.as_ref()?.level.as_deref()
    }

    /// The score from 0 to 10 that scanners add for platforms that show it.
    pub(super) fn score(&self) -> Option<f64> {
        match self.properties.as_ref()?.security_severity.as_ref()? {
            Value::String(text) => text.trim().parse().ok(),
            other => other.as_f64(),
        }
    }

    /// What it is about.
    pub(super) fn summary(&self) -> Option<String> {
        let told = [&self.short_description, &self.full_description];
        told.into_iter()
            .flatten()
            .find_map(|text| text.text.clone())
    }
}

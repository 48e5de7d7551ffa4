//! What sorts of work items there are, and how far one can be.

/// A sort of work item.
#[derive(Debug)]
pub struct ItemType {
    /// Its word in files and on the command line.
    pub name: &'static str,
    /// How people call it.
    pub title: &'static str,
    /// Whether its specification has to be complete before the item can be created.
    pub specified: bool,
    template: &'static str,
}

const PLAIN: &str = include_str!("../../templates/work_item_spec.md");
const INTEGRATION: &str = include_str!("../../templates/integration_test_spec.md");

macro_rules! types {
    ($($name:literal $title:literal $template:ident $specified:literal)*) => {
        /// Every sort of work item.
        pub const TYPES: &[ItemType] = &[$(ItemType {
            name: $name,
            title: $title,
            specified: $specified,
            template: $template,
        }),*];
    };
}

types! {
    "feature" "Feature" PLAIN false
    "bug" "Bug" PLAIN false
    "refactor" "Refactor" PLAIN false
    "security" "Security" PLAIN false
    "integration_test" "Integration Test" INTEGRATION true
    "deployment" "Deployment" PLAIN false
}

/// How far an item can be.
pub const STATUSES: &[&str] = &["not_started", "in_progress", "blocked", "completed"];

/// What an item is whose record does not say how far it is.
pub const DEFAULT_STATUS: &str = "not_started";

/// The status of the item that is worked on.
pub const IN_PROGRESS: &str = "in_progress";

/// The sort of that name.
pub fn item_type(name: &str) -> Option<&'static ItemType> {
    TYPES.iter().find(|known| known.name == name)
}

impl ItemType {
    /// What a new specification of this sort begins as.
    pub fn template(&self) -> String {
        self.template.replace("[Type]", self.title)
    }

    /// Texts of the template that stand for what somebody has to write.
    pub fn placeholders(&self) -> Vec<&'static str> {
        let mut found: Vec<&str> = self
            .template
            .split('[')
            .skip(1)
            .filter_map(|rest| rest.split_once(']'))
            .map(|(inside, _)| inside)
            .filter(|inside| !inside.trim().is_empty())
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_names_its_type_and_what_has_to_be_written() {
        let security = item_type("security").unwrap();
        assert!(security.template().starts_with("# Security: [Name]\n"));
        let integration = item_type("integration_test").unwrap();
        assert!(integration.placeholders().contains(&"Happy path"));
        assert!(!integration.placeholders().contains(&" "));
        assert!(item_type("integration").is_none());
    }
}

//! What is checked: a row a rule, with what it means.

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// The specification forbids it.
    Error,
    /// It is most likely not what the author means.
    Warning,
}

impl Grade {
    /// The word of every format.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Error => "error",
            Grade::Warning => "warning",
        }
    }
}

/// A rule on the text of a contract.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name.
    pub id: &'static str,
    /// What it means, in a sentence.
    pub doc: &'static str,
}

macro_rules! rules {
    ($($id:literal $doc:literal)*) => {
        /// Every rule on the text of a contract.
        pub const RULES: &[Rule] = &[$(Rule { id: $id, doc: $doc }),*];
    };
}

rules! {
    "openapi/unreadable" "The text can't be taken for a contract."
    "openapi/missing-field" "A field is missing that has to be there."
    "openapi/unknown-field" "A field is not known to this version of the specification."
    "openapi/wrong-type" "A value is of another type than its field takes."
    "openapi/unknown-value" "A word is none of those that its field takes."
    "openapi/bad-key" "A name can't be used in its place."
    "openapi/unresolved-reference" "A reference leads nowhere."
    "openapi/unfetched-reference" "A reference leads to another machine, which is not asked."
    "openapi/ignored-beside-reference" "What stands beside a reference is without effect."
    "openapi/exclusive-fields" "Two fields exclude each other."
    "openapi/no-contents" "The document has nothing that could be used."
    "openapi/duplicate-operation-id" "Two operations have the same id."
    "openapi/no-responses" "An operation says of no answer what it is."
    "openapi/ambiguous-path" "Two paths can be meant by the same URL."
    "openapi/path-template" "A path with `{` and `}` can't be read."
    "openapi/undeclared-path-parameter" "A variable of a path is no parameter."
    "openapi/unused-path-parameter" "A parameter of the path is no variable of it."
    "openapi/optional-path-parameter" "A parameter of the path has to be required."
    "openapi/duplicate-parameter" "Two parameters have the same name in the same place."
    "openapi/bad-parameter" "A parameter can't be written as it is described."
    "openapi/unheard-header" "A header is described where it has no effect."
    "openapi/missing-items" "An array does not say what its items are."
    "openapi/bad-schema" "A schema says what can't be."
    "openapi/undefined-property" "A property is required that is not defined."
    "openapi/bad-link" "A link has to name one operation."
    "openapi/bad-server" "A URL of a server can't be made of its variables."
    "openapi/undeclared-security" "A security scheme is used that is not declared."
    "openapi/bad-security" "A security scheme lacks what its type needs."
    "openapi/duplicate-tag" "Two tags have the same name."
    "openapi/example-mismatch" "An example does not fit its schema."
    "openapi/default-mismatch" "A default does not fit its schema."
}

/// The rule of that name.
///
/// # Panics
/// If no row has it: names are written as literals in this crate.
pub(super) fn rule(id: &str) -> &'static Rule {
    RULES
        .iter()
        .find(|rule| rule.id.strip_prefix("openapi/") == Some(id))
        .unwrap_or_else(|| panic!("`{id}` is not a row of RULES"))
}

//! Which way a change of a field weakens a gate.

/// The way in which a change of a field lets more through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Way {
    /// A number that was lowered, or is not set any more.
    Lowered,
    /// A number that was raised, or is not set any more.
    Raised,
    /// A word that comes later here than the one before, where `*` is any other; not set is later
    /// than all.
    Later(&'static [&'static str]),
    /// A flag that is not set any more.
    Unset,
    /// A block that is not there any more.
    Dropped,
    /// A flag that is set now.
    Set,
    /// Entries that came in.
    Grown,
    /// Entries that went out.
    Shrunk,
    /// Conditions that hold in fewer cases.
    Narrowed,
    /// Conditions that hold in more cases.
    Widened,
    /// Whatever else was changed: which way can't be told.
    Changed,
}

/// Severities from the strictest limit to the laxest.
const GRADES: &[&str] = &["info", "low", "medium", "high", "critical", "never"];

/// `KIND.FIELD` and the way. The kind `*` is every kind; the field `*` is every entry that the
/// user names. A row of a kind or a field that is not there does nothing.
pub(super) const WAYS: &[(&str, Way)] = &[
    ("*.required", Way::Unset),
    ("*.when", Way::Narrowed),
    ("*.unless", Way::Widened),
    ("*.needs", Way::Shrunk),
    ("*.on-missing", Way::Later(&["fail", "skip"])),
    ("*.run", Way::Changed),
    ("*.shell", Way::Changed),
    ("*.tool", Way::Changed),
    ("*.check", Way::Changed),
    ("command.ok-exit-codes", Way::Grown),
    ("command.skip-exit-codes", Way::Grown),
    ("test.results.min-tests", Way::Lowered),
    ("test.scenarios", Way::Unset),
    ("test.coverage.min", Way::Lowered),
    ("test.coverage.min-changed", Way::Lowered),
    ("test.coverage.min-branches", Way::Lowered),
    ("lint.new-only", Way::Set),
    ("lint.fail-on", Way::Later(GRADES)),
    ("format.new-only", Way::Set),
    ("format.fail-on", Way::Later(GRADES)),
    ("security.scan", Way::Shrunk),
    ("security.scan.*.run", Way::Changed),
    ("security.scan.*.tool", Way::Changed),
    ("security.fail-on", Way::Later(GRADES)),
    ("security.ignore", Way::Grown),
    ("docs.changelog", Way::Shrunk),
    ("docs.docstrings", Way::Shrunk),
    ("docs.readme", Way::Shrunk),
    ("docs.diagram", Way::Shrunk),
    ("docs.sequence-diagrams", Way::Dropped),
    ("docs.contracts", Way::Unset),
    ("docs.baseline", Way::Dropped),
    ("docs.integration-points", Way::Unset),
    ("libraries.manifests", Way::Shrunk),
    ("libraries.only", Way::Shrunk),
    ("libraries.except", Way::Grown),
    ("libraries.transitive", Way::Unset),
    ("libraries.called", Way::Grown),
    ("libraries.server.run", Way::Changed),
    ("libraries.server.url", Way::Changed),
    ("libraries.max-age", Way::Raised),
    ("libraries.fail-on", Way::Later(GRADES)),
    ("rule.forbid", Way::Changed),
    ("rule.require", Way::Changed),
    ("rule.in", Way::Shrunk),
    ("rule.except", Way::Grown),
    ("rule.exists", Way::Shrunk),
    ("rule.absent", Way::Shrunk),
    ("preflight.tools", Way::Shrunk),
    ("preflight.files", Way::Shrunk),
    ("preflight.env", Way::Shrunk),
    ("preflight.ports-free", Way::Shrunk),
    ("benchmark.limit.*.max", Way::Raised),
    ("benchmark.limit.*.min", Way::Lowered),
    ("benchmark.resources", Way::Shrunk),
    ("benchmark.engine", Way::Changed),
    ("benchmark.fallback", Way::Changed),
    (
        "contract.breaking",
        Way::Later(&["forbid", "major", "allow"]),
    ),
    ("contract.waive", Way::Grown),
    ("contract.spec", Way::Shrunk),
    ("contract.against", Way::Later(&["base:", "*", "none"])),
    ("contract.notice.stable", Way::Lowered),
    ("contract.notice.beta", Way::Lowered),
    ("contract.live", Way::Dropped),
    ("contract.live.methods", Way::Shrunk),
    ("contract.live.requests", Way::Lowered),
];

//! `spec`: the specification of a work item is complete.

use super::NodeKind;
use crate::event::Measurement;
use crate::gate::specified::{self, Specified};
use crate::host::{Conclusion, Host};
use crate::sched::Outcome;
use crate::span::{Span, Spanned};
use crate::spec::Decoder;
use crate::work;

crate::spec! {
    /// The specification of a work item says all that it has to, the same as `sdd work-item validate` asks for. Each omission is a finding in its file.
    pub struct Spec = "spec" {
        /// The id of the item; by default the current one: that of `--work-item ID`, or else the only one in progress.
        "work-item" work_item: Option<Spanned<String>>,
    }
}

impl NodeKind for Spec {
    fn check(&self, _owner: Span, _decoder: &mut Decoder<'_>) {}

    fn work_item(&self) -> Option<&Spanned<String>> {
        self.work_item.as_ref()
    }

    async fn run(&self, host: &impl Host) -> Conclusion {
        let named = self.work_item.as_ref().map(|id| id.as_str());
        match specified::read(host, named) {
            Ok(specified) => judge(host, specified),
            Err(conclusion) => conclusion,
        }
    }
}

fn judge(host: &impl Host, mut specified: Specified) -> Conclusion {
    let kind = work::item_type(&specified.item.kind);
    if kind.is_none_or(|kind| !kind.specified) {
        let (id, kind) = (&specified.item.id, &specified.item.kind);
        let reason =
            format!("nothing was checked: `{id}` is of type `{kind}`, of which nothing is asked");
        return Conclusion::new(Outcome::Error, "nothing-checked", reason)
            .remedy("`when { work-item type=\"integration_test\" }` leaves the node out then");
    }
    work::check(&specified.spec, &mut specified.diags);
    let diags = std::mem::take(&mut specified.diags).sorted();
    for (name, count) in [
        ("spec.scenarios", specified.spec.scenarios.len()),
        ("spec.contracts", specified.spec.contracts.len()),
        ("spec.omissions", diags.len()),
    ] {
        host.measure(Measurement::count(name, count as u64));
    }
    for diagnostic in &diags {
        let at = diagnostic.labels.first().map(|label| label.span);
        let at = at.unwrap_or(specified.spec.top);
        host.finding(specified.finding(diagnostic.code.id, &diagnostic.message, at));
    }
    let Some(reason) = diags.summary() else {
        return Conclusion::passed();
    };
    Conclusion::new(Outcome::Failed, "spec-incomplete", reason).remedy(format!(
        "`sdd work-item validate {}` shows how to mend each",
        specified.item.id
    ))
}

//! The only fold of events: every report, view and exit code reads this.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{
    Body, Detail, Event, Finding, Measurement, PlannedNode, Preface, STATED_SKIPS, Verdict,
};
use crate::sched::{Mode, Outcome};

/// The rule of a finding about a process that outlived its node.
pub const LEAKED: &str = "leaked-process";
const LEAKED_MARK: &str = "leaked";

/// A run as far as its events tell.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RunState {
    /// The run's id.
    pub run: String,
    /// Name of the pipeline.
    pub pipeline: String,
    /// UTC, RFC 3339.
    pub started_at: String,
    /// How many nodes may run at once.
    pub jobs: usize,
    /// Process id of the guardian.
    pub pid: u32,
    /// Options of the command line that a node would need to be run in the same way again.
    pub options: Vec<String>,
    /// What was known when it began, beside the plan.
    pub preface: Preface,
    /// Every node, in plan order.
    pub nodes: Vec<NodeRecord>,
    /// Characters of the longest id, for columns that need not move.
    pub longest_id: usize,
    /// How far the run was called off, and why.
    pub escalation: Option<(Mode, String)>,
    /// The exit code of a signal that called it off.
    pub signalled: Option<u8>,
    /// Time of the last event, in milliseconds since the start.
    pub elapsed_ms: u64,
    /// Whether the run is over.
    pub finished: bool,
    index: HashMap<Arc<str>, usize>,
}

/// A node as far as its events tell.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeRecord {
    /// As the plan has it.
    pub plan: PlannedNode,
    /// Attempts that began.
    pub attempts: u32,
    /// When the first attempt began, in milliseconds since the start.
    pub started_ms: Option<u64>,
    /// When it was done, in milliseconds since the start.
    pub ended_ms: Option<u64>,
    /// How it ended; absent while it is not done.
    pub outcome: Option<Outcome>,
    /// Why, and with what.
    pub detail: Detail,
    /// What its last attempt reported.
    pub findings: Vec<Finding>,
    /// What its last attempt measured.
    pub measurements: Vec<Measurement>,
    /// The end of its log and the number of bytes before it, if it did not pass.
    pub output: Option<(String, u64)>,
    /// Whether it is an environment that is up.
    pub up: bool,
    /// Whether it is an environment that began to come up and was taken down.
    pub down: bool,
    /// What it publishes.
    pub published: BTreeMap<String, String>,
}

impl NodeRecord {
    fn new(plan: PlannedNode) -> Self {
        Self {
            plan,
            attempts: 0,
            started_ms: None,
            ended_ms: None,
            outcome: None,
            detail: Detail::default(),
            findings: Vec::new(),
            measurements: Vec::new(),
            output: None,
            up: false,
            down: false,
            published: BTreeMap::new(),
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.plan.id
    }

    /// Whether an attempt is under way.
    pub fn is_running(&self) -> bool {
        self.outcome.is_none() && self.started_ms.is_some()
    }

    /// Whether it was skipped for a reason that was stated beforehand.
    pub fn is_stated_skip(&self) -> bool {
        let code = self.detail.code.as_deref().unwrap_or_default();
        self.outcome == Some(Outcome::Skipped) && STATED_SKIPS.contains(&code)
    }

    /// Whether it keeps a run from passing, were it required.
    pub fn is_obstacle(&self) -> bool {
        self.outcome != Some(Outcome::Passed) && !self.is_stated_skip()
    }

    /// Why it ended so, in a few words; the outcome where nobody said more.
    pub fn why(&self) -> &str {
        let said = self.detail.reason.as_deref();
        let said = said.or(self.detail.code.as_deref());
        said.unwrap_or(self.outcome.map_or("unfinished", Outcome::as_str))
    }

    /// What was found of processes that outlived it.
    pub fn leaks(&self) -> impl Iterator<Item = &Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.rule == LEAKED)
    }

    /// Whether it bears a mark such as `flaky`.
    pub fn has_mark(&self, mark: &str) -> bool {
        self.detail.marks.iter().any(|known| known == mark)
    }
}

/// How many nodes ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([usize; Outcome::ALL.len()]);

impl Counts {
    /// The number of nodes with that outcome.
    pub fn of(&self, outcome: Outcome) -> usize {
        Outcome::ALL
            .iter()
            .position(|known| *known == outcome)
            .map_or(0, |index| self.0[index])
    }

    /// All outcomes with their number.
    pub fn iter(&self) -> impl Iterator<Item = (Outcome, usize)> {
        Outcome::ALL.into_iter().zip(self.0)
    }
}

impl RunState {
    /// The state after all of these events.
    pub fn fold<'e>(events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut state = Self::default();
        for event in events {
            state.apply(event);
        }
        state
    }

    /// The record of that node.
    pub fn node(&self, id: &str) -> Option<&NodeRecord> {
        self.index.get(id).map(|index| &self.nodes[*index])
    }

    /// The position of that node in plan order.
    pub fn position(&self, id: &str) -> Option<usize> {
        self.index.get(id).copied()
    }

    fn record(&mut self, id: &str) -> Option<&mut NodeRecord> {
        let index = *self.index.get(id)?;
        self.nodes.get_mut(index)
    }

    /// Takes in one event. An event about a node that the plan does not have changes nothing.
    pub fn apply(&mut self, event: &Event) {
        self.elapsed_ms = self.elapsed_ms.max(event.at_ms);
        match &event.body {
            Body::RunStarted { .. } => self.begin(&event.body),
            Body::RunEscalated {
                mode,
                reason,
                exit_code,
            } => {
                self.escalation = Some((*mode, reason.clone()));
                self.signalled = self.signalled.or(*exit_code);
            }
            Body::RunFinished { .. } => self.finished = true,
            Body::NodeStarted { node, .. }
            | Body::NodeOutput { node, .. }
            | Body::Finding { node, .. }
            | Body::Measurement { node, .. }
            | Body::NodeRetried { node, .. }
            | Body::NodeSettled { node, .. }
            | Body::EnvironmentUp { node, .. }
            | Body::EnvironmentDown { node } => {
                if let Some(record) = self.record(node) {
                    record.apply(event.at_ms, &event.body);
                }
            }
        }
    }

    fn begin(&mut self, body: &Body) {
        let Body::RunStarted {
            run,
            pipeline,
            started_at,
            jobs,
            pid,
            options,
            preface,
            nodes,
        } = body
        else {
            return;
        };
        self.run.clone_from(run);
        self.pipeline.clone_from(pipeline);
        self.started_at.clone_from(started_at);
        self.options.clone_from(options);
        self.preface.clone_from(preface);
        self.jobs = *jobs;
        self.pid = *pid;
        self.nodes = nodes.iter().cloned().map(NodeRecord::new).collect();
        self.longest_id = nodes
            .iter()
            .map(|node| node.id.chars().count())
            .max()
            .unwrap_or(0);
        let ids = nodes.iter().map(|node| Arc::clone(&node.id));
        self.index = ids.zip(0..).collect();
    }

    /// How many nodes ended how.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for outcome in self.nodes.iter().filter_map(|node| node.outcome) {
            if let Some(index) = Outcome::ALL.iter().position(|known| *known == outcome) {
                counts.0[index] += 1;
            }
        }
        counts
    }

    /// How the run ended, or would end if it ended now.
    pub fn verdict(&self) -> Verdict {
        if self.signalled.is_some() {
            return Verdict::Cancelled;
        }
        let obstacle = |node: &NodeRecord| node.plan.required && node.is_obstacle();
        if self.nodes.iter().any(obstacle) || self.is_called_off() {
            return Verdict::Failed;
        }
        Verdict::Passed
    }

    fn is_called_off(&self) -> bool {
        self.escalation
            .as_ref()
            .is_some_and(|(mode, _)| *mode >= Mode::Interrupted)
    }

    /// What `sdd run` exits with. A checkpoint blocks nothing, but a signal is still obeyed.
    pub fn exit_code(&self) -> u8 {
        match (self.verdict(), self.signalled) {
            (_, Some(code)) => code,
            (Verdict::Passed, None) => 0,
            _ => u8::from(!self.preface.checkpoint),
        }
    }

    /// The nodes that decided when the run ended: from the one that ended last back to the start,
    /// each the one that its follower waited for longest.
    pub fn critical_path(&self) -> Vec<&str> {
        let ran = |node: &&NodeRecord| node.started_ms.is_some() && node.ended_ms.is_some();
        let mut next = self
            .nodes
            .iter()
            .filter(ran)
            .max_by_key(|node| node.ended_ms);
        let mut path = Vec::new();
        while let Some(node) = next {
            path.push(node.id());
            let plan = &node.plan;
            next = plan
                .needs
                .iter()
                .chain(&plan.after)
                .chain(&plan.finalises)
                .filter_map(|id| self.node(id))
                .filter(ran)
                .filter(|before| before.ended_ms <= node.started_ms)
                .max_by_key(|before| before.ended_ms)
                .filter(|_| path.len() <= self.nodes.len());
        }
        path.reverse();
        path
    }

    /// Environments that began to come up and were not taken down.
    pub fn owed(&self) -> impl Iterator<Item = &NodeRecord> {
        let finalised: std::collections::HashSet<&str> = self
            .nodes
            .iter()
            .filter_map(|node| node.plan.finalises.as_deref())
            .collect();
        self.nodes.iter().filter(move |node| {
            finalised.contains(node.id()) && node.started_ms.is_some() && !node.down
        })
    }
}

impl NodeRecord {
    fn mark(&mut self, mark: &str) {
        if !self.has_mark(mark) {
            self.detail.marks.push(mark.to_owned());
        }
    }

    fn apply(&mut self, at_ms: u64, body: &Body) {
        match body {
            Body::NodeStarted { attempt, .. } => {
                self.attempts = *attempt;
                self.started_ms.get_or_insert(at_ms);
                self.findings.clear();
                self.measurements.clear();
                self.output = None;
            }
            Body::NodeOutput { text, omitted, .. } => {
                self.output = Some((text.clone(), *omitted));
            }
            Body::Finding { finding, .. } => {
                // A process can be found to have outlived its node after the node is done.
                if finding.rule == LEAKED && self.outcome.is_some() {
                    self.mark(LEAKED_MARK);
                }
                self.findings.push(finding.clone());
            }
            Body::Measurement { measurement, .. } => self.measurements.push(measurement.clone()),
            Body::NodeSettled {
                outcome, detail, ..
            } => {
                self.ended_ms = Some(at_ms);
                self.outcome = Some(*outcome);
                self.detail = detail.clone();
                if self.leaks().next().is_some() {
                    self.mark(LEAKED_MARK);
                }
            }
            Body::EnvironmentUp { published, .. } => {
                self.up = true;
                self.published.clone_from(published);
            }
            Body::EnvironmentDown { .. } => {
                self.up = false;
                self.down = true;
            }
            _ => {}
        }
    }
}

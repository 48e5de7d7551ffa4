//! The port of kinds, answered for one attempt.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::attempt::{Attempt, CALLED_OFF, Errors, Halt};
use super::waits::Waits;
use super::{ending, exchange, listener, machine, mcp, probe, process, sampling, scan, tree};
use crate::bench::baseline::{Keep, Key, Ledger, Run};
use crate::bench::resources::Sampled;
use crate::bench::{Load, Summary, net};
use crate::contract::live::Answer;
use crate::event::{Body, Finding, Measurement, NodeRecord};
use crate::host::{
    Changes, Ended, Exchange, Fault, FileVisitor, Host, Invocation, Job, Missing, Probe, Scan,
    Server, Session, Snapshot, Stamp,
};
use crate::span::Span;
use crate::spec::{Glob, Part, Template};
use crate::store::{self, memory};

impl Attempt {
    async fn send(&self, load: Load, watch: &Arc<net::Watch>) -> Result<Summary, String> {
        let watch = Arc::clone(watch);
        self.off_thread(move || net::measure(&load, &watch))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }
}

impl Host for Attempt {
    async fn exec(&self, invocation: Invocation<'_>) -> Ended {
        self.exec_job(&Job::new(invocation)).await
    }

    async fn exec_job(&self, job: &Job<'_>) -> Ended {
        if let Some(ended) = self.interruption() {
            return ended;
        }
        match self.launch(job) {
            Ok(process) => {
                let ended = self.attend(&process, job.limit).await;
                // What a setup leaves running is what it brought up.
                if !self.shared.plan.nodes[self.node.index()].environment {
                    ending::end_group(&self.shared, &process, self.node).await;
                }
                self.drain().await;
                ended
            }
            Err(ended) => ended,
        }
    }

    async fn ask(&self, words: &[String], quietly: bool) -> Result<Vec<u8>, Ended> {
        let errors = if quietly {
            Errors::Unheard
        } else {
            Errors::ToTheLog
        };
        self.answer(words, errors).await
    }

    async fn ask_all(&self, words: &[String]) -> Result<Vec<u8>, Ended> {
        self.answer(words, Errors::ToTheAnswer).await
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn listener(&self, port: u16) -> Option<String> {
        listener::listener(port)
    }

    fn worktree(&self) -> &str {
        &self.shared.worktree
    }

    fn pipeline(&self) -> &str {
        &self.shared.plan.pipeline
    }

    fn run_id(&self) -> &str {
        &self.shared.folder.id
    }

    fn subject(&self) -> String {
        self.shared.id(self.subject).to_string()
    }

    fn fixing(&self) -> bool {
        self.shared.fixing
    }

    async fn changes(&self) -> Result<Arc<Changes>, String> {
        let repository = Arc::clone(&self.shared.repository);
        self.off_thread(move || repository.changes())
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    async fn at_base(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        let repository = Arc::clone(&self.shared.repository);
        let path = path.to_owned();
        self.off_thread(move || repository.at_base(&path))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    async fn at_revision(&self, revision: &str, path: &str) -> Result<Option<Vec<u8>>, String> {
        let repository = Arc::clone(&self.shared.repository);
        let (revision, path) = (revision.to_owned(), path.to_owned());
        self.off_thread(move || repository.at_revision(&revision, &path))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    fn work_item(&self) -> Result<String, String> {
        let current = self.shared.work_item.as_ref();
        let id = current.map(|item| item.id.clone());
        id.map_err(|none| none.reason.clone())
    }

    fn last(&self, measurement: &str) -> Option<f64> {
        self.shared.history.measured(&self.id, measurement)
    }

    fn printed(&self) -> Vec<u8> {
        /// A tool says that there is nothing in its last words, not before a megabyte of others.
        const MOST: u64 = 1 << 20;
        let path = self.shared.folder.log_path(&self.id, self.number);
        store::end_of(&path, MOST).unwrap_or_default()
    }

    fn quote(&self, text: &str) -> String {
        self.shared.masks.quote(text)
    }

    fn settings(&self) -> Vec<String> {
        let node = self.node();
        let variables = node.env.iter().map(|(name, template)| {
            let value = self.expand(template).unwrap_or_else(|_| template.source());
            format!("{name}={value}")
        });
        let secrets = node.common.secrets.iter();
        variables
            .chain(secrets.map(|name| format!("secret {}", **name)))
            .collect()
    }

    fn note(&self, text: &str) {
        // What can't be noted is told by the conclusion in short.
        let _ = self.write_note(text);
    }

    fn write_out(&self, name: &str, text: &str) -> io::Result<()> {
        store::write_private(&self.out.join(name), text.as_bytes())
    }

    fn today(&self) -> String {
        let mut now = self.now();
        now.truncate("2026-11-30".len());
        now
    }

    fn now(&self) -> String {
        jiff::Timestamp::now()
            .strftime("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    }

    fn age(&self, path: &str) -> Option<Duration> {
        let found = std::fs::metadata(self.shared.root.join(path)).ok()?;
        found.modified().ok()?.elapsed().ok()
    }

    fn root(&self) -> &Path {
        &self.shared.root
    }

    fn dir(&self) -> &str {
        let dir = self.node().common.dir.as_ref();
        dir.map_or("", |dir| dir.path.trim_end_matches('/'))
    }

    async fn list(&self, include: &[Glob], except: &[Glob]) -> Result<Vec<String>, String> {
        let (include, except) = (include.to_vec(), except.to_vec());
        let root = self.shared.root.clone();
        self.off_thread(move || scan::list(&root, &include, &except))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    fn reads(&self) -> Vec<Glob> {
        self.node()
            .reads()
            .map_or_else(everything, <[Glob]>::to_vec)
    }

    fn writes(&self) -> Vec<Glob> {
        match self.node().writes(true) {
            [] => everything(),
            writes => writes.to_vec(),
        }
    }

    async fn base_tree(&self) -> Result<PathBuf, String> {
        let changes = self.changes().await?;
        let base = changes.base.clone().ok_or("nothing was committed yet")?;
        let (root, out) = (self.shared.root.clone(), self.out.clone());
        self.off_thread(move || tree::check_out(&root, &base, &out))
            .await
            .unwrap_or_else(|| Err(CALLED_OFF.to_owned()))
    }

    fn discard_base_tree(&self) {
        tree::discard(&self.out);
    }

    async fn snapshot(&self, files: &[Glob]) -> Snapshot {
        let (root, files) = (self.shared.root.clone(), files.to_vec());
        let known = Arc::clone(&self.shared.contents);
        self.off_thread(move || scan::snapshot(&root, &files, &known))
            .await
            .unwrap_or_default()
    }

    fn companions(&self) -> Vec<String> {
        self.shared.recorder.with_state(|state| {
            let own = state.node(&self.id).and_then(|node| node.started_ms);
            let overlaps = |node: &&NodeRecord| {
                node.started_ms.is_some()
                    && node.id() != &*self.id
                    && node.ended_ms.is_none_or(|ended| Some(ended) >= own)
            };
            let others = state.nodes.iter().filter(overlaps);
            others.map(|node| node.id().to_owned()).collect()
        })
    }

    async fn start(&self, job: &Job<'_>) -> Result<(), Ended> {
        self.end("TERM", Duration::from_secs(5)).await;
        let process = self.launch(job)?;
        self.shared
            .services
            .borrow_mut()
            .insert(self.subject, process);
        Ok(())
    }

    async fn exited(&self) -> Ended {
        let process = self.shared.services.borrow().get(&self.subject).cloned();
        match process {
            Some(process) => process::ended(process.ended().await),
            None => std::future::pending().await,
        }
    }

    async fn end(&self, signal: &str, grace: Duration) -> Option<Ended> {
        let process = self.shared.services.borrow_mut().remove(&self.subject)?;
        let before = process.status();
        let signal = process::signal_named(signal);
        let halt = self.halt.clone();
        ending::end_service(&self.shared, &process, self.subject, (signal, grace), halt).await;
        // What ended before it was ready has been reported by whoever waited for it.
        let id = self.shared.id(self.subject);
        let was_up = |state: &crate::event::RunState| state.node(&id).is_some_and(|node| node.up);
        before
            .filter(|_| self.shared.recorder.with_state(was_up))
            .map(process::ended)
    }

    async fn probe(&self, probe: Probe<'_>) -> Result<(), String> {
        match probe {
            Probe::Http(url) => probe::http(&self.shared.http, url).await,
            Probe::Tcp(address) => probe::tcp(address).await,
            Probe::Log(pattern) => {
                let path = self.shared.folder.log_path(&self.id, self.number);
                probe::log(&path, pattern)
            }
        }
    }

    async fn load(&self, load: Load) -> Result<Summary, String> {
        let whoever = Waits::default();
        self.send(load, &whoever.0).await
    }

    async fn load_sampled(&self, load: Load) -> (Result<Summary, String>, Vec<Sampled>) {
        let whoever = Waits::default();
        let phase = sampling::Phase::of(&load, &whoever.0);
        sampling::sample(self, &phase, self.send(load, &whoever.0)).await
    }

    async fn sampling<T>(&self, work: impl Future<Output = T>) -> (T, Vec<Sampled>) {
        sampling::sample(self, &sampling::Phase::Whole, work).await
    }

    async fn yardstick(&self, connections: usize) -> Option<Summary> {
        let whoever = Waits::default();
        let watch = Arc::clone(&whoever.0);
        self.off_thread(move || net::yardstick(connections, &watch).ok())
            .await
            .flatten()
    }

    fn machine(&self) -> String {
        machine::description()
    }

    fn baselines(&self) -> Result<Ledger, String> {
        store::baselines(&self.shared.root)
    }

    fn add_to_baseline(
        &self,
        entry: &str,
        key: &Key,
        runs: &[Run],
        keep: Keep,
    ) -> Result<usize, String> {
        store::change_baselines(&self.shared.root, |all| all.add(entry, key, runs, keep))
    }

    async fn exchange(&self, exchange: &Exchange<'_>) -> Result<Answer, String> {
        Box::pin(exchange::exchange(self, exchange)).await
    }

    async fn session(&self, server: &Server<'_>) -> Result<impl Session, Fault> {
        Box::pin(mcp::open(self, server)).await
    }

    fn remembered(&self, name: &str) -> Option<(serde_json::Value, Duration)> {
        memory::recall(&self.shared.root, name)
    }

    fn remember(&self, name: &str, value: serde_json::Value) -> io::Result<()> {
        memory::keep(&self.shared.root, name, value)
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Option<T> {
        self.off_thread(work).await
    }

    async fn sleep(&self, duration: Duration) {
        let mut halt = self.halt.clone();
        tokio::select! {
            () = tokio::time::sleep(duration) => {}
            _ = halt.wait_for(Option::is_some) => {}
        }
    }

    fn interruption(&self) -> Option<Ended> {
        self.halt.borrow().map(Halt::ended)
    }

    fn free_port(&self) -> io::Result<u16> {
        let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
        Ok(listener.local_addr()?.port())
    }

    fn expand(&self, template: &Template) -> Result<String, Missing> {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Name(name) => match self.value(name) {
                    Ok(value) => text.push_str(&value),
                    Err(reason) => {
                        return Err(Missing {
                            name: part.source(),
                            reason: reason.to_owned(),
                        });
                    }
                },
            }
        }
        Ok(text)
    }

    fn publish(&self, name: &str, value: String) {
        self.published.borrow_mut().insert(name.to_owned(), value);
    }

    fn out(&self) -> &Path {
        &self.out
    }

    fn stamp(&self, path: &str) -> Option<Stamp> {
        scan::stamp(&self.shared.root.join(path))
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        std::fs::read(self.shared.root.join(path))
    }

    fn open(&self, path: &str) -> io::Result<Box<dyn io::BufRead>> {
        let file = File::open(self.shared.root.join(path))?;
        Ok(Box::new(io::BufReader::new(file)))
    }

    async fn scan(&self, include: &[Glob], except: &[Glob], visit: FileVisitor) -> Scan {
        let (include, except) = (include.to_vec(), except.to_vec());
        let root = self.shared.root.clone();
        self.off_thread(move || scan::scan(&root, &include, &except, &visit))
            .await
            .unwrap_or_default()
    }

    fn exists(&self, path: &str) -> bool {
        self.shared.root.join(path).symlink_metadata().is_ok()
    }

    fn finding(&self, finding: Finding) {
        self.shared.recorder.emit(Body::Finding {
            node: Arc::clone(&self.id),
            finding,
        });
    }

    fn measure(&self, measurement: Measurement) {
        if !measurement.value.is_finite() {
            return;
        }
        self.shared.recorder.emit(Body::Measurement {
            node: Arc::clone(&self.id),
            measurement,
        });
    }

    fn published(&self) -> BTreeMap<String, String> {
        self.published.borrow().clone()
    }
}

fn everything() -> Vec<Glob> {
    Glob::new("**", Span::default()).into_iter().collect()
}

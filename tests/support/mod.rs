//! A throw-away project and the real program run in it.

#![allow(
    dead_code,
    unreachable_pub,
    reason = "each test file uses a part of it"
)]

pub mod installed;
pub mod repository;

use std::collections::HashSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long a test waits for something that should take a moment.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A project in a folder of its own, which is removed in the end.
pub struct Project {
    folder: tempfile::TempDir,
    mark: String,
}

impl Project {
    /// A project with nothing but an empty `pipelines` folder.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("pipelines")).unwrap();
        let mark = folder
            .path()
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        Self { folder, mark }
    }

    /// A project whose default pipeline has this text.
    pub fn with(pipeline: &str) -> Self {
        Self::new().file("pipelines/end-of-session.kdl", pipeline)
    }

    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    pub fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
        self
    }

    /// A program in the project's own `node_modules/.bin`, so that it is found by its name.
    pub fn program(self, name: &str, script: &str) -> Self {
        let path = format!("node_modules/.bin/{name}");
        let this = self.file(&path, script);
        let path = this.root().join(path);
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        this
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sdd"));
        command
            .args(args)
            .current_dir(self.root())
            .env("SDD_TEST_MARK", &self.mark)
            .env_remove("NO_COLOR")
            .env_remove("CI")
            .stdin(Stdio::null());
        command
    }

    /// Runs `sdd` to its end.
    pub fn sdd(&self, args: &[&str]) -> Finished {
        Finished(self.command(args).output().unwrap())
    }

    /// Runs the default pipeline and gives its report.
    pub fn run(&self) -> Report {
        self.run_with(&[])
    }

    pub fn run_with(&self, args: &[&str]) -> Report {
        let finished = self.sdd(&[&["run", "--format", "json"], args].concat());
        Report::of(&finished)
    }

    /// Starts `sdd` and leaves it running.
    pub fn start(&self, args: &[&str]) -> Running {
        Running::of(&mut self.command(args))
    }

    /// [`Project::start`] where everything finds the programs of the project, not only nodes.
    pub fn start_with_programs(&self, args: &[&str]) -> Running {
        let programs = self.root().join("node_modules/.bin");
        let path = format!("{}:{}", programs.display(), env!("PATH"));
        Running::of(self.command(args).env("PATH", path))
    }

    pub fn exists(&self, path: &str) -> bool {
        self.root().join(path).exists()
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.root().join(path)).unwrap()).into_owned()
    }

    /// Lines of a file that nodes append to; none if it is not there.
    pub fn lines(&self, path: &str) -> Vec<String> {
        let text = fs::read_to_string(self.root().join(path)).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub fn wait_for(&self, path: &str) {
        wait_until(&format!("{path} is there"), || self.exists(path));
    }

    /// The folder of the only run, or of the last one.
    pub fn last_run(&self) -> PathBuf {
        let runs = fs::read_dir(self.root().join(".session/runs")).unwrap();
        let folders = runs
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_dir());
        folders.max().unwrap_or_default()
    }

    /// The events of the last run.
    pub fn events(&self) -> Vec<Value> {
        let text = fs::read_to_string(self.last_run().join("events.jsonl")).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    /// Processes of this project that are alive, with their command lines.
    pub fn processes(&self) -> Vec<(i32, String)> {
        let mark = format!("SDD_TEST_MARK={}", self.mark);
        let folder = fs::read_dir("/proc").unwrap();
        let pids = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
        pids.filter(|pid| {
            let environ = fs::read(format!("/proc/{pid}/environ")).unwrap_or_default();
            let marked = environ
                .split(|byte| *byte == 0)
                .any(|entry| entry == mark.as_bytes());
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            marked && !stat.contains(") Z")
        })
        .map(|pid| {
            let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
            (pid, String::from_utf8_lossy(&line).replace('\0', " "))
        })
        .collect()
    }

    /// Asserts that nothing of this project is alive, giving the kernel a moment.
    pub fn assert_nothing_left(&self) {
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) && !self.processes().is_empty() {
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(self.processes(), [], "processes are left");
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        for (pid, _) in self.processes() {
            signal(pid, "KILL");
        }
    }
}

/// A program that ended.
pub struct Finished(pub Output);

impl Finished {
    pub fn code(&self) -> Option<i32> {
        self.0.status.code()
    }

    pub fn stdout(&self) -> String {
        String::from_utf8_lossy(&self.0.stdout).into_owned()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8_lossy(&self.0.stderr).into_owned()
    }
}

/// A program that runs.
pub struct Running {
    pub child: Child,
}

impl Running {
    fn of(command: &mut Command) -> Self {
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Self { child }
    }

    pub fn pid(&self) -> i32 {
        self.child.id().cast_signed()
    }

    /// The worker under the guardian.
    pub fn worker(&self) -> i32 {
        let mut worker = None;
        wait_until("the worker is there", || {
            worker = children(self.pid()).into_iter().next();
            worker.is_some()
        });
        worker.unwrap()
    }

    pub fn finish(self) -> Finished {
        Finished(self.child.wait_with_output().unwrap())
    }
}

/// Children of a process.
pub fn children(of: i32) -> Vec<i32> {
    let folder = fs::read_dir("/proc").unwrap();
    let pids = folder.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<i32>().ok());
    pids.filter(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent = stat
            .rsplit(") ")
            .next()
            .and_then(|rest| rest.split(' ').nth(1));
        parent.and_then(|parent| parent.parse().ok()) == Some(of)
    })
    .collect()
}

pub fn signal(pid: i32, name: &str) {
    let status = Command::new("kill")
        .args([&format!("-{name}"), "--", &pid.to_string()])
        .output();
    status.unwrap();
}

pub fn wait_until(what: &str, mut holds: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A report of a run.
pub struct Report {
    pub code: Option<i32>,
    pub json: Value,
    pub stderr: String,
}

impl Report {
    pub fn of(finished: &Finished) -> Self {
        let json = serde_json::from_slice(&finished.0.stdout).unwrap_or_else(|error| {
            panic!(
                "no report: {error}\n{}\n{}",
                finished.stdout(),
                finished.stderr()
            )
        });
        Self {
            code: finished.code(),
            json,
            stderr: finished.stderr(),
        }
    }

    pub fn node(&self, id: &str) -> &Value {
        let nodes = self.json["nodes"].as_array().unwrap();
        nodes
            .iter()
            .find(|node| node["id"] == id)
            .unwrap_or_else(|| panic!("no node {id}"))
    }

    pub fn outcome(&self, id: &str) -> &str {
        self.node(id)["outcome"].as_str().unwrap()
    }

    pub fn reason(&self, id: &str) -> &str {
        self.node(id)["reason"].as_str().unwrap_or_default()
    }

    pub fn measured(&self, id: &str, name: &str) -> Option<f64> {
        self.node(id)["measurements"][name].as_f64()
    }

    /// The findings of a node in the order of the report, each as `rule path:line`.
    pub fn findings(&self, id: &str) -> Vec<String> {
        let findings = self.node(id)["findings"].as_array().unwrap();
        let text = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            other => format!(":{other}"),
        };
        let line = |finding: &Value| {
            let place = text(&finding["path"]) + &text(&finding["line"]);
            format!("{} {place}", text(&finding["rule"]))
                .trim()
                .to_owned()
        };
        findings.iter().map(line).collect()
    }

    pub fn verdict(&self) -> &str {
        self.json["verdict"].as_str().unwrap()
    }

    pub fn ids(&self) -> HashSet<&str> {
        let nodes = self.json["nodes"].as_array().unwrap();
        nodes
            .iter()
            .map(|node| node["id"].as_str().unwrap())
            .collect()
    }
}

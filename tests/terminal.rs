//! What a user sees in a real terminal.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod server;
mod support;

use std::process::Command;

use server::{Answer, Server};
use support::{Project, wait_until};

/// A terminal of its own, with a program in it.
struct Terminal(String);

impl Terminal {
    fn open(project: &Project, line: &str) -> Self {
        let name = format!(
            "sdd-{}",
            project.root().file_name().unwrap().to_string_lossy()
        );
        let name = name.replace('.', "_");
        let line = format!("export LANG=C.UTF-8; {line}; echo exit=$?; sleep 1000");
        let opened = Command::new("tmux")
            .args([
                "-L",
                &name,
                "-f",
                "/dev/null",
                "new-session",
                "-d",
                "-x",
                "80",
                "-y",
                "24",
            ])
            .arg("-c")
            .arg(project.root())
            .arg(line)
            .status()
            .unwrap();
        assert!(opened.success());
        Self(name)
    }

    fn tmux(&self, args: &[&str]) -> String {
        let output = Command::new("tmux")
            .args(["-L", &self.0])
            .args(args)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    fn screen(&self) -> String {
        self.tmux(&["capture-pane", "-p"])
    }

    fn wait_for(&self, text: &str) -> String {
        wait_until(&format!("the screen shows {text:?}"), || {
            self.screen().contains(text)
        });
        self.screen()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.tmux(&["kill-server"]);
    }
}

const SDD: &str = env!("CARGO_BIN_EXE_sdd");

#[test]
fn the_live_view_shows_what_runs_and_what_waits_and_leaves_a_clean_screen() {
    let project = Project::with(
        r#"
        command "quick" { run "true" }
        command "slow" { shell "while [ ! -e go ]; do sleep 0.02; done" }
        command "behind" { run "true"; needs "slow" }
        "#,
    );
    let terminal = Terminal::open(&project, &format!("{SDD} run"));
    terminal.wait_for("✓ quick");
    let live = terminal.wait_for("waits for slow");
    assert!(live.contains("slow") && live.contains("1 of 3"), "{live}");
    std::fs::write(project.root().join("go"), "").unwrap();
    let after = terminal.wait_for("exit=0");
    assert!(after.contains("✓ end-of-session passed"), "{after}");
    assert!(!after.contains("waits for"), "{after}");
    assert_eq!(after.matches("✓ slow").count(), 1, "{after}");
}

#[test]
fn ctrl_c_in_the_terminal_counts_once() {
    let project = Project::with(
        r#"
        setup "world" { run "touch" "up" }
        teardown "end" for="world" { shell "sleep 0.3; touch down" }
        command "slow" { shell "touch begun; sleep 1000"; needs "world" }
        "#,
    );
    let terminal = Terminal::open(&project, &format!("{SDD} run"));
    project.wait_for("begun");
    terminal.tmux(&["send-keys", "C-c"]);
    let screen = terminal.wait_for("exit=130");
    assert!(screen.contains("cancelled"), "{screen}");
    assert!(
        project.exists("down"),
        "one press is one call: teardowns run"
    );
}

#[test]
fn a_narrow_terminal_is_never_overrun() {
    let project = Project::with(
        r#"command "a-node-with-quite-a-long-name-that-does-not-fit-at-all-in-so-few-columns" { shell "touch begun; sleep 1000" }"#,
    );
    let terminal = Terminal::open(&project, &format!("{SDD} run"));
    project.wait_for("begun");
    terminal.tmux(&["resize-window", "-x", "30", "-y", "8"]);
    let screen = terminal.wait_for("0 of 1");
    assert!(
        screen.lines().all(|line| line.chars().count() <= 30),
        "{screen}"
    );
    terminal.tmux(&["send-keys", "C-c"]);
    terminal.wait_for("exit=130");
}

#[test]
fn a_mistake_is_shown_with_its_place() {
    let project = Project::with("command \"x\" {\n    rnu \"true\"\n}\n");
    let terminal = Terminal::open(&project, &format!("{SDD} run"));
    let screen = terminal.wait_for("exit=2");
    for words in [
        "end-of-session.kdl:2:5",
        "unknown field",
        "did you mean `run`?",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn sdd_bench_shows_how_far_it_is_and_ctrl_c_tells_what_was_measured_up_to_there() {
    let server = Server::new(|_| Answer::ok());
    let project = Project::new();
    let line = format!("{SDD} bench {} -d 60s -c 2", server.url());
    let terminal = Terminal::open(&project, &line);
    let live = terminal.wait_for("ok/s");
    assert!(live.contains(" of 60 s"), "{live}");
    terminal.tmux(&["send-keys", "C-c"]);
    let after = terminal.wait_for("exit=130");
    assert!(!after.contains(" of 60 s"), "{after}");
    assert!(after.contains("p50"), "{after}");
}

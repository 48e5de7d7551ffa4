//! What the documents promise: the README's snippets load, its commands exist, the example runs.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::path::Path;
use std::process::Command;

use support::{Finished, Project, Report};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The blocks of a language in a Markdown text.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let fence = format!("```{language}\n");
    let behind = text.split(&fence).skip(1);
    behind
        .map(|block| block.split("```").next().unwrap().to_owned())
        .collect()
}

#[test]
fn the_pipeline_of_the_readme_has_no_mistake() {
    let pipelines = blocks(&readme(), "kdl");
    assert!(!pipelines.is_empty());
    for pipeline in pipelines {
        let checked = Project::with(&pipeline).sdd(&["check"]);
        assert_eq!(checked.code(), Some(0), "{}", checked.stderr());
        assert_eq!(checked.stderr(), "", "not even a warning");
    }
}

#[test]
fn the_readme_has_exactly_two_commands_to_set_up() {
    let commands = blocks(&readme(), "sh");
    assert_eq!(commands.len(), 2);
    assert!(
        commands
            .iter()
            .all(|block| block.trim().lines().count() == 1)
    );
    let gate = std::fs::read_to_string(root().join(".ci/run")).unwrap();
    assert!(
        gate.contains(commands[1].trim()),
        "the gate calls another command"
    );
}

#[test]
fn every_command_of_the_readme_exists() {
    let text = readme();
    let table = text
        .split("## Everyday commands")
        .nth(1)
        .unwrap()
        .split("##")
        .next()
        .unwrap();
    let project = Project::new();
    let mut seen = 0;
    for quoted in table
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|quoted| quoted.starts_with("sdd "))
    {
        let command = quoted.split(' ').nth(1).unwrap();
        let help = project.sdd(&[command, "--help"]);
        assert_eq!(help.code(), Some(0), "{quoted}: {}", help.stderr());
        seen += 1;
    }
    assert!(seen >= 10, "{seen}");
}

#[test]
fn every_link_of_the_documents_leads_somewhere() {
    for document in ["README.md", "docs/architecture.md", "CHANGELOG.md"] {
        let path = root().join(document);
        let text = std::fs::read_to_string(&path).unwrap();
        for link in text
            .split("](")
            .skip(1)
            .map(|rest| rest.split(')').next().unwrap())
        {
            let local = !link.starts_with("http") && !link.starts_with('#');
            let target = path.parent().unwrap().join(link);
            assert!(!local || target.exists(), "{document}: {link}");
        }
    }
}

#[test]
fn the_example_runs_and_leaves_nothing_behind() {
    let copy = Project::new();
    let copied = Command::new("cp")
        .arg("-r")
        .arg(root().join("examples/shop"))
        .arg(copy.root())
        .status()
        .unwrap();
    assert!(copied.success());
    let shop = copy.root().join("shop");
    let _ = std::fs::remove_dir_all(shop.join(".session"));
    let run = || {
        let output = copy
            .command(&["run", "--format", "json"])
            .current_dir(&shop)
            .output()
            .unwrap();
        Report::of(&Finished(output))
    };
    let report = run();
    assert_eq!(report.code, Some(0), "{}", report.json);
    for node in ["unit", "integration", "api", "api.down", "close-campaign"] {
        assert_eq!(report.outcome(node), "passed", "{node}");
    }
    copy.assert_nothing_left();
    let entries = std::fs::read_dir(&shop).unwrap();
    assert!(
        !entries
            .into_iter()
            .any(|entry| entry.unwrap().file_name() == "__pycache__")
    );

    let pricing = std::fs::read_dir(shop.join("shop")).unwrap();
    assert!(pricing.count() > 3);
    std::fs::write(shop.join("tests/unit/test_broken.py"), "import unittest\nclass T(unittest.TestCase):\n    def test_no(self):\n        self.assertEqual(1, 2)\n").unwrap();
    let broken = run();
    assert_eq!(broken.code, Some(1));
    assert_eq!(broken.outcome("unit"), "failed");
    let finding = &broken.node("unit")["findings"][0];
    assert!(
        finding["message"].as_str().unwrap().contains("test_no"),
        "{finding}"
    );
    assert!(
        finding["path"].as_str().unwrap().contains("test_broken.py"),
        "{finding}"
    );
    copy.assert_nothing_left();
}

#[test]
fn completions_and_the_manual_name_every_command() {
    let project = Project::new();
    let help = project.sdd(&["--help"]).stdout();
    let commands: Vec<&str> = help
        .split("Commands:")
        .nth(1)
        .unwrap()
        .lines()
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(commands.len() > 15, "{commands:?}");
    let manual = project.sdd(&["man"]).stdout().replace("\\-", "-");
    for shell in ["bash", "zsh", "fish"] {
        let script = project.sdd(&["completions", shell]).stdout();
        for command in &commands {
            assert!(script.contains(command), "{shell}: {command}");
            assert!(manual.contains(command), "man: {command}");
        }
    }
}

#[test]
fn the_own_pipelines_and_the_examples_have_no_mistake() {
    for folder in ["", "examples/shop", "examples/orders"].map(|folder| root().join(folder)) {
        let project = Project::new();
        let checked = project
            .command(&["check"])
            .current_dir(&folder)
            .output()
            .unwrap();
        let checked = Finished(checked);
        assert_eq!(checked.code(), Some(0), "{}", checked.stderr());
        let laid_out = project
            .command(&["fmt", "--check"])
            .current_dir(&folder)
            .output()
            .unwrap();
        assert_eq!(
            laid_out.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&laid_out.stdout)
        );
    }
}

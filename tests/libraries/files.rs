//! Which libraries are looked up, of what the files of a project say.

use super::*;

/// What was looked up, each with its versions.
fn checked(project: &Project) -> (Report, Vec<String>) {
    let report = run(project, "");
    let table = project.last_run().join("out/known/1/libraries.json");
    let table: serde_json::Value = serde_json::from_slice(&std::fs::read(table).unwrap()).unwrap();
    let names = table.as_array().unwrap().iter().map(|row| {
        let versions = row["versions"].as_array().unwrap().iter();
        let versions: Vec<&str> = versions
            .map(|one| one["version"].as_str().unwrap())
            .collect();
        format!("{} {}", row["name"].as_str().unwrap(), versions.join("|"))
    });
    let names = names.collect();
    (report, names)
}

#[test]
fn members_of_a_workspace_are_no_libraries() {
    let npm = project(&sdk_server(), "")
        .file(
            "package.json",
            r#"{"name":"root","workspaces":["packages/*","!packages/old"],"dependencies":{"@own/ui":"^1","old":"1.0.0","react":"19.1.0"}}"#,
        )
        .file("packages/ui/package.json", r#"{"name":"@own/ui","dependencies":{"left":"1.0.0"}}"#)
        .file("packages/old/package.json", r#"{"name":"old"}"#);
    assert_eq!(checked(&npm).1, ["old 1.0.0", "react 19.1.0"]);
    let cargo = project(&sdk_server(), "manifests \"app/Cargo.toml\"")
        .file("app/Cargo.toml", "[dependencies]\nlib.workspace = true\nold.workspace = true\n")
        .file(
            "Cargo.toml",
            "[workspace]\nmembers = ['app']\n[workspace.dependencies]\nlib = { path = 'lib' }\nold = { package = 'rand', version = '=0.8.5' }\nunused = '1'\n",
        );
    assert_eq!(checked(&cargo).1, ["rand 0.8.5"]);
}

#[test]
fn a_constraint_counts_for_whom_it_is_named_wherever_it_lies() {
    let project = project(
        &sdk_server(),
        "manifests \"requirements.txt\" \"tools/requirements.txt\"",
    )
    .file("requirements.txt", "-c deps/pins.txt\nflask\n")
    .file("deps/pins.txt", "flask==3.1.0\nrich==1.0\n")
    .file("tools/requirements.txt", "-r more.txt\n")
    .file("tools/more.txt", "rich\n");
    assert_eq!(checked(&project).1, ["flask 3.1.0", "rich "]);
}

#[test]
fn files_that_can_not_be_read_are_told_and_never_count_as_empty() {
    let flask = |fields: &str| {
        let project = project(&sdk_server(), fields);
        project.file("requirements.txt", "flask==3.1.0\n")
    };
    let report = run(&flask("").file("Pipfile", "[packages]\n"), "");
    assert_eq!(rules(&report), ["medium manifest-unread"]);
    assert_eq!(told(&report), ("failed", "findings"));
    let chosen = flask("manifests \"requirements.txt\"").file("Pipfile", "[packages]\n");
    assert_eq!(told(&run(&chosen, "")).0, "passed");
    let report = run(&project(&sdk_server(), "").file("Pipfile", ""), "");
    assert_eq!(told(&report), ("error", "no-manifest"));
    assert!(report.reason("known").contains("`Pipfile` can't be read"));
    for lock in ["pnpm-lock.yaml", "yarn.lock", "bun.lock"] {
        let npm = project(&sdk_server(), "")
            .file("package.json", r#"{"dependencies":{"flask":"^3"}}"#)
            .file(lock, "");
        let found = rules(&run(&npm, ""));
        assert_eq!(
            found,
            ["low lock-unread", "info version-not-pinned"],
            "{lock}"
        );
        let both = npm.file("package-lock.json", r#"{"packages":{}}"#);
        assert_eq!(
            rules(&run(&both, "")),
            ["info version-not-pinned"],
            "{lock}"
        );
    }
    let dynamic = "[project]\nname = 'a'\ndynamic = ['dependencies']\n";
    let report = run(&flask("").file("pyproject.toml", dynamic), "");
    assert_eq!(told(&report), ("error", "manifest-unreadable"));
    assert!(report.reason("known").starts_with("pyproject.toml:3: "));
}

#[test]
fn words_of_the_node_mean_a_name_in_every_spelling_of_it() {
    let fields =
        "only \"Flask*\" \"RUAMEL.*\"; except \"ruamel.yaml\"; called { FLASK_LOG \"flask\" }";
    let project = project(&sdk_server(), fields)
        .file("requirements.txt", "flask-log==3.1.0\nruamel_yaml\nrich\n");
    let (report, names) = checked(&project);
    assert_eq!(names, ["flask-log 3.1.0"]);
    assert_eq!(told(&report).0, "passed", "{}", report.reason("known"));
}

#[test]
fn words_of_the_node_that_mean_no_library_are_told() {
    let fields = "only \"flask\" \"flsk\"; except \"rihc\"; called { flaks \"flask\" }";
    let project = project(&sdk_server(), fields).file("requirements.txt", "flask==3.1.0\n");
    let report = run(&project, "");
    assert_eq!(told(&report), ("failed", "findings"));
    let findings = report.node("known")["findings"].as_array().unwrap();
    let messages: Vec<&str> = findings
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .collect();
    assert_eq!(
        messages,
        [
            "`only \"flsk\"` matches no library",
            "`except \"rihc\"` matches no library",
            "`called \"flaks\"` matches no library"
        ]
    );
}

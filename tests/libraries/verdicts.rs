//! What the answers of a sound server mean.

use super::*;

fn flask(requirement: &str, fields: &str) -> Report {
    let project = project(&sdk_server(), fields).file("requirements.txt", requirement);
    let report = run(&project, "");
    project.assert_nothing_left();
    report
}

#[test]
fn a_library_is_verified_by_its_name_its_version_and_its_documentation() {
    let report = flask("flask==3.1.0\n", "");
    assert_eq!(
        report.outcome("known"),
        "passed",
        "{}",
        report.reason("known")
    );
    assert_eq!(rules(&report), [""; 0]);
    for name in ["checked", "known", "listed", "documented"] {
        assert_eq!(
            measured(&report, &format!("libraries.{name}")),
            Some(1.0),
            "{name}"
        );
    }
}

#[test]
fn b48_the_verdict_claims_nothing_about_security_or_being_current() {
    let report = flask("flask==3.1.0\n", "");
    assert_eq!(
        report.reason("known"),
        "1 library is known by name, 1 in their pinned versions; nothing is said about security or being current"
    );
}

#[test]
fn a_version_that_is_not_listed_is_told_and_fails_only_if_the_node_says_so() {
    let report = flask("flask==2.0\n", "");
    assert_eq!(report.outcome("known"), "passed");
    assert_eq!(rules(&report), ["low version-not-listed"]);
    let finding = &report.node("known")["findings"][0];
    assert_eq!(
        finding["message"],
        "`flask` 2.0 is not listed: the newest version listed is 3.1.0"
    );
    assert_eq!(finding["line"], 1);
    assert_eq!(
        told(&flask("flask==2.0\n", "fail-on \"low\"")),
        ("failed", "findings")
    );
}

#[test]
fn an_older_version_and_one_that_nothing_pins_are_only_told() {
    assert_eq!(rules(&flask("flask==3.0\n", "")), ["info version-older"]);
    assert_eq!(rules(&flask("flask>=3\n", "")), ["info version-not-pinned"]);
}

#[test]
fn b47_a_library_that_is_merely_alike_is_not_known() {
    let report = flask("flask-log==1.0\nflask==3.1.0\n", "");
    assert_eq!(told(&report), ("failed", "findings"));
    assert_eq!(rules(&report), ["medium library-unknown"]);
    assert!(
        report.reason("known").contains("`flask-log`"),
        "{}",
        report.reason("known")
    );
    let report = flask(
        "flask-log==1.0\n",
        "called { flask-log \"flask\" }; fail-on \"medium\"",
    );
    assert_eq!(report.outcome("known"), "passed");
}

#[test]
fn b47_nothing_to_check_is_never_passed() {
    let outcome = |project: &Project| {
        let report = run(project, "");
        let (outcome, code) = told(&report);
        (outcome.to_owned(), code.to_owned())
    };
    let error = |code: &str| ("error".to_owned(), code.to_owned());
    let bare = |fields: &str| project(&sdk_server(), fields);
    assert_eq!(outcome(&bare("")), error("no-manifest"));
    assert_eq!(outcome(&bare("stack \"stack.txt\"")), error("no-manifest"));
    assert_eq!(outcome(&bare("manifests \"go.mod\"")), error("no-manifest"));
    assert_eq!(
        outcome(&bare("").file("requirements.txt", "# none\n")),
        error("no-libraries")
    );
    let flask = |fields: &str| bare(fields).file("requirements.txt", "flask==3.1.0\n");
    assert_eq!(outcome(&flask("except \"f*\"")), error("no-libraries"));
    assert_eq!(outcome(&flask("only \"flsk\"")), error("no-libraries"));
    assert_eq!(
        outcome(&flask("manifests \"pipelines/*\"")),
        error("manifest-unknown")
    );
}

#[test]
fn a_manifest_that_can_not_be_read_is_an_error_with_its_place() {
    for (path, text, place) in [
        (
            "requirements.txt",
            "flask\n<<<<<<< HEAD\n",
            "requirements.txt:2: ",
        ),
        ("package.json", "{\n", "package.json:2: "),
        ("Cargo.toml", "[dependencies]\na = \n", "Cargo.toml:2: "),
        (
            ".session/tracking/stack.txt",
            "- a, b and c\n",
            ".session/tracking/stack.txt:1: ",
        ),
        (
            "pyproject.toml",
            "[project]\ndependencies = [1]\n",
            "pyproject.toml:2: ",
        ),
    ] {
        let report = run(&project(&sdk_server(), "").file(path, text), "");
        assert_eq!(told(&report), ("error", "manifest-unreadable"), "{path}");
        assert!(
            report.reason("known").starts_with(place),
            "{}",
            report.reason("known")
        );
    }
    let missing = project(&sdk_server(), "").file("requirements.txt", "-r base.txt\n");
    let report = run(&missing, "");
    assert_eq!(told(&report), ("error", "no-manifest"));
    assert!(report.reason("known").contains("base.txt"));
}

#[test]
fn included_files_constraints_and_lock_files_are_read() {
    let project = project(
        &sdk_server(),
        "manifests \"requirements.txt\" \"web/package.json\"; only \"flask\" \"rich\" \"vite\"",
    )
    .file("requirements.txt", "-r deps/base.txt\n-c pins.txt\n")
    .file("deps/base.txt", "flask\n-r ../more.txt\n")
    .file("more.txt", "rich\nattrs\n")
    .file("pins.txt", "flask==3.1.0\nunused==1\n")
    .file("web/package.json", r#"{"dependencies":{"vite":"^7"}}"#)
    .file(
        "package-lock.json",
        r#"{"packages":{"node_modules/vite":{"version":"7.1.0"}}}"#,
    );
    let report = run(&project, "");
    assert_eq!(
        measured(&report, "libraries.checked"),
        Some(3.0),
        "{}",
        report.reason("known")
    );
    assert_eq!(measured(&report, "libraries.listed"), Some(1.0));
    let calls = project.lines("calls");
    let asked = |name: &str| {
        calls
            .iter()
            .any(|call| call.contains(&format!("\"{name}\"")))
    };
    assert!(
        asked("flask") && asked("rich") && asked("vite") && !asked("attrs"),
        "{calls:?}"
    );
}

#[test]
fn b47_the_stack_is_read_by_names_and_versions() {
    let project = project(&sdk_server(), "")
        .file(".session/tracking/stack.txt", "# Stack\n- Flask (3.1.0)\n");
    let report = run(&project, "");
    // The server knows it as `flask`; it was asked as it is written.
    assert_eq!(told(&report), ("failed", "findings"));
    assert!(project.lines("calls")[0].contains("\"Flask\""));
}

#[test]
fn an_answer_is_used_again_until_it_is_too_old() {
    let project = project(&sdk_server(), "").file("requirements.txt", "flask==3.1.0\nnone\n");
    assert_eq!(run(&project, "").outcome("known"), "failed");
    assert_eq!(project.lines("calls").len(), 3);
    let project = project.file("requirements.txt", "flask==3.1.0\n");
    let report = run(&project, "exits");
    assert_eq!(report.outcome("known"), "passed", "no server is needed");
    assert_eq!(measured(&report, "libraries.remembered"), Some(1.0));
    assert!(
        report.reason("known").contains("from answers up to"),
        "{}",
        report.reason("known")
    );
    assert_eq!(project.lines("calls").len(), 3);
    assert!(project.read(".session/cache/.gitignore").starts_with('*'));

    let pipeline = project.read("pipelines/end-of-session.kdl");
    let project = project.file(
        "pipelines/end-of-session.kdl",
        pipeline.replace("server {", "max-age \"0s\"\n    server {"),
    );
    assert_eq!(told(&run(&project, "exits")), ("error", "server-ended"));
}

#[test]
fn a_spoilt_cache_is_asked_anew() {
    let project = project(&sdk_server(), "").file("requirements.txt", "flask==3.1.0\n");
    run(&project, "");
    for entry in std::fs::read_dir(project.root().join(".session/cache")).unwrap() {
        std::fs::write(entry.unwrap().path(), "{\"at\":").unwrap();
    }
    assert_eq!(run(&project, "").outcome("known"), "passed");
    assert_eq!(project.lines("calls").len(), 4);
}

#[test]
fn the_tools_of_an_older_server_are_found_by_asking_it() {
    let project = project(&sdk_server(), "").file("requirements.txt", "flask==3.1.0\n");
    let report = run(&project, "older");
    assert_eq!(
        report.outcome("known"),
        "passed",
        "{}",
        report.reason("known")
    );
    let calls = project.lines("calls");
    assert_eq!(calls[0], "resolve-library-id {\"libraryName\":\"flask\"}");
    assert!(
        calls[1]
            .starts_with("get-library-docs {\"context7CompatibleLibraryID\":\"/pallets/flask\"")
    );
}

#[test]
fn documentation_that_is_missing_is_told() {
    let project = project(&sdk_server(), "").file("requirements.txt", "flask==3.1.0\n");
    assert_eq!(
        rules(&run(&project, "no-documentation")),
        ["low documentation-missing"]
    );
}

#[test]
fn a_file_that_limits_another_still_names_its_own_libraries() {
    let project = project(&sdk_server(), "")
        .file("requirements-dev.txt", "-c requirements.txt\nflask\n")
        .file("requirements.txt", "flask==3.1.0\nrich==1.0\n");
    let report = run(&project, "");
    assert_eq!(rules(&report), ["medium library-unknown"]);
    assert_eq!(measured(&report, "libraries.checked"), Some(2.0));
    assert_eq!(measured(&report, "libraries.listed"), Some(1.0));
}

#[test]
fn one_library_is_verified_and_of_several_none() {
    let twin = |fields: &str| {
        let project = project(&sdk_server(), fields).file("requirements.txt", "twin==2.0.0\n");
        run(&project, "")
    };
    let report = twin("");
    assert_eq!(rules(&report), ["medium library-ambiguous"]);
    assert_eq!(
        report.node("known")["findings"][0]["message"],
        "`twin` may be any of /one/twin, /two/twin: `called` says which one it is"
    );
    let report = twin("called { twin \"one/twin\" }");
    assert_eq!(
        rules(&report),
        ["low version-not-listed"],
        "it is the other's"
    );
    assert_eq!(measured(&report, "libraries.documented"), Some(1.0));
}

#[test]
fn an_answer_is_only_used_again_for_the_server_that_gave_it() {
    let pipeline = |fields: &str| {
        format!(
            "secrets {{ KEY env=\"TEST_KEY\" }}\nlibraries \"known\" {{\n    server {{ {} }}\n    {fields}\n}}\n",
            sdk_server()
        )
    };
    let path = "pipelines/end-of-session.kdl";
    let mut project = Project::new().file("requirements.txt", "flask==3.1.0\n");
    for (fields, calls) in [
        ("", 2),
        ("env API=\"https://a.example\"", 4),
        ("env API=\"https://b.example\"", 6),
        ("secrets \"KEY\"", 8),
        ("env API=\"https://a.example\"", 8),
    ] {
        project = project.file(path, pipeline(fields));
        let report = run_with(&project, &[("TEST_KEY", "a-key-of-the-tests")]);
        assert_eq!(told(&report).0, "passed", "{}", report.reason("known"));
        assert_eq!(project.lines("calls").len(), calls, "{fields}");
    }
}

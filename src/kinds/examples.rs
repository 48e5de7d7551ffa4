//! One small pipeline for each kind, for `sdd explain` and the reference.

/// The name of a kind and an example of its use; every example is a whole pipeline.
pub const EXAMPLES: &[(&str, &str)] = &[
    (
        "command",
        r#"// Passes if the compiler does.
command "build" {
    run "cargo" "build" "--locked"
    timeout "15m"
}
"#,
    ),
    (
        "test",
        r#"// The results are read from this attempt's own folder.
test "unit" {
    run "pytest" "-q" "--junit-xml={{out}}/results.xml"
    results format="junit" path="{{out}}/results.xml" min-tests=1
}
"#,
    ),
    (
        "lint",
        r#"// What was there before the branch does not block it.
lint "ruff" {
    tool "ruff"
    paths "src" "tests"
    new-only
}

// A linter of your own, through SARIF.
lint "house-rules" {
    check "tools/house-rules" "--sarif" "{{out}}/findings.sarif"
    findings format="sarif" path="{{out}}/findings.sarif"
    fail-on "medium"
}
"#,
    ),
    (
        "format",
        r#"// With `--fix` the files are laid out anew, and what needs them waits.
format "prettier" {
    tool "prettier"
}
"#,
    ),
    (
        "security",
        r#"// An advisory that both know counts once.
security "vulnerabilities" {
    scan "npm-audit"
    scan "gitleaks"
    fail-on "high"
    ignore "GHSA-35jh-r3h4-6jhm" {
        until "2027-03-31"
        reason "only used in the build"
    }
}
"#,
    ),
    (
        "docs",
        r#"// Documentation goes with the code: since `base`, committed or not.
docs "docs" {
    changelog when-changed="src/**"
    readme when-changed="src/cli/**"
    docstrings paths="src/**/*.py"
    links "**/*.md"
}
"#,
    ),
    (
        "libraries",
        r#"// The key is in the environment of the server, and in no log.
secrets { CONTEXT7_API_KEY env="CONTEXT7_API_KEY" }

libraries "libraries" {
    secrets "CONTEXT7_API_KEY"
    server { run "context7-mcp" "--transport" "stdio" }
    called { next "Next.js" }
    except "@types/*"
    max-age "3d"
}
"#,
    ),
    (
        "rule",
        r##"// A line that matches is a finding.
rule "no-print" {
    forbid #"^\s*print\("#
    in "src/**/*.py"
    except "src/cli.py"
    message "log instead: a print is lost"
}
"##,
    ),
    (
        "spec",
        r#"// Asked only of integration tests; the current item is the one in progress.
spec "specification" {
    when { work-item type="integration_test" }
}
"#,
    ),
    (
        "setup",
        r#"// Others read what it publishes as {{node.database.url}}.
setup "database" {
    shell "tools/create-database >> $SDD_PUBLISH"
    publish "url"
}

teardown "drop-database" for="database" {
    run "tools/drop-database"
}
"#,
    ),
    (
        "teardown",
        r#"// Runs if and only if `tunnel` was started, after all who need it.
setup "tunnel" {
    run "tools/tunnel" "open"
}

teardown "close-tunnel" for="tunnel" {
    run "tools/tunnel" "close"
}
"#,
    ),
    (
        "service",
        r#"// Listens on the port in SDD_PORT; taken down by `api.down`.
service "api" {
    run "python3" "-m" "shop" "--port-from" "SDD_PORT"
    ready http="http://127.0.0.1:{{node.api.port}}/health"
    ready-timeout "20s"
}

command "smoke" {
    needs "api"
    run "curl" "-fsS" "http://127.0.0.1:{{node.api.port}}/health"
}
"#,
    ),
    (
        "benchmark",
        r#"// 500 requests a second are due, whatever the answers do.
service "api" {
    run "python3" "api.py"
    ready http="http://127.0.0.1:{{node.api.port}}/health"
}
benchmark "orders" {
    needs "api"
    exclusive
    target url="http://127.0.0.1:{{node.api.port}}/orders"
    load rate="500/s" duration="20s" warmup="2s" connections=64
    limit "p95" max="200ms"
    limit "p99" max="500ms"
    limit "error-rate" max="0.1%"
}
"#,
    ),
    (
        "contract",
        r#"// Compared with the base; what breaks asks for a new major version.
contract "api" {
    spec "api/openapi.yaml"
    against "base:"
    breaking "major"
    waive "request-parameter-removed GET /orders" {
        until "2027-03-31"
        reason "no client sends it, by the logs"
    }
}

// The service is sent what its contract allows, and its answers are checked.
service "orders" {
    run "python3" "orders.py"
    ready http="http://127.0.0.1:{{node.orders.port}}/health"
}
contract "kept" {
    needs "orders"
    spec "api/openapi.yaml"
    live url="http://127.0.0.1:{{node.orders.port}}" methods="GET"
}
"#,
    ),
    (
        "preflight",
        r#"// Before anything slow begins; `sdd doctor` makes the same checks.
preflight "machine" {
    docker
    compose
    tools {
        python3 ">=3.9, <4"
        node "^20"
    }
    files "docker-compose.yml" "config/test.toml"
    env "DATABASE_URL"
    ports-free 8080
}
"#,
    ),
    (
        "compose",
        r#"// The services `db` and `api` of a compose file; taken down by `stack.down`.
compose "stack" {
    file "docker-compose.yml"
    service "db" until="healthy"
    service "api" until="http" port=8000 path="/health"
    fixture "orders" {
        run "python3" "tests/fixtures/load.py" "{{node.stack.port.db.5432}}"
    }
    ready-timeout "90s"
}

command "smoke" {
    needs "stack"
    run "curl" "-fsS" "http://127.0.0.1:{{node.stack.port.api.8000}}/health"
}
"#,
    ),
];

/// The example of that kind.
pub fn example(kind: &str) -> Option<&'static str> {
    EXAMPLES
        .iter()
        .find(|(name, _)| *name == kind)
        .map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::KINDS;
    use crate::syntax::fmt::format_kdl;

    #[test]
    fn every_kind_has_an_example_of_itself_in_the_uniform_layout() {
        for row in KINDS {
            let name = row.spec.name;
            let text = example(name).unwrap_or_else(|| panic!("{name} has no example"));
            assert!(text.contains(&format!("{name} \"")), "{name}");
            assert_eq!(format_kdl(text).as_deref(), Ok(text), "{name}");
        }
    }
}

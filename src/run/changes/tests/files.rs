//! What kinds of changes of files are told, and how.

use std::fs;

use super::{Bench, shown};
use crate::run::repository::Repository;

#[test]
fn b41_renamed_and_removed_files_are_known_by_both_names() {
    let bench = Bench::branched();
    bench.write("long", "1\n2\n3\n4\n5\n6\n7\n8\n");
    bench.git("add -A");
    bench.git("commit -q --amend -m x");
    bench.git("branch -f main");
    bench.git("mv long renamed");
    bench.write("renamed", "1\n2\n3\n4\nfive\n6\n7\n8\n");
    fs::remove_file(bench.at.join("b")).unwrap();
    bench.git("rm -q --cached a");
    assert_eq!(bench.changed(), ["~a 1-3", "-b", "~renamed from long 5-5"]);
    let paths = Repository::new(&bench.at, None);
    assert_eq!(paths.paths().unwrap(), ["a", "b", "long", "renamed"]);
}

#[test]
fn a_root_below_the_repository_sees_its_own_files_only() {
    let bench = Bench::branched();
    bench.write("sub/in", "1\n");
    bench.write("sub/link-target", "2\n");
    bench.write("out", "1\n");
    bench.commit();
    bench.git("branch -f main");
    bench.write("sub/in", "1\n2\n");
    bench.write("out", "1\n2\n");
    bench.git("mv a sub/a");
    bench.write("sub/new", "1\n");
    let sub = bench.at("repository/sub");
    assert_eq!(sub.changed(), ["+a 1-3", "~in 2-2", "+new 1-1"]);
    let repository = Repository::new(&sub.at, None);
    assert_eq!(repository.at_base("in"), Ok(Some(b"1\n".to_vec())));
    assert_eq!(repository.at_base("new"), Ok(None));
}

#[test]
fn a_worktree_has_a_base_of_its_own() {
    let bench = Bench::branched();
    bench.git("worktree add -q ../tree -b other main");
    bench.write("here", "1\n");
    let tree = bench.at("tree");
    tree.write("there", "1\n");
    tree.commit();
    assert_eq!(tree.changed(), ["+there 1-1"]);
    assert_eq!(bench.changed(), ["+here 1-1"]);
}

#[test]
fn a_submodule_counts_when_it_points_elsewhere() {
    let bench = Bench::branched();
    bench.git("clone -q . ../library");
    bench.git("submodule add -q ../library vendor/library");
    bench.commit();
    bench.git("branch -f main");
    bench.write("vendor/library/a", "dirty\n");
    bench.write("vendor/library/untracked", "x\n");
    assert_eq!(bench.changed(), Vec::<String>::new());
    bench.at("repository/vendor/library").commit();
    assert_eq!(bench.changed(), ["~vendor/library"]);
}

#[test]
fn another_repository_inside_is_none_of_this_one() {
    let bench = Bench::branched();
    fs::create_dir(bench.at.join("inner")).unwrap();
    bench.at("repository/inner").git("init -q");
    bench.write("inner/x", "1\n");
    assert_eq!(bench.changed(), Vec::<String>::new());
}

#[test]
fn odd_names_are_names() {
    let bench = Bench::branched();
    let names = [
        "-o",
        "a b",
        "ä",
        "new\nline",
        "quo\"te",
        ":x",
        "*",
        "diff --git a b",
    ];
    for name in names {
        bench.write(name, "1\n");
    }
    bench.commit();
    bench.write("x -> y", "1\n");
    let odd = <std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(b"n\xff");
    fs::write(bench.at.join(odd), "1\n").unwrap();
    let mut expected: Vec<String> = names.iter().map(|name| format!("+{name} 1-1")).collect();
    expected.extend(["+x -> y 1-1".to_owned(), "+n\u{fffd} 1-1".to_owned()]);
    expected.sort();
    let mut changed = bench.changed();
    changed.sort();
    assert_eq!(changed, expected);
    let repository = Repository::new(&bench.at, Some("HEAD"));
    for name in names {
        assert_eq!(
            repository.at_base(name),
            Ok(Some(b"1\n".to_vec())),
            "{name:?}"
        );
    }
}

#[test]
fn binary_files_have_no_lines_and_line_ends_are_not_counted_twice() {
    let bench = Bench::branched();
    bench.write("staged.bin", b"a\0b\n");
    bench.git("add staged.bin");
    bench.write("untracked.bin", b"a\0b\n");
    bench.write("crlf", "1\r\n2\r\n");
    bench.write("empty", "");
    bench.write("tricky", "diff --git a/b b/b\n@@ -1 +1 @@\n--- a\n+++ b\n");
    bench.git("add tricky");
    assert_eq!(
        bench.changed(),
        [
            "+crlf 1-2",
            "+empty",
            "+staged.bin",
            "+tricky 1-4",
            "+untracked.bin"
        ]
    );
}

#[test]
fn a_file_that_becomes_a_link_or_a_program_is_one_file() {
    let bench = Bench::branched();
    fs::remove_file(bench.at.join("a")).unwrap();
    std::os::unix::fs::symlink("b", bench.at.join("a")).unwrap();
    let program = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(bench.at.join("b"), program).unwrap();
    bench.write("c", "1\n");
    bench.git("add -A");
    assert_eq!(bench.changed(), ["~a 1-1", "~b", "+c 1-1"]);
}

#[test]
fn a_conflict_is_a_change() {
    let bench = Bench::branched();
    bench.write("a", "1\nmine\n3\n");
    bench.commit();
    bench.git("checkout -q main");
    bench.write("a", "1\ntheirs\n3\n");
    bench.write("c", "1\n");
    bench.commit();
    bench.git("checkout -q work");
    bench.git("merge -q main");
    let changes = bench.ask(Some("HEAD")).unwrap();
    let files: Vec<String> = changes.files.iter().map(shown).collect();
    assert_eq!(files.len(), 2, "{files:?}");
    assert!(files[0].starts_with("~a "), "{files:?}");
}

#[test]
fn no_setting_of_the_user_changes_the_answer() {
    let bench = Bench::branched();
    for setting in [
        "diff.external /bin/false",
        "diff.noprefix true",
        "diff.context 5",
        "diff.interHunkContext 9",
        "diff.renames false",
        "diff.submodule log",
        "diff.orderFile no-such",
        "color.ui always",
        "core.fsmonitor /bin/false",
        "core.quotePath true",
        "status.showUntrackedFiles no",
    ] {
        bench.git(&format!("config {setting}"));
    }
    bench.write("a", "eins\n2\ndrei\n");
    bench.git("mv b c");
    bench.write("d", "1\n");
    assert_eq!(bench.changed(), ["~a 1-1 3-3", "~c from b", "+d 1-1"]);
}

#[test]
fn a_file_of_the_base_is_read_as_it_was_and_its_links_followed() {
    let bench = Bench::branched();
    fs::create_dir(bench.at.join("docs")).unwrap();
    for (name, target) in [("docs/link", "../a"), ("out", "../x"), ("loop", "loop")] {
        std::os::unix::fs::symlink(target, bench.at.join(name)).unwrap();
    }
    bench.commit();
    bench.git("branch -f main");
    bench.write("a", "changed\n");
    let repository = Repository::new(&bench.at, None);
    let old = Ok(Some(b"1\n2\n3\n".to_vec()));
    assert_eq!(repository.at_base("a"), old);
    assert_eq!(repository.at_base("docs/link"), old);
    for nothing in ["docs", "out", "loop", "no-such"] {
        assert_eq!(repository.at_base(nothing), Ok(None), "{nothing}");
    }
}

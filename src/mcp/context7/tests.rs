//! Answers of the real server, as it wrote them.

use super::*;
use crate::host::Said;

fn said(text: &str) -> Said {
    Said {
        text: text.to_owned(),
        is_error: false,
    }
}

fn is_named(entry: &Entry, name: &str) -> bool {
    chosen(vec![entry.clone()], name) != Chosen::None
}

const FOUND: &str = "Available Libraries:\n\n- Title: Next.js\n- Context7-compatible library ID: /vercel/next.js\n- Description: The React framework.\n- Code Snippets: 3336\n- Source Reputation: High\n- Benchmark Score: 92.3\n- Versions: v14.3.0-canary.87, v15.1.8, v16.0.0-rc.1\n----------\n- Title: Next.js Auth\n- Context7-compatible library ID: /nextauthjs/next-auth\n- Description: undefined\n- Source Reputation: Unknown";

#[test]
fn a_list_of_libraries_is_read_with_its_versions() {
    let entries = entries(&said(FOUND)).unwrap();
    assert_eq!(entries.len(), 2);
    assert_eq!(entries[0].id, "/vercel/next.js");
    assert_eq!(entries[0].versions.len(), 3);
    assert_eq!(entries[1].title, "Next.js Auth");
    assert!(entries[1].versions.is_empty());
    let filtered = FOUND.replace(
        "Libraries:\n\n",
        "Libraries:\n\n**Note:** Your results are filtered\n\n",
    );
    assert_eq!(super::entries(&said(&filtered)).unwrap(), entries);
}

#[test]
fn b48_only_the_words_for_not_found_mean_that_there_is_none() {
    assert_eq!(
        entries(&said("No libraries found matching the provided name.")),
        Ok(Vec::new())
    );
    for text in [
        "",
        "Rate limited or quota exceeded. Create a free API key at https://context7.com/dashboard for higher limits.",
        "Invalid API key. Please check your API key.",
        "Request failed with status 500. Please try again later.",
        "Error searching libraries: TypeError: fetch failed",
        "Available Libraries:\n\n",
        "Available Libraries:\n\n- Title: Next.js\n- Description: cut off",
    ] {
        assert!(entries(&said(text)).is_err(), "{text}");
    }
    let flagged = Said {
        is_error: true,
        ..said(FOUND)
    };
    assert!(entries(&flagged).is_err());
}

#[test]
fn b48_what_stands_in_the_way_of_an_answer_is_told_apart() {
    let kind = |text| entries(&said(text)).unwrap_err();
    assert!(matches!(
        kind("Invalid API key. Please"),
        Unreadable::Refused(_)
    ));
    assert!(matches!(
        kind("Rate limited or quota exceeded."),
        Unreadable::Limited(_)
    ));
    assert!(matches!(kind("<html>"), Unreadable::Other(_)));
}

#[test]
fn b48_documentation_is_a_page_and_not_any_text() {
    let page =
        "### Install\n\nSource: https://a.example\n\nRun it.\n\n--------------------------------\n";
    assert_eq!(documentation(&said(page)), Ok(Documentation::Served));
    let none = "Documentation not found or not finalized for this library. This might";
    assert_eq!(documentation(&said(none)), Ok(Documentation::Missing));
    for text in [
        "",
        "Rate limited",
        "Error fetching library context. Please try again later.",
    ] {
        assert!(documentation(&said(text)).is_err(), "{text}");
    }
}

fn entry(title: &str, id: &str) -> Entry {
    Entry {
        title: title.to_owned(),
        id: id.to_owned(),
        versions: Vec::new(),
    }
}

#[test]
fn b47_only_the_exact_name_is_the_library() {
    let next = entry("Next.js", "/vercel/next.js");
    assert!(is_named(&next, "Next.js") && is_named(&next, "next-js"));
    assert!(is_named(&next, "@vercel/next.js") && is_named(&next, "vercel/next.js"));
    for other in ["next", "nextjs", "next.js-auth", "other/next.js"] {
        assert!(!is_named(&next, other), "{other}");
    }
    let mux = entry("Gorilla Mux", "/gorilla/mux");
    assert!(
        is_named(&mux, "github.com/gorilla/mux") && is_named(&mux, "github.com/gorilla/mux/v2")
    );
    assert!(!is_named(&mux, "github.com/other/mux") && is_named(&mux, "mux"));
    assert!(is_named(
        &entry("x", "/tanstack/react-query"),
        "@tanstack/react-query"
    ));
    assert!(!is_named(&entry("React Query", "/a/b"), "react"));
}

#[test]
fn a_version_is_known_again_however_it_is_written() {
    let listed = ["v15.1.8", "4_1_0", "4.0.0-rc.1", "__branch__main"].map(str::to_owned);
    for version in [
        "15.1.8",
        "v15.1.8",
        "4.1",
        "4.1.0",
        "4.0.0-rc.1",
        "4.1.0+build",
        "__branch__main",
    ] {
        assert!(is_listed(version, &listed), "{version}");
    }
    for version in ["15.1", "15.1.80", "4.0.0", "4.0.0-rc.2", "main", ""] {
        assert!(!is_listed(version, &listed), "{version}");
    }
}

#[test]
fn the_newest_version_is_a_release_where_there_is_one() {
    let newest = |versions: &[&str]| {
        let versions: Vec<String> = versions.iter().map(|text| (*text).to_owned()).collect();
        super::newest(&versions).map(str::to_owned)
    };
    assert_eq!(
        newest(&["v9.0.0", "v10.0.0", "v11.0.0-rc.1", "main"]).as_deref(),
        Some("v10.0.0")
    );
    assert_eq!(newest(&["1.0.0-a", "1.0.0-b"]).as_deref(), Some("1.0.0-b"));
    assert_eq!(newest(&["main"]), None);
}

fn offer(name: &str, arguments: &[&str]) -> Offer {
    Offer {
        name: name.to_owned(),
        arguments: arguments.iter().map(|name| (*name).to_owned()).collect(),
    }
}

#[test]
fn tools_are_taken_as_the_server_names_them() {
    let resolve = offer("resolve-library-id", &["query", "libraryName"]);
    let today = [
        offer("query-docs", &["libraryId", "query"]),
        resolve.clone(),
    ];
    let tools = Tools::among(&today).unwrap();
    assert_eq!(
        tools.resolve("rich"),
        (
            "resolve-library-id",
            vec![("libraryName", "rich"), ("query", "getting started")]
        )
    );
    let (name, arguments) = tools.documentation("/a/b").unwrap();
    assert_eq!((name, arguments[0]), ("query-docs", ("libraryId", "/a/b")));

    let older = [
        offer("resolve-library-id", &["libraryName"]),
        offer(
            "get-library-docs",
            &["context7CompatibleLibraryID", "topic", "tokens"],
        ),
    ];
    let tools = Tools::among(&older).unwrap();
    assert_eq!(tools.resolve("rich").1, [("libraryName", "rich")]);
    let (name, arguments) = tools.documentation("/a/b").unwrap();
    assert_eq!(name, "get-library-docs");
    assert_eq!(
        arguments,
        [
            ("context7CompatibleLibraryID", "/a/b"),
            ("topic", "getting started")
        ]
    );

    assert_eq!(
        Tools::among(&[resolve]).unwrap().documentation("/a/b"),
        None
    );
    let message = Tools::among(&[offer("echo", &[])]).unwrap_err();
    assert_eq!(
        message,
        "it offers no tool `resolve-library-id`, but `echo`"
    );
}

#[test]
fn one_entry_is_chosen_by_its_id_then_its_title_then_the_end_of_its_id() {
    let named = |title: &str, id: &str| Entry {
        title: title.to_owned(),
        id: id.to_owned(),
        versions: Vec::new(),
    };
    let site = named("Flask", "/websites/flask");
    let project = named("flask", "/pallets/flask");
    let other = named("Something", "/other/flask");
    let all = || vec![other.clone(), site.clone(), project.clone()];
    assert_eq!(chosen(all(), "pallets/flask"), Chosen::One(project.clone()));
    assert_eq!(
        chosen(all(), "/pallets/flask"),
        Chosen::One(project.clone())
    );
    assert_eq!(
        chosen(all(), "flask"),
        Chosen::One(site),
        "the first of its title"
    );
    let ends = vec![other.clone(), named("Anything", "/any/flask")];
    let ids = ["/other/flask", "/any/flask"].map(str::to_owned).to_vec();
    assert_eq!(chosen(ends, "flask"), Chosen::Several(ids));
    assert_eq!(chosen(vec![other.clone()], "flask"), Chosen::One(other));
    assert_eq!(chosen(vec![project], "flask-log"), Chosen::None);
}

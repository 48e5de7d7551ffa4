//! Pages of Markdown whose links lead somewhere.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::{Checked, Judged, none_matches, unreadable, untold};
use crate::event::{Finding, Grade, Measurement};
use crate::host::{Conclusion, Host};
use crate::rules::links::{self, Site};
use crate::rules::markdown::{self, Page};
use crate::span::Span;
use crate::spec::Glob;

/// Follows the links of all pages that match.
pub(super) async fn follow(host: &impl Host, globs: &[Glob]) -> Judged {
    let mut pages = read(host, globs).await?;
    let own: Vec<String> = pages.keys().cloned().collect();
    let everything = Glob::new("**", Span::default()).expect("`**` is a pattern");
    let files = host.list(&[everything], &[]).await;
    let files = files.map_err(|problem| untold("unreadable-file", problem))?;
    for path in links::unread(&pages, &files) {
        let content = host.read(&path);
        let content = content.map_err(|error| unreadable(&path, &error.to_string()))?;
        pages.insert(path, markdown::read(&String::from_utf8_lossy(&content)));
    }
    let site = Site::new(&files, &pages);
    let mut all = links::Checked::default();
    for path in &own {
        let checked = site.check(path, &pages[path]);
        all.followed += checked.followed;
        all.unchecked += checked.unchecked;
        all.findings.extend(checked.findings);
    }
    for (name, count) in [
        ("docs.links.files", own.len() as u64),
        ("docs.links.checked", all.followed),
        ("docs.links.unchecked", all.unchecked),
        ("docs.links.broken", all.findings.len() as u64),
    ] {
        host.measure(Measurement::count(name, count));
    }
    Ok(Checked {
        findings: all.findings,
        ..Checked::default()
    })
}

/// The pages that match, by their paths.
async fn read(host: &impl Host, globs: &[Glob]) -> Result<BTreeMap<String, Page>, Conclusion> {
    let pages: Arc<Mutex<BTreeMap<String, Page>>> = Arc::default();
    let found = Arc::clone(&pages);
    let visit = move |path: &str, content: &[u8]| {
        if !links::is_page(path) {
            return Vec::new();
        }
        if content.contains(&0) {
            let message = "it is no text in UTF-8";
            return vec![Finding::new("unreadable", Grade::Medium, message).at(path, None, None)];
        }
        let page = markdown::read(&String::from_utf8_lossy(content));
        if let Ok(mut pages) = found.lock() {
            pages.insert(path.to_owned(), page);
        }
        Vec::new()
    };
    let scan = host.scan(globs, &[], Arc::new(visit)).await;
    if let Some((path, reason)) = scan.unreadable.first() {
        return Err(unreadable(path, reason));
    }
    if let Some(finding) = scan.findings.first() {
        let path = finding.path.as_deref().unwrap_or_default();
        return Err(unreadable(path, &finding.message));
    }
    let pages = pages.lock().map(|mut pages| std::mem::take(&mut *pages));
    let pages = pages.unwrap_or_default();
    if pages.is_empty() {
        return Err(none_matches("page", "links", globs));
    }
    Ok(pages)
}

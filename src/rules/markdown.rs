//! What a Markdown page links to, and by which anchors it can be linked to.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use pulldown_cmark::{BrokenLink, CowStr, Event, LinkType, Options, Parser, Tag, TagEnd};
use regex::Regex;

use super::without_front_matter;

/// What GitHub understands.
pub(super) const FLAVOUR: Options = Options::ENABLE_TABLES
    .union(Options::ENABLE_FOOTNOTES)
    .union(Options::ENABLE_STRIKETHROUGH)
    .union(Options::ENABLE_TASKLISTS)
    .union(Options::ENABLE_GFM);

/// A Markdown page.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its links and images, in the order of the text.
    pub links: Vec<Link>,
    /// Labels of `[text][label]` that are defined nowhere; each as a link to the label.
    pub undefined: Vec<Link>,
    /// The anchors of its headings and of its HTML.
    pub anchors: BTreeSet<String>,
}

/// A link or an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it leads, as written, escapes of Markdown and HTML resolved.
    pub target: String,
    /// Its line, from 1.
    pub line: u64,
    /// Its column in characters, from 1.
    pub column: u64,
}

/// Reads a page.
pub fn read(text: &str) -> Page {
    let text = without_front_matter(text);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = Lines::of(text);
    let mut undefined = Vec::new();
    let mut note = |broken: BrokenLink<'_>| -> Option<(CowStr<'_>, CowStr<'_>)> {
        undefined.extend(meant_as_link(text, &lines, &broken));
        None
    };
    let mut reader = Reader {
        lines: &lines,
        page: Page::default(),
        heading: None,
        images: 0,
    };
    let parser = Parser::new_with_broken_link_callback(text, FLAVOUR, Some(&mut note));
    for (event, range) in parser.into_offset_iter() {
        reader.take(event, range.start, &text[range.clone()]);
    }
    let mut page = reader.page;
    page.undefined = undefined;
    page
}

/// The label of a link without a definition. Brackets of their own, or behind a word as in
/// `a[0][1]`, are text.
fn meant_as_link(text: &str, lines: &Lines<'_>, broken: &BrokenLink<'_>) -> Option<Link> {
    let wordy = |c: char| c.is_alphanumeric() || [']', '_', ')'].contains(&c);
    let link = matches!(broken.link_type, LinkType::Reference | LinkType::Collapsed)
        && !text[..broken.span.start].ends_with(wordy);
    link.then(|| lines.link(broken.reference.to_string(), broken.span.start))
}

struct Reader<'t> {
    lines: &'t Lines<'t>,
    page: Page,
    /// The text of the heading that is being read.
    heading: Option<String>,
    /// How many images the text is in.
    images: usize,
}

impl Reader<'_> {
    fn take(&mut self, event: Event<'_>, start: usize, source: &str) {
        match event {
            Event::Start(Tag::Heading { .. }) => self.heading = Some(String::new()),
            Event::End(TagEnd::Heading(_)) => {
                let heading = self.heading.take().unwrap_or_default();
                self.anchor(&slug(&heading));
            }
            Event::Start(Tag::Link {
                link_type: LinkType::Email,
                ..
            }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url, start),
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.link(&dest_url, start);
                self.images += 1;
            }
            Event::End(TagEnd::Image) => self.images -= 1,
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => self.html(start, source),
            _ => {}
        }
    }

    fn link(&mut self, target: &str, start: usize) {
        let link = self.lines.link(target.to_owned(), start);
        self.page.links.push(link);
    }

    fn text(&mut self, text: &str) {
        if let Some(heading) = self.heading.as_mut().filter(|_| self.images == 0) {
            heading.push_str(text);
        }
    }

    /// Makes an anchor known; one that is there already gets a number.
    fn anchor(&mut self, slug: &str) {
        let numbered = (1..).map(|number| format!("{slug}-{number}"));
        let free = std::iter::once(slug.to_owned())
            .chain(numbered)
            .find(|anchor| !self.page.anchors.contains(anchor));
        self.page.anchors.extend(free);
    }

    fn html(&mut self, start: usize, source: &str) {
        let source = without_comments(source);
        for tag in TAG.captures_iter(&source) {
            let at = start + tag.get(0).map_or(0, |tag| tag.start());
            let name = tag[1].to_ascii_lowercase();
            for attribute in ATTRIBUTE.captures_iter(&tag[2]) {
                let key = attribute[1].to_ascii_lowercase();
                let value = (2..=4).find_map(|group| attribute.get(group));
                let value = value
                    .map_or("", |value| value.as_str())
                    .replace("&amp;", "&");
                match (name.as_str(), key.as_str()) {
                    (_, "id") | ("a", "name") => {
                        self.page.anchors.insert(value);
                    }
                    ("a", "href") | ("img" | "source" | "video" | "audio", "src") => {
                        self.link(&value, at);
                    }
                    ("img" | "source", "srcset") => {
                        let targets = value
                            .split(',')
                            .filter_map(|one| one.split_whitespace().next());
                        targets.for_each(|target| self.link(target, at));
                    }
                    _ => {}
                }
            }
        }
        for heading in HEADING.captures_iter(&source) {
            let text = TAG.replace_all(&heading[1], "");
            let text: Vec<&str> = text.split_whitespace().collect();
            self.anchor(&slug(&text.join(" ")));
        }
    }
}

/// What never fails to compile, since a test has compiled it.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the pattern is a literal")
}

static TAG: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"</?([A-Za-z][A-Za-z0-9-]*)((?:"[^"]*"|'[^']*'|[^'">])*)>"#));

static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"([^\s=<>"'/]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'=<>`]+))"#));

static HEADING: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?is)<h[1-6]\b[^>]*>(.*?)</h[1-6]\s*>"));

static COMMENT: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?s)<!--.*?-->"));

/// Everything that is neither of a word, nor a hyphen, nor a blank.
static PUNCTUATION: LazyLock<Regex> = LazyLock::new(|| pattern(r"[^\w\- ]"));

/// The same text with blanks instead of comments, so that places stay as they are.
fn without_comments(html: &str) -> String {
    let blank = |comment: &regex::Captures<'_>| " ".repeat(comment[0].len());
    COMMENT.replace_all(html, blank).into_owned()
}

/// The anchor that GitHub makes of a heading.
fn slug(heading: &str) -> String {
    let lower = heading.to_lowercase();
    PUNCTUATION.replace_all(&lower, "").replace(' ', "-")
}

/// Where the lines of a text begin.
pub(super) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// The line of a byte, from 1.
    pub(super) fn line(&self, at: usize) -> u64 {
        self.starts.partition_point(|start| *start <= at) as u64
    }

    fn link(&self, target: String, at: usize) -> Link {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = self.starts[line - 1];
        Link {
            target,
            line: line as u64,
            column: self.text[start..at].chars().count() as u64 + 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<String> {
        let links = read(text).links;
        links.into_iter().map(|link| link.target).collect()
    }

    fn anchors(text: &str) -> Vec<String> {
        read(text).anchors.into_iter().collect()
    }

    #[test]
    fn links_of_every_sort_are_read() {
        let text = "[a](a.md \"title\") ![b](<b c.png>) [c][r] [r] <https://x.y> <me@x.y>\n\n[r]: r.md 'title'\n";
        assert_eq!(
            targets(text),
            ["a.md", "b c.png", "r.md", "r.md", "https://x.y"]
        );
        let html =
            "<p>\n<a class=x href='d.md'><img src=e.png></a>\n</p>\n\ntext <img src=\"f.png\"/>\n";
        assert_eq!(targets(html), ["d.md", "e.png", "f.png"]);
        assert_eq!(
            targets("<source srcset=\"a.svg 1x, b.svg 2x\">\n"),
            ["a.svg", "b.svg"]
        );
    }

    #[test]
    fn what_is_code_or_comment_is_no_link() {
        let text = "`[a](a.md)`\n\n```\n[b](b.md)\n```\n\n    [c](c.md)\n\n<!-- [d](d.md)\n\n<a href=\"d.md\"> -->\n\nx <!-- <img src=e> --> \\[f](f.md)\n";
        assert_eq!(targets(text), Vec::<String>::new());
    }

    #[test]
    fn the_place_of_a_link_counts_characters() {
        let link = read("# A\n\näö [a](b)\n").links.remove(0);
        assert_eq!((link.line, link.column), (3, 4));
    }

    #[test]
    fn what_stands_between_two_rules_is_read_and_head_matter_is_not() {
        let text = "---\nx: \"[a](a.md)\"\n---\n# A\n\n---\n[b](b.md)\n---\n";
        assert_eq!(targets(text), ["b.md"]);
    }

    #[test]
    fn headings_have_the_anchors_of_github() {
        let text = "# Über `uns` & *mehr*!\n## Same\n## Same\nSetext 1.2\n---\n## [Link](x.md) snake_case\n";
        assert_eq!(
            anchors(text),
            [
                "link-snake_case",
                "same",
                "same-1",
                "setext-12",
                "über-uns--mehr"
            ]
        );
        assert_eq!(anchors("## 🚀 Go\n## ![i](i.png) Go\n"), ["-go", "-go-1"]);
    }

    #[test]
    fn html_has_anchors_too() {
        let text = "<a name=\"old\"></a>\n\n<h1 align=\"center\">\n  My <b>Project</b>\n</h1>\n\n## x <a id='new'></a>\n";
        assert_eq!(anchors(text), ["my-project", "new", "old", "x-"]);
    }

    #[test]
    fn a_label_without_definition_is_noted_and_an_index_is_not() {
        let labels = |text| -> Vec<String> {
            let undefined = read(text).undefined;
            undefined.into_iter().map(|link| link.target).collect()
        };
        assert_eq!(
            labels("see [the guide][guide], [this][]\n"),
            ["guide", "this"]
        );
        assert_eq!(
            labels("- [ ] a[0][1] and [1] and [^1]\n"),
            Vec::<String>::new()
        );
    }
}

//! Sequence diagrams of a page. Only Mermaid's own sort of that name counts, and only one in which
//! somebody says something to somebody.

use std::sync::LazyLock;

use regex::Regex;

use super::outline::{Code, Outline};
use crate::span::Span;

/// A sequence diagram.
#[derive(Debug, Clone, PartialEq)]
pub struct Diagram {
    /// The headings that it stands under, the nearest first.
    pub headings: Vec<String>,
    /// Where it stands.
    pub span: Span,
}

/// `A->>B: text`, with any of Mermaid's arrows.
static MESSAGE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^\s*[^\s:%].*?(?:<<)?--?(?:>>?|x|\))\s*[+-]?\s*[^\s:].*?:\s*\S")
        .expect("the pattern is a literal")
});

/// The sequence diagrams of a page that are not empty.
pub fn diagrams(page: &Outline) -> Vec<Diagram> {
    let mut open: Vec<(u8, &str)> = Vec::new();
    let mut found = Vec::new();
    for section in &page.sections {
        open.retain(|(level, _)| *level < section.level);
        open.push((section.level, &section.title));
        for code in section.code().filter(|code| is_sequence(code)) {
            let headings = open.iter().rev();
            found.push(Diagram {
                headings: headings.map(|(_, title)| (*title).to_owned()).collect(),
                span: code.text.span,
            });
        }
    }
    found
}

fn is_sequence(code: &Code) -> bool {
    let mut lines = code
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("%%"));
    let mut first = lines.next();
    // A block may begin with settings between two lines of hyphens.
    if first == Some("---") {
        first = lines.by_ref().skip_while(|line| *line != "---").nth(1);
    }
    code.language == "mermaid"
        && first == Some("sequenceDiagram")
        && lines.any(|line| MESSAGE.is_match(line))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::SourceId;
    use crate::work::outline;

    fn count(block: &str) -> usize {
        diagrams(&outline(
            &format!("# A\n\n## B\n\n{block}\n"),
            SourceId::default(),
        ))
        .len()
    }

    #[test]
    fn b111_only_a_sequence_diagram_with_a_message_counts() {
        for block in [
            "```mermaid\nsequenceDiagram\n  A->>B: order\n```",
            "```mermaid\n%% note\nsequenceDiagram\n  participant A\n  A-->>+B: order\n```",
            "```mermaid\n---\ntitle: x\n---\nsequenceDiagram\nA -) B: order\n```",
        ] {
            assert_eq!(count(block), 1, "{block}");
        }
        for block in [
            "```mermaid\ngraph TD\n  A-->B\n```",
            "```mermaid\nsequenceDiagram\n```",
            "```mermaid\nsequenceDiagram\n  participant A\n  %% A->>B: order\n```",
            "```mermaid\n```",
            "```\nsequenceDiagram\n  A->>B: order\n```",
            "sequenceDiagram A->>B: order",
            "### Sequence Diagram",
            "<!--\n```mermaid\nsequenceDiagram\n  A->>B: order\n```\n-->",
        ] {
            assert_eq!(count(block), 0, "{block}");
        }
    }

    #[test]
    fn a_diagram_knows_the_headings_above_it() {
        let text = "# A\n## B\n### C\n## D\n```mermaid\nsequenceDiagram\nA->>B: x\n```\n";
        let found = diagrams(&outline(text, SourceId::default()));
        assert_eq!(found[0].headings, ["D", "A"]);
    }
}

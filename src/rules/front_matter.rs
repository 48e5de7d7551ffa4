//! The head matter of a Markdown page: settings of whoever renders it, between two lines of hyphens.

use std::borrow::Cow;

/// The same text with blanks instead of its head matter, so that places stay as they are. That is
/// only what the very first line begins: lines of hyphens further down are rules between sections.
pub fn without_front_matter(text: &str) -> Cow<'_, str> {
    let Some(end) = end(text) else {
        return Cow::Borrowed(text);
    };
    let blank = |c: char| {
        if c == '\n' {
            "\n"
        } else {
            &"    "[..c.len_utf8()]
        }
    };
    let head: String = text[..end].chars().map(blank).collect();
    Cow::Owned(head + &text[end..])
}

fn end(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').map(|line| {
        at += line.len();
        (line.trim_end(), at)
    });
    let (first, _) = lines.next()?;
    let mut lines = lines.peekable();
    let (second, _) = lines.peek()?;
    if first.trim_start_matches('\u{feff}') != "---" || second.is_empty() {
        return None;
    }
    let last = lines.find(|(line, _)| ["---", "..."].contains(line));
    last.map(|(_, end)| end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_first_line_begins_head_matter() {
        let text = "---\ntitle: ä\n---\n# A\n";
        let without = without_front_matter(text);
        assert_eq!(without.len(), text.len());
        assert_eq!(without.trim_start(), "# A\n");
        for text in [
            "# A\n\n---\n## B\n---\n",
            "---\n\n# A\n\n---\n",
            "---\n# A\n",
            "",
            "---",
        ] {
            assert_eq!(without_front_matter(text), text);
        }
    }
}

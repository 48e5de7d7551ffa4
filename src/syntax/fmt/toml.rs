//! `sdd fmt` for TOML: white space only, and that with restraint.
//!
//! One space on each side of `=`, no indentation, a blank line before each table
//! header or the comments above it, at most one anywhere else, no trailing blanks,
//! `\n`. What stands inside an array or inline table keeps its layout, and the
//! line breaks inside a string stay, for they are part of its value.

use toml_edit::{Decor, DocumentMut, Item, RawString, Table, TomlError, Value};

use super::{FormatRefusal, SIZE_LIMIT};

/// Formats one TOML file; comments, order and spelling of values stay.
///
/// The result is its own formatting.
pub fn format_toml(text: &str) -> Result<String, FormatRefusal> {
    if text.len() > SIZE_LIMIT {
        return Err(FormatRefusal::TooLarge { size: text.len() });
    }
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let parsed = body.parse::<DocumentMut>();
    let mut document = parsed.map_err(|error| syntax(&error, text.len() - body.len()))?;
    tidy_tables(document.as_table_mut());
    let end = lines(document.trailing(), false);
    document.set_trailing(end);
    let out = one_newline_at_the_end(&document.to_string());
    if meaning(body).is_some_and(|before| meaning(&out) == Some(before))
        && comments(body) == comments(&out)
    {
        Ok(out)
    } else {
        Err(FormatRefusal::WouldChangeMeaning)
    }
}

fn syntax(error: &TomlError, skipped: usize) -> FormatRefusal {
    FormatRefusal::Syntax {
        offset: error.span().map_or(0, |span| span.start) + skipped,
        message: error.message().to_owned(),
    }
}

fn tidy_tables(root: &mut Table) {
    let mut tables = vec![root];
    while let Some(table) = tables.pop() {
        for (mut key, item) in table.iter_mut() {
            key.dotted_decor_mut().clear();
            match item {
                Item::Value(value) => {
                    let before = above(key.leaf_decor(), false);
                    *key.leaf_decor_mut() = Decor::new(before, " ");
                    *value.decor_mut() = Decor::new(" ", comment_after(value.decor()));
                    tidy_inside(value);
                }
                Item::Table(table) => {
                    key.leaf_decor_mut().clear();
                    tidy_header(table);
                    tables.push(table);
                }
                Item::ArrayOfTables(list) => {
                    key.leaf_decor_mut().clear();
                    for table in list.iter_mut() {
                        tidy_header(table);
                        tables.push(table);
                    }
                }
                Item::None => {}
            }
        }
    }
}

fn tidy_header(table: &mut Table) {
    let decor = table.decor();
    *table.decor_mut() = Decor::new(above(decor, true), comment_after(decor));
}

/// Takes the trailing blanks from every line inside an array or inline table.
fn tidy_inside(value: &mut Value) {
    let mut values = vec![value];
    while let Some(value) = values.pop() {
        match value {
            Value::Array(array) => {
                array.set_trailing(without_trailing_blanks(array.trailing()));
                for element in array.iter_mut() {
                    tidy_lines(element.decor_mut());
                    values.push(element);
                }
            }
            Value::InlineTable(table) => {
                table.set_trailing(without_trailing_blanks(table.trailing()));
                for (mut key, value) in table.iter_mut() {
                    tidy_lines(key.leaf_decor_mut());
                    tidy_lines(value.decor_mut());
                    values.push(value);
                }
            }
            _ => {}
        }
    }
}

fn tidy_lines(decor: &mut Decor) {
    if let Some(prefix) = decor.prefix().map(without_trailing_blanks) {
        decor.set_prefix(prefix);
    }
    if let Some(suffix) = decor.suffix().map(without_trailing_blanks) {
        decor.set_suffix(suffix);
    }
}

fn without_trailing_blanks(raw: &RawString) -> String {
    let text = raw.as_str().unwrap_or_default();
    let mut out = String::new();
    let mut rest = text;
    while let Some((line, after)) = rest.split_once('\n') {
        out.push_str(line.trim_end());
        out.push('\n');
        rest = after;
    }
    out + rest
}

/// The comment on the line that this decoration ends, after one space.
fn comment_after(decor: &Decor) -> String {
    let suffix = decor.suffix().and_then(RawString::as_str);
    match suffix.map_or("", str::trim) {
        "" => String::new(),
        comment => format!(" {comment}"),
    }
}

fn above(decor: &Decor, header: bool) -> String {
    decor
        .prefix()
        .map_or_else(String::new, |raw| lines(raw, header))
}

/// The comments and blank lines above a key or header, without indentation.
fn lines(raw: &RawString, header: bool) -> String {
    let text = raw.as_str().unwrap_or_default();
    let mut found: Vec<&str> = text.split('\n').map(str::trim).collect();
    // What follows the last line break is indentation, unless the file ends there.
    if found.last() == Some(&"") {
        found.pop();
    }
    found.dedup_by(|line, before| line.is_empty() && before.is_empty());
    if header && !found.contains(&"") {
        found.insert(0, "");
    }
    found.iter().flat_map(|line| [*line, "\n"]).collect()
}

fn one_newline_at_the_end(text: &str) -> String {
    match text.trim_matches('\n') {
        "" => String::new(),
        text => format!("{text}\n"),
    }
}

/// What the text says, in its order; as text because a NaN does not equal itself.
fn meaning(text: &str) -> Option<String> {
    let table = text.parse::<toml::Table>().ok()?;
    Some(format!("{table:?}"))
}

/// The comments of a valid TOML text, in order, without trailing blanks.
fn comments(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['#', '"', '\'']) {
        rest = &rest[at..];
        let length = if rest.starts_with('#') {
            let length = rest.find('\n').unwrap_or(rest.len());
            found.push(rest[..length].trim_end());
            length
        } else {
            string_length(rest)
        };
        rest = &rest[length..];
    }
    found
}

/// Length in bytes of the string that a valid text starts with.
fn string_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = bytes[0];
    let triple = [quote; 3];
    let quotes = if bytes.starts_with(&triple) { 3 } else { 1 };
    let mut at = quotes;
    while at < bytes.len() && !bytes[at..].starts_with(&triple[..quotes]) {
        at += if bytes[at] == b'\\' && quote == b'"' {
            2
        } else {
            1
        };
    }
    // One or two quotes right before the closing three belong to the value.
    let run = bytes.iter().skip(at).take_while(|byte| **byte == quote);
    let most = if quotes == 3 { 5 } else { 1 };
    (at + run.take(most).count()).min(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formatted(text: &str) -> String {
        let out = format_toml(text).expect("the text is valid TOML");
        assert_eq!(format_toml(&out).as_deref(), Ok(out.as_str()));
        out
    }

    #[test]
    fn blanks_and_line_breaks_become_uniform() {
        let text = "\u{feff}\n# top \r\na=1  # one\t\n\n\n\n  b . c   =  'x'\n[ t ]# t\n\td=2\n# e\n[[ l ]]\nf=[\n  1,  \n]";
        let expected =
            "# top\na = 1 # one\n\nb.c = 'x'\n\n[t] # t\nd = 2\n\n# e\n[[l]]\nf = [\n  1,\n]\n";
        assert_eq!(formatted(text), expected);
    }

    #[test]
    fn a_pipeline_reads_well() {
        let text = r#"description="end # of session"
[test.unit]
needs=["format",'lint']    # both
coverage={min=80}


# the stack

[compose.stack]
  file="c.yaml"
# end

"#;
        let expected = r#"description = "end # of session"

[test.unit]
needs = ["format",'lint'] # both
coverage = {min=80}

# the stack

[compose.stack]
file = "c.yaml"
# end
"#;
        assert_eq!(formatted(text), expected);
    }

    #[test]
    fn the_lines_of_a_string_stay_as_they_are() {
        let text = "a = \"\"\"\r\n  x  \r\n # y \"\"\"\"\"\nb = nan\nc = '''  \n'''\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn comments_are_told_from_strings() {
        let text = "a = '#' # 1\nb = \"\\\"#\" # 2\nc = ''' # ''''' # 3\n[d] # 4";
        assert_eq!(comments(text), ["# 1", "# 2", "# 3", "# 4"]);
    }

    #[test]
    fn an_empty_text_stays_empty() {
        assert_eq!(formatted(""), "");
        assert_eq!(formatted(" \n\n"), "");
        assert_eq!(formatted("# only"), "# only\n");
    }

    #[test]
    fn what_is_not_toml_is_refused_with_its_place() {
        let refusal = format_toml("a = 1\nb = [1\n");
        assert!(matches!(
            refusal,
            Err(FormatRefusal::Syntax { offset: 6.., .. })
        ));
        let refusal = format_toml(&format!("a = {}", "[".repeat(10_000)));
        assert!(matches!(refusal, Err(FormatRefusal::Syntax { .. })));
    }
}

//! Checkstyle XML: `<checkstyle><file name><error line column severity message source/>`.

use std::io::BufRead;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::lossy::Lossy;
use super::{Context, Report};

/// Reads the errors of every file.
pub(super) fn parse(context: &Context<'_>, input: &mut dyn BufRead) -> Result<Report, String> {
    let mut reader = Reader::from_reader(Lossy::new(input));
    let mut fold = Fold {
        context,
        report: Report::default(),
        has_root: false,
        file: None,
        exception: None,
    };
    let (mut buffer, mut depth) = (Vec::new(), 0usize);
    loop {
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Start(tag)) => {
                depth += 1;
                fold.open(&tag, depth)?;
            }
            Ok(Event::Empty(tag)) => {
                fold.open(&tag, depth + 1)?;
                fold.close(tag.name().as_ref());
            }
            Ok(Event::End(tag)) => {
                depth = depth.saturating_sub(1);
                fold.close(tag.name().as_ref());
            }
            Ok(Event::Text(text)) => fold.text(text.as_ref()),
            Ok(Event::CData(text)) => fold.text(text.as_ref()),
            Ok(Event::Eof) if depth > 0 => return Err("it ends in the middle".to_owned()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(error) => return Err(format!("at byte {}: {error}", reader.error_position())),
        }
        buffer.clear();
    }
    if fold.has_root {
        Ok(fold.report)
    } else {
        Err("it holds no `checkstyle`".to_owned())
    }
}

struct Fold<'c> {
    context: &'c Context<'c>,
    report: Report,
    has_root: bool,
    file: Option<String>,
    /// What the tool says of a file that it could not check.
    exception: Option<String>,
}

impl Fold<'_> {
    fn open(&mut self, tag: &BytesStart<'_>, depth: usize) -> Result<(), String> {
        match tag.name().as_ref() {
            "checkstyle" if depth == 1 => self.has_root = true,
            other if depth == 1 => return Err(format!("it is `{other}`, not `checkstyle`")),
            "file" => self.file = attribute(tag, "name")?,
            "error" => self.error(tag)?,
            "exception" => self.exception = Some(String::new()),
            _ => {}
        }
        Ok(())
    }

    fn error(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        let rule = self.context.rule(attribute(tag, "source")?);
        let message = attribute(tag, "message")?.unwrap_or_else(|| rule.clone());
        let mut finding = self.context.finding(rule, message);
        finding.path.clone_from(&self.file);
        finding.line = number(tag, "line")?;
        finding.column = number(tag, "column")?;
        let word = attribute(tag, "severity")?;
        finding.severity = self.context.words.grade(word.as_deref(), || {
            format!(
                "`{}` at `{}`",
                finding.rule,
                finding.place().unwrap_or_default()
            )
        })?;
        self.report.findings.push(finding);
        Ok(())
    }

    fn text(&mut self, text: &str) {
        if let Some(exception) = &mut self.exception {
            exception.push_str(text);
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "file" => self.file = None,
            "exception" => {
                let told = self.exception.take().unwrap_or_default();
                let first = told
                    .trim()
                    .lines()
                    .next()
                    .unwrap_or("it could not be checked");
                self.report.problems.push(match &self.file {
                    Some(file) => format!("{file}: {first}"),
                    None => first.to_owned(),
                });
            }
            _ => {}
        }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let found = tag
        .try_get_attribute(name)
        .map_err(|error| format!("an attribute can't be read: {error}"))?;
    Ok(found
        .map(|attribute| attribute.value.into_owned())
        .and_then(|raw| {
            let text = match quick_xml::escape::unescape(&raw) {
                Ok(text) => text.trim().to_owned(),
                Err(_) => raw.trim().to_owned(),
            };
            Some(text).filter(|text| !text.is_empty())
        }))
}

fn number(tag: &BytesStart<'_>, name: &str) -> Result<Option<u64>, String> {
    let text = attribute(tag, name)?;
    Ok(text
        .and_then(|text| text.parse().ok())
        .filter(|number| *number > 0))
}

//! One requirement of Python, as PEP 508 and PEP 440 write it.

use super::Wanted;

/// The signs that compare versions, the longest first.
const OPERATORS: &[&str] = &["===", "==", "~=", "!=", "<=", ">=", "<", ">"];

/// Takes a requirement apart; the error says what is wrong with it.
pub(super) fn requirement(text: &str) -> Result<(String, Wanted), String> {
    let text = text.split(';').next().unwrap_or_default().trim();
    let end = text
        .find(|c: char| !c.is_ascii_alphanumeric() && !"-_.".contains(c))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let starts = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !starts {
        return Err(format!("`{text}` names no package"));
    }
    let rest = without_extras(rest.trim())
        .ok_or_else(|| format!("the extras of `{name}` are not closed"))?;
    if rest.is_empty() || rest.starts_with('@') {
        return Ok((name.to_owned(), Wanted::Any));
    }
    let specifiers = rest.trim_start_matches('(').trim_end_matches(')').trim();
    Ok((name.to_owned(), wanted(specifiers)?))
}

fn without_extras(rest: &str) -> Option<&str> {
    match rest.strip_prefix('[') {
        None => Some(rest),
        Some(extras) => extras.split_once(']').map(|(_, rest)| rest.trim()),
    }
}

fn wanted(specifiers: &str) -> Result<Wanted, String> {
    let mut exact = None;
    let parts: Vec<&str> = specifiers.split(',').map(str::trim).collect();
    for part in parts.iter().filter(|part| !part.is_empty()) {
        let operator = OPERATORS.iter().find(|sign| part.starts_with(**sign));
        let Some(operator) = operator else {
            return Err(format!("`{part}` is no version specifier"));
        };
        let version = part[operator.len()..].trim();
        if version.is_empty() {
            return Err(format!("`{part}` has no version"));
        }
        if operator.starts_with("==") && !version.contains('*') {
            exact = Some(version.to_owned());
        }
    }
    Ok(match exact {
        Some(version) => Wanted::Exact(version),
        None => Wanted::Range(specifiers.to_owned()),
    })
}

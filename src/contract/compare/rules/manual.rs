//! The rules as a page for people.

use std::fmt::Write;

use super::{FAMILIES, Level, NOTES, PREFIXES, Rule, SCHEMAS};
use crate::contract::schema::Direction;

const BEGINNING: &str = "\
# What `sdd contract diff` tells of

Generated from the tables in `src/contract/compare/rules`: every rule with its level. `error` \
breaks who keeps to the old contract, `warning` may, `info` does not; what could not be decided is \
`undecided`, whatever the rule. What clients send may only be understood more widely, what they \
receive may only become narrower.

";

const ON_SCHEMAS: &str = "\
## Schemas

Whether a schema is contained in another is decided, not read off its spelling: each of these has \
a witness, a value that an independent validator accepts on one side and refuses on the other. \
A difference for which containment is proven is not told. Patterns are those of ECMA 262, numbers \
are exact, `format` does not count here. A property that is `readOnly` is not sent in requests and \
ignored there, one that is `writeOnly` is not in responses.

A name begins with where it stands: ";

const ON_NOTES: &str = "\
## What schemas say beside what is valid

No value shows these, so each level is a policy. Names begin as those on schemas do; `–` is not \
told in that direction.

| rule ends with | sent | received | what it means | for example |
| --- | --- | --- | --- | --- |
";

/// The page.
pub fn manual() -> String {
    let mut page = BEGINNING.to_owned();
    for (title, rules) in FAMILIES {
        page += &format!("## {title}\n\n");
        page += "| rule | level | about | what it means | for example |\n";
        page += "| --- | --- | --- | --- | --- |\n";
        rules.iter().for_each(|rule| row(rule, &mut page));
        page.push('\n');
    }
    schemas(&mut page);
    page += ON_NOTES;
    for rule in NOTES {
        let level = |level: Option<Level>| level.map_or("–", Level::as_str);
        // Writing to a text can't fail.
        _ = writeln!(
            page,
            "| `{}` | {} | {} | {} | {} |",
            rule.ending,
            level(rule.sent),
            level(rule.received),
            rule.doc,
            rule.example
        );
    }
    page
}

fn row(rule: &Rule, page: &mut String) {
    let about = match rule.direction {
        None => "both",
        Some(Direction::Request) => "what is sent",
        Some(Direction::Response) => "what is received",
    };
    _ = writeln!(
        page,
        "| `{}` | {} | {about} | {} | {} |",
        rule.id,
        rule.level.as_str(),
        rule.doc,
        rule.example
    );
}

fn schemas(page: &mut String) {
    let places: Vec<String> = PREFIXES
        .iter()
        .map(|prefix| format!("`{prefix}-`"))
        .collect();
    *page += ON_SCHEMAS;
    *page += &places.join(", ");
    *page += ".\n\n| keyword | level | sent: ends with | | received: ends with | |\n";
    *page += "| --- | --- | --- | --- | --- | --- |\n";
    for rule in SCHEMAS {
        let names = match rule.keyword {
            "required" => [
                "`request-property-became-required`, `new-required-request-property`",
                "`response-property-became-optional`, `response-required-property-removed`",
            ]
            .map(str::to_owned),
            _ => [rule.sent, rule.received].map(|ending| format!("`{ending}`")),
        };
        let keyword = match rule.keyword {
            "undeclared" => "a property that is new or gone".to_owned(),
            "dependent" => "`dependentRequired`, `dependentSchemas`".to_owned(),
            "schema" => "anything else".to_owned(),
            keyword => format!("`{keyword}`"),
        };
        _ = writeln!(
            page,
            "| {keyword} | {} | {} | {} | {} | {} |",
            rule.level.as_str(),
            names[0],
            rule.doc[0],
            names[1],
            rule.doc[1]
        );
    }
    page.push('\n');
}

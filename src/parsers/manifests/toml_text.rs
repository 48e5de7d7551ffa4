//! Looking into a TOML text, with the lines in which things stand.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// A parsed text.
pub(super) struct TomlText<'t> {
    text: &'t str,
    root: DeTable<'t>,
}

/// A package of a lock file.
pub(super) struct Package<'a, 't> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) table: &'a DeTable<'t>,
}

impl<'t> TomlText<'t> {
    pub(super) fn parse(text: &'t str) -> Result<Self, Problem> {
        let text = text.trim_start_matches('\u{feff}');
        match DeTable::parse(text) {
            Ok(root) => Ok(Self {
                text,
                root: root.into_inner(),
            }),
            Err(error) => Err(Problem {
                line: error.span().map(|span| line_of(text, span.start)),
                message: error.message().to_owned(),
            }),
        }
    }

    pub(super) fn root(&self) -> &DeTable<'t> {
        &self.root
    }

    /// The packages of a lock file, each with its name and its version.
    pub(super) fn packages(&self) -> Result<Vec<Package<'_, 't>>, Problem> {
        let packages = self.elements(&self.root, "package")?.iter().map(|element| {
            let package = as_table(element.get_ref()).and_then(|table| {
                Some(Package {
                    name: text(table, "name")?,
                    version: text(table, "version")?,
                    table,
                })
            });
            let nameless = "a package without a name or a version";
            package.ok_or_else(|| Problem::at(self.line(element), nameless))
        });
        packages.collect()
    }

    /// The table at the end of a path of names; none if it is not there.
    pub(super) fn table<'a>(
        &self,
        table: &'a DeTable<'t>,
        path: &[&str],
    ) -> Result<Option<&'a DeTable<'t>>, Problem> {
        let mut table = table;
        for name in path {
            let Some(value) = entry(table, name) else {
                return Ok(None);
            };
            table = as_table(value.get_ref())
                .ok_or_else(|| Problem::at(self.line(value), format!("`{name}` is no table")))?;
        }
        Ok(Some(table))
    }

    /// The elements of an array of that name; none if it is not there.
    pub(super) fn elements<'a>(
        &self,
        table: &'a DeTable<'t>,
        name: &str,
    ) -> Result<&'a [Spanned<DeValue<'t>>], Problem> {
        let Some(value) = entry(table, name) else {
            return Ok(&[]);
        };
        match value.get_ref() {
            DeValue::Array(array) => Ok(array),
            _ => Err(Problem::at(
                self.line(value),
                format!("`{name}` is no list"),
            )),
        }
    }

    /// The texts of an array of that name; none if it is not there.
    pub(super) fn texts<'a>(
        &self,
        table: &'a DeTable<'t>,
        name: &str,
    ) -> Result<Vec<&'a str>, Problem> {
        let elements = self.elements(table, name)?.iter();
        let texts = elements.map(|element| {
            let text = as_text(element.get_ref());
            text.ok_or_else(|| {
                Problem::at(self.line(element), format!("`{name}` is no list of texts"))
            })
        });
        texts.collect()
    }

    /// The line in which a value begins.
    pub(super) fn line<T>(&self, value: &Spanned<T>) -> u64 {
        line_of(self.text, value.span().start)
    }

    /// Entries of a table by name, each with its line. What is no table has none.
    pub(super) fn entries<'a>(
        &'a self,
        table: Option<&'a DeTable<'t>>,
    ) -> impl Iterator<Item = (&'a str, &'a DeValue<'t>, u64)> {
        let entries = table.into_iter().flat_map(|table| table.iter());
        entries.map(|(name, value)| (&**name.get_ref(), value.get_ref(), self.line(name)))
    }
}

fn line_of(text: &str, offset: usize) -> u64 {
    let before = &text.as_bytes()[..offset.min(text.len())];
    memchr::memchr_iter(b'\n', before).count() as u64 + 1
}

/// The value of that name.
pub(super) fn get<'a, 't>(table: &'a DeTable<'t>, name: &str) -> Option<&'a DeValue<'t>> {
    entry(table, name).map(Spanned::get_ref)
}

/// The value of that name and its place.
pub(super) fn entry<'a, 't>(
    table: &'a DeTable<'t>,
    name: &str,
) -> Option<&'a Spanned<DeValue<'t>>> {
    let mut entries = table.iter();
    let found = entries.find(|(key, _)| &**key.get_ref() == name);
    found.map(|(_, value)| value)
}

pub(super) fn as_table<'a, 't>(value: &'a DeValue<'t>) -> Option<&'a DeTable<'t>> {
    match value {
        DeValue::Table(table) => Some(table),
        _ => None,
    }
}

pub(super) fn as_text<'a>(value: &'a DeValue<'_>) -> Option<&'a str> {
    match value {
        DeValue::String(text) => Some(text),
        _ => None,
    }
}

/// The text of that name.
pub(super) fn text<'a>(table: &'a DeTable<'_>, name: &str) -> Option<&'a str> {
    as_text(get(table, name)?)
}

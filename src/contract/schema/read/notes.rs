//! What schemas say beside what is valid.

use super::{Dialect, FILE, Reader};
use crate::contract::load::At;
use crate::contract::number::canonical;
use crate::contract::scalar::json;
use crate::contract::schema::{Discriminator, Keywords, Notes};

impl<'a> Reader<'a, '_> {
    pub(super) fn notes(&mut self, at: At<'a>, out: &mut Keywords) {
        let text = |key: &str| at.text(key).map(str::to_owned);
        let file = self.dialect == Dialect::Old && at.text("type") == Some(FILE);
        let extensible = at.get("x-extensible-enum").map(|at| {
            let values = at.node.items().iter();
            values.map(|at| canonical(json(at))).collect()
        });
        let discriminator = at.get("discriminator").map(|at| {
            // Swagger 2.0 names the property only.
            let name = at.node.text().or_else(|| at.text("propertyName"));
            let mapping = at.each("mapping").filter_map(|(value, target)| {
                let target = target.node.text()?;
                Some((value.to_owned(), last(target)))
            });
            Discriminator {
                property: name.unwrap_or_default().to_owned(),
                mapping: mapping.collect(),
                otherwise: at.text("defaultMapping").map(last),
            }
        });
        let notes = Notes {
            format: text("format").or(file.then(|| "binary".to_owned())),
            default: at.get("default").map(|at| canonical(json(at.node))),
            encoding: text("contentEncoding"),
            media: text("contentMediaType"),
            content: at.get("contentSchema").map(|at| self.node(at)),
            discriminator,
            extensible,
            deprecated: at.flag("deprecated"),
            sunset: text("x-sunset"),
            stability: text("x-stability-level"),
        };
        out.notes = (notes != Notes::default()).then(|| Box::new(notes));
    }
}

/// The name of a schema that is named alone or by a reference.
fn last(target: &str) -> String {
    target.rsplit('/').next().unwrap_or(target).to_owned()
}

//! [`Document`](super::Document) → text, one file a language.
//!
//! The printers know no field: whatever the tree holds is printed, and parsing the text gives the
//! tree back. What the two languages prefer to say differently is arranged beforehand, by
//! `spec::Grammar`.

mod kdl;
mod toml;

#[cfg(test)]
mod tests;

pub use self::kdl::print_kdl;
pub use self::toml::print_toml;

use super::Scalar;

/// A number or a boolean as both languages write it, up to the `#` of KDL's booleans.
///
/// A number that is not whole keeps a sign of it: the point or the exponent.
fn plain(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Int(number) => number.to_string(),
        Scalar::Float(number) => format!("{number:?}"),
        Scalar::Bool(truth) => truth.to_string(),
        Scalar::Text(text) => text.clone(),
    }
}

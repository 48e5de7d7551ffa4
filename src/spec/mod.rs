//! What may be written, as tables: one row a field, with its name, doc, type and default.
//!
//! The decoder, the JSON Schema, the reference, `sdd explain`, `sdd convert` and `sdd init` loop
//! over the same rows, so they can't disagree.

mod command;
mod decode;
mod entries;
mod exclusive;
mod explain;
mod pattern;
mod quantity;
mod reference;
mod sample;
mod schema;
mod shape;
mod template;
mod value;

pub use command::{Argv, split_words};
pub use decode::{Decoder, Fields};
pub use entries::{Blocks, Entry, Map, Named, named_entries};
pub use exclusive::exactly_one;
pub use explain::Manual;
pub use pattern::{Glob, Pattern, ProjectPath, normalise};
pub use quantity::{
    ByteSize, Delay, Limit, Percent, Rate, parse_duration, parse_rate, parse_size, print_duration,
};
pub use schema::pipeline_schema;
pub use shape::Grammar;
pub use template::{Name, Part, Piece, Template, pieces, token_span};
pub use value::{Choice, NodeRef, Value, read_choice};

/// One field of a table.
#[derive(Debug, Clone, Copy)]
pub struct FieldSpec {
    /// Its name in the file.
    pub name: &'static str,
    /// What it holds, in a sentence or two.
    pub doc: &'static str,
    /// What may stand there.
    pub ty: Ty,
    /// The value that is taken when it is not written, as it would be written.
    pub default: Option<&'static str>,
    /// Whether it has to be written.
    pub required: bool,
}

/// A table of fields: a node kind, or a block inside one.
#[derive(Debug)]
pub struct TableSpec {
    /// Its name in the file.
    pub name: &'static str,
    /// What it is, in a sentence or two.
    pub doc: &'static str,
    /// Its fields, in the order in which they are documented.
    pub fields: &'static [FieldSpec],
}

impl TableSpec {
    /// The row of that name.
    pub fn field(&self, name: &str) -> Option<&'static FieldSpec> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// What may stand in a field.
#[derive(Debug, Clone, Copy)]
pub enum Ty {
    /// A single value of that form.
    Scalar(Form),
    /// Any number of values of that form on one line.
    List(Form),
    /// A program and its arguments, or one line that is split into them.
    Argv,
    /// A block with fields.
    Table(&'static TableSpec),
    /// A block that may be repeated.
    Repeated(&'static TableSpec),
    /// Entries that the user names, each a block with fields.
    Named(&'static TableSpec),
    /// Entries that the user names, each with values of that form.
    Map(Form),
    /// A list that may be repeated, once a line.
    Lines(Form),
}

/// The form of a single value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Form {
    /// True or false.
    Flag,
    /// A whole number in that range, both ends included.
    Count(u64, u64),
    /// A number of percent, from 0 to 100.
    Percent,
    /// A time with its unit.
    Duration,
    /// An amount of memory with its unit.
    Size,
    /// Events per time.
    Rate,
    /// Plain text.
    Text,
    /// Text in which `{{name}}` is replaced during the run.
    Template,
    /// A path relative to the root.
    Path,
    /// A pattern of paths.
    Glob,
    /// A regular expression.
    Regex,
    /// The id of a node.
    Node,
    /// One of a few words.
    Choice(&'static [&'static str]),
}

impl Form {
    /// What is expected, as a noun for messages and documentation.
    pub fn noun(self) -> String {
        match self {
            Form::Flag => "a boolean".into(),
            Form::Count(0, u64::MAX) => "a whole number".into(),
            Form::Count(low, u64::MAX) => format!("a whole number of at least {low}"),
            Form::Count(low, high) => format!("a whole number from {low} to {high}"),
            Form::Percent => "a percentage".into(),
            Form::Duration => "a duration such as \"30s\"".into(),
            Form::Size => "a size such as \"64MiB\"".into(),
            Form::Rate => "a rate such as \"100/s\"".into(),
            Form::Text | Form::Template => "text".into(),
            Form::Path => "a path".into(),
            Form::Glob => "a pattern of paths".into(),
            Form::Regex => "a regular expression".into(),
            Form::Node => "the id of a node".into(),
            Form::Choice(words) => {
                let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
                match quoted.as_slice() {
                    [only] => only.clone(),
                    _ => format!("one of {}", quoted.join(", ")),
                }
            }
        }
    }
}

/// A Rust type that is read from a block with fields.
pub trait Table: Sized {
    /// Its rows.
    const SPEC: &'static TableSpec;
    /// Takes its fields out of a block; `None` if one of them could not be read.
    fn take(fields: &mut Fields<'_>, decoder: &mut Decoder<'_>) -> Option<Self>;
}

/// Declares a struct, the table of what may be written for it, and how it is read.
///
/// Each row is `/// doc`, the name in the file, the name in Rust, the type, and, where the field
/// has a default, `= "text"` with the default as it would be written.
#[macro_export]
macro_rules! spec {
    (
        $(#[doc = $doc:literal])+
        pub struct $ty:ident = $name:literal {
            $(
                $(#[doc = $field_doc:literal])+
                $key:literal $field:ident: $field_ty:ty $(= $default:literal)?,
            )*
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $ty {
            $($(#[doc = $field_doc])+ pub $field: $field_ty,)*
        }

        impl $crate::spec::Table for $ty {
            const SPEC: &'static $crate::spec::TableSpec = &$crate::spec::TableSpec {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                fields: &[$($crate::spec::FieldSpec {
                    name: $key,
                    doc: concat!($($field_doc, "\n"),+),
                    ty: <$field_ty as $crate::spec::Value>::TY,
                    default: $crate::spec!(@default $($default)?),
                    required: !<$field_ty as $crate::spec::Value>::OPTIONAL
                        && $crate::spec!(@default $($default)?).is_none(),
                }),*],
            };

            fn take(
                fields: &mut $crate::spec::Fields<'_>,
                decoder: &mut $crate::spec::Decoder<'_>,
            ) -> Option<Self> {
                $(let $field: Option<$field_ty> =
                    fields.field($key, $crate::spec!(@default $($default)?), decoder);)*
                Some(Self { $($field: $field?),* })
            }
        }

        impl $crate::spec::Value for $ty {
            const TY: $crate::spec::Ty =
                $crate::spec::Ty::Table(<$ty as $crate::spec::Table>::SPEC);

            fn decode(
                nodes: &[&$crate::syntax::Node],
                decoder: &mut $crate::spec::Decoder<'_>,
            ) -> Option<Self> {
                decoder.table(nodes)
            }

            fn templates(&self, visit: &mut dyn FnMut(&$crate::spec::Template)) {
                $($crate::spec::Value::templates(&self.$field, visit);)*
            }
        }
    };
    (@default) => { None::<&'static str> };
    (@default $default:literal) => { Some($default) };
}

/// Declares a table with the fields of another one, under a name and a description of its own.
#[macro_export]
macro_rules! alias {
    ($(#[doc = $doc:literal])+ pub struct $ty:ident($inner:ty) = $name:literal;) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, PartialEq)]
        pub struct $ty(pub $inner);

        impl $crate::spec::Table for $ty {
            const SPEC: &'static $crate::spec::TableSpec = &$crate::spec::TableSpec {
                name: $name,
                doc: concat!($($doc, "\n"),+),
                fields: <$inner as $crate::spec::Table>::SPEC.fields,
            };

            fn take(
                fields: &mut $crate::spec::Fields<'_>,
                decoder: &mut $crate::spec::Decoder<'_>,
            ) -> Option<Self> {
                <$inner as $crate::spec::Table>::take(fields, decoder).map(Self)
            }
        }

        impl $crate::spec::Value for $ty {
            const TY: $crate::spec::Ty =
                $crate::spec::Ty::Table(<$ty as $crate::spec::Table>::SPEC);

            fn decode(
                nodes: &[&$crate::syntax::Node],
                decoder: &mut $crate::spec::Decoder<'_>,
            ) -> Option<Self> {
                decoder.table(nodes)
            }

            fn templates(&self, visit: &mut dyn FnMut(&$crate::spec::Template)) {
                $crate::spec::Value::templates(&self.0, visit);
            }
        }
    };
}

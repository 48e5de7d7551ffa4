//! What tools write → results of tests, coverage, findings. One file a format and one row in the
//! table of its family. Pure: bytes come from a reader that somebody else opened.

pub mod coverage;
pub mod findings;
mod json;
mod line;
mod lossy;
pub mod manifests;
pub mod results;
mod xml;

use std::io::BufRead;

/// A row of the table of a family: one format that a tool may write.
#[derive(Debug)]
pub struct Format<T> {
    /// Its name in a pipeline file.
    pub name: &'static str,
    /// Who writes it, in a few words.
    pub doc: &'static str,
    /// Reads it; the error says why it is none, as the end of a sentence that begins with "it can't
    /// be understood:".
    pub parse: fn(&mut dyn BufRead) -> Result<T, String>,
}

/// Declares the formats of a family: the words for a pipeline file and the table of its parsers.
macro_rules! formats {
    (
        $(#[doc = $doc:literal])+
        pub enum $ty:ident of $result:ty {
            $($variant:ident = $name:literal, $about:literal, $parse:path;)+
        }
    ) => {
        $crate::choice! {
            $(#[doc = $doc])+
            pub enum $ty {
                $($variant = $name,)+
            }
        }

        impl $ty {
            /// Every format.
            pub const TABLE: &'static [$crate::parsers::Format<$result>] = &[
                $($crate::parsers::Format { name: $name, doc: $about, parse: $parse },)+
            ];

            /// Its row.
            pub fn row(self) -> &'static $crate::parsers::Format<$result> {
                &Self::TABLE[self as usize]
            }
        }
    };
}
use formats;

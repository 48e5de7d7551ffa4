//! What Rust types read from the tree: single values and lists.

use super::{Decoder, Form, Ty};
use crate::diag::{Diagnostic, did_you_mean};
use crate::span::{Span, Spanned};
use crate::syntax::{Node, Scalar, Value as SyntaxValue};

/// A Rust type that a field can have.
pub trait Value: Sized {
    /// What may be written.
    const TY: Ty;
    /// Whether the field may be left out.
    const OPTIONAL: bool = false;
    /// Reads all nodes of the field's name, of which there is at least one.
    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self>;
    /// What stands for a field that is not written.
    fn absent() -> Option<Self> {
        None
    }
    /// Visits every template in the value.
    fn templates(&self, _visit: &mut dyn FnMut(&super::Template)) {}
}

/// A type that is read from a single value.
pub(super) trait Single: Sized {
    /// What may be written.
    const FORM: Form;
    /// Reads a value; reports what is wrong with it and gives `None`.
    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self>;
    /// See [`Value::templates`].
    fn templates(&self, _visit: &mut dyn FnMut(&super::Template)) {}
}

/// Makes single values readable as a field, as an optional one and as a list.
macro_rules! single_values {
    ($($ty:ty),* $(,)?) => {$(
        impl Value for $ty {
            const TY: Ty = Ty::Scalar(<$ty as Single>::FORM);

            fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
                single(nodes, decoder)
            }

            fn templates(&self, visit: &mut dyn FnMut(&super::Template)) {
                Single::templates(self, visit);
            }
        }

        impl Value for Vec<$ty> {
            const TY: Ty = Ty::List(<$ty as Single>::FORM);
            const OPTIONAL: bool = true;

            fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
                let node = decoder.once(nodes)?;
                list(node, decoder)
            }

            fn absent() -> Option<Self> {
                Some(Vec::new())
            }
        }

        impl Value for Vec<Vec<$ty>> {
            const TY: Ty = Ty::Lines(<$ty as Single>::FORM);
            const OPTIONAL: bool = true;

            fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
                nodes.iter().map(|node| list(node, decoder)).collect()
            }

            fn absent() -> Option<Self> {
                Some(Vec::new())
            }
        }
    )*};
}

single_values!(
    bool,
    u32,
    u64,
    i32,
    String,
    Spanned<String>,
    NodeRef,
    super::Delay,
    super::Limit,
    super::Percent,
    super::ByteSize,
    super::Rate,
    super::Template,
    super::ProjectPath,
    super::Glob,
    super::Pattern,
);

impl<T: Value> Value for Option<T> {
    const TY: Ty = T::TY;
    const OPTIONAL: bool = true;

    fn decode(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<Self> {
        T::decode(nodes, decoder).map(Some)
    }

    fn templates(&self, visit: &mut dyn FnMut(&super::Template)) {
        if let Some(value) = self {
            value.templates(visit);
        }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

/// The one value of a field that takes one.
pub(super) fn single<T: Single>(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<T> {
    let node = decoder.once(nodes)?;
    refuse_children(node, decoder)?;
    match node.args.as_slice() {
        [value] => T::read(&node.name, value, decoder),
        [] if T::FORM == Form::Flag => {
            let truth = Spanned::new(Scalar::Bool(true), node.span);
            T::read(&node.name, &truth, decoder)
        }
        [] if node.broken => None,
        [] => {
            let message = format!("`{}` has no value", *node.name);
            let label = format!("needs {}", T::FORM.noun());
            decoder
                .diags
                .push(Diagnostic::new("wrong-type", message).at(node.name.span, label));
            None
        }
        [_, extra, ..] => {
            let message = format!("`{}` takes one value", *node.name);
            decoder
                .diags
                .push(Diagnostic::new("wrong-type", message).at(extra.span, "one too many"));
            None
        }
    }
}

pub(super) fn list<T: Single>(node: &Node, decoder: &mut Decoder<'_>) -> Option<Vec<T>> {
    refuse_children(node, decoder)?;
    let read: Vec<Option<T>> = node
        .args
        .iter()
        .map(|value| T::read(&node.name, value, decoder))
        .collect();
    read.into_iter().collect()
}

fn refuse_children(node: &Node, decoder: &mut Decoder<'_>) -> Option<()> {
    let Some(child) = node.children.first() else {
        return Some(());
    };
    let name = node.name.as_str();
    decoder.diags.push(
        Diagnostic::new(
            "wrong-type",
            format!("`{name}` takes no block and no properties"),
        )
        .at(child.name.span, "unexpected")
        .help(format!("what it takes stands behind its name: `{name} …`")),
    );
    None
}

impl Single for bool {
    const FORM: Form = Form::Flag;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        if let Scalar::Bool(truth) = value.value {
            return Some(truth);
        }
        decoder.wrong_type(&format!("`{field}`"), Self::FORM, value);
        None
    }
}

/// Reads a whole number within a range.
fn count(
    field: &str,
    value: &SyntaxValue,
    range: std::ops::RangeInclusive<i128>,
    decoder: &mut Decoder<'_>,
) -> Option<i128> {
    match value.value {
        Scalar::Int(number) if range.contains(&number) => Some(number),
        Scalar::Int(_) => {
            let message = format!("`{field}` is from {} to {}", range.start(), range.end());
            decoder
                .diags
                .push(Diagnostic::new("out-of-range", message).at(value.span, "out of range"));
            None
        }
        _ => {
            decoder.wrong_type(&format!("`{field}`"), Form::Count(0, u64::MAX), value);
            None
        }
    }
}

macro_rules! whole_numbers {
    ($($ty:ty: $low:expr, $high:expr;)*) => {$(
        impl Single for $ty {
            const FORM: Form = Form::Count($low as u64, $high as u64);

            fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
                let number = count(field, value, $low as i128..=$high as i128, decoder)?;
                <$ty>::try_from(number).ok()
            }
        }
    )*};
}

whole_numbers! {
    u32: 1, 100_000;
    u64: 0, 1_000_000_000;
    i32: 0, 255;
}

impl Single for String {
    const FORM: Form = Form::Text;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        text(field, value, Self::FORM, decoder).map(str::to_owned)
    }
}

impl Single for Spanned<String> {
    const FORM: Form = Form::Text;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = text(field, value, Form::Text, decoder)?;
        Some(Spanned::new(text.to_owned(), value.span))
    }
}

/// The text of a value that has to be text. Only templates may hold `{{…}}` by now: the variables
/// and the matrix are filled in before anything is decoded.
pub(super) fn text<'v>(
    field: &str,
    value: &'v SyntaxValue,
    form: Form,
    decoder: &mut Decoder<'_>,
) -> Option<&'v str> {
    let Scalar::Text(text) = &value.value else {
        decoder.wrong_type(&format!("`{field}`"), form, value);
        return None;
    };
    if form != Form::Template && !known_before_the_run(field, text, value.span, decoder) {
        return None;
    }
    Some(text)
}

/// Whether a text holds no `{{…}}`; otherwise it is reported.
pub(super) fn known_before_the_run(
    field: &str,
    text: &str,
    span: Span,
    decoder: &mut Decoder<'_>,
) -> bool {
    let known = !text.contains("{{");
    if !known {
        let message = format!("`{field}` can't hold what is known only during the run");
        let token = super::template::first_name(text, span, decoder.sources);
        decoder.diags.push(
            Diagnostic::new("bad-interpolation", message)
                .at(token, "not known yet")
                .help("only `{{var.…}}` and `{{matrix.…}}` can stand here"),
        );
    }
    known
}

/// A reference to a node by its id.
#[derive(Debug, Clone, PartialEq)]
pub struct NodeRef(pub Spanned<String>);

impl Single for NodeRef {
    const FORM: Form = Form::Node;

    fn read(field: &str, value: &SyntaxValue, decoder: &mut Decoder<'_>) -> Option<Self> {
        let text = text(field, value, Self::FORM, decoder)?;
        Some(NodeRef(Spanned::new(text.to_owned(), value.span)))
    }
}

/// A type with a few words, each standing for a value.
pub trait Choice: Copy + 'static {
    /// The words.
    const WORDS: &'static [&'static str];
    /// The value of the word at that index.
    fn at(index: usize) -> Self;
}

/// Declares an enum whose values are written as words.
#[macro_export]
macro_rules! choice {
    ($(#[doc = $doc:literal])+ pub enum $ty:ident { $($variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $ty {
            $(#[doc = concat!("Written `", $word, "`.")] $variant,)+
        }

        impl $ty {
            /// The word that stands for it.
            pub fn as_str(self) -> &'static str {
                match self { $($ty::$variant => $word,)+ }
            }
        }

        impl $crate::spec::Choice for $ty {
            const WORDS: &'static [&'static str] = &[$($word),+];

            fn at(index: usize) -> Self {
                [$($ty::$variant),+][index]
            }
        }

        impl $crate::spec::Value for $ty {
            const TY: $crate::spec::Ty = $crate::spec::Ty::Scalar(
                $crate::spec::Form::Choice(<$ty as $crate::spec::Choice>::WORDS),
            );

            fn decode(
                nodes: &[&$crate::syntax::Node],
                decoder: &mut $crate::spec::Decoder<'_>,
            ) -> Option<Self> {
                $crate::spec::read_choice(nodes, decoder)
            }
        }
    };
}

/// Reads one of a few words.
pub fn read_choice<T: Choice>(nodes: &[&Node], decoder: &mut Decoder<'_>) -> Option<T> {
    let word: Spanned<String> = single(nodes, decoder)?;
    if let Some(index) = T::WORDS.iter().position(|known| *known == *word) {
        return Some(T::at(index));
    }
    let name = nodes.first().map_or("", |node| node.name.as_str());
    let help = did_you_mean(&word, T::WORDS.iter().copied());
    decoder.diags.push(
        Diagnostic::new("unknown-choice", format!("`{name}` can't be `{}`", *word))
            .at(word.span, format!("not {}", Form::Choice(T::WORDS).noun()))
            .maybe_help(help),
    );
    None
}

//! What a specification allows, as data: objects, their fields, and the shapes of these.

/// A version of the specification as a number: 20, 30, 31 or 32.
pub(super) type Edition = u8;

/// What may stand in a place.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// `true` or `false`.
    Flag,
    /// A number.
    Number,
    /// A whole number, 0 or more.
    Count,
    /// One of a few words.
    Word(&'static [&'static str]),
    /// An object of the specification.
    Object(&'static Object),
    /// The same, or a reference to one.
    OrReference(&'static Object),
    /// A list.
    List(&'static Shape),
    /// A list with at least one item.
    Some(&'static Shape),
    /// Values by names that the author chooses.
    Map(&'static Shape),
    /// A schema, or from 3.1 on `true` or `false`.
    Schema,
    /// A bound that another bound's flag may exclude, or from 3.1 on a bound of its own.
    Exclusive,
    /// A name of a type, or from 3.1 on a list of them.
    Types,
    /// A schema, or before 2020-12 a list of them.
    Items,
    /// A schema or a flag.
    SchemaOrFlag,
}

/// A field of an object.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    pub shape: Shape,
    /// The editions in which it has to be there.
    pub required: (Edition, Edition),
    /// The editions that know it.
    pub known: (Edition, Edition),
}

/// What the keys of an object are that are no fields.
#[derive(Clone, Copy)]
pub(super) enum Rest {
    /// Extensions.
    Extensions,
    /// Whatever one likes.
    Anything,
    /// Keys of that form, and extensions.
    Keys(fn(&str) -> bool, &'static Shape, &'static str),
}

/// An object of the specification.
pub(super) struct Object {
    pub name: &'static str,
    pub fields: &'static [Field],
    pub rest: Rest,
}

const ALL: (Edition, Edition) = (0, Edition::MAX);
const NEVER: (Edition, Edition) = (Edition::MAX, 0);

/// A field that may be there.
pub(super) const fn may(name: &'static str, shape: Shape) -> Field {
    Field {
        name,
        shape,
        required: NEVER,
        known: ALL,
    }
}

/// A field that has to be there.
pub(super) const fn must(name: &'static str, shape: Shape) -> Field {
    Field {
        required: ALL,
        ..may(name, shape)
    }
}

impl Field {
    /// Known from that edition on.
    pub(super) const fn since(self, edition: Edition) -> Self {
        Self {
            known: (edition, self.known.1),
            ..self
        }
    }

    /// Known up to that edition.
    pub(super) const fn until(self, edition: Edition) -> Self {
        Self {
            known: (self.known.0, edition),
            ..self
        }
    }

    /// Required up to that edition.
    pub(super) const fn must_until(self, edition: Edition) -> Self {
        Self {
            required: (0, edition),
            ..self
        }
    }

    pub(super) fn is_known(&self, edition: Edition) -> bool {
        within(self.known, edition)
    }

    pub(super) fn is_required(&self, edition: Edition) -> bool {
        within(self.required, edition) && self.is_known(edition)
    }
}

fn within((first, last): (Edition, Edition), edition: Edition) -> bool {
    first <= edition && edition <= last
}

impl Object {
    /// The field of that name in an edition.
    pub(super) fn field(&self, name: &str, edition: Edition) -> Option<&'static Field> {
        let mut fields = self.fields.iter();
        fields.find(|field| field.name == name && field.is_known(edition))
    }

    /// The first edition that knows a field which this one does not.
    pub(super) fn other_edition(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    pub(super) fn is(&self, other: &'static Object) -> bool {
        std::ptr::eq(self, other)
    }
}

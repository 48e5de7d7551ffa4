//! What schemas say beside what is valid. No instance shows these but where a witness is given,
//! so each level is a policy that stands here.

use super::Level;

/// A rule on what a schema says beside what is valid.
#[derive(Debug)]
pub struct NoteRule {
    /// The end of its name.
    pub ending: &'static str,
    /// How much it weighs for what is sent; nothing, if it is not about that.
    pub sent: Option<Level>,
    /// How much it weighs for what is received; nothing, if it is not about that.
    pub received: Option<Level>,
    /// What it means, and why it weighs so much.
    pub doc: &'static str,
    /// What changes, in a few words.
    pub example: &'static str,
}

macro_rules! notes {
    ($($ending:literal $sent:tt $received:tt, $doc:literal, $example:literal;)*) => {
        /// Every rule on what schemas say beside what is valid.
        pub const NOTES: &[NoteRule] = &[$(NoteRule {
            ending: $ending,
            sent: notes!(@level $sent),
            received: notes!(@level $received),
            doc: $doc,
            example: $example,
        }),*];
    };
    (@level -) => { None };
    (@level $level:ident) => { Some(Level::$level) };
}

notes! {
    "format-changed" Error Error, "The format refuses texts or numbers that were accepted, or lets through what never came. A witness shows it where the format is one that can be checked.", "`format: date` becomes `format: date-time`";
    "format-unknown-changed" Warning Warning, "A format changed that nobody here can check.", "`format: iban` becomes `format: bic`";
    "default-changed" Warning Info, "Who leaves the value out gets something else.", "`default: 10` becomes `20`";
    "default-value-changed" Error -, "Who leaves the parameter out is answered in another way.", "`default: 10` becomes `20`";
    "content-encoding-changed" Error Error, "Bytes are written in another way, so that neither side reads what the other writes.", "`contentEncoding: base64` becomes `base16`";
    "content-media-type-changed" Error Error, "A text holds another kind of document.", "`contentMediaType: application/json` becomes `text/csv`";
    "content-schema-changed" Error Error, "The document in a text has to fit a schema that it did not, or no longer has to.", "`contentSchema` is new";
    "discriminator-changed" Info Info, "Another property tells the branches apart. What is valid does not change by that: what does is told of its own.", "`propertyName: kind` becomes `type`";
    "discriminator-mapping-changed" Info Info, "A value of the discriminator stands for another branch, or for none. What is valid does not change by that: what does is told of its own.", "`cat: Cat` is gone from `mapping`";
    "extensible-enum-value-removed" Error -, "A value is no longer among those that are known.", "`x-extensible-enum: [a, b]` becomes `[a]`";
    "extensible-enum-value-added" - Info, "A value comes that was not known. Clients were told to expect that.", "`x-extensible-enum: [a]` becomes `[a, b]`";
    "deprecated" Info Info, "It is going to be removed.", "`deprecated: true` is new";
    "reactivated" Info Info, "It is no longer deprecated.", "`deprecated: true` is gone";
    "sunset-unreadable" Error Error, "The day of removal is no date, so nobody can plan for it.", "`x-sunset: soon`";
    "sunset-deleted" Error Error, "A day of removal was promised and no longer is.", "`x-sunset: 9999-01-01` is gone";
    "sunset-moved-earlier" Error Error, "The day of removal comes earlier than was promised.", "`x-sunset: 9999-01-01` becomes `2100-01-01`";
    "deprecated-sunset-missing" Error Error, "It is deprecated without a day of removal, where notice has to be given.", "`deprecated: true` is new, by `notice stable=180`";
    "sunset-date-too-small" Error Error, "The day of removal is nearer than the notice that has to be given.", "`x-sunset` is tomorrow, by `notice stable=180`";
    "stability-decreased" Error Error, "Less is promised than before.", "`x-stability-level: stable` becomes `alpha`";
    "stability-increased" Info Info, "More is promised than before.", "`x-stability-level: alpha` becomes `stable`";
    "stability-unknown" Error Error, "The stability is none of draft, alpha, beta and stable.", "`x-stability-level: almost`";
    "became-read-only" Info Info, "It is no longer part of requests: who sends it is not heard.", "`readOnly: true` is new";
    "became-not-read-only" Info Info, "It is part of requests now.", "`readOnly: true` is gone";
    "became-write-only" Info Info, "It is no longer part of answers.", "`writeOnly: true` is new";
    "became-not-write-only" Info Info, "It is part of answers now.", "`writeOnly: true` is gone";
    "impossible" - Error, "Nothing fits the body of an answer any more, often since two branches of a `oneOf` are alike: no server can keep to that. The witness is an answer that was possible.", "`oneOf: [Dog, Cat]` becomes `[Dog, Dog]`";
    "removed" Warning -, "A property is no longer spoken of: who sends it may not be heard.", "`properties: {note: …}` is gone";
    "added" Info Info, "There is a new property.", "`properties: {note: …}` is new";
}

/// The rule with that ending.
///
/// # Panics
/// If no row has it: endings are written as literals in this crate.
pub(in crate::contract::compare) fn note_rule(ending: &str) -> &'static NoteRule {
    NOTES
        .iter()
        .find(|rule| rule.ending == ending)
        .unwrap_or_else(|| panic!("`{ending}` is not a row of NOTES"))
}

//! Who is let in. Schemes are compared by what they are, not by their names.

use super::SENT;

super::family! {
    "api-security-tightened" Error SENT, "A way to be let in is gone, is another one, or asks for more scopes. That is a policy: schemas can't show it.", "`security: [{key: []}]` on what was open";
    "api-security-loosened" Info SENT, "There is a new way to be let in, or one asks for less.", "the scope `write` is no longer asked for";
}

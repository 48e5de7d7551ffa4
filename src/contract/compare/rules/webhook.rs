//! What the server sends to its clients by itself: webhooks and callbacks. Requests are received
//! here, and answers sent.

use super::{RECEIVED, SENT};

super::family! {
    "webhook-removed" Error None, "A webhook is gone that clients wait for.", "`webhooks: {created: …}` is gone";
    "webhook-added" Info None, "There is a new webhook.", "`webhooks: {created: …}` is new";
    "callback-removed" Error None, "A callback is gone that clients wait for.", "`callbacks: {done: …}` is gone";
    "callback-added" Warning None, "Clients are called where they were not before.", "`callbacks: {done: …}` is new";
    "webhook-body-removed" Error RECEIVED, "Nothing is sent where there was a body.", "`requestBody` is gone";
    "webhook-body-added" Info RECEIVED, "There is a body where nothing was sent.", "`requestBody` is new";
    "webhook-body-became-optional" Error RECEIVED, "A body may be missing that was always there.", "`required: true` is gone";
    "webhook-media-type-added" Error RECEIVED, "A body may come in a media type that clients do not know.", "`application/xml` is new";
    "webhook-media-type-removed" Info RECEIVED, "A body no longer comes in a media type.", "`application/xml` is gone";
    "webhook-parameter-removed" Warning RECEIVED, "A parameter or header is no longer sent.", "the header `X-Signature` is gone";
    "webhook-parameter-became-optional" Error RECEIVED, "A parameter or header may be missing that was always there.", "`required: true` is gone";
    "webhook-parameter-added" Info RECEIVED, "A parameter or header is sent as well.", "the header `X-Signature` is new";
    "webhook-parameter-style-changed" Error RECEIVED, "Values in a parameter or header are written in another way.", "`explode: true` becomes `false` for a list";
    "webhook-answer-removed" Error SENT, "An answer of clients is no longer understood.", "`204` is gone";
    "webhook-answer-media-type-removed" Error SENT, "Answers in a media type are no longer understood.", "`application/json` becomes `application/xml`";
    "webhook-answer-body-added" Warning SENT, "An answer has a body that was none before: who sends none may not be understood.", "`content` is new";
    "webhook-answer-header-became-required" Error SENT, "Clients have to answer with a header.", "`X-Seen` with `required: true` is new";
    "webhook-answer-added" Info SENT, "Another answer of clients is understood.", "`204` is new";
}

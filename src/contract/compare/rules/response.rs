//! Answers as a whole: status, media types, headers, links.

use super::RECEIVED;

super::family! {
    "response-success-status-removed" Error RECEIVED, "A successful answer is gone that clients wait for.", "`200` is gone";
    "response-non-success-status-removed" Info RECEIVED, "An answer is gone that tells of a failure.", "`404` is gone";
    "response-status-added" Info RECEIVED, "There is a new answer.", "`429` is new";
    "response-media-type-removed" Error RECEIVED, "An answer no longer comes in a media type.", "`application/xml` is gone";
    "response-media-type-generalized" Error RECEIVED, "An answer may come in any of a range of media types.", "`application/json` becomes `application/*`";
    "response-media-type-added" Info RECEIVED, "An answer comes in another media type as well.", "`application/xml` is new";
    "required-response-header-removed" Error RECEIVED, "A header is gone that was always there.", "`ETag` with `required: true` is gone";
    "optional-response-header-removed" Warning RECEIVED, "A header is gone that could be there.", "`ETag` is gone";
    "response-header-added" Info RECEIVED, "There is a new header.", "`ETag` is new";
    "response-header-became-optional" Error RECEIVED, "A header may be missing that was always there.", "`required: true` is gone";
    "response-header-style-changed" Error RECEIVED, "Lists or objects in a header are written in another way, or it holds another kind of document.", "`explode: true` becomes `false` for an object";
    "response-body-encoding-changed" Error RECEIVED, "A field of a form comes written in another way, in another media type, or without a header that it always had.", "`encoding: {photo: {contentType: image/png}}` becomes `image/jpeg`";
    "response-link-removed" Warning RECEIVED, "A link to another operation is gone, which clients may follow.", "the link `next` is gone";
    "response-link-changed" Warning RECEIVED, "A link leads to another operation, or hands other values over.", "`operationId: getOrder` becomes `getItem`";
    "response-link-added" Info RECEIVED, "There is a new link.", "the link `next` is new";
}

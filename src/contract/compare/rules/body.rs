//! Bodies of requests as a whole.

use super::SENT;

super::family! {
    "request-body-added-required" Error SENT, "A body must be sent where there was none.", "`requestBody` with `required: true` is new";
    "request-body-added-optional" Info SENT, "A body may be sent where there was none.", "`requestBody` is new";
    "request-body-removed" Error SENT, "A body is no longer read.", "`requestBody` is gone";
    "request-body-became-required" Error SENT, "A body must be sent that could be left away.", "`required: true` is new";
    "request-body-became-optional" Info SENT, "A body can be left away.", "`required: true` is gone";
    "request-body-media-type-removed" Error SENT, "A media type is no longer accepted.", "`application/xml` is gone";
    "request-body-encoding-changed" Error SENT, "A field of a form is written in another way, in another media type, or with a header that it did not need.", "`encoding: {photo: {contentType: image/png}}` becomes `image/jpeg`";
    "request-body-media-type-added" Info SENT, "A media type is accepted as well.", "`application/xml` is new";
}

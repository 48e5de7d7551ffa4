//! Parameters: there or gone, required or not, and how they are written.

use super::SENT;

super::family! {
    "request-parameter-removed" Warning SENT, "A parameter is gone: who sends it is not heard.", "`?limit` is gone";
    "request-parameter-removed-with-deprecation" Info SENT, "A parameter is gone that was deprecated, and no promised day is still to come.", "`deprecated: true`, and gone";
    "request-parameter-removed-before-sunset" Error SENT, "A parameter is gone before the day that was promised.", "`x-sunset: 9999-01-01`, and gone";
    "new-required-request-parameter" Error SENT, "A new parameter must be sent.", "`?tenant` with `required: true` is new";
    "new-optional-request-parameter" Info SENT, "A new parameter may be sent.", "`?page` is new";
    "request-parameter-became-required" Error SENT, "A parameter must be sent that could be left away.", "`required: true` is new";
    "request-parameter-became-optional" Info SENT, "A parameter can be left away.", "`required: true` is gone";
    "request-parameter-style-changed" Error SENT, "Values in a parameter are written in another way.", "`explode: true` becomes `false` for a list";
    "request-parameter-reserved-refused" Warning SENT, "Characters such as `/` and `?` have to be escaped that could be sent as they are.", "`allowReserved: true` is gone";
    "request-parameter-empty-value-refused" Warning SENT, "A parameter can't be sent without a value, and its schema does not let an empty text through.", "`allowEmptyValue: true` is gone";
    "request-parameter-deprecated" Info SENT, "A parameter is going to be removed.", "`deprecated: true` is new";
    "request-parameter-reactivated" Info SENT, "A parameter is no longer deprecated.", "`deprecated: true` is gone";
    "request-parameter-sunset-unreadable" Error SENT, "The day of removal is no date, so nobody can plan for it. That is a policy: no request fails.", "`x-sunset: soon`";
    "request-parameter-sunset-deleted" Error SENT, "A day of removal was promised and no longer is, though the parameter stays deprecated. That is a policy: no request fails.", "`x-sunset: 9999-01-01` is gone";
    "request-parameter-sunset-moved-earlier" Error SENT, "The day of removal comes earlier than was promised. That is a policy: no request fails yet.", "`x-sunset: 9999-01-01` becomes `2100-01-01`";
    "request-parameter-deprecated-sunset-missing" Error SENT, "A parameter is deprecated without a day of removal, where notice has to be given. That is a policy: no request fails yet.", "`deprecated: true` is new, by `notice stable=180`";
    "request-parameter-sunset-date-too-small" Error SENT, "The day of removal is nearer than the notice that has to be given. That is a policy: no request fails yet.", "`x-sunset` is tomorrow, by `notice stable=180`";
}

//! Paths and their methods: there or gone, and how long they stay.

super::family! {
    "api-path-removed-without-deprecation" Error None, "A path is gone that was not deprecated.", "`/orders` has no method any more";
    "api-removed-without-deprecation" Error None, "A method of a path is gone that was not deprecated.", "`DELETE /orders` is gone, `GET /orders` stays";
    "api-removed-before-sunset" Error None, "A method of a path is gone before the day that was promised.", "`x-sunset: 9999-01-01`, and gone";
    "api-removed-with-deprecation" Warning None, "A method of a path is gone that was deprecated, and no day was promised.", "`deprecated: true`, and gone";
    "api-removed-after-sunset" Info None, "A method of a path is gone, and the day that was promised has come.", "`deprecated: true` with `x-sunset: 2020-01-01`, and gone";
    "api-removed-unstable" Info None, "A method of a path is gone that was never promised to stay.", "`x-stability-level: alpha`, and gone";
    "endpoint-added" Info None, "There is a new method of a path.", "`PATCH /orders` is new";
    "endpoint-deprecated" Info None, "A method of a path is going to be removed.", "`deprecated: true` is new";
    "endpoint-reactivated" Info None, "A method of a path is no longer deprecated.", "`deprecated: true` is gone";
    "api-sunset-unreadable" Error None, "The day of removal is no date, so nobody can plan for it. That is a policy: no request fails.", "`x-sunset: soon`";
    "api-sunset-deleted" Error None, "A day of removal was promised and no longer is, though the method stays deprecated. That is a policy: no request fails.", "`x-sunset: 9999-01-01` is gone";
    "api-sunset-moved-earlier" Error None, "The day of removal comes earlier than was promised. That is a policy: no request fails yet.", "`x-sunset: 9999-01-01` becomes `2100-01-01`";
    "api-deprecated-sunset-missing" Error None, "A method is deprecated without a day of removal, where notice has to be given. That is a policy: no request fails yet.", "`deprecated: true` is new, by `notice stable=180`";
    "api-sunset-date-too-small" Error None, "The day of removal is nearer than the notice that has to be given. That is a policy: no request fails yet.", "`x-sunset` is tomorrow, by `notice stable=180`";
    "api-stability-decreased" Error None, "Less is promised of a method than before. That is a policy: no request fails yet.", "`x-stability-level: stable` becomes `alpha`";
    "api-stability-increased" Info None, "More is promised of a method than before.", "`x-stability-level: alpha` becomes `stable`";
    "api-stability-unknown" Error None, "The stability is none of draft, alpha, beta and stable, so nobody knows what is promised. That is a policy.", "`x-stability-level: almost`";
    "operation-id-changed" Info None, "A method has another name for programs: generated clients change, requests do not.", "`operationId: list` becomes `listAll`";
}

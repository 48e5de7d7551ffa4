//! The objects of Swagger 2.0.

use super::table::Shape::{
    Any, Count, Flag, List, Map, Number, Object as Is, OrReference, Schema, Some, Text, Word,
};
use super::table::{Object, Rest, may, must};
use super::three::{EXTERNAL_DOCS, INFO, is_path, objects};

const EXTENSIONS: Rest = Rest::Extensions;
const PRIMITIVES: &[&str] = &["string", "number", "integer", "boolean", "array"];
const FORMATS: &[&str] = &["csv", "ssv", "tsv", "pipes"];

objects! {
    ROOT "Swagger" [
        must("swagger", Word(&["2.0"])),
        must("info", Is(&INFO)),
        must("paths", Is(&PATHS)),
        may("host", Text),
        may("basePath", Text),
        may("schemes", List(&Word(SCHEMES))),
        may("consumes", List(&Text)),
        may("produces", List(&Text)),
        may("definitions", Map(&Schema)),
        may("parameters", Map(&Is(&PARAMETER))),
        may("responses", Map(&Is(&RESPONSE))),
        may("securityDefinitions", Map(&Is(&SECURITY_SCHEME))),
        may("security", List(&Map(&List(&Text)))),
        may("tags", List(&Is(&TAG))),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
    ] EXTENSIONS;
    PATHS "Paths" [] Rest::Keys(is_path, &Is(&PATH_ITEM), "a path, which begins with `/`");
    PATH_ITEM "Path Item" [
        may("$ref", Text),
        may("parameters", List(&OrReference(&PARAMETER))),
        may("get", Is(&OPERATION)),
        may("put", Is(&OPERATION)),
        may("post", Is(&OPERATION)),
        may("delete", Is(&OPERATION)),
        may("options", Is(&OPERATION)),
        may("head", Is(&OPERATION)),
        may("patch", Is(&OPERATION)),
    ] EXTENSIONS;
    OPERATION "Operation" [
        must("responses", Is(&RESPONSES)),
        may("tags", List(&Text)),
        may("summary", Text),
        may("description", Text),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
        may("operationId", Text),
        may("consumes", List(&Text)),
        may("produces", List(&Text)),
        may("parameters", List(&OrReference(&PARAMETER))),
        may("schemes", List(&Word(SCHEMES))),
        may("deprecated", Flag),
        may("security", List(&Map(&List(&Text)))),
    ] EXTENSIONS;
    /// A parameter beside the body; one that is the body is a [`BODY`].
    PARAMETER "Parameter" [
        must("name", Text),
        must("in", Word(&["query", "header", "path", "formData", "body"])),
        must("type", Word(&["string", "number", "integer", "boolean", "array", "file"])),
        may("description", Text),
        may("required", Flag),
        may("allowEmptyValue", Flag),
        may("format", Text),
        may("items", Is(&ITEMS)),
        may("collectionFormat", Word(&["csv", "ssv", "tsv", "pipes", "multi"])),
        may("default", Any),
        may("maximum", Number),
        may("exclusiveMaximum", Flag),
        may("minimum", Number),
        may("exclusiveMinimum", Flag),
        may("maxLength", Count),
        may("minLength", Count),
        may("pattern", Text),
        may("maxItems", Count),
        may("minItems", Count),
        may("uniqueItems", Flag),
        may("enum", Some(&Any)),
        may("multipleOf", Number),
    ] EXTENSIONS;
    BODY "body Parameter" [
        must("name", Text),
        must("in", Word(&["body"])),
        must("schema", Schema),
        may("description", Text),
        may("required", Flag),
    ] EXTENSIONS;
    ITEMS "Items" [
        must("type", Word(PRIMITIVES)),
        may("format", Text),
        may("items", Is(&ITEMS)),
        may("collectionFormat", Word(FORMATS)),
        may("default", Any),
        may("maximum", Number),
        may("exclusiveMaximum", Flag),
        may("minimum", Number),
        may("exclusiveMinimum", Flag),
        may("maxLength", Count),
        may("minLength", Count),
        may("pattern", Text),
        may("maxItems", Count),
        may("minItems", Count),
        may("uniqueItems", Flag),
        may("enum", Some(&Any)),
        may("multipleOf", Number),
    ] EXTENSIONS;
    HEADER "Header" [
        must("type", Word(PRIMITIVES)),
        may("description", Text),
        may("format", Text),
        may("items", Is(&ITEMS)),
        may("collectionFormat", Word(FORMATS)),
        may("default", Any),
        may("maximum", Number),
        may("exclusiveMaximum", Flag),
        may("minimum", Number),
        may("exclusiveMinimum", Flag),
        may("maxLength", Count),
        may("minLength", Count),
        may("pattern", Text),
        may("maxItems", Count),
        may("minItems", Count),
        may("uniqueItems", Flag),
        may("enum", Some(&Any)),
        may("multipleOf", Number),
    ] EXTENSIONS;
    RESPONSES "Responses" [may("default", OrReference(&RESPONSE))] Rest::Keys(
        is_status,
        &OrReference(&RESPONSE),
        "a status such as `200`, or `default`",
    );
    RESPONSE "Response" [
        must("description", Text),
        may("schema", Schema),
        may("headers", Map(&Is(&HEADER))),
        may("examples", Map(&Any)),
    ] EXTENSIONS;
    TAG "Tag" [
        must("name", Text),
        may("description", Text),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
    ] EXTENSIONS;
    SECURITY_SCHEME "Security Scheme" [
        must("type", Word(&["basic", "apiKey", "oauth2"])),
        may("description", Text),
        may("name", Text),
        may("in", Word(&["query", "header"])),
        may("flow", Word(&["implicit", "password", "application", "accessCode"])),
        may("authorizationUrl", Text),
        may("tokenUrl", Text),
        may("scopes", Map(&Text)),
    ] EXTENSIONS;
}

const SCHEMES: &[&str] = &["http", "https", "ws", "wss"];

/// Swagger 2.0 has no ranges of statuses.
fn is_status(key: &str) -> bool {
    super::three::is_status(key) && !key.ends_with("XX")
}

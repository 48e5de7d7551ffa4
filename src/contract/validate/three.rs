//! The objects of `OpenAPI` 3.0, 3.1 and 3.2.

use super::table::Shape::{
    Any, Flag, List, Map, Object as Is, OrReference, Schema, Some, Text, Word,
};
use super::table::{Object, Rest, may, must};

const EXTENSIONS: Rest = Rest::Extensions;

macro_rules! objects {
    ($($(#[doc = $doc:literal])* $id:ident $name:literal [$($field:expr),* $(,)?] $rest:expr;)*) => {
        $($(#[doc = $doc])* pub(super) static $id: Object = Object {
            name: $name,
            fields: &[$($field),*],
            rest: $rest,
        };)*
    };
}
pub(super) use objects;

objects! {
    ROOT "OpenAPI" [
        must("openapi", Text),
        must("info", Is(&INFO)),
        may("paths", Is(&PATHS)).must_until(30),
        may("servers", List(&Is(&SERVER))),
        may("components", Is(&COMPONENTS)),
        may("security", List(&Map(&List(&Text)))),
        may("tags", List(&Is(&TAG))),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
        may("jsonSchemaDialect", Text).since(31),
        may("webhooks", Map(&Is(&PATH_ITEM))).since(31),
        may("$self", Text).since(32),
    ] EXTENSIONS;
    INFO "Info" [
        must("title", Text),
        must("version", Text),
        may("summary", Text).since(31),
        may("description", Text),
        may("termsOfService", Text),
        may("contact", Is(&CONTACT)),
        may("license", Is(&LICENSE)),
    ] EXTENSIONS;
    CONTACT "Contact" [may("name", Text), may("url", Text), may("email", Text)] EXTENSIONS;
    LICENSE "License" [
        must("name", Text),
        may("url", Text),
        may("identifier", Text).since(31),
    ] EXTENSIONS;
    SERVER "Server" [
        must("url", Text),
        may("description", Text),
        may("name", Text).since(32),
        may("variables", Map(&Is(&SERVER_VARIABLE))),
    ] EXTENSIONS;
    SERVER_VARIABLE "Server Variable" [
        must("default", Text),
        may("enum", List(&Text)).until(30),
        may("enum", Some(&Text)).since(31),
        may("description", Text),
    ] EXTENSIONS;
    COMPONENTS "Components" [
        may("schemas", Map(&Schema)),
        may("responses", Map(&OrReference(&RESPONSE))),
        may("parameters", Map(&OrReference(&PARAMETER))),
        may("examples", Map(&OrReference(&EXAMPLE))),
        may("requestBodies", Map(&OrReference(&REQUEST_BODY))),
        may("headers", Map(&OrReference(&HEADER))),
        may("securitySchemes", Map(&OrReference(&SECURITY_SCHEME))),
        may("links", Map(&OrReference(&LINK))),
        may("callbacks", Map(&OrReference(&CALLBACK))),
        may("pathItems", Map(&Is(&PATH_ITEM))).since(31),
        may("mediaTypes", Map(&OrReference(&MEDIA_TYPE))).since(32),
    ] EXTENSIONS;
    PATHS "Paths" [] Rest::Keys(is_path, &Is(&PATH_ITEM), "a path, which begins with `/`");
    PATH_ITEM "Path Item" [
        may("$ref", Text),
        may("summary", Text),
        may("description", Text),
        may("servers", List(&Is(&SERVER))),
        may("parameters", List(&OrReference(&PARAMETER))),
        may("get", Is(&OPERATION)),
        may("put", Is(&OPERATION)),
        may("post", Is(&OPERATION)),
        may("delete", Is(&OPERATION)),
        may("options", Is(&OPERATION)),
        may("head", Is(&OPERATION)),
        may("patch", Is(&OPERATION)),
        may("trace", Is(&OPERATION)),
        may("query", Is(&OPERATION)).since(32),
        may("additionalOperations", Is(&OPERATIONS)).since(32),
    ] EXTENSIONS;
    OPERATIONS "map of additional operations" [] Rest::Keys(
        is_method,
        &Is(&OPERATION),
        "the name of a method that has no field of its own",
    );
    OPERATION "Operation" [
        may("tags", List(&Text)),
        may("summary", Text),
        may("description", Text),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
        may("operationId", Text),
        may("parameters", List(&OrReference(&PARAMETER))),
        may("requestBody", OrReference(&REQUEST_BODY)),
        may("responses", Is(&RESPONSES)).must_until(30),
        may("callbacks", Map(&OrReference(&CALLBACK))),
        may("deprecated", Flag),
        may("security", List(&Map(&List(&Text)))),
        may("servers", List(&Is(&SERVER))),
    ] EXTENSIONS;
    EXTERNAL_DOCS "External Documentation" [must("url", Text), may("description", Text)] EXTENSIONS;
    PARAMETER "Parameter" [
        must("name", Text),
        must("in", Word(&["query", "header", "path", "cookie"])).until(31),
        must("in", Word(&["query", "querystring", "header", "path", "cookie"])).since(32),
        may("description", Text),
        may("required", Flag),
        may("deprecated", Flag),
        may("allowEmptyValue", Flag),
        may("style", Text),
        may("explode", Flag),
        may("allowReserved", Flag),
        may("schema", Schema),
        may("example", Any),
        may("examples", Map(&OrReference(&EXAMPLE))),
        may("content", Map(&Is(&MEDIA_TYPE))).until(31),
        may("content", Map(&OrReference(&MEDIA_TYPE))).since(32),
    ] EXTENSIONS;
    HEADER "Header" [
        may("description", Text),
        may("required", Flag),
        may("deprecated", Flag),
        may("allowEmptyValue", Flag).until(30),
        may("allowReserved", Flag).until(30),
        may("style", Word(&["simple"])),
        may("explode", Flag),
        may("schema", Schema),
        may("example", Any),
        may("examples", Map(&OrReference(&EXAMPLE))),
        may("content", Map(&Is(&MEDIA_TYPE))).until(31),
        may("content", Map(&OrReference(&MEDIA_TYPE))).since(32),
    ] EXTENSIONS;
    REQUEST_BODY "Request Body" [
        must("content", Map(&Is(&MEDIA_TYPE))).until(31),
        must("content", Map(&OrReference(&MEDIA_TYPE))).since(32),
        may("description", Text),
        may("required", Flag),
    ] EXTENSIONS;
    MEDIA_TYPE "Media Type" [
        may("schema", Schema),
        may("example", Any),
        may("examples", Map(&OrReference(&EXAMPLE))),
        may("encoding", Map(&Is(&ENCODING))),
        may("description", Text).since(32),
        may("itemSchema", Schema).since(32),
        may("prefixEncoding", List(&Is(&ENCODING))).since(32),
        may("itemEncoding", Is(&ENCODING)).since(32),
    ] EXTENSIONS;
    ENCODING "Encoding" [
        may("contentType", Text),
        may("headers", Map(&OrReference(&HEADER))),
        may("style", Word(&["form", "spaceDelimited", "pipeDelimited", "deepObject"])),
        may("explode", Flag),
        may("allowReserved", Flag),
        may("encoding", Map(&Is(&ENCODING))).since(32),
        may("prefixEncoding", List(&Is(&ENCODING))).since(32),
        may("itemEncoding", Is(&ENCODING)).since(32),
    ] EXTENSIONS;
    RESPONSES "Responses" [may("default", OrReference(&RESPONSE))] Rest::Keys(
        is_status,
        &OrReference(&RESPONSE),
        "a status such as `200`, `4XX` or `default`",
    );
    RESPONSE "Response" [
        may("description", Text).must_until(31),
        may("summary", Text).since(32),
        may("headers", Map(&OrReference(&HEADER))),
        may("content", Map(&Is(&MEDIA_TYPE))).until(31),
        may("content", Map(&OrReference(&MEDIA_TYPE))).since(32),
        may("links", Map(&OrReference(&LINK))),
    ] EXTENSIONS;
    CALLBACK "Callback" [] Rest::Keys(is_expression, &Is(&PATH_ITEM), "an expression");
    EXAMPLE "Example" [
        may("summary", Text),
        may("description", Text),
        may("value", Any),
        may("externalValue", Text),
        may("dataValue", Any).since(32),
        may("serializedValue", Text).since(32),
    ] EXTENSIONS;
    LINK "Link" [
        may("operationRef", Text),
        may("operationId", Text),
        may("parameters", Map(&Any)),
        may("requestBody", Any),
        may("description", Text),
        may("server", Is(&SERVER)),
    ] EXTENSIONS;
    TAG "Tag" [
        must("name", Text),
        may("description", Text),
        may("externalDocs", Is(&EXTERNAL_DOCS)),
        may("summary", Text).since(32),
        may("parent", Text).since(32),
        may("kind", Text).since(32),
    ] EXTENSIONS;
    SECURITY_SCHEME "Security Scheme" [
        must("type", Word(&["apiKey", "http", "oauth2", "openIdConnect"])).until(30),
        must("type", Word(&["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"])).since(31),
        may("description", Text),
        may("name", Text),
        may("in", Word(&["query", "header", "cookie"])),
        may("scheme", Text),
        may("bearerFormat", Text),
        may("flows", Is(&FLOWS)),
        may("openIdConnectUrl", Text),
        may("oauth2MetadataUrl", Text).since(32),
        may("deprecated", Flag).since(32),
    ] EXTENSIONS;
    FLOWS "OAuth Flows" [
        may("implicit", Is(&IMPLICIT_FLOW)),
        may("password", Is(&TOKEN_FLOW)),
        may("clientCredentials", Is(&TOKEN_FLOW)),
        may("authorizationCode", Is(&CODE_FLOW)),
        may("deviceAuthorization", Is(&DEVICE_FLOW)).since(32),
    ] EXTENSIONS;
    IMPLICIT_FLOW "OAuth Flow" [
        must("authorizationUrl", Text),
        must("scopes", Map(&Text)),
        may("refreshUrl", Text),
    ] EXTENSIONS;
    TOKEN_FLOW "OAuth Flow" [
        must("tokenUrl", Text),
        must("scopes", Map(&Text)),
        may("refreshUrl", Text),
    ] EXTENSIONS;
    CODE_FLOW "OAuth Flow" [
        must("authorizationUrl", Text),
        must("tokenUrl", Text),
        must("scopes", Map(&Text)),
        may("refreshUrl", Text),
    ] EXTENSIONS;
    DEVICE_FLOW "OAuth Flow" [
        must("deviceAuthorizationUrl", Text),
        must("tokenUrl", Text),
        must("scopes", Map(&Text)),
        may("refreshUrl", Text),
    ] EXTENSIONS;
}

pub(super) fn is_path(key: &str) -> bool {
    key.starts_with('/')
}

fn is_method(key: &str) -> bool {
    let known = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
    ];
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !known.contains(&key.to_lowercase().as_str()) && !key.is_empty() && key.bytes().all(token)
}

/// `default` is a field of its own.
pub(super) fn is_status(key: &str) -> bool {
    let bytes = key.as_bytes();
    let digits = |rest: &[u8]| rest.iter().all(u8::is_ascii_digit);
    match bytes {
        [b'1'..=b'5', rest @ ..] if rest.len() == 2 => digits(rest) || rest == b"XX",
        _ => false,
    }
}

fn is_expression(_: &str) -> bool {
    true
}

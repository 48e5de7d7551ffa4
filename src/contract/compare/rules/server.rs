//! Where the operations are.

super::family! {
    "api-base-path-removed" Error None, "No server has the operations under that path any more.", "`https://a.example/v1` becomes `https://a.example/v2`";
    "api-server-removed" Warning None, "A server is gone; others have the same paths.", "`https://eu.example/v1` is gone";
    "api-server-added" Info None, "There is another server.", "`https://us.example/v1` is new";
}

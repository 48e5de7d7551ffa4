//! Rules on the names of components.

use super::walk::Walk;

pub(super) fn check(walk: &mut Walk<'_>) {
    if walk.edition < 30 {
        return;
    }
    let Some(components) = walk.library.root().get("components") else {
        return;
    };
    for (sort, all) in components.entries() {
        if sort.starts_with("x-") {
            continue;
        }
        for (name, _) in all.entries() {
            let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
            if name.is_empty() || !name.bytes().all(known) {
                let message =
                    format!("`{name}` has to be made of letters, digits, `.`, `_` and `-`");
                walk.error_at_key("bad-key", (all, name), message);
            }
        }
    }
}

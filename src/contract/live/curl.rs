//! A request as a line that anybody can repeat.

use super::Request;

/// The command line that sends a request.
pub fn curl(request: &Request) -> String {
    let mut line = "curl -i".to_owned();
    match request.method.as_str() {
        "GET" if request.body.is_none() => {}
        // With `-X HEAD`, curl would wait for a body that never comes.
        "HEAD" => "curl -I".clone_into(&mut line),
        method => line.push_str(&format!(" -X {}", word(method))),
    }
    for (name, value) in &request.headers {
        // `Name;` is how curl is told of a header without a value.
        let header = if value.is_empty() {
            format!("{name};")
        } else {
            format!("{name}: {value}")
        };
        line.push_str(&format!(" -H {}", word(&header)));
    }
    if let Some(body) = &request.body {
        line.push_str(&format!(" --data-raw {}", word(body)));
    }
    format!("{line} {}", word(&request.url))
}

/// A word as a POSIX shell takes it.
fn word(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(harmless) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_what_a_shell_would_take_apart() {
        let request = Request {
            method: "POST".to_owned(),
            url: "http://a/b?c=d&e".to_owned(),
            headers: vec![
                ("Content-Type".to_owned(), "application/json".to_owned()),
                ("X-Empty".to_owned(), String::new()),
            ],
            body: Some("{\"it's\": $1}".to_owned()),
        };
        assert_eq!(
            curl(&request),
            r#"curl -i -X POST -H 'Content-Type: application/json' -H 'X-Empty;' --data-raw '{"it'\''s": $1}' 'http://a/b?c=d&e'"#
        );
        assert_eq!(curl(&Request::get("http://a/")), "curl -i http://a/");
    }
}

//! A request as a line that anybody can repeat.

use super::credential::Credential;
use super::exchange::{Body, Part, Request};
use crate::contract::exact::is_hidden;

/// The command line that sends a request with what lets it in. It is one line that a terminal only
/// shows, and it holds no secret: those are in the environment of who repeats it.
pub fn curl(request: &Request, credentials: &[Credential]) -> String {
    let mut words = vec![match request.method.as_str() {
        "GET" if request.body.is_none() => "curl -i".to_owned(),
        // With `-X HEAD`, curl would wait for a body that never comes.
        "HEAD" => "curl -I".to_owned(),
        method => format!("curl -i -X {}", word(method)),
    }];
    let missing = |credential: &&Credential| !credential.is_in(request);
    let credentials: Vec<&Credential> = credentials.iter().filter(missing).collect();
    words.extend(headers(request, &credentials));
    words.extend(credentials.iter().filter_map(|one| match one {
        Credential::Option(option) => Some((*option).to_owned()),
        _ => None,
    }));
    match &request.body {
        Some(Body::Text(text)) => words.push(format!("--data-raw {}", word(text))),
        Some(Body::Parts(parts)) => words.extend(parts.iter().map(part)),
        None => {}
    }
    words.push(url(&request.url, &credentials));
    words.join(" ")
}

fn headers(request: &Request, credentials: &[&Credential]) -> Vec<String> {
    let is_form = matches!(request.body, Some(Body::Parts(_)));
    // Only curl knows the boundary that it makes.
    let is_left = |name: &str| name == "Cookie" || (is_form && name == "Content-Type");
    let own = request.headers.iter().filter(|(name, _)| !is_left(name));
    let own = own.map(|(name, value)| match value.as_str() {
        // This is how curl is told of a header without a value.
        "" => word(&format!("{name};")),
        value => word(&format!("{name}: {value}")),
    });
    let secret = credentials.iter().filter_map(|one| match one {
        Credential::Header {
            name,
            scheme,
            variable,
        } => Some(format!("\"{}: {scheme}${variable}\"", inner(name))),
        _ => None,
    });
    let all = own.chain(secret).chain(cookies(request, credentials));
    all.map(|header| format!("-H {header}")).collect()
}

/// All cookies, which have one header.
fn cookies(request: &Request, credentials: &[&Credential]) -> Option<String> {
    let mut headers = request.headers.iter();
    let own = headers.find(|(name, _)| name == "Cookie");
    let own = own.map(|(_, value)| value.as_str());
    let secret = credentials.iter().filter_map(|one| match one {
        Credential::Cookie { name, variable } => Some(format!("{}=${variable}", inner(name))),
        _ => None,
    });
    let secret: Vec<String> = secret.collect();
    if secret.is_empty() {
        return own.map(|own| word(&format!("Cookie: {own}")));
    }
    let all: Vec<String> = own.map(inner).into_iter().chain(secret).collect();
    Some(format!("\"Cookie: {}\"", all.join("; ")))
}

fn part(part: &Part) -> String {
    let Part {
        name,
        value,
        is_json,
    } = part;
    // Between quotes, curl takes neither a file for it nor the rest for its type.
    let is_bare = |letter: char| letter.is_alphanumeric() || " -_./:".contains(letter);
    let value = if value.chars().all(is_bare) && value.trim() == value {
        value.clone()
    } else {
        format!("\"{}\"", value.replace('\\', r"\\").replace('"', "\\\""))
    };
    let kind = if *is_json {
        ";type=application/json"
    } else {
        ""
    };
    format!("-F {}", word(&format!("{name}={value}{kind}")))
}

/// A URL with the keys that are part of it.
fn url(url: &str, credentials: &[&Credential]) -> String {
    let keys: Vec<String> = credentials
        .iter()
        .filter_map(|credential| match credential {
            Credential::Query { name, variable } => Some(format!("{}=${variable}", inner(name))),
            _ => None,
        })
        .collect();
    if keys.is_empty() {
        return word(url);
    }
    let between = if url.contains('?') { "&" } else { "?" };
    format!("\"{}{between}{}\"", inner(url), keys.join("&"))
}

/// A word as a POSIX shell takes it.
fn word(text: &str) -> String {
    let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:@%+=,".contains(&byte);
    if !text.is_empty() && text.bytes().all(harmless) {
        return text.to_owned();
    }
    if !text.contains(is_hidden) {
        return format!("'{}'", text.replace('\'', r"'\''"));
    }
    let letter = |letter: char| match letter {
        '\\' | '\'' => format!("\\{letter}"),
        '\n' => "\\n".to_owned(),
        letter if is_hidden(letter) => {
            let mut bytes = [0; 4];
            let bytes = letter.encode_utf8(&mut bytes).bytes();
            bytes.map(|byte| format!("\\{byte:03o}")).collect()
        }
        letter => letter.to_string(),
    };
    format!("$'{}'", text.chars().map(letter).collect::<String>())
}

/// A text between double quotes, where a shell puts in what variables hold.
fn inner(text: &str) -> String {
    let mut out = String::new();
    for letter in text.chars() {
        if "\\\"$`".contains(letter) {
            out.push('\\');
        }
        out.push(letter);
    }
    out
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
            body: Some(Body::Text("{\"it's\": $1}".to_owned())),
        };
        assert_eq!(
            curl(&request, &[]),
            r#"curl -i -X POST -H 'Content-Type: application/json' -H 'X-Empty;' --data-raw '{"it'\''s": $1}' 'http://a/b?c=d&e'"#
        );
        assert_eq!(curl(&Request::get("http://a/"), &[]), "curl -i http://a/");
    }

    #[test]
    fn a_secret_joins_what_stands_in_its_place_and_replaces_nothing() {
        let request = Request {
            headers: vec![
                ("Cookie".to_owned(), "a=$b".to_owned()),
                ("X-Key".to_owned(), "own".to_owned()),
            ],
            ..Request::get("http://a/?b=c")
        };
        let (name, variable) = (|name: &str| name.to_owned(), "S".to_owned());
        let credentials = [
            Credential::Cookie {
                name: name("sid"),
                variable: variable.clone(),
            },
            Credential::Query {
                name: name("key"),
                variable: variable.clone(),
            },
            Credential::Header {
                name: name("x-key"),
                scheme: String::new(),
                variable,
            },
        ];
        assert_eq!(
            curl(&request, &credentials),
            r#"curl -i -H 'X-Key: own' -H "Cookie: a=\$b; sid=$S" "http://a/?b=c&key=$S""#
        );
    }
}

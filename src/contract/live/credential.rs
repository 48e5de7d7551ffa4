//! What lets a request in, for who repeats it.

use super::exchange::Request;
use super::write::escaped;
use crate::contract::model::Way;

/// Something that lets a request in. What it is stands in a variable of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credential {
    /// A header.
    Header {
        /// Its name.
        name: String,
        /// What stands before the secret, with the blank after it.
        scheme: String,
        /// The variable.
        variable: String,
    },
    /// A name and a value in the query.
    Query {
        /// The name, escaped.
        name: String,
        /// The variable.
        variable: String,
    },
    /// A cookie.
    Cookie {
        /// Its name.
        name: String,
        /// The variable.
        variable: String,
    },
    /// What curl does with an option of its own.
    Option(&'static str),
}

/// What curl has options for, by what a scheme is known by.
const OPTIONS: &[(&str, &str)] = &[
    ("http basic", "-u \"$USER:$PASSWORD\""),
    ("http digest", "--digest -u \"$USER:$PASSWORD\""),
    ("mutualtls", "--cert \"$CERT\" --key \"$CERT_KEY\""),
];

impl Credential {
    /// A bearer token.
    pub fn bearer(variable: impl Into<String>) -> Self {
        Self::authorization("Bearer", variable)
    }

    fn authorization(scheme: &str, variable: impl Into<String>) -> Self {
        Self::Header {
            name: "Authorization".to_owned(),
            scheme: format!("{scheme} "),
            variable: variable.into(),
        }
    }

    /// What the first of these ways asks for; nothing if one of them is open.
    pub(super) fn of(ways: &[Way]) -> Vec<Self> {
        let is_open = ways.iter().any(Way::is_empty);
        let Some(way) = ways.first().filter(|_| !is_open) else {
            return Vec::new();
        };
        let mut keys = 0;
        let mut key = || {
            keys += 1;
            match keys {
                1 => "API_KEY".to_owned(),
                more => format!("API_KEY_{more}"),
            }
        };
        way.keys()
            .filter_map(|scheme| Self::of_scheme(scheme, &mut key))
            .collect()
    }

    fn of_scheme(scheme: &str, key: &mut impl FnMut() -> String) -> Option<Self> {
        let is_said = |text: &str| scheme == text || scheme.starts_with(&format!("{text} "));
        if let Some((_, option)) = OPTIONS.iter().find(|(known, _)| is_said(known)) {
            return Some(Self::Option(option));
        }
        let mut words = scheme.splitn(3, ' ');
        match (words.next()?, words.next(), words.next()) {
            ("apiKey", Some("header"), Some(name)) => Some(Self::Header {
                name: name.to_owned(),
                scheme: String::new(),
                variable: key(),
            }),
            ("apiKey", Some("query"), Some(name)) => Some(Self::Query {
                name: escaped(name),
                variable: key(),
            }),
            ("apiKey", Some("cookie"), Some(name)) => Some(Self::Cookie {
                name: name.to_owned(),
                variable: key(),
            }),
            ("http", Some("bearer"), _) | ("oauth2" | "openIdConnect", ..) => {
                Some(Self::bearer("TOKEN"))
            }
            ("http", Some(other), _) => {
                let (first, rest) = other.split_at_checked(1)?;
                let other = first.to_uppercase() + rest;
                Some(Self::authorization(&other, "TOKEN"))
            }
            _ => None,
        }
    }

    /// Whether a request says something in its place already.
    pub(super) fn is_in(&self, request: &Request) -> bool {
        let mut headers = request.headers.iter();
        match self {
            Self::Header { name, .. } => headers.any(|(own, _)| own.eq_ignore_ascii_case(name)),
            Self::Query { name, .. } => {
                let query = request.url.split_once('?').map_or("", |(_, query)| query);
                let mut names = query.split('&').filter_map(|pair| pair.split('=').next());
                names.any(|own| own == name)
            }
            Self::Cookie { name, .. } => headers
                .filter(|(own, _)| own == "Cookie")
                .flat_map(|(_, value)| value.split("; "))
                .any(|pair| pair.split('=').next() == Some(name)),
            Self::Option(_) => false,
        }
    }
}

//! What is sent, and what comes back.

/// A request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The whole URL.
    pub url: String,
    /// Names with values, in the order of sending.
    pub headers: Vec<(String, String)>,
    /// What is sent.
    pub body: Option<Body>,
}

/// What is sent in a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Body {
    /// A text as it is.
    Text(String),
    /// The parts of a form, between boundaries.
    Parts(Vec<Part>),
}

/// A field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its name, which needs no escape.
    pub name: String,
    /// What it holds.
    pub value: String,
    /// Whether that is JSON.
    pub is_json: bool,
}

/// An answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// Names in lower case with values, in the order of coming.
    pub headers: Vec<(String, String)>,
    /// What came.
    pub body: Vec<u8>,
}

impl Request {
    /// A GET of that URL.
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: "GET".to_owned(),
            url: url.into(),
            ..Self::default()
        }
    }
}

impl Body {
    /// What stands between the parts.
    pub const BOUNDARY: &'static str = "a-boundary-between-the-parts-of-a-form";

    /// The text that is sent.
    pub fn text(&self) -> String {
        let parts = match self {
            Body::Text(text) => return text.clone(),
            Body::Parts(parts) => parts,
        };
        let boundary = Self::BOUNDARY;
        let parts = parts.iter().map(|Part { name, value, is_json }| {
            let kind = if *is_json {
                "Content-Type: application/json\r\n"
            } else {
                ""
            };
            format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n{kind}\r\n{value}\r\n")
        });
        parts.chain([format!("--{boundary}--\r\n")]).collect()
    }
}

impl Answer {
    /// The first header of that name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }
}

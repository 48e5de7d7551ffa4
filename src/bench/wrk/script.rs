//! The Lua script that wrk is given.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body_util::Full;
use hyper::Request;
use hyper::body::Body;
use hyper::header::HOST;

/// Counts answers by status in each thread, and prints everything in the end: wrk itself prints
/// neither p95 nor which statuses came, and rounds what it prints.
const COUNTING: &str = r#"
local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init()
  answers, bytes = {}, {}
end

function response(status, _, body)
  answers[status] = (answers[status] or 0) + 1
  bytes[status] = (bytes[status] or 0) + #body
end

function done(summary, latency)
  local function say(name, ...)
    io.write("sdd: ", name)
    for _, value in ipairs({...}) do
      io.write(string.format(" %.3f", value))
    end
    io.write("\n")
  end
  local count, size = {}, {}
  for _, thread in ipairs(threads) do
    local bytes = thread:get("bytes")
    for status, number in pairs(thread:get("answers")) do
      count[status] = (count[status] or 0) + number
      size[status] = (size[status] or 0) + bytes[status]
    end
  end
  for status, number in pairs(count) do
    say("answers", status, number, size[status])
  end
  -- Every thousandth, and of the slowest hundredth every tenth of one.
  for place = 1, 9999 do
    if place % 10 == 0 or place > 9900 then
      say("quantile", place, latency:percentile(place / 100))
    end
  end
  say("max", latency.max)
  say("mean", latency.mean)
  say("duration", summary.duration)
  say("requests", summary.requests)
  for _, way in ipairs({"connect", "read", "write", "timeout", "status"}) do
    say(way, summary.errors[way])
  end
  say("end")
end
"#;

/// The request in the words of wrk, and what counts its answers.
pub(super) fn script(request: &Request<Full<Bytes>>) -> String {
    let mut lines = vec![format!(
        "wrk.method = {}",
        quoted(request.method().as_str().as_bytes())
    )];
    for (name, value) in request.headers() {
        // wrk sends a `Host` of its own unless it finds this very spelling.
        let name = if name == HOST { "Host" } else { name.as_str() };
        let (name, value) = (quoted(name.as_bytes()), quoted(value.as_bytes()));
        lines.push(format!("wrk.headers[{name}] = {value}"));
    }
    let body = whole(request.body().clone());
    if !body.is_empty() {
        lines.push(format!("wrk.body = {}", quoted(&body)));
    }
    lines.join("\n") + "\n" + COUNTING
}

/// The bytes of a body that is there as a whole.
fn whole(mut body: Full<Bytes>) -> Bytes {
    let mut cx = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut cx) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}

/// Bytes as a text of Lua.
fn quoted(bytes: &[u8]) -> String {
    let escaped: String = bytes
        .iter()
        .map(|byte| match byte {
            b'"' | b'\\' => format!("\\{}", char::from(*byte)),
            b' '..=b'~' => char::from(*byte).to_string(),
            _ => format!("\\{byte:03}"),
        })
        .collect();
    format!("\"{escaped}\"")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::Target;

    #[test]
    fn whatever_is_sent_stays_a_text_of_lua() {
        assert_eq!(quoted(b"a\"]]\\\n\xff1"), "\"a\\\"]]\\\\\\010\\2551\"");
    }

    #[test]
    fn the_request_is_told_in_the_words_of_wrk() {
        let target = Target::of("http://a/").method("PUT").header("host", "b");
        let text = script(&target.clone().body("x").build().unwrap().request());
        assert!(text.starts_with("wrk.method = \"PUT\"\nwrk.headers[\"Host\"] = \"b\"\n"));
        assert!(text.contains("\"\nwrk.body = \"x\"\n"), "{text}");
        assert!(!script(&target.build().unwrap().request()).contains("wrk.body"));
    }
}

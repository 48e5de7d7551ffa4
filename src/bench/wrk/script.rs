//! The Lua script that wrk is given.

use super::Job;

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
  for _, percent in ipairs({50, 75, 90, 95, 99, 99.9}) do
    say("p" .. percent, latency:percentile(percent))
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
pub(super) fn script(job: &Job) -> String {
    let mut lines = vec![format!("wrk.method = {}", quoted(job.method.as_bytes()))];
    let named = |name: &str| {
        job.headers
            .iter()
            .any(|(own, _)| own.eq_ignore_ascii_case(name))
    };
    if !named("user-agent") {
        let agent = concat!("sdd/", env!("CARGO_PKG_VERSION"));
        lines.push(header("User-Agent", agent));
    }
    for (name, value) in &job.headers {
        // wrk sends a `Host` of its own unless it finds this very spelling.
        let is_host = name.eq_ignore_ascii_case("host");
        lines.push(header(if is_host { "Host" } else { name }, value));
    }
    if !job.body.is_empty() {
        lines.push(format!("wrk.body = {}", quoted(&job.body)));
    }
    lines.join("\n") + "\n" + COUNTING
}

fn header(name: &str, value: &str) -> String {
    let (name, value) = (quoted(name.as_bytes()), quoted(value.as_bytes()));
    format!("wrk.headers[{name}] = {value}")
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
    use super::super::tests::job;
    use super::*;

    #[test]
    fn whatever_is_sent_stays_a_text_of_lua() {
        assert_eq!(quoted(b"a\"]]\\\n\xff1"), "\"a\\\"]]\\\\\\010\\2551\"");
    }

    #[test]
    fn the_request_is_told_in_the_words_of_wrk() {
        let text = script(&Job {
            method: "PUT".to_owned(),
            headers: vec![("host".into(), "b".into())],
            body: b"x".to_vec(),
            ..job()
        });
        assert!(text.starts_with("wrk.method = \"PUT\"\nwrk.headers[\"User-Agent\"]"));
        assert!(text.contains("\nwrk.headers[\"Host\"] = \"b\"\nwrk.body = \"x\"\n"));
        assert!(!script(&job()).contains("wrk.body"));
    }
}

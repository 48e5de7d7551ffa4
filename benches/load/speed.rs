//! How much is sent, and what that costs, beside wrk and oha.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;

use crate::goal::Row;
use crate::meter::{Meter, median, told};

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
/// The most memory, by connections, in MiB.
const MEMORY: [(usize, f64); 2] = [(64, 20.0), (256, 30.0)];
/// The processors of the server and of whoever asks it.
const SERVER: &str = "0";
const CLIENT: &str = "1";

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tool {
    Wrk,
    Oha,
    Sdd,
}

const TOOLS: [(Tool, &str); 3] = [(Tool::Wrk, "wrk"), (Tool::Oha, "oha"), (Tool::Sdd, "sdd")];

/// What a tool did in a round.
#[derive(Debug, Clone, Copy)]
struct Sample {
    per_second: f64,
    cpu_us: f64,
    rss_mib: f64,
}

/// Samples by connections and tool, one for each round.
pub(crate) struct Comparison(BTreeMap<(usize, Tool), Vec<Sample>>);

/// A fast server on a processor of its own.
struct Nginx {
    child: Child,
    folder: tempfile::TempDir,
    port: u16,
}

impl Nginx {
    fn start() -> Result<Self, String> {
        let folder = tempfile::tempdir().map_err(told)?;
        let listener = std::net::TcpListener::bind("127.0.0.1:0").map_err(told)?;
        let port = listener.local_addr().map_err(told)?.port();
        drop(listener);
        let configuration = format!(
            "daemon off; master_process off; pid nginx.pid; error_log error.log; user root;
            events {{ worker_connections 1024; }}
            http {{
              access_log off; client_body_temp_path t1; proxy_temp_path t2;
              fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              server {{
                listen 127.0.0.1:{port}; keepalive_requests 1000000000;
                location / {{ return 200 hello; }}
              }}
            }}\n"
        );
        std::fs::write(folder.path().join("nginx.conf"), configuration).map_err(told)?;
        let child = Command::new("taskset")
            .args(["-c", SERVER, "nginx", "-c", "nginx.conf", "-p"])
            .arg(folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("taskset and nginx: {error}"))?;
        let nginx = Self {
            child,
            folder,
            port,
        };
        crate::support::wait_until("nginx answers", || {
            std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        Ok(nginx)
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // If it is gone already, so much the better.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn compare(meter: &Meter, rounds: usize, seconds: u64) -> Result<Comparison, String> {
    let nginx = Nginx::start()?;
    let mut samples: BTreeMap<(usize, Tool), Vec<Sample>> = BTreeMap::new();
    for connections in CONNECTIONS {
        _ = writeln!(std::io::stderr(), "{connections} connections …");
        for round in 0..rounds {
            // Who follows whom changes from round to round.
            for place in 0..TOOLS.len() {
                let (tool, _) = TOOLS[(place + round) % TOOLS.len()];
                let sample = sample(meter, &nginx, tool, connections, seconds)?;
                samples.entry((connections, tool)).or_default().push(sample);
            }
        }
    }
    Ok(Comparison(samples))
}

fn sample(
    meter: &Meter,
    nginx: &Nginx,
    tool: Tool,
    connections: usize,
    seconds: u64,
) -> Result<Sample, String> {
    let (url, count) = (
        format!("http://127.0.0.1:{}/", nginx.port),
        connections.to_string(),
    );
    let time = format!("{seconds}s");
    let sdd = meter.sdd.to_string_lossy();
    let oha = oha();
    let words: Vec<&str> = match tool {
        Tool::Wrk => vec!["wrk", "-t1", "-c", &count, "-d", &time, "--latency", &url],
        Tool::Oha => vec![
            &oha,
            "--no-tui",
            "--output-format",
            "json",
            "-c",
            &count,
            "-z",
            &time,
            &url,
        ],
        Tool::Sdd => vec![
            &sdd, "bench", &url, "-c", &count, "-d", &time, "--format", "json",
        ],
    };
    let output = nginx.folder.path().join("output");
    let pinned = [&["taskset", "-c", CLIENT][..], &words].concat();
    let cost = meter.run(&pinned, nginx.folder.path(), Some(&output))?;
    if cost.exit != 0 {
        return Err(format!("{words:?} exited with {}", cost.exit));
    }
    let per_second = per_second(tool, &output)
        .ok_or_else(|| format!("{words:?} did not say how much it sent"))?;
    let requests = per_second * f64::from(u32::try_from(seconds).map_err(told)?);
    Ok(Sample {
        per_second,
        cpu_us: cost.cpu_ms * 1e3 / requests,
        rss_mib: cost.rss_mib,
    })
}

/// Where `tests/setup.sh --bench` installs it, or wherever else it is.
fn oha() -> String {
    let installed = concat!(env!("CARGO_MANIFEST_DIR"), "/.tools/bin/oha");
    if Path::new(installed).exists() {
        return installed.to_owned();
    }
    "oha".to_owned()
}

fn per_second(tool: Tool, output: &Path) -> Option<f64> {
    let text = std::fs::read_to_string(output).ok()?;
    let json = || serde_json::from_str::<Value>(&text).ok();
    match tool {
        Tool::Wrk => {
            let line = text
                .lines()
                .find_map(|line| line.strip_prefix("Requests/sec:"))?;
            line.trim().parse().ok()
        }
        Tool::Oha => json()?["summary"]["requestsPerSec"].as_f64(),
        Tool::Sdd => json()?["throughput"]["successful_per_s"].as_f64(),
    }
}

impl Comparison {
    fn of(&self, connections: usize, tool: Tool) -> &[Sample] {
        self.0.get(&(connections, tool)).map_or(&[], Vec::as_slice)
    }

    /// The median of a number over another tool's in the same round.
    fn ratio(&self, connections: usize, other: Tool, number: fn(&Sample) -> f64) -> f64 {
        let pairs = self
            .of(connections, Tool::Sdd)
            .iter()
            .zip(self.of(connections, other));
        median(
            pairs
                .map(|(own, other)| number(own) / number(other))
                .collect(),
        )
    }

    fn median(&self, connections: usize, tool: Tool, number: fn(&Sample) -> f64) -> f64 {
        median(self.of(connections, tool).iter().map(number).collect())
    }

    pub(crate) fn goals(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for count in CONNECTIONS {
            let ratio = self.ratio(count, Tool::Wrk, |sample| sample.per_second);
            rows.push(Row::at_least(
                format!("{count} connections: requests per second over wrk"),
                0.9,
                ratio,
                "×",
            ));
        }
        for count in CONNECTIONS {
            let ratio = self.ratio(count, Tool::Oha, |sample| sample.per_second);
            rows.push(Row::at_least(
                format!("{count} connections: requests per second over oha"),
                1.1,
                ratio,
                "×",
            ));
        }
        for count in CONNECTIONS {
            let ratio = self.ratio(count, Tool::Wrk, |sample| sample.cpu_us);
            rows.push(Row::at_most(
                format!("{count} connections: processor time of a request over wrk"),
                1.2,
                ratio,
                "×",
            ));
        }
        for (count, limit) in MEMORY {
            let memory = self.median(count, Tool::Sdd, |sample| sample.rss_mib);
            rows.push(Row::at_most(
                format!("{count} connections: memory"),
                limit,
                memory,
                "MiB",
            ));
        }
        rows
    }

    /// Medians of every tool: requests per second, processor time of a request, memory.
    pub(crate) fn table(&self) -> String {
        let mut text = "| requests/s, µs, MiB |".to_owned();
        for count in CONNECTIONS {
            text += &format!(" {count} connections |");
        }
        text += "\n| --- | --- | --- | --- | --- |\n";
        for (tool, name) in TOOLS {
            text += &format!("| {name} |");
            for count in CONNECTIONS {
                text += &format!(
                    " {:.0}, {:.1}, {:.0} |",
                    self.median(count, tool, |sample| sample.per_second),
                    self.median(count, tool, |sample| sample.cpu_us),
                    self.median(count, tool, |sample| sample.rss_mib),
                );
            }
            text += "\n";
        }
        text
    }
}

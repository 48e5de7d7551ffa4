//! How often the check of benchmarks against stored runs is wrong, and how often it finds what is
//! there, beside the usual check: one run, worse than the last one by more than 10 %.
//!
//! In simulation and on recorded noise: the same nginx, measured again and again on this machine.
//! A change is planted by multiplying the latencies of the new runs.
//!
//! `cargo bench --bench regression -- [RUNS]` prints tables in Markdown.

#![expect(clippy::print_stdout, reason = "the tables are what it is run for")]

use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use sdd::bench::baseline::{Compared, Evidence, Figure, Run, Verdict, Yardstick};
use sdd::bench::{Load, Summary, Target, net};
use sdd::chance::Chance;

/// Changes that are planted; 1 is none.
const CHANGES: [f64; 5] = [1.0, 1.05, 1.1, 1.2, 1.5];
const TOLERANCE: f64 = 0.1;

type Failure = Box<dyn std::error::Error>;

fn main() -> Result<(), Failure> {
    let runs = std::env::args().skip(1).find_map(|word| word.parse().ok());
    simulated();
    recorded(runs.unwrap_or(60))
}

/// What became of a check.
#[derive(Default)]
struct Tally {
    checks: u32,
    regressions: u32,
    inconclusive: u32,
}

impl Tally {
    fn add(&mut self, verdict: Verdict) {
        self.checks += 1;
        self.regressions += u32::from(verdict == Verdict::Regression);
        self.inconclusive += u32::from(matches!(verdict, Verdict::Inconclusive { .. }));
    }

    fn print(&self) -> String {
        let percent = |count: u32| 100.0 * f64::from(count) / f64::from(self.checks.max(1));
        format!(
            "{:.1} % ({:.0} %)",
            percent(self.regressions),
            percent(self.inconclusive)
        )
    }
}

/// Takes new runs, one after the other, until something is claimed.
fn decide(stored: &[f64], mut next: impl FnMut() -> Option<f64>) -> Option<Verdict> {
    let mut new = vec![next()?];
    loop {
        let evidence = Evidence {
            stored,
            new: &new,
            tolerance: TOLERANCE,
        };
        match evidence.decide()?.verdict {
            Verdict::InDoubt { more } => {
                for _ in 0..more {
                    new.push(next()?);
                }
            }
            verdict => return Some(verdict),
        }
    }
}

/// [`decide`] for recorded runs, to the new ones of which a change is added.
fn decide_recorded(found: &Compared, change: f64) -> Option<Verdict> {
    let mut count = 1;
    loop {
        let planted = |new: &[f64]| -> Vec<f64> {
            let new = new.iter().take(count);
            new.map(|value| value + change.ln()).collect()
        };
        let part = Compared {
            new: planted(&found.new),
            other: found
                .other
                .as_ref()
                .map(|(stored, new)| (stored.clone(), planted(new))),
            ..found.clone()
        };
        match part.decide(TOLERANCE)?.verdict {
            Verdict::InDoubt { more } => count += more,
            verdict => return Some(verdict),
        }
    }
}

fn naive(last: f64, new: f64) -> Verdict {
    if new - last > TOLERANCE.ln_1p() {
        Verdict::Regression
    } else {
        Verdict::Same
    }
}

fn head(title: &str) {
    println!("\n### {title}\n");
    println!("Claimed as a regression (and inconclusive), by what was planted:\n");
    let changes = CHANGES.map(|change| match change {
        1.0 => "nothing".to_owned(),
        change => format!("+{:.0} %", (change - 1.0) * 100.0),
    });
    println!("| noise and check | {} |", changes.join(" | "));
    println!("| --- |{}", " --- |".repeat(CHANGES.len()));
}

fn row(name: &str, of: impl FnMut(f64) -> Tally) {
    let cells = CHANGES.map(of).map(|tally| tally.print());
    println!("| {name} | {} |", cells.join(" | "));
}

/// How runs differ: as logarithms between runs and between windows, and the share of disturbed
/// windows.
const NOISES: [(&str, f64, f64, f64); 3] = [
    ("quiet", 0.02, 0.05, 0.01),
    ("usual", 0.07, 0.1, 0.05),
    ("noisy", 0.2, 0.25, 0.1),
];

fn simulated() {
    head("Simulated runs of ten windows, 4,000 checks each");
    for (name, between_runs, between_windows, disturbed) in NOISES {
        let mut chance = Chance::of(1, name);
        let mut run = |change: f64| {
            let own = change.ln() + between_runs * chance.normal();
            let mut windows: Vec<f64> = (0..10)
                .map(|_| {
                    let is_disturbed = chance.uniform() < disturbed;
                    let spike = if is_disturbed { chance.uniform() } else { 0.0 };
                    own + between_windows * chance.normal() + spike
                })
                .collect();
            windows.sort_unstable_by(f64::total_cmp);
            f64::midpoint(windows[4], windows[5])
        };
        row(&format!("{name}: + 10 % on the last run"), |change| {
            let mut tally = Tally::default();
            for _ in 0..4000 {
                tally.add(naive(run(1.0), run(change)));
            }
            tally
        });
        for stored in [7, 20] {
            row(&format!("{name}: {stored} stored runs"), |change| {
                let mut tally = Tally::default();
                for _ in 0..4000 {
                    let stored: Vec<f64> = (0..stored).map(|_| run(1.0)).collect();
                    let verdict = decide(&stored, || Some(run(change)));
                    tally.add(verdict.unwrap_or(Verdict::Same));
                }
                tally
            });
        }
    }
}

/// Ends with this.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn nginx(folder: &std::path::Path) -> Result<(Server, String), Failure> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let configuration = format!(
        "daemon off; master_process off; pid nginx.pid; error_log error.log;
        events {{}}
        http {{
          access_log off; keepalive_requests 100000000;
          client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3;
          uwsgi_temp_path t4; scgi_temp_path t5;
          server {{ listen 127.0.0.1:{port}; location / {{ return 200 hello; }} }}
        }}\n"
    );
    std::fs::write(folder.join("nginx.conf"), configuration)?;
    let child = Command::new("nginx")
        .arg("-p")
        .arg(folder)
        .args(["-c", "nginx.conf"])
        .stderr(Stdio::null())
        .spawn()?;
    let server = Server(child);
    while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok((server, format!("http://127.0.0.1:{port}/")))
}

fn recorded(count: usize) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let (_server, url) = nginx(folder.path())?;
    let target = Target::of(&url).build()?;
    let load = Load {
        duration: Some(Duration::from_secs(2)),
        warmup: Duration::from_millis(200),
        ..Load::on(target)
    };
    let runs: Result<Vec<Run>, Failure> = (0..count)
        .map(|_| {
            let yardstick = net::yardstick(load.connections, &Arc::default())?;
            let summary: Summary = net::measure(&load, &Arc::default())?;
            Ok(Run::new(
                &summary,
                Some(Yardstick::of(&yardstick)),
                ("", ""),
            ))
        })
        .collect();
    let runs = runs?;
    head(&format!(
        "{count} recorded runs of an unchanged nginx, of 2 s each"
    ));
    let figures = ["p50", "p90", "throughput"].map(Figure::named);
    for figure in figures.into_iter().flatten() {
        let name = figure.name();
        row(&format!("{name}: + 10 % on the last run"), |change| {
            let mut tally = Tally::default();
            for pair in runs.windows(2) {
                if let Ok(found) = figure.compare(&pair[..1], &pair[1..]) {
                    tally.add(naive(found.stored[0], found.new[0] + change.ln()));
                }
            }
            tally
        });
        for stored in [7, 20] {
            row(&format!("{name}: {stored} stored runs"), |change| {
                let mut tally = Tally::default();
                for part in runs.windows(stored + 3) {
                    let (stored, new) = part.split_at(stored);
                    let Ok(found) = figure.compare(stored, new) else {
                        continue;
                    };
                    if let Some(verdict) = decide_recorded(&found, change) {
                        tally.add(verdict);
                    }
                }
                tally
            });
        }
    }
    Ok(())
}

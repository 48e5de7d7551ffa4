//! `sdd bench`.

mod args;
mod progress;

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

pub(super) use self::args::BenchArgs;
use self::progress::Progress;
use super::{Cx, Failure, Outcome, print_json};
use crate::bench::{Expect, Load, Pace, Protocol, Summary, Target, USUAL_DURATION, net, wrk};
use crate::report::{BenchReport, bench_human, bench_svg};
use crate::run::measure_by_wrk;

/// Sends load to a URL and says how it was answered.
pub(super) fn bench(cx: &Cx, args: &BenchArgs) -> Outcome {
    let load = load(cx, args)?;
    let interrupt = Interrupt::listen()?;
    if args.format == "human" {
        let mut progress = cx.console().progress.writer;
        writeln!(progress, "{} …", announcement(args, &load))?;
    }
    let by_wrk = args.engine == "wrk";
    let summary = if by_wrk {
        let job = wrk::Job::of(&load).map_err(|message| {
            let help = "leave it away, or let the builtin engine send".to_owned();
            Failure::Usage(message, Some(help))
        })?;
        measure_by_wrk(&job, &interrupt.stop).map_err(|message| Failure::Usage(message, None))?
    } else {
        measure(cx, args, &load, &interrupt)?
    };
    if let Some(path) = &args.svg {
        let drawn = bench_svg(&summary, &args.url);
        std::fs::write(cx.dir()?.join(path), drawn).map_err(|error| {
            Failure::Usage(
                format!("`{}` can't be written: {error}", path.display()),
                None,
            )
        })?;
    }
    if args.format == "json" {
        let report = BenchReport::new(&summary);
        print_json(&if by_wrk { report.by("wrk") } else { report })?;
    } else {
        let answer = cx.console().answer;
        let mut out = answer.writer;
        if by_wrk {
            writeln!(out, "engine    wrk: {}\n", wrk::CAVEAT)?;
        }
        bench_human(&summary, &answer.style, &mut out)?;
    }
    Ok(match interrupt.signal() {
        Some(code) => code,
        None => u8::from(!summary.is_measured() || summary.saturated),
    })
}

/// Measures on a thread of its own, and shows meanwhile how far it is.
fn measure(
    cx: &Cx,
    args: &BenchArgs,
    load: &Load,
    interrupt: &Interrupt,
) -> Result<Summary, Failure> {
    const GLANCE: Duration = Duration::from_millis(50);
    let watch = Arc::new(net::Watch::default());
    let (load, watched) = (load.clone(), Arc::clone(&watch));
    let whole = load.whole();
    let measuring = std::thread::spawn(move || net::measure(&load, &watched));
    let mut progress = Progress::new(cx, args.format == "human", whole);
    while !measuring.is_finished() {
        if interrupt.is_there() {
            watch.call_off();
        }
        progress.show(watch.counts())?;
        std::thread::sleep(GLANCE);
    }
    progress.clear()?;
    let measured = measuring
        .join()
        .unwrap_or_else(|_| Err("the generator broke off".to_owned()));
    measured.map_err(|message| {
        let help = "host, port and certificates of the URL have to be known to this machine";
        Failure::Usage(message, Some(help.to_owned()))
    })
}

fn load(cx: &Cx, args: &BenchArgs) -> Result<Load, Failure> {
    let parameters = args.query.iter();
    let parameters = parameters.map(|(name, value)| (name.as_str(), value.as_str()));
    let mut target = Target::of(&args.url)
        .method(&args.method)
        .query(parameters)
        .expect(Expect {
            statuses: args.expect_status.clone(),
            text: args.expect_body.clone(),
            values: Vec::new(),
        });
    for (name, value) in &args.headers {
        target = target.header(name, value);
    }
    target = match args
        .body
        .as_deref()
        .map(|body| (body, body.strip_prefix('@')))
    {
        None => target,
        Some((_, Some(file))) => target.body(read(cx, Path::new(file))?),
        Some((text, None)) => target.body(text.to_owned()),
    };
    let target = target.build().map_err(|message| {
        let help = "as in `sdd bench http://127.0.0.1:8000/`".to_owned();
        Failure::Usage(message, Some(help))
    })?;
    let duration = match (args.duration, args.requests) {
        (None, None) => Some(USUAL_DURATION),
        (duration, _) => duration,
    };
    if duration.is_none() && !args.ramp_down.is_zero() {
        let help = "say with --duration after what time the load falls".to_owned();
        let message = "--ramp-down needs --duration".to_owned();
        return Err(Failure::Usage(message, Some(help)));
    }
    let trusted = args
        .cacert
        .as_ref()
        .map(|path| read(cx, path))
        .transpose()?;
    Ok(Load {
        protocol: if args.http2 {
            Protocol::Http2
        } else {
            Protocol::Http1
        },
        trusted,
        connections: args.connections as usize,
        pace: args.rate.map_or(Pace::Closed, Pace::Open),
        ramp_up: args.ramp_up,
        warmup: args.warmup,
        duration,
        ramp_down: args.ramp_down,
        requests: args.requests,
        timeout: args.timeout,
        ..Load::on(target)
    })
}

fn read(cx: &Cx, path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(cx.dir()?.join(path)).map_err(|error| {
        Failure::Usage(format!("`{}` can't be read: {error}", path.display()), None)
    })
}

fn announcement(args: &BenchArgs, load: &Load) -> String {
    let connections = match args.connections {
        1 => "1 connection".to_owned(),
        count => format!("{count} connections"),
    };
    let pace = match load.pace {
        Pace::Closed => String::new(),
        Pace::Open(rate) => format!(", {rate} requests due per second"),
    };
    format!("{} {} over {connections}{pace}", args.method, args.url)
}

/// The wish of the user to end: the first signal ends the measurement, the second the program.
struct Interrupt {
    stop: Arc<AtomicBool>,
    signal: Arc<AtomicUsize>,
}

impl Interrupt {
    fn listen() -> Result<Self, Failure> {
        let stop = Arc::new(AtomicBool::new(false));
        let signal = Arc::new(AtomicUsize::new(0));
        for (number, code) in [(SIGINT, 130), (SIGTERM, 143)] {
            // In this order: the first signal finds the flag not yet set.
            flag::register_conditional_shutdown(number, code, Arc::clone(&stop))?;
            flag::register_usize(number, Arc::clone(&signal), code.unsigned_abs() as usize)?;
            flag::register(number, Arc::clone(&stop))?;
        }
        Ok(Self { stop, signal })
    }

    fn is_there(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// The exit code of the signal that came, if one did.
    fn signal(&self) -> Option<u8> {
        let code = self.signal.load(Ordering::Relaxed);
        u8::try_from(code).ok().filter(|code| *code > 0)
    }
}

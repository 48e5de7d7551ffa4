//! `sdd bench`.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use super::args::BenchArgs;
use super::{Cx, Failure, Outcome, print_json};
use crate::bench::{Expect, Load, Pace, Target, USUAL_DURATION, net, wrk};
use crate::report::{BenchReport, bench_human};
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
        measure_by_wrk(&wrk_job(cx, args)?, args.warmup, &interrupt.stop)
            .map_err(|message| Failure::Usage(message, None))?
    } else {
        net::measure(&load, &interrupt.stop).map_err(|message| {
            let help = "the host of the URL has to be known to this machine";
            Failure::Usage(message, Some(help.to_owned()))
        })?
    };
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
        None => u8::from(!summary.is_measured()),
    })
}

fn load(cx: &Cx, args: &BenchArgs) -> Result<Load, Failure> {
    let mut target = Target::of(&args.url).method(&args.method);
    for (name, value) in &args.headers {
        target = target.header(name, value);
    }
    if let Some(body) = body(cx, args)? {
        target = target.body(body);
    }
    let target = target.build().map_err(|message| {
        let help = "as in `sdd bench http://127.0.0.1:8000/`".to_owned();
        Failure::Usage(message, Some(help))
    })?;
    let duration = match (args.duration, args.requests) {
        (None, None) => Some(USUAL_DURATION),
        (duration, _) => duration,
    };
    Ok(Load {
        target,
        connections: args.connections as usize,
        pace: args.rate.map_or(Pace::Closed, Pace::Open),
        warmup: args.warmup,
        duration,
        requests: args.requests,
        timeout: args.timeout,
        expect: expect(args),
    })
}

/// The same load in the words of wrk. What wrk can't do is refused.
fn wrk_job(cx: &Cx, args: &BenchArgs) -> Result<wrk::Job, Failure> {
    for (name, is_written) in [
        ("--rate", args.rate.is_some()),
        ("--requests", args.requests.is_some()),
    ] {
        if is_written {
            let help = "leave it away, or let the builtin engine send".to_owned();
            return Err(Failure::Usage(format!("wrk knows no `{name}`"), Some(help)));
        }
    }
    Ok(wrk::Job {
        url: args.url.clone(),
        method: args.method.clone(),
        headers: args.headers.clone(),
        body: body(cx, args)?.unwrap_or_default(),
        connections: args.connections as usize,
        duration: args.duration.unwrap_or(USUAL_DURATION),
        timeout: args.timeout,
        expect: expect(args),
    })
}

fn body(cx: &Cx, args: &BenchArgs) -> Result<Option<Vec<u8>>, Failure> {
    let Some(text) = &args.body else {
        return Ok(None);
    };
    let Some(file) = text.strip_prefix('@') else {
        return Ok(Some(text.clone().into_bytes()));
    };
    let read = std::fs::read(cx.dir()?.join(file));
    let told = |error| Failure::Usage(format!("`{file}` can't be read: {error}"), None);
    read.map(Some).map_err(told)
}

fn expect(args: &BenchArgs) -> Expect {
    if args.expect_status.is_empty() {
        Expect::Success
    } else {
        Expect::OneOf(args.expect_status.clone())
    }
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

    /// The exit code of the signal that came, if one did.
    fn signal(&self) -> Option<u8> {
        let code = self.signal.load(Ordering::Relaxed);
        u8::try_from(code).ok().filter(|code| *code > 0)
    }
}

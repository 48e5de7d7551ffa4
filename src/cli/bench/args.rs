//! What `sdd bench` can be asked.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::bench::HIGHEST_RATE;
use crate::spec::{parse_duration, parse_rate};

/// `sdd bench`.
#[derive(Debug, Args)]
pub(in crate::cli) struct BenchArgs {
    /// What to ask: `http://HOST[:PORT]/PATH`, or with `https://`
    pub url: String,
    /// Connections that are open at once
    #[arg(long, short = 'c', value_name = "N", default_value = "16", value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub connections: u32,
    /// Requests are due at this rate whatever the answers do, as in `500/s`; without it, each
    /// connection sends its next request when the last one is answered
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub rate: Option<f64>,
    /// How long to send; by default 10s, or until all of `--requests` are sent
    #[arg(long, short = 'd', value_name = "TIME", value_parser = time)]
    pub duration: Option<Duration>,
    /// How many requests to send at most, the warm-up not counted
    #[arg(long, short = 'n', value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub requests: Option<u64>,
    /// Time in which the load rises evenly from nothing
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "0s")]
    pub ramp_up: Duration,
    /// How long to send at the full load without counting
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "0s")]
    pub warmup: Duration,
    /// Time in which the load falls evenly to nothing, after `--duration`
    #[arg(long, value_name = "TIME", value_parser = parse_time, default_value = "0s")]
    pub ramp_down: Duration,
    /// Send by HTTP/2 instead of HTTP/1.1
    #[arg(long)]
    pub http2: bool,
    /// Certificates, in PEM, that vouch for the server instead of those that this machine trusts
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<PathBuf>,
    /// A parameter for the query of the URL; may be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = parameter)]
    pub query: Vec<(String, String)>,
    /// The method
    #[arg(long, short = 'X', default_value = "GET")]
    pub method: String,
    /// A header to send; may be repeated
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE", value_parser = header)]
    pub headers: Vec<(String, String)>,
    /// The body to send; `@FILE` sends a file
    #[arg(long, value_name = "TEXT")]
    pub body: Option<String>,
    /// Statuses that are a success, with commas between; by default 200 to 299
    #[arg(long, value_name = "STATUS", value_delimiter = ',', value_parser = clap::value_parser!(u16).range(100..=999))]
    pub expect_status: Vec<u16>,
    /// A text that the body of a success holds
    #[arg(long, value_name = "TEXT")]
    pub expect_body: Option<String>,
    /// How long an answer may take
    #[arg(long, value_name = "TIME", value_parser = time, default_value = "10s")]
    pub timeout: Duration,
    /// What sends the load; `wrk` has to be installed
    #[arg(long, default_value = "builtin", value_parser = ["builtin", "wrk"])]
    pub engine: String,
    /// How to print it
    #[arg(long, default_value = "human", value_parser = ["human", "json"])]
    pub format: String,
    /// Draw latency and requests over the time as SVG, into a file
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

fn header(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once(':').ok_or("it has the form NAME: VALUE")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("it has the form NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

fn rate(text: &str) -> Result<f64, String> {
    let rate = parse_rate(text).ok_or("write a number and its unit, as in 500/s or 30/m")?;
    if rate > 0.0 && rate <= HIGHEST_RATE {
        return Ok(rate);
    }
    Err("it is more than nothing and at most 10000000/s".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let time = parse_time(text)?;
    if time.is_zero() {
        return Err("it is longer than nothing".to_owned());
    }
    Ok(time)
}

fn parse_time(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "write a number and its unit, as in 500ms or 10s".to_owned())
}

//! `sdd init` on the command line.

use std::io::{self, Write};

use super::args::InitArgs;
use super::init::{self, InitOptions};
use super::{Cx, Failure, Outcome};

/// Writes a first pipeline and says what is in it.
pub(super) fn init(cx: &Cx, args: &InitArgs) -> Outcome {
    let options = InitOptions {
        from: args.from.clone(),
        toml: args.toml,
    };
    let report = init::run(&cx.dir()?, &options)
        .map_err(|error| Failure::Usage(error.message, Some(error.help)))?;
    let mut out = io::stdout().lock();
    writeln!(out, "wrote {}", report.path)?;
    writeln!(out, "  nodes: {}", report.nodes.join(", "))?;
    for note in &report.notes {
        writeln!(out, "  note: {note}")?;
    }
    writeln!(out, "next: `sdd graph` draws it, `sdd run` runs it")?;
    Ok(0)
}

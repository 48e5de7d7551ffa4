//! The `sdd` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    sdd::cli::main()
}

//! LCOV tracefiles.

use std::io::BufRead;

use super::Coverage;

/// Reads a tracefile.
pub(super) fn parse(_input: &mut dyn BufRead) -> Result<Coverage, String> {
    Ok(Coverage::default())
}

//! How far a measurement is, while it goes on.

use std::io::Write;
use std::time::{Duration, Instant};

use crate::cli::Cx;

/// One line that tells how far a measurement is, where a terminal shows it.
pub(super) struct Progress {
    writer: Box<dyn Write + Send>,
    is_shown: bool,
    whole: Option<Duration>,
    begun: Instant,
    last: Option<(Instant, u64)>,
}

impl Progress {
    pub(super) fn new(cx: &Cx, wanted: bool, whole: Option<Duration>) -> Self {
        let console = cx.console();
        Self {
            is_shown: wanted && console.screen.is_some(),
            writer: console.progress.writer,
            whole,
            begun: Instant::now(),
            last: None,
        }
    }

    /// Writes the line anew, about each second.
    pub(super) fn show(&mut self, (ok, failed): (u64, u64)) -> std::io::Result<()> {
        const STEP: Duration = Duration::from_millis(500);
        let now = Instant::now();
        let (then, before) = self.last.unwrap_or((self.begun, 0));
        if !self.is_shown || now - then < STEP {
            return Ok(());
        }
        self.last = Some((now, ok));
        let rate =
            f64::from(u32::try_from(ok - before).unwrap_or(u32::MAX)) / (now - then).as_secs_f64();
        let seconds = (now - self.begun).as_secs_f64();
        let of = self.whole.map_or(String::new(), |whole| {
            format!(" of {:.0}", whole.as_secs_f64())
        });
        write!(
            self.writer,
            "\r\x1b[K{seconds:.0}{of} s  {rate:.0} ok/s  {ok} ok, {failed} failed"
        )?;
        self.writer.flush()
    }

    pub(super) fn clear(&mut self) -> std::io::Result<()> {
        if self.last.is_some() {
            write!(self.writer, "\r\x1b[K")?;
        }
        self.writer.flush()
    }
}

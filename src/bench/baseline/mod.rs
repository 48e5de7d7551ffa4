//! What was measured before, and whether it still holds.

mod decide;
mod errors;
mod figure;
mod ledger;
mod pairs;
mod record;
mod run;

pub use decide::{Change, Evidence, FEWEST, MOST, RUNS_IN_DOUBT, Verdict};
pub use errors::Failures;
pub use figure::{Compared, FIGURES, Figure};
pub use ledger::{Entry, Keep, Key, Known, Ledger, Match, Set};
pub use pairs::{FEWEST_PAIRS, MOST_PAIRS, paired};
pub use record::{RECORD, Record};
pub use run::{Run, Window, Yardstick};

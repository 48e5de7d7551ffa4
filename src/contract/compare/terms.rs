//! What a comparison goes by beside the two contracts.

use jiff::Span as Days;
use jiff::civil::Date;

/// What a comparison goes by beside the two contracts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Terms {
    /// The day on which they are compared. Without it, nobody knows which promised days have come.
    pub today: Option<Date>,
    /// How long before its end something has to be deprecated.
    pub notice: Notice,
}

/// How many days before its end something has to be deprecated, by how stable it is. What is
/// draft or alpha may go at any time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Notice {
    /// Days for what is stable, or says nothing; `0` asks for no day.
    pub stable: u32,
    /// Days for what is beta; `0` asks for no day.
    pub beta: u32,
}

impl Notice {
    /// The days for something that is so stable.
    pub(super) fn days(self, stability: Option<&str>) -> u32 {
        match stability {
            Some("draft" | "alpha") => 0,
            Some("beta") => self.beta,
            _ => self.stable,
        }
    }
}

impl Terms {
    /// On that day, without any notice.
    pub fn on(today: Date) -> Self {
        Self {
            today: Some(today),
            ..Self::default()
        }
    }

    /// The first day on which something may end that is deprecated today; the last one that there
    /// is, if that is too far away.
    pub(super) fn earliest_end(self, stability: Option<&str>) -> Option<Date> {
        let days = i64::from(self.notice.days(stability));
        let end = |today: Date| {
            let days = Days::new().try_days(days).ok()?;
            today.checked_add(days).ok()
        };
        self.today.map(|today| end(today).unwrap_or(Date::MAX))
    }
}

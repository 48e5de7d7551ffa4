//! How long something is promised to stay: deprecation, the day of removal, stability.

use jiff::civil::Date;

/// What is promised.
#[derive(Debug, Clone, Copy)]
pub(super) struct Promise<'a> {
    pub deprecated: bool,
    pub sunset: Option<&'a str>,
    pub stability: Option<&'a str>,
}

/// From the least that can be promised to the most.
const STABILITIES: &[&str] = &["draft", "alpha", "beta", "stable"];

/// What can be said of something that is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Removal {
    /// It was not deprecated.
    Unannounced,
    /// It was deprecated, without a day or for a day that has come.
    Announced,
    /// The day has not come.
    BeforeSunset,
    /// The day can't be read.
    Unreadable,
    /// It was never promised to stay.
    Unstable,
}

impl Promise<'_> {
    /// What to say if it is gone on a day.
    pub(super) fn removal(&self, today: Option<Date>) -> Removal {
        if matches!(self.stability, Some("draft" | "alpha")) {
            return Removal::Unstable;
        }
        match (self.deprecated, self.sunset, self.sunset.map(day)) {
            (false, ..) => Removal::Unannounced,
            (true, _, Some(Some(day))) if today.is_some_and(|today| day > today) => {
                Removal::BeforeSunset
            }
            (true, Some(_), Some(None)) => Removal::Unreadable,
            _ => Removal::Announced,
        }
    }
}

/// What changed: the ending of a rule, and a sentence without its end.
pub(super) fn changes(old: Promise<'_>, new: Promise<'_>) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let mut say = |ending, message: String| found.push((ending, message));
    match (old.deprecated, new.deprecated) {
        (false, true) => say("deprecated", "it is deprecated now".to_owned()),
        (true, false) => say("reactivated", "it is no longer deprecated".to_owned()),
        _ => {}
    }
    if new.deprecated && old.sunset != new.sunset {
        let dates = (old.sunset.map(day), new.sunset.map(day));
        let unreadable = |text: Option<&str>| {
            let text = text.unwrap_or_default();
            format!("the day of removal `{text}` is no date")
        };
        match dates {
            (Some(None), _) => say("sunset-unreadable", unreadable(old.sunset)),
            (_, Some(None)) => say("sunset-unreadable", unreadable(new.sunset)),
            (Some(Some(day)), None) => {
                say("sunset-deleted", format!("it was to stay until {day}"));
            }
            (Some(Some(before)), Some(Some(after))) if after < before => {
                let message = format!("it was to stay until {before}, now until {after}");
                say("sunset-moved-earlier", message);
            }
            _ => {}
        }
    }
    if old.stability != new.stability {
        let rank = |text: &str| STABILITIES.iter().position(|known| *known == text);
        // What says nothing is stable.
        let ranks = [old.stability, new.stability].map(|text| rank(text.unwrap_or("stable")));
        let words = |text: Option<&str>| text.unwrap_or("stable").to_owned();
        let (before, after) = (words(old.stability), words(new.stability));
        match ranks {
            [_, None] => say("stability-unknown", format!("`{after}` is no stability")),
            [Some(a), Some(b)] if a > b => {
                say(
                    "stability-decreased",
                    format!("it was {before}, now it is {after}"),
                );
            }
            [Some(a), Some(b)] if a < b => {
                say(
                    "stability-increased",
                    format!("it was {before}, now it is {after}"),
                );
            }
            _ => {}
        }
    }
    found
}

/// The day that a text names, whether or not a time follows.
fn day(text: &str) -> Option<Date> {
    let (date, rest) = text.split_at_checked(10)?;
    let time = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    date.parse().ok().filter(|_| time)
}

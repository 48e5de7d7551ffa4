//! How long something is promised to stay: deprecation, the day of removal, stability.

use jiff::civil::Date;

use super::terms::Terms;

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
    /// It was deprecated, without a day that is known to have come.
    Announced,
    /// The promised day has come.
    Due,
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
            (true, _, Some(Some(day))) => match today {
                Some(today) if day > today => Removal::BeforeSunset,
                Some(_) => Removal::Due,
                None => Removal::Announced,
            },
            (true, Some(_), Some(None)) => Removal::Unreadable,
            _ => Removal::Announced,
        }
    }
}

/// What changed: the ending of a rule, and a sentence without its end.
pub(super) fn changes(
    terms: Terms,
    old: Promise<'_>,
    new: Promise<'_>,
) -> Vec<(&'static str, String)> {
    let mut found = Vec::from_iter(short(terms, old, new));
    let told = !found.is_empty();
    let mut say = |ending, message: String| found.push((ending, message));
    match (old.deprecated, new.deprecated) {
        (false, true) if !told => say("deprecated", "it is deprecated now".to_owned()),
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

/// What is deprecated without the notice that is owed.
fn short(terms: Terms, old: Promise<'_>, new: Promise<'_>) -> Option<(&'static str, String)> {
    let days = terms.notice.days(new.stability);
    let same = old.deprecated && old.sunset == new.sunset;
    if days == 0 || !new.deprecated || same {
        return None;
    }
    match (
        new.sunset,
        new.sunset.and_then(day),
        terms.earliest_end(new.stability),
    ) {
        (None, ..) if !old.deprecated => Some((
            "deprecated-sunset-missing",
            format!("it is deprecated without a day of removal, which has to be {days} days ahead"),
        )),
        (_, Some(day), Some(earliest)) if day < earliest => Some((
            "sunset-date-too-small",
            format!(
                "it is to go on {day}, less than {days} days ahead: {earliest} is the first day"
            ),
        )),
        _ => None,
    }
}

/// The day that a text names, whether or not a time follows.
fn day(text: &str) -> Option<Date> {
    let (date, rest) = text.split_at_checked(10)?;
    let time = rest.is_empty() || rest.starts_with(['T', 't', ' ']);
    date.parse().ok().filter(|_| time)
}

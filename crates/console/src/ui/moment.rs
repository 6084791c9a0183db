//! Times: UTC in the markup, in the reader's way by the script.

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;
use domain::{Millis, Timestamp};

/// A moment, or a reference to one, as templates have them.
pub(crate) trait At {
    fn at(&self) -> Timestamp;
}

impl At for Timestamp {
    fn at(&self) -> Timestamp {
        *self
    }
}

impl<T: At> At for &T {
    fn at(&self) -> Timestamp {
        T::at(self)
    }
}

/// A time on a page.
pub(crate) struct Moment {
    at: Timestamp,
    written: Written,
}

enum Written {
    Date,
    Moment,
    Ago,
}

/// The day of a moment.
pub(crate) fn date(at: impl At) -> Moment {
    Moment {
        at: at.at(),
        written: Written::Date,
    }
}

/// The last day before a moment at which something ends.
pub(crate) fn last_day(end: impl At) -> Moment {
    date(end.at().minus(Millis::new(1)))
}

/// The day of a moment as the fields of forms have it, `2027-12-31`; empty beyond the calendar.
pub(crate) fn iso_day(at: Timestamp) -> String {
    jiff::Timestamp::from_millisecond(at.as_millis())
        .map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d").to_string())
}

/// The first moment of a day that a form sent, in UTC.
pub(crate) fn day_of(text: &str) -> Option<Timestamp> {
    let day: jiff::civil::Date = text.parse().ok()?;
    let begin = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp::from_millis(begin.timestamp().as_millisecond()))
}

/// A moment to the minute.
pub(crate) fn moment(at: impl At) -> Moment {
    Moment {
        at: at.at(),
        written: Written::Moment,
    }
}

/// How long ago, or how soon.
pub(crate) fn ago(at: impl At) -> Moment {
    Moment {
        at: at.at(),
        written: Written::Ago,
    }
}

/// The name of a month.
pub(crate) struct Month(Timestamp);

/// The month of a moment.
pub(crate) fn month(at: impl At) -> Month {
    Month(at.at())
}

impl Display for Month {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Ok(at) = jiff::Timestamp::from_millisecond(self.0.as_millis()) else {
            return f.write_str("–");
        };
        let (iso, name) = (at.strftime("%Y-%m-%dT%H:%M:%SZ"), at.strftime("%b"));
        write!(
            f,
            "<time datetime=\"{iso}\" data-as=\"month\">{name}</time>"
        )
    }
}

impl HtmlSafe for Month {}

impl Display for Moment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Ok(at) = jiff::Timestamp::from_millisecond(self.at.as_millis()) else {
            return f.write_str("–");
        };
        let iso = at.strftime("%Y-%m-%dT%H:%M:%SZ");
        let day = at.strftime("%Y-%m-%d");
        match self.written {
            Written::Date => write!(f, "<time datetime=\"{iso}\" data-as=\"date\">{day}</time>"),
            Written::Moment | Written::Ago => {
                let word = if matches!(self.written, Written::Ago) {
                    "ago"
                } else {
                    "moment"
                };
                let minute = at.strftime("%H:%M UTC");
                write!(
                    f,
                    "<time datetime=\"{iso}\" data-as=\"{word}\">{day} {minute}</time>"
                )
            }
        }
    }
}

impl HtmlSafe for Moment {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_of_forms_come_back_as_they_went() {
        let day = day_of("2027-12-31").unwrap();
        assert_eq!(iso_day(day), "2027-12-31");
        assert_eq!(iso_day(day.plus(Millis::DAY)), "2028-01-01");
        assert_eq!(day_of("31.12.2027"), None);
    }

    #[test]
    fn times_are_utc_without_the_script() {
        let at = Timestamp::from_millis(1_767_225_600_000);
        assert_eq!(
            moment(at).to_string(),
            "<time datetime=\"2026-01-01T00:00:00Z\" data-as=\"moment\">2026-01-01 00:00 UTC</time>"
        );
        assert!(last_day(at).to_string().ends_with(">2025-12-31</time>"));
        assert_eq!(date(Timestamp::FOREVER).to_string(), "–");
    }
}

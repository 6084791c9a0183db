//! Dates of a specification: a day, or an instant with its offset from UTC.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use toml::Value;

/// Which end of a term a day stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// The day's first instant.
    Start,
    /// The instant after the day: the end is exclusive.
    End,
}

/// The instant that a TOML value stands for. Days are days in UTC.
pub(crate) fn instant(value: &Value, edge: Edge) -> Result<Timestamp, String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Datetime(date) => date.to_string(),
        other => return Err(format!("must be a date, not {}", other.type_str())),
    };
    if let Some(date) = strict_day(&text) {
        return day(date, edge).ok_or_else(|| format!("`{text}` is out of range"));
    }
    text.parse().map_err(|_| {
        format!(
            "`{}` is neither a day like 2026-12-31 nor an instant with its offset like 2026-12-31T18:00:00Z",
            text.escape_debug()
        )
    })
}

/// A day in the one spelling `YYYY-MM-DD`; jiff alone would also take the date out of a date and time.
fn strict_day(text: &str) -> Option<Date> {
    text.parse()
        .ok()
        .filter(|date: &Date| date.to_string() == text)
}

fn day(date: Date, edge: Edge) -> Option<Timestamp> {
    let first = match edge {
        Edge::Start => date,
        Edge::End => date.checked_add(1.day()).ok()?,
    };
    first
        .to_zoned(TimeZone::UTC)
        .ok()
        .map(|midnight| midnight.timestamp())
}

/// The first instant of the UTC day of `now`.
pub(crate) fn start_of_day(now: Timestamp) -> Timestamp {
    let date = now.to_zoned(TimeZone::UTC).date();
    day(date, Edge::Start).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, edge: Edge) -> Result<String, String> {
        instant(&Value::String(text.to_owned()), edge).map(|instant| instant.to_string())
    }

    #[test]
    fn l1_a_day_begins_at_midnight_and_ends_with_the_next_one() {
        assert_eq!(
            at("2026-01-01", Edge::Start).unwrap(),
            "2026-01-01T00:00:00Z"
        );
        assert_eq!(at("2027-12-31", Edge::End).unwrap(), "2028-01-01T00:00:00Z");
        assert_eq!(at("2028-02-28", Edge::End).unwrap(), "2028-02-29T00:00:00Z");
    }

    #[test]
    fn l1_an_instant_is_taken_as_it_is() {
        assert_eq!(
            at("2026-12-31T18:00:00+01:00", Edge::End).unwrap(),
            "2026-12-31T17:00:00Z"
        );
        assert_eq!(
            at("2026-12-31T18:00:00Z", Edge::Start).unwrap(),
            "2026-12-31T18:00:00Z"
        );
    }

    #[test]
    fn toml_dates_are_taken_like_texts() {
        let table: toml::Table =
            toml::from_str("a = 2026-01-01\nb = 2026-01-01T10:00:00Z\nc = 2026-01-01T10:00:00")
                .unwrap();
        assert_eq!(
            instant(&table["a"], Edge::End).unwrap().to_string(),
            "2026-01-02T00:00:00Z"
        );
        assert_eq!(
            instant(&table["b"], Edge::End).unwrap().to_string(),
            "2026-01-01T10:00:00Z"
        );
        assert!(
            instant(&table["c"], Edge::End)
                .unwrap_err()
                .contains("neither a day")
        );
    }

    #[test]
    fn other_texts_are_not_dates() {
        for text in [
            "",
            "2026-13-01",
            "2026-02-30",
            "31.12.2026",
            "2026-1-1",
            "2026-01-01T10:00:00",
            "tomorrow",
            "20260101",
        ] {
            assert!(
                at(text, Edge::Start).unwrap_err().contains("neither a day"),
                "{text}"
            );
        }
        assert_eq!(
            instant(&Value::Integer(2026), Edge::Start).unwrap_err(),
            "must be a date, not integer"
        );
        assert!(
            at("9999-12-31", Edge::End)
                .unwrap_err()
                .contains("out of range")
        );
    }

    #[test]
    fn the_day_of_issue_begins_at_midnight_utc() {
        let now: Timestamp = "2026-05-06T23:59:59.9Z".parse().unwrap();
        assert_eq!(start_of_day(now).to_string(), "2026-05-06T00:00:00Z");
    }
}

//! Moments as they travel.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{KnownFormat, ObjectBuilder, RefOr, Schema, SchemaFormat, Type};
use utoipa::{PartialSchema, ToSchema};

/// A moment, in whole milliseconds. Written as RFC 3339 in UTC (`2026-01-31T12:00:00Z`), with milliseconds only when
/// they are not zero; read with any offset, finer fractions cut off.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(i64);

/// Why a text is not a [`Time`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeError(String);

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is not a time of the form 2026-01-31T12:00:00Z",
            self.0
        )
    }
}

impl std::error::Error for TimeError {}

impl Time {
    /// The first moment that RFC 3339 can write: `0000-01-01T00:00:00Z`.
    pub const MIN: Self = Self(-62_167_219_200_000);
    /// The last one: a day before the end of the year 9999, so that any offset can write it.
    pub const MAX: Self = Self(253_402_207_200_000);

    /// The moment `millis` milliseconds after 1970-01-01T00:00:00Z; [`Self::MIN`] or [`Self::MAX`] when that lies outside.
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z.
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// As a jiff timestamp.
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.0).expect("MIN and MAX lie inside jiff's range")
    }
}

impl From<Timestamp> for Time {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_millis(timestamp.as_millisecond())
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.timestamp().fmt(f)
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Time {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let timestamp: Timestamp = text.parse().map_err(|_| TimeError(text.to_owned()))?;
        Ok(timestamp.into())
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(de::Error::custom)
    }
}

impl PartialSchema for Time {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
            .description(Some("A moment, RFC 3339 in UTC."))
            .examples(["2026-01-31T12:00:00Z"])
            .into()
    }
}

impl ToSchema for Time {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn milliseconds_are_written_only_when_not_zero() {
        assert_eq!(Time::from_millis(0).to_string(), "1970-01-01T00:00:00Z");
        assert_eq!(
            Time::from_millis(1_500).to_string(),
            "1970-01-01T00:00:01.5Z"
        );
    }

    #[test]
    fn any_offset_is_read_and_fractions_are_cut() {
        let time: Time = "2026-01-31T14:00:00.1239+02:00".parse().unwrap();
        assert_eq!(time.to_string(), "2026-01-31T12:00:00.123Z");
    }

    #[test]
    fn a_text_that_is_no_time_is_named_in_the_error() {
        for text in ["", "tomorrow", "2026-01-31", "2026-01-31T12:00:00"] {
            let error = text.parse::<Time>().unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
        }
    }

    #[test]
    fn moments_outside_rfc_3339_are_clamped() {
        assert_eq!(Time::from_millis(i64::MAX), Time::MAX);
        assert_eq!(Time::from_millis(i64::MIN), Time::MIN);
        for time in [Time::MIN, Time::MAX] {
            let text = time.to_string();
            assert_eq!(text.parse::<Time>().unwrap(), time, "{text}");
            assert_eq!(text.len(), "0000-00-00T00:00:00Z".len());
        }
    }
}

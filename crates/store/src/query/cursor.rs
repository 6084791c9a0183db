//! Pages and where they go on.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde_json::Value as Json;
use uuid::Uuid;

use crate::error::StoreError;
use crate::sql::Value;

/// Which part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How many items at most, 1 to [`Paging::MOST`].
    pub limit: u32,
    /// The `next` of the page before; none: the first page.
    pub after: Option<String>,
}

impl Paging {
    /// The longest page.
    pub const MOST: u32 = 1000;

    /// The first page.
    pub const fn first(limit: u32) -> Self {
        Self { limit, after: None }
    }

    /// The limit, within its bounds.
    pub(crate) fn limit(&self) -> usize {
        self.limit.clamp(1, Self::MOST) as usize
    }

    /// The limit and one more, as a parameter, to see whether there are more.
    pub(crate) fn one_more(&self) -> Value<'static> {
        Value::from(self.limit.clamp(1, Self::MOST) + 1)
    }

    /// Where to go on.
    pub(crate) fn cursor(&self) -> Result<Option<Cursor>, StoreError> {
        self.after.as_deref().map(Cursor::parse).transpose()
    }
}

/// Part of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The items, in the list's order. A page may be short, even empty, and not the last.
    pub items: Vec<T>,
    /// What to ask for the next page with; none on the last.
    pub next: Option<String>,
    /// How many items the whole list has, where that is counted.
    pub total: Option<u64>,
}

impl<T> Page<T> {
    /// A page from items that were asked for with one more than the limit.
    pub(crate) fn of(
        mut items: Vec<T>,
        paging: &Paging,
        cursor: impl FnOnce(&T) -> Cursor,
    ) -> Self {
        let more = items.len() > paging.limit();
        items.truncate(paging.limit());
        let next = if more {
            items.last().map(|last| cursor(last).to_string())
        } else {
            None
        };
        Self {
            items,
            next,
            total: None,
        }
    }

    pub(crate) fn with_total(self, total: u64) -> Self {
        Self {
            total: Some(total),
            ..self
        }
    }

    /// The same page of something else.
    pub(crate) fn try_map<U, E>(self, f: impl FnMut(T) -> Result<U, E>) -> Result<Page<U>, E> {
        Ok(Page {
            items: self.items.into_iter().map(f).collect::<Result<_, _>>()?,
            next: self.next,
            total: self.total,
        })
    }
}

/// The sort key and id of an item. Written as hexadecimal JSON, so that it fits into an URL.
#[derive(Clone, Debug)]
pub(crate) struct Cursor {
    parts: Vec<Json>,
    text: String,
}

impl Cursor {
    pub(crate) fn new(parts: impl Into<Vec<Json>>) -> Self {
        let parts = parts.into();
        let mut text = String::new();
        for byte in Json::from(parts.clone()).to_string().bytes() {
            write!(text, "{byte:02x}").expect("a String takes any text");
        }
        Self { parts, text }
    }

    fn parse(text: &str) -> Result<Self, StoreError> {
        let bad = || StoreError::BadCursor(text.to_owned());
        if text.len() > 4096 || !text.len().is_multiple_of(2) || !text.is_ascii() {
            return Err(bad());
        }
        let bytes: Vec<u8> = (0..text.len())
            .step_by(2)
            .map(|at| u8::from_str_radix(&text[at..at + 2], 16))
            .collect::<Result<_, _>>()
            .map_err(|_| bad())?;
        match serde_json::from_slice(&bytes) {
            Ok(Json::Array(parts)) => Ok(Self {
                parts,
                text: text.to_owned(),
            }),
            _ => Err(bad()),
        }
    }

    /// Which comes first by key, as the databases compare: part by part, numbers by value and
    /// texts byte by byte.
    pub(crate) fn compare(&self, other: &Self) -> Ordering {
        let parts = self.parts.iter().zip(&other.parts);
        let unequal = parts
            .map(|(one, other)| match (one.as_i64(), other.as_i64()) {
                (Some(one), Some(other)) => one.cmp(&other),
                _ => one.as_str().cmp(&other.as_str()),
            })
            .find(|order| order.is_ne());
        unequal.unwrap_or_else(|| self.parts.len().cmp(&other.parts.len()))
    }

    fn bad(&self) -> StoreError {
        StoreError::BadCursor(self.text.clone())
    }

    pub(crate) fn text(&self, part: usize) -> Result<String, StoreError> {
        let text = self.parts.get(part).and_then(Json::as_str);
        text.map(str::to_owned).ok_or_else(|| self.bad())
    }

    pub(crate) fn int(&self, part: usize) -> Result<i64, StoreError> {
        let number = self.parts.get(part).and_then(Json::as_i64);
        number.ok_or_else(|| self.bad())
    }

    pub(crate) fn id(&self, part: usize) -> Result<Uuid, StoreError> {
        Uuid::try_parse(&self.text(part)?).map_err(|_| self.bad())
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_survives_being_written_and_read() {
        let cursor = Cursor::new([Json::from("näme"), Json::from(i64::MAX)]);
        let read = Cursor::parse(&cursor.to_string()).unwrap();
        assert_eq!(read.text(0).unwrap(), "näme");
        assert_eq!(read.int(1).unwrap(), i64::MAX);
        assert!(matches!(read.id(0), Err(StoreError::BadCursor(_))));
    }

    #[test]
    fn cursors_are_in_the_order_of_their_keys() {
        let ordered = [
            Cursor::new([Json::from(9), "b".into()]),
            Cursor::new([Json::from(10), "B".into()]),
            Cursor::new([Json::from(10), "a".into()]),
            Cursor::new([Json::from(10), "ä".into()]),
        ];
        assert!(ordered.is_sorted_by(|a, b| a.compare(b).is_lt()));
    }

    #[test]
    fn nonsense_is_no_cursor() {
        for text in ["", "0", "zz", "5b", "7b7d", "ää", &"00".repeat(5000)] {
            assert!(
                matches!(Cursor::parse(text), Err(StoreError::BadCursor(_))),
                "{text}"
            );
        }
    }
}

//! Values that come out of rows, where bad data is found.

use domain::Timestamp;
use rusqlite::types::ValueRef;
use uuid::Uuid;

use crate::error::StoreError;
use crate::postgres::Cell;

/// An id type of the domain.
pub(crate) trait Id: From<Uuid> {}
impl<T: From<Uuid>> Id for T {}

type Read<T> = Result<T, StoreError>;

/// The columns of one row, read from left to right. The first one is what errors call the row.
pub(crate) struct Columns<'r, 'c> {
    row: Source<'r, 'c>,
    table: &'static str,
    next: usize,
}

/// A row as its driver gives it.
enum Source<'r, 'c> {
    Sqlite(&'r rusqlite::Row<'c>),
    Postgres(&'r tokio_postgres::Row),
}

impl<'r> Source<'r, '_> {
    fn get(&self, at: usize) -> Result<ValueRef<'r>, String> {
        match self {
            Self::Sqlite(row) => row.get_ref(at).map_err(|e| e.to_string()),
            Self::Postgres(row) => match row.try_get::<_, Cell<'r>>(at) {
                Ok(cell) => Ok(cell.0),
                Err(e) => Err(e.to_string()),
            },
        }
    }
}

impl<'r, 'c> Columns<'r, 'c> {
    pub(crate) fn sqlite(row: &'r rusqlite::Row<'c>) -> Self {
        Self::new(Source::Sqlite(row))
    }

    pub(crate) fn postgres(row: &'r tokio_postgres::Row) -> Self {
        Self::new(Source::Postgres(row))
    }

    fn new(row: Source<'r, 'c>) -> Self {
        Self {
            row,
            table: "?",
            next: 0,
        }
    }

    /// Says which table the columns from here on are of.
    pub(crate) fn of(&mut self, table: &'static str) -> &mut Self {
        self.table = table;
        self
    }

    /// The error for a column's value.
    pub(crate) fn corrupt(&self, column: &'static str, why: impl Into<String>) -> StoreError {
        let row = match self.row.get(0) {
            Ok(ValueRef::Integer(number)) => number.to_string(),
            Ok(ValueRef::Text(text)) => String::from_utf8_lossy(text).into_owned(),
            Ok(ValueRef::Blob(bytes)) => match Uuid::from_slice(bytes) {
                Ok(id) => id.to_string(),
                Err(_) => format!("with a key of {} bytes", bytes.len()),
            },
            _ => "without a key".to_owned(),
        };
        StoreError::Corrupt {
            table: self.table,
            column,
            row,
            why: why.into(),
        }
    }

    fn take(&mut self, column: &'static str) -> Read<ValueRef<'r>> {
        let at = self.next;
        self.next += 1;
        self.row.get(at).map_err(|why| self.corrupt(column, why))
    }

    fn wrong(&self, column: &'static str, wanted: &str, found: ValueRef<'_>) -> StoreError {
        self.corrupt(
            column,
            format!("expected {wanted}, found {}", found.data_type()),
        )
    }

    pub(crate) fn opt_text(&mut self, column: &'static str) -> Read<Option<&'r str>> {
        match self.take(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Text(bytes) => std::str::from_utf8(bytes)
                .map(Some)
                .map_err(|e| self.corrupt(column, e.to_string())),
            other => Err(self.wrong(column, "text", other)),
        }
    }

    pub(crate) fn text(&mut self, column: &'static str) -> Read<&'r str> {
        match self.opt_text(column)? {
            Some(text) => Ok(text),
            None => Err(self.wrong(column, "text", ValueRef::Null)),
        }
    }

    pub(crate) fn opt_int(&mut self, column: &'static str) -> Read<Option<i64>> {
        match self.take(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Integer(number) => Ok(Some(number)),
            other => Err(self.wrong(column, "a number", other)),
        }
    }

    pub(crate) fn int(&mut self, column: &'static str) -> Read<i64> {
        match self.opt_int(column)? {
            Some(number) => Ok(number),
            None => Err(self.wrong(column, "a number", ValueRef::Null)),
        }
    }

    /// A number of a narrower type.
    pub(crate) fn number<T: TryFrom<i64>>(&mut self, column: &'static str) -> Read<T> {
        let number = self.int(column)?;
        T::try_from(number).map_err(|_| self.corrupt(column, format!("{number} is out of range")))
    }

    pub(crate) fn bool(&mut self, column: &'static str) -> Read<bool> {
        match self.int(column)? {
            0 => Ok(false),
            1 => Ok(true),
            other => Err(self.corrupt(column, format!("{other} is neither 0 nor 1"))),
        }
    }

    pub(crate) fn time(&mut self, column: &'static str) -> Read<Timestamp> {
        self.int(column).map(Timestamp::from_millis)
    }

    pub(crate) fn opt_time(&mut self, column: &'static str) -> Read<Option<Timestamp>> {
        Ok(self.opt_int(column)?.map(Timestamp::from_millis))
    }

    pub(crate) fn opt_bytes(&mut self, column: &'static str) -> Read<Option<&'r [u8]>> {
        match self.take(column)? {
            ValueRef::Null => Ok(None),
            ValueRef::Blob(bytes) => Ok(Some(bytes)),
            other => Err(self.wrong(column, "bytes", other)),
        }
    }

    /// Exactly so many bytes.
    pub(crate) fn bytes<const N: usize>(&mut self, column: &'static str) -> Read<[u8; N]> {
        let bytes = self.opt_bytes(column)?.unwrap_or_default();
        <[u8; N]>::try_from(bytes)
            .map_err(|_| self.corrupt(column, format!("{} bytes instead of {N}", bytes.len())))
    }

    pub(crate) fn opt_id<T: Id>(&mut self, column: &'static str) -> Read<Option<T>> {
        match self.opt_bytes(column)? {
            None => Ok(None),
            Some(bytes) => match Uuid::from_slice(bytes) {
                Ok(id) => Ok(Some(T::from(id))),
                Err(_) => Err(self.corrupt(column, format!("{} bytes are no id", bytes.len()))),
            },
        }
    }

    pub(crate) fn id<T: Id>(&mut self, column: &'static str) -> Read<T> {
        match self.opt_id(column)? {
            Some(id) => Ok(id),
            None => Err(self.wrong(column, "an id", ValueRef::Null)),
        }
    }

    /// A text that a parser turns into something.
    pub(crate) fn parsed<T, E: std::fmt::Display>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Read<T> {
        let text = self.text(column)?;
        parse(text).map_err(|e| self.corrupt(column, e.to_string()))
    }

    /// A text, if there is one, that a parser turns into something.
    pub(crate) fn opt_parsed<T, E: std::fmt::Display>(
        &mut self,
        column: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Read<Option<T>> {
        match self.opt_text(column)? {
            None => Ok(None),
            Some(text) => parse(text)
                .map(Some)
                .map_err(|e| self.corrupt(column, e.to_string())),
        }
    }

    /// One of a set of codes.
    pub(crate) fn code<T>(
        &mut self,
        column: &'static str,
        from_code: impl FnOnce(&str) -> Option<T>,
    ) -> Read<T> {
        let text = self.text(column)?;
        from_code(text).ok_or_else(|| self.corrupt(column, format!("unknown code {text:?}")))
    }

    /// One of a set of codes, or none.
    pub(crate) fn opt_code<T>(
        &mut self,
        column: &'static str,
        from_code: impl FnOnce(&str) -> Option<T>,
    ) -> Read<Option<T>> {
        match self.opt_text(column)? {
            None => Ok(None),
            Some(text) => from_code(text)
                .map(Some)
                .ok_or_else(|| self.corrupt(column, format!("unknown code {text:?}"))),
        }
    }
}

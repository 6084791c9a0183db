//! Values that go into statements.

use domain::Timestamp;
use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use uuid::Uuid;

/// A parameter. Each database binds it as the type that its schema has for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value<'a> {
    Null,
    Int(i64),
    Bool(bool),
    Text(&'a str),
    Owned(String),
    Bytes(&'a [u8]),
    Id(Uuid),
    /// Values of one type, as an array: for statements of PostgreSQL alone.
    Many(Vec<Value<'a>>),
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Bool(yes) => ValueRef::Integer(i64::from(*yes)),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
            Self::Owned(text) => ValueRef::Text(text.as_bytes()),
            Self::Bytes(bytes) => ValueRef::Blob(bytes),
            Self::Id(id) => ValueRef::Blob(id.as_bytes()),
            Self::Many(_) => {
                return Err(rusqlite::Error::ToSqlConversionFailure(
                    "SQLite has no arrays".into(),
                ));
            }
        }))
    }
}

impl From<i64> for Value<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u32> for Value<'_> {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<bool> for Value<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<String> for Value<'_> {
    fn from(text: String) -> Self {
        Self::Owned(text)
    }
}

macro_rules! ids {
    ($($name:ident),*) => {$(
        impl From<domain::$name> for Value<'_> {
            fn from(id: domain::$name) -> Self {
                Self::Id(id.0)
            }
        }
    )*};
}

ids!(
    AccountId,
    FolderId,
    JobId,
    LicenseId,
    PersonId,
    PoolId,
    ProductId,
    ReplacementId,
    RequestId,
    SeatId,
    SessionId,
    TokenId,
    UserId
);

/// A moment, in milliseconds.
pub(crate) const fn ms(at: Timestamp) -> Value<'static> {
    Value::Int(at.as_millis())
}

/// A moment that may be missing.
pub(crate) fn opt_ms(at: Option<Timestamp>) -> Value<'static> {
    at.map_or(Value::Null, ms)
}

/// An id that may be missing.
pub(crate) fn opt_id<T: Into<Value<'static>>>(id: Option<T>) -> Value<'static> {
    id.map_or(Value::Null, Into::into)
}

/// A text that may be missing.
pub(crate) fn opt_text(text: Option<&str>) -> Value<'_> {
    text.map_or(Value::Null, Value::Text)
}

/// Values of one type, as an array.
pub(crate) fn many<'a, T: Into<Value<'a>>>(values: impl IntoIterator<Item = T>) -> Value<'a> {
    Value::Many(values.into_iter().map(Into::into).collect())
}

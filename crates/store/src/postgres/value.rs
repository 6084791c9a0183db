//! Values as PostgreSQL's binary format writes them.

use std::error::Error;

use bytes::{BufMut as _, BytesMut};
use rusqlite::types::ValueRef;
use tokio_postgres::types::{FromSql, IsNull, Kind, ToSql, Type, to_sql_checked};

use crate::sql::Value;

type Fault = Box<dyn Error + Sync + Send>;

/// A value of a row, in the terms in which `crate::sql::Columns` reads.
pub(crate) struct Cell<'r>(pub(crate) ValueRef<'r>);

impl<'r> FromSql<'r> for Cell<'r> {
    fn from_sql(kind: &Type, raw: &'r [u8]) -> Result<Self, Fault> {
        let short = |_| format!("{} bytes are no {kind}", raw.len());
        Ok(Self(match *kind {
            Type::INT8 => ValueRef::Integer(i64::from_be_bytes(raw.try_into().map_err(short)?)),
            Type::INT4 => {
                let number = i32::from_be_bytes(raw.try_into().map_err(short)?);
                ValueRef::Integer(number.into())
            }
            Type::BOOL => ValueRef::Integer(i64::from(raw.first() == Some(&1))),
            Type::TEXT | Type::VARCHAR | Type::NAME | Type::UNKNOWN => ValueRef::Text(raw),
            Type::UUID | Type::BYTEA => ValueRef::Blob(raw),
            Type::NUMERIC => ValueRef::Integer(whole(raw)?),
            _ => return Err(format!("the type {kind} is not read here").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

/// A whole number of any length, as sums of numbers are: digits to the base 10,000.
fn whole(raw: &[u8]) -> Result<i64, Fault> {
    let fault = || Fault::from("a sum that is no whole number of 64 bits");
    let word = |at: usize| -> Option<i16> {
        let bytes = raw.get(at * 2..at * 2 + 2)?;
        Some(i16::from_be_bytes(bytes.try_into().ok()?))
    };
    let (Some(digits), Some(weight), Some(sign)) = (word(0), word(1), word(2)) else {
        return Err(fault());
    };
    let mut number: i64 = 0;
    for at in 0..=weight {
        // Zeros at the end are left out.
        let digit = if at < digits {
            word(4 + usize::try_from(at)?).ok_or_else(fault)?
        } else {
            0
        };
        number = number
            .checked_mul(10_000)
            .and_then(|number| number.checked_add(digit.into()))
            .ok_or_else(fault)?;
    }
    match sign {
        0 if digits <= weight + 1 => Ok(number),
        0x4000 if digits <= weight + 1 => Ok(-number),
        _ => Err(fault()),
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        match (self, kind) {
            (Self::Null, _) => return Ok(IsNull::Yes),
            (Self::Int(number), &Type::INT8) => out.put_i64(*number),
            (Self::Int(number), &Type::INT4) => out.put_i32(i32::try_from(*number)?),
            (Self::Bool(yes), &Type::BOOL) => out.put_u8(u8::from(*yes)),
            (Self::Text(text), &Type::TEXT) => out.put_slice(text.as_bytes()),
            (Self::Owned(text), &Type::TEXT) => out.put_slice(text.as_bytes()),
            (Self::Bytes(bytes), &Type::BYTEA) => out.put_slice(bytes),
            (Self::Id(id), &Type::UUID) => out.put_slice(id.as_bytes()),
            (Self::Many(values), kind) => {
                let Kind::Array(element) = kind.kind() else {
                    return Err(format!("an array where {kind} is wanted").into());
                };
                let mut array = Array::new(element.clone());
                for value in values {
                    array.push(value)?;
                }
                array.to_sql(kind, out)?;
            }
            (value, kind) => return Err(format!("{value:?} where {kind} is wanted").into()),
        }
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// Values of one type, encoded as they come.
#[derive(Debug)]
pub(super) struct Array {
    element: Type,
    length: i32,
    has_nulls: bool,
    encoded: BytesMut,
}

impl Array {
    pub(super) fn new(element: Type) -> Self {
        Self {
            element,
            length: 0,
            has_nulls: false,
            encoded: BytesMut::new(),
        }
    }

    pub(super) fn push(&mut self, value: &Value<'_>) -> Result<(), Fault> {
        let at = self.encoded.len();
        self.encoded.put_i32(-1);
        match value.to_sql(&self.element, &mut self.encoded)? {
            IsNull::Yes => self.has_nulls = true,
            IsNull::No => {
                let length = i32::try_from(self.encoded.len() - at - 4)?;
                self.encoded[at..at + 4].copy_from_slice(&length.to_be_bytes());
            }
        }
        self.length += 1;
        Ok(())
    }
}

impl ToSql for Array {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        if !matches!(kind.kind(), Kind::Array(_)) {
            // The one value, for a statement of one row.
            if self.has_nulls {
                return Ok(IsNull::Yes);
            }
            out.put_slice(self.encoded.get(4..).unwrap_or_default());
            return Ok(IsNull::No);
        }
        let dimensions = i32::from(self.length > 0);
        out.put_i32(dimensions);
        out.put_i32(i32::from(self.has_nulls));
        out.put_u32(self.element.oid());
        if dimensions == 1 {
            out.put_i32(self.length);
            out.put_i32(1);
        }
        out.put_slice(&self.encoded);
        Ok(IsNull::No)
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numeric(words: &[i16]) -> Vec<u8> {
        words.iter().flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn sums_are_whole_numbers() {
        assert_eq!(whole(&numeric(&[0, 0, 0, 0])).unwrap(), 0);
        assert_eq!(whole(&numeric(&[1, 0, 0, 0, 42])).unwrap(), 42);
        assert_eq!(whole(&numeric(&[1, 1, 0, 0, 3])).unwrap(), 30_000);
        assert_eq!(whole(&numeric(&[2, 1, 0x4000, 0, 1, 5])).unwrap(), -10_005);
        assert!(whole(&numeric(&[1, -1, 0, 1, 5000])).is_err());
        assert!(whole(&[0]).is_err());
    }

    #[test]
    fn an_array_says_how_many_and_which_are_missing() {
        let mut array = Array::new(Type::INT8);
        array.push(&Value::Int(7)).unwrap();
        array.push(&Value::Null).unwrap();
        let mut out = BytesMut::new();
        array.to_sql(&Type::INT8_ARRAY, &mut out).unwrap();
        let expected = [
            &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 20][..],
            &[0, 0, 0, 2, 0, 0, 0, 1],
            &[0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 7, 255, 255, 255, 255],
        ];
        assert_eq!(out[..], expected.concat());
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let wrong = Value::Bool(true).to_sql(&Type::TEXT, &mut BytesMut::new());
        assert!(wrong.is_err());
    }
}

//! Rows as values of the domain: the columns of each table, in order, and how they are read.
//!
//! Each reader takes the columns that its macro names, so that statements say
//! `concat!("SELECT ", user_columns!(), " FROM app_user u WHERE …")` and readers follow.

mod account;
mod license;
mod people;
mod place;
mod refresh;
mod renewal;
mod seat;
mod trust;

pub(crate) use account::{account, account_columns, console_session, console_session_columns};
pub(crate) use license::{license, license_columns, product, product_columns};
pub(crate) use people::{listed_user, listed_user_columns, user, user_columns};
pub(crate) use place::{folder, folder_columns, pool, pool_columns};
pub(crate) use refresh::{license_service, license_service_columns, refresh, refresh_columns};
pub(crate) use renewal::{
    ReplacedLicenses, replacement, replacement_columns, replacement_head, replacement_head_columns,
};
pub(crate) use renewal::{request, request_columns};
pub(crate) use seat::{seat, seat_columns, session, session_columns};
pub(crate) use trust::{issuer, issuer_columns, token, token_columns};

use crate::error::StoreError;

/// A value as JSON text for a column.
pub(crate) fn json(
    column: &'static str,
    value: &impl serde::Serialize,
) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|e| StoreError::Unstorable {
        column,
        why: e.to_string(),
    })
}

/// A JSON text as a value.
pub(crate) fn from_json<T: serde::de::DeserializeOwned>(
    text: &str,
) -> Result<T, serde_json::Error> {
    serde_json::from_str(text)
}

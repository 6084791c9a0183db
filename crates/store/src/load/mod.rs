//! Answers to what a decision lacks.

use domain::{Need, Timestamp, WorkingSet};

use crate::error::StoreError;
use crate::sql::Link;

pub(crate) fn answer(
    _link: Link<'_>,
    _set: &mut WorkingSet,
    _need: &Need,
    _now: Timestamp,
) -> Result<(), StoreError> {
    unimplemented!("loading")
}
pub(crate) fn access(
    _link: Link<'_>,
    _set: &mut WorkingSet,
    _username_key: &str,
    _product_key: &str,
    _now: Timestamp,
) -> Result<(), StoreError> {
    unimplemented!("loading")
}

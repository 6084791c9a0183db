//! Rows as values of the domain.

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

//! What this installation asked issuers for (I4).

use domain::LicenseRequest;
use uuid::Uuid;

use super::{Cursor, Page, Paging, Within};
use crate::error::StoreError;
use crate::reader::Reader;
use crate::rows::{self, request_columns};
use crate::sql::{Select, Value};

impl Reader<'_> {
    /// Requests, latest first. They tell of the whole installation: whoever sees only some folders
    /// sees none (R1). All, or those whose response was taken in, or those where it was not yet.
    pub fn license_requests(
        &mut self,
        answered: Option<bool>,
        paging: &Paging,
    ) -> Result<Page<LicenseRequest>, StoreError> {
        if self.within != Within(None) {
            return Ok(Page::of(Vec::new(), paging, |_| Cursor::new([])));
        }
        let found = self
            .link
            .select(&select(answered, paging)?, rows::request)?;
        let cursor = |request: &LicenseRequest| Cursor::new([request.id.to_string().into()]);
        Ok(Page::of(found, paging, cursor))
    }
}

pub(crate) fn select<'a>(
    answered: Option<bool>,
    paging: &Paging,
) -> Result<Select<'a>, StoreError> {
    let before = match paging.cursor()? {
        Some(cursor) => cursor.id(0)?,
        None => Uuid::max(),
    };
    let columns = request_columns!();
    let mut select = Select::new(
        "LICENSE_REQUESTS",
        &format!("SELECT {columns} FROM license_request w WHERE"),
    );
    select.push("w.id < ?", [Value::Id(before)]);
    match answered {
        Some(true) => select.add("AND w.answered_at IS NOT NULL"),
        Some(false) => select.add("AND w.answered_at IS NULL"),
        None => {}
    }
    select.push("ORDER BY w.id DESC LIMIT ?", [paging.one_more()]);
    Ok(select)
}

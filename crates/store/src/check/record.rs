//! The record is whole (R3).

use super::Findings;
use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::Link;

pub(super) fn check(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    if let Some(fault) = Reader::new(link).verify_audit()?.fault {
        match fault.seq {
            Some(seq) => found.add("R3", "event", seq, fault.detail),
            None => found.add("R3", "seal", fault.block, fault.detail),
        }
    }
    Ok(())
}

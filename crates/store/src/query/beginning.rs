//! How far a new installation has come.

use domain::{LicenseId, Timestamp};

use crate::error::StoreError;
use crate::reader::Reader;
use crate::sql::{ms, statements};

statements! {
    LICENSE_AGREED = "SELECT l.id FROM license l WHERE l.removed_at IS NULL \
        AND NOT l.awaits_agreement LIMIT 1";
    LICENSE_AWAITING = "SELECT l.id FROM license l WHERE l.removed_at IS NULL \
        AND l.revoked_at IS NULL AND l.awaits_agreement AND l.ends_at > $1 \
        ORDER BY l.ends_at, l.id LIMIT 1";
}

/// How far a new installation has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beginning {
    /// No license can be worked on, now or after its agreement was accepted.
    NoLicense,
    /// All that there is waits for its agreement (L8).
    Agreement,
    /// A license is here whose agreement, if it has one, was accepted.
    Done,
}

impl Reader<'_> {
    /// How far the installation has come. A license that ended later on, or that was revoked,
    /// does not make it new again.
    pub fn beginning(&mut self, now: Timestamp) -> Result<Beginning, StoreError> {
        let agreed = self.link.first(&LICENSE_AGREED, &[], |row| {
            row.of("license").id::<LicenseId>("id")
        })?;
        if agreed.is_some() {
            return Ok(Beginning::Done);
        }
        let waits = self.awaiting_agreement(now)?;
        Ok(waits.map_or(Beginning::NoLicense, |_| Beginning::Agreement))
    }

    /// Of the licenses of the whole installation that wait for their agreement (L8), the one that
    /// ends first.
    pub fn awaiting_agreement(&mut self, now: Timestamp) -> Result<Option<LicenseId>, StoreError> {
        self.link.first(&LICENSE_AWAITING, &[ms(now)], |row| {
            row.of("license").id("id")
        })
    }
}

//! Delete-all, in the store itself (L7): too much to be carried through a working set.

use domain::{EndReason, Timestamp};

use super::{Save, sql};
use crate::error::StoreError;
use crate::sql::ms;

impl Save<'_> {
    /// Removes every license, ends every session, frees every seat.
    pub(super) fn wipe(self, at: Timestamp) -> Result<(), StoreError> {
        let reason = EndReason::LicenseRemoved.code();
        self.link
            .put(&sql::WIPE_SESSIONS, &[ms(at), reason.into()])?;
        self.link.put(&sql::WIPE_SEATS, &[])?;
        self.link.put(&sql::WIPE_POOLS, &[])?;
        self.link.put(&sql::WIPE_HOMES, &[])?;
        self.link.put(&sql::WIPE_LICENSES, &[ms(at)])?;
        self.link.put(&sql::WIPE_DEMOS, &[])?;
        Ok(())
    }
}

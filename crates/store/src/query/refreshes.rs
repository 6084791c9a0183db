//! Which licenses are to be refreshed, and where.

use domain::refresh::{LicenseService, Refresh};
use domain::{LicenseId, Timestamp};

use crate::error::StoreError;
use crate::load::statements::REFRESH;
use crate::reader::Reader;
use crate::rows::{self, license_service_columns};
use crate::sql::{ms, statements};

statements! {
    REFRESHES_DUE = "SELECT r.license_id FROM license_refresh r \
        WHERE r.next_at IS NOT NULL AND r.next_at <= $1 ORDER BY r.next_at, r.license_id LIMIT $2";
    LICENSE_SERVICES = concat!("SELECT ", license_service_columns!(),
        " FROM license_service v ORDER BY v.issuer_key");
    REFRESHABLE_LICENSES = "SELECT l.id FROM license l WHERE l.removed_at IS NULL ORDER BY l.id";
}

impl Reader<'_> {
    /// Licenses whose next refresh is due, longest due first, at most so many (I3).
    pub fn due_refreshes(
        &mut self,
        now: Timestamp,
        at_most: u32,
    ) -> Result<Vec<LicenseId>, StoreError> {
        let values = [ms(now), at_most.into()];
        self.link.all(&REFRESHES_DUE, &values, |row| {
            row.of("license_refresh").id("license_id")
        })
    }

    /// How the refreshing of a license stands; none until there was reason to.
    pub fn find_refresh(&mut self, license: LicenseId) -> Result<Option<Refresh>, StoreError> {
        self.link.first(&REFRESH, &[license.into()], rows::refresh)
    }

    /// The known license services, by issuer.
    pub fn license_services(&mut self) -> Result<Vec<LicenseService>, StoreError> {
        self.link.all(&LICENSE_SERVICES, &[], rows::license_service)
    }

    /// Every license that was not removed.
    pub fn refreshable_licenses(&mut self) -> Result<Vec<LicenseId>, StoreError> {
        self.link
            .all(&REFRESHABLE_LICENSES, &[], |row| row.of("license").id("id"))
    }
}

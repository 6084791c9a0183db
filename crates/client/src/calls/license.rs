//! `/v1/licenses`: intake, list, change and removal.

use uuid::Uuid;
use wire::license::{
    AddLicenseRequest, AddedLicense, CancelReleaseRequest, Confirmation, DeletedAll, ImportQuery,
    ImportedLicenses, License, LicenseDetail, LicensePage, LicensePatch, LicenseQuery,
    LicenseRequest, MadeRequestPage, MadeRequestQuery, MoveSeatsRequest, RefreshRequest,
    RefreshedLicenses, ReleaseCancelled, RemovedLicenses, ReplaceLicensesRequest, ReplaceRequest,
    Replaced, ReplacementPage, ReplacementQuery, ReplacementUndone, SeatHolderPage, SeatQuery,
};
use wire::path;

use super::DryRun;
use crate::upload::LicenseUpload;
use crate::{Client, Error};

impl Client {
    /// Takes in a license file, whole or not at all. `progress` is told how many bytes have been sent.
    ///
    /// # Errors
    /// [`Error::Problem`] when the file is refused; [`wire::Problem::licenses`] says what of each license.
    pub fn import_licenses(
        &self,
        file: &[u8],
        query: &ImportQuery,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ImportedLicenses, Error> {
        self.post(path::LICENSE_IMPORT)
            .query(query)
            .file(file, "application/octet-stream", progress)
            .keyed()
            .answer()
    }

    /// Takes in several license files at once: all of them whole, or nothing. `progress` is told how many bytes have
    /// been sent.
    ///
    /// # Errors
    /// [`Error::Problem`] when one is refused; [`wire::Problem::licenses`] says what of each license.
    pub fn import_license_files(
        &self,
        upload: &LicenseUpload,
        query: &ImportQuery,
        progress: &mut dyn FnMut(u64),
    ) -> Result<ImportedLicenses, Error> {
        let (media_type, body) = upload.form();
        self.post(path::LICENSE_IMPORT)
            .query(query)
            .file(&body, media_type, progress)
            .keyed()
            .answer()
    }

    /// Exchanges a license key for its license, or, without `confirm`, says what it would bring (I2).
    ///
    /// # Errors
    /// [`Error::Problem`] when the key can't be right, or its issuer's service refuses it or is away.
    pub fn add_license(&self, request: &AddLicenseRequest) -> Result<AddedLicense, Error> {
        self.post(path::LICENSE_ADD)
            .json(request)
            .long()
            .harmless_twice()
            .answer()
    }

    /// Refreshes licenses at their issuers' services (I3).
    ///
    /// # Errors
    /// [`Error`]. A service that is away is no error: see [`RefreshedLicenses::failed`].
    pub fn refresh_licenses(&self, request: &RefreshRequest) -> Result<RefreshedLicenses, Error> {
        self.post(path::LICENSE_REFRESH)
            .json(request)
            .long()
            .harmless_twice()
            .answer()
    }

    /// Makes a request to an issuer: the text of the `.tlr` file (I4). Send it there, and take in the response with
    /// [`Client::import_licenses`].
    ///
    /// # Errors
    /// [`Error`].
    pub fn request_licenses(&self, request: &LicenseRequest) -> Result<String, Error> {
        self.post(path::LICENSE_REQUEST).json(request).long().text()
    }

    /// Lists licenses.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_licenses(&self, query: &LicenseQuery) -> Result<LicensePage, Error> {
        self.get(path::LICENSES).query(query).answer()
    }

    /// One license, with its pools and its agreement's text.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_license(&self, license: Uuid) -> Result<LicenseDetail, Error> {
        self.get_at(path::LICENSE, license).answer()
    }

    /// Changes a license, if it is still at `version`, where one is given.
    ///
    /// # Errors
    /// [`Error`].
    pub fn update_license(
        &self,
        license: Uuid,
        patch: &LicensePatch,
        version: Option<u32>,
    ) -> Result<License, Error> {
        self.patch_at(path::LICENSE, license)
            .json(patch)
            .version(version)
            .answer()
    }

    /// Removes a license, or says who would be affected.
    ///
    /// # Errors
    /// [`Error`].
    pub fn remove_license(&self, license: Uuid, dry_run: bool) -> Result<RemovedLicenses, Error> {
        self.delete_at(path::LICENSE, license)
            .query(&DryRun { dry_run })
            .long()
            .answer()
    }

    /// Removes every expired license, or says who would be affected (L7).
    ///
    /// # Errors
    /// [`Error`].
    pub fn remove_expired_licenses(&self, dry_run: bool) -> Result<RemovedLicenses, Error> {
        self.post(path::LICENSE_REMOVE_EXPIRED)
            .query(&DryRun { dry_run })
            .long()
            .answer()
    }

    /// Removes every license, ends every session, frees every seat (L7). `confirmation` is what a person typed; it
    /// must be [`Confirmation::DELETE_ALL`].
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_all_licenses(&self, confirmation: &str) -> Result<DeletedAll, Error> {
        let confirmation = confirmation.to_owned();
        self.post(path::LICENSE_DELETE_ALL)
            .json(&Confirmation { confirmation })
            .long()
            .answer()
    }

    /// Accepts the agreement of a license (L8).
    ///
    /// # Errors
    /// [`Error`].
    pub fn accept_agreement(&self, license: Uuid) -> Result<(), Error> {
        self.post_at(path::LICENSE_ACCEPT_AGREEMENT, license)
            .harmless_twice()
            .done()
    }

    /// Moves seats of a license to another folder (P1).
    ///
    /// # Errors
    /// [`Error`].
    pub fn move_seats(&self, license: Uuid, request: &MoveSeatsRequest) -> Result<(), Error> {
        self.post_at(path::LICENSE_MOVE, license)
            .json(request)
            .done()
    }

    /// Has another license take the holders over, or says what that would come to (L10).
    ///
    /// # Errors
    /// [`Error`].
    pub fn replace_license(
        &self,
        license: Uuid,
        request: &ReplaceRequest,
        dry_run: bool,
    ) -> Result<Replaced, Error> {
        self.post_at(path::LICENSE_REPLACE, license)
            .query(&DryRun { dry_run })
            .json(request)
            .long()
            .answer()
    }

    /// Has licenses take over the holders of others, or says what that would come to (L10).
    ///
    /// # Errors
    /// [`Error::Problem`] with the code `too_few_seats` names in `errors` who would be left out.
    pub fn replace_licenses(
        &self,
        request: &ReplaceLicensesRequest,
        dry_run: bool,
    ) -> Result<Replaced, Error> {
        self.post(path::LICENSES_REPLACE)
            .query(&DryRun { dry_run })
            .json(request)
            .long()
            .answer()
    }

    /// Lists what issuers were asked for by request files, latest first (I4).
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_license_requests(
        &self,
        query: &MadeRequestQuery,
    ) -> Result<MadeRequestPage, Error> {
        self.get(path::LICENSE_REQUESTS).query(query).answer()
    }

    /// Lists replacements of the last days, latest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_replacements(&self, query: &ReplacementQuery) -> Result<ReplacementPage, Error> {
        self.get(path::REPLACEMENTS).query(query).answer()
    }

    /// Gives holders their old seats back, within 24 hours of the replacement, or says who would get one (L10).
    ///
    /// # Errors
    /// [`Error`].
    pub fn undo_replacement(
        &self,
        replacement: Uuid,
        dry_run: bool,
    ) -> Result<ReplacementUndone, Error> {
        self.post_at(path::REPLACEMENT_UNDO, replacement)
            .query(&DryRun { dry_run })
            .long()
            .answer()
    }

    /// Lists who holds dedicated seats of a license.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_seats(&self, license: Uuid, query: &SeatQuery) -> Result<SeatHolderPage, Error> {
        self.get_at(path::LICENSE_SEATS, license)
            .query(query)
            .answer()
    }

    /// Keeps a seat that is being released (S4).
    ///
    /// # Errors
    /// [`Error`].
    pub fn cancel_release(&self, license: Uuid, user: &str) -> Result<ReleaseCancelled, Error> {
        let user = user.to_owned();
        self.post_at(path::LICENSE_CANCEL_RELEASE, license)
            .json(&CancelReleaseRequest { user })
            .answer()
    }
}

//! `/v1/denials`, `/v1/events`, `/v1/audit`.

use wire::audit::AuditReport;
use wire::denial::{DenialPage, DenialQuery};
use wire::event::{EventPage, EventQuery};
use wire::path;

use crate::{Client, Error};

impl Client {
    /// Lists who was denied what, latest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_denials(&self, query: &DenialQuery) -> Result<DenialPage, Error> {
        self.get(path::DENIALS).query(query).answer()
    }

    /// Lists what happened, latest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_events(&self, query: &EventQuery) -> Result<EventPage, Error> {
        self.get(path::EVENTS).query(query).answer()
    }

    /// Checks the whole record.
    ///
    /// # Errors
    /// [`Error`]; that the record is not whole is in the answer.
    pub fn verify_audit(&self) -> Result<AuditReport, Error> {
        self.get(path::AUDIT_VERIFY).long().answer()
    }
}

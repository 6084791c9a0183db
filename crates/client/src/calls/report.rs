//! `/v1/reports`.

use wire::path;
use wire::report::{
    EndingLicensePage, EndingQuery, IdleSeatPage, IdleSeatQuery, PersonUsePage, PersonUseQuery,
    ProductUsePage, UseQuery,
};

use crate::{Client, Error};

impl Client {
    /// Tells how much of each product was in use.
    ///
    /// # Errors
    /// [`Error`].
    pub fn report_use(&self, query: &UseQuery) -> Result<ProductUsePage, Error> {
        self.get(path::REPORT_USE).query(query).answer()
    }

    /// Lists dedicated seats that nobody uses.
    ///
    /// # Errors
    /// [`Error`].
    pub fn report_idle_seats(&self, query: &IdleSeatQuery) -> Result<IdleSeatPage, Error> {
        self.get(path::REPORT_IDLE_SEATS).query(query).answer()
    }

    /// Lists licenses that end, and for how many there will be no seat.
    ///
    /// # Errors
    /// [`Error`].
    pub fn report_ending(&self, query: &EndingQuery) -> Result<EndingLicensePage, Error> {
        self.get(path::REPORT_ENDING).query(query).answer()
    }

    /// Lists who used what.
    ///
    /// # Errors
    /// [`Error`].
    pub fn report_people(&self, query: &PersonUseQuery) -> Result<PersonUsePage, Error> {
        self.get(path::REPORT_PEOPLE).query(query).answer()
    }
}

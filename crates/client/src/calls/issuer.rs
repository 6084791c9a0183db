//! `/v1/issuers`.

use wire::issuer::{
    DistrustQuery, Distrusted, IntroduceRequest, Issuer, IssuerPage, IssuerService,
    TrustIssuerRequest,
};
use wire::path;

use crate::{Client, Error};

impl Client {
    /// Lists the trusted keys.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_issuers(&self) -> Result<IssuerPage, Error> {
        self.get(path::ISSUERS).answer()
    }

    /// Trusts a key from now on.
    ///
    /// # Errors
    /// [`Error`].
    pub fn trust_issuer(&self, key: &TrustIssuerRequest) -> Result<Issuer, Error> {
        self.post(path::ISSUERS).json(key).keyed().answer()
    }

    /// Says where the license service of a key's issuer is, or that it has none.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_issuer_service(&self, kid: &str, url: Option<&str>) -> Result<Issuer, Error> {
        let service = IssuerService {
            url: url.map(str::to_owned),
        };
        self.put_at(path::ISSUER_SERVICE, kid)
            .json(&service)
            .answer()
    }

    /// Trusts a further key, on the word of one that is trusted.
    ///
    /// # Errors
    /// [`Error`].
    pub fn introduce_issuer(&self, request: &IntroduceRequest) -> Result<Issuer, Error> {
        self.post(path::ISSUER_INTRODUCE)
            .json(request)
            .harmless_twice()
            .answer()
    }

    /// Trusts a key no longer, or says what that would take away.
    ///
    /// # Errors
    /// [`Error`].
    pub fn distrust_issuer(&self, kid: &str, query: &DistrustQuery) -> Result<Distrusted, Error> {
        self.delete_at(path::ISSUER, kid)
            .query(query)
            .long()
            .answer()
    }
}

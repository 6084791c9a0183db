//! `/v1/grant`, `/v1/recall` and the bulk operations on one license (S7).

use uuid::Uuid;
use wire::grant::{
    AssignRequest, BulkQuery, ClearRequest, GrantRequest, Granted, RecallRequest, Recalled,
};
use wire::path;

use crate::{Answer, Client, Error};

impl Client {
    /// Gives seats to users.
    ///
    /// # Errors
    /// [`Error`]; that somebody got none is in the answer.
    pub fn grant(
        &self,
        request: &GrantRequest,
        query: BulkQuery,
    ) -> Result<Answer<Granted>, Error> {
        self.post(path::GRANT)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Takes seats from users.
    ///
    /// # Errors
    /// [`Error`]; that somebody had none is in the answer.
    pub fn recall(
        &self,
        request: &RecallRequest,
        query: BulkQuery,
    ) -> Result<Answer<Recalled>, Error> {
        self.post(path::RECALL)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Gives everyone, or everyone who matches, a seat of a license.
    ///
    /// # Errors
    /// As [`Client::grant`].
    pub fn assign_all(
        &self,
        license: Uuid,
        request: &AssignRequest,
        query: BulkQuery,
    ) -> Result<Answer<Granted>, Error> {
        self.post_at(path::LICENSE_ASSIGN_ALL, license)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Gives a seat of a license to everyone who holds none of its product.
    ///
    /// # Errors
    /// As [`Client::grant`].
    pub fn assign_missing(
        &self,
        license: Uuid,
        request: &AssignRequest,
        query: BulkQuery,
    ) -> Result<Answer<Granted>, Error> {
        self.post_at(path::LICENSE_ASSIGN_MISSING, license)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Takes the seats of a license from everyone, or everyone who matches.
    ///
    /// # Errors
    /// As [`Client::recall`].
    pub fn clear_all(
        &self,
        license: Uuid,
        request: &ClearRequest,
        query: BulkQuery,
    ) -> Result<Answer<Recalled>, Error> {
        self.post_at(path::LICENSE_CLEAR_ALL, license)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }
}

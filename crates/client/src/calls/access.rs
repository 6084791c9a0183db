//! `/v1/access`.

use wire::access::AccessAnswer;
use wire::path;
use wire::session::SignInRequest;

use crate::{Client, Error};

impl Client {
    /// What a sign-in would come to, and why; changes nothing (A10). A denial is an answer here, not an error.
    ///
    /// # Errors
    /// [`Error`].
    pub fn check_access(&self, request: &SignInRequest) -> Result<AccessAnswer, Error> {
        self.post(path::ACCESS_CHECK)
            .json(request)
            .harmless_twice()
            .answer()
    }
}

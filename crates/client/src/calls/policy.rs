//! `/v1/policy`.

use wire::path;
use wire::policy::Policy;

use crate::{Client, Error};

impl Client {
    /// The policy.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_policy(&self) -> Result<Policy, Error> {
        self.get(path::POLICY).answer()
    }

    /// Writes the policy as a whole, if it is still at its `version`.
    ///
    /// # Errors
    /// [`Error`].
    pub fn set_policy(&self, policy: &Policy) -> Result<Policy, Error> {
        self.put(path::POLICY)
            .json(policy)
            .version(policy.version)
            .answer()
    }
}

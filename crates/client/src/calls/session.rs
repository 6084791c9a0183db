//! `/v1/sessions`.

use std::time::Duration;

use uuid::Uuid;
use wire::Time;
use wire::path;
use wire::session::{
    BorrowRequest, Borrowed, Heartbeat, Returned, Session, SessionHeld, SessionPage, SessionQuery,
    SignInRequest, SignedIn,
};

use crate::{Client, Error};

impl Client {
    /// Signs a user in and leaves the rest to the caller: heartbeats, signing out. See [`Client::sign_in`].
    ///
    /// # Errors
    /// [`Error::Denied`] when the user may not work there now.
    pub fn start_session(&self, request: &SignInRequest) -> Result<SignedIn, Error> {
        self.post(path::SESSIONS).json(request).keyed().answer()
    }

    /// Says that the application is still there.
    ///
    /// # Errors
    /// [`Error::Problem`] with status 410 when the session is over; the code is a [`wire::EndReason`] (H3).
    pub fn heartbeat(&self, session: Uuid) -> Result<Heartbeat, Error> {
        self.heartbeat_within(session, Duration::MAX)
    }

    pub(crate) fn heartbeat_within(
        &self,
        session: Uuid,
        timeout: Duration,
    ) -> Result<Heartbeat, Error> {
        self.post_at(path::SESSION_HEARTBEAT, session)
            .harmless_twice()
            .within(timeout)
            .answer()
    }

    /// Signs out. Harmless when the session is over already (H3).
    ///
    /// # Errors
    /// [`Error`].
    pub fn sign_out(&self, session: Uuid) -> Result<(), Error> {
        self.sign_out_within(session, Duration::MAX)
    }

    pub(crate) fn sign_out_within(&self, session: Uuid, timeout: Duration) -> Result<(), Error> {
        self.delete_at(path::SESSION, session)
            .within(timeout)
            .done()
    }

    /// Takes the seat of a session offline until a moment (H5). Keep the token: it is what an application checks
    /// without the network, with [`crate::TokenVerifier::verify_borrowed`]. Again, to borrow it for longer.
    ///
    /// # Errors
    /// [`Error::Problem`] when the policy, the license or the session does not allow it.
    pub fn borrow_session(&self, session: Uuid, until: Time) -> Result<Borrowed, Error> {
        self.post_at(path::SESSION_BORROW, session)
            .json(&BorrowRequest { until })
            .harmless_twice()
            .answer()
    }

    /// Gives a borrowed seat back before its time (H5); `false` when there is nothing to return. The token must not be
    /// used any more.
    ///
    /// # Errors
    /// [`Error`].
    pub fn return_session(&self, session: Uuid) -> Result<bool, Error> {
        let returned: Returned = self
            .post_at(path::SESSION_RETURN, session)
            .harmless_twice()
            .answer()?;
        Ok(returned.returned)
    }

    /// Ends somebody's session. When it is borrowed, says until when its seat is held all the same (H5).
    ///
    /// # Errors
    /// [`Error`].
    pub fn end_session(&self, session: Uuid) -> Result<Option<SessionHeld>, Error> {
        self.post_at(path::SESSION_END, session)
            .harmless_twice()
            .answer_if_any()
    }

    /// Lists sessions, latest first.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_sessions(&self, query: &SessionQuery) -> Result<SessionPage, Error> {
        self.get(path::SESSIONS).query(query).answer()
    }

    /// One session.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_session(&self, session: Uuid) -> Result<Session, Error> {
        self.get_at(path::SESSION, session).answer()
    }
}

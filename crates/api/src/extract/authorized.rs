//! Who asks, and whether they may.
//!
//! A handler names the permission that it needs as the type of its first argument:
//! `Authorized<ViewLicenses>`. Without that argument it could not know whom it serves.

use std::marker::PhantomData;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::{Actor, Permission};
use engine::{AuthError, Caller};

use crate::app::App;
use crate::problem::{Problem, refusal_problem};

/// A permission, or several of which one is enough (R1).
pub(crate) trait Permit {
    /// Any one of these; empty: whoever has a token.
    const ANY_OF: &'static [Permission];
}

macro_rules! permits {
    ($($(#[$doc:meta])* $name:ident: $any_of:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Permit for $name {
            const ANY_OF: &'static [Permission] = &$any_of;
        }
    )*};
}

permits! {
    /// Whoever has a token.
    Anyone: [];
    /// See licenses and all around them.
    ViewLicenses: [Permission::ViewLicenses];
    /// Import, distribute, recall, remove.
    ManageLicenses: [Permission::ManageLicenses];
    /// Accounts and folders.
    ManageUsers: [Permission::ManageUsers];
    /// Policy, issuers, tokens.
    ManageSettings: [Permission::ManageSettings];
    /// Events and denials.
    ViewAudit: [Permission::ViewAudit];
    /// Sign users in and out.
    UseAccess: [Permission::UseAccess];
    /// One's own licenses.
    ViewOwn: [Permission::ViewOwn];
    /// Whoever can start jobs.
    ManageWork: [Permission::ManageLicenses, Permission::ManageUsers];
}

/// A caller who may do `P`.
#[derive(Debug)]
pub(crate) struct Authorized<P> {
    caller: Arc<Caller>,
    permit: PhantomData<P>,
}

impl<P> Authorized<P> {
    /// Who, for the engine.
    pub(crate) fn actor(&self) -> &Actor {
        &self.caller.actor
    }
}

impl<P> Authorized<P> {
    /// Refuses whoever's rights end at a folder, for what is about the whole installation (R1).
    pub(crate) async fn must_reach_everything(&self, app: &App) -> Result<(), Problem> {
        let Some(limit) = self.actor().reach.folder() else {
            return Ok(());
        };
        let path = app
            .ask(self, move |reader| Ok(reader.folder_path(limit)?))
            .await?;
        Err(refusal_problem(domain::Refusal::OutsideYourFolder(path)))
    }
}

impl<P: Permit + Send> FromRequestParts<App> for Authorized<P> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let caller = app
            .engine
            .recognize(secret(&parts.headers)?)
            .await
            .map_err(refuse)?;
        if !P::ANY_OF.is_empty()
            && !P::ANY_OF
                .iter()
                .any(|permission| caller.actor.may(*permission))
        {
            return Err(refusal_problem(domain::Refusal::Forbidden(P::ANY_OF[0])));
        }
        Ok(Self {
            caller,
            permit: PhantomData,
        })
    }
}

fn secret(headers: &HeaderMap) -> Result<&str, Problem> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Err(unauthorized(
            "a token is needed: send the header authorization: Bearer TOKEN",
        ));
    };
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .ok_or_else(|| unauthorized("the header authorization must be of the form: Bearer TOKEN"))
}

fn refuse(error: AuthError) -> Problem {
    match error {
        AuthError::Unknown | AuthError::Revoked | AuthError::Expired => {
            unauthorized(error.to_string())
        }
        AuthError::Engine(error) => error.into(),
    }
}

fn unauthorized(detail: impl Into<String>) -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, wire::codes::UNAUTHORIZED, detail)
}

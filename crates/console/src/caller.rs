//! Who asks, and whether they may.
//!
//! A handler names the permission that it needs as the type of its first argument:
//! `Signed<ViewLicenses>`. Whoever is not signed in is led to the sign-in and back.

use std::marker::PhantomData;

use axum::extract::FromRequestParts;
use axum::http::header::COOKIE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{Account, Actor, Permission};
use sha2::{Digest as _, Sha256};

use crate::app::{App, Peer};
use crate::fault::Fault;
use crate::page::{Section, Shell};
use crate::texts::Texts;

/// The cookie that carries a sign-in.
pub(crate) const SESSION: &str = "seatkeeper";
/// The cookie that ties a form to a browser that is not signed in.
pub(crate) const VISITOR: &str = "seatkeeper_visitor";
/// The cookie with the theme that was chosen.
pub(crate) const THEME: &str = "seatkeeper_theme";
/// The cookie with what the next page is to say.
pub(crate) const FLASH: &str = "seatkeeper_flash";

/// A permission (R1).
pub(crate) trait Permit {
    /// Which; none: whoever is signed in.
    const NEEDED: Option<Permission>;
}

macro_rules! permits {
    ($($(#[$doc:meta])* $name:ident: $needed:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) enum $name {}

        impl Permit for $name {
            const NEEDED: Option<Permission> = $needed;
        }
    )*};
}

permits! {
    /// Whoever is signed in.
    Anyone: None;
    /// See licenses and all around them.
    ViewLicenses: Some(Permission::ViewLicenses);
    /// Import, distribute, recall, remove.
    ManageLicenses: Some(Permission::ManageLicenses);
    /// Policy, issuers, tokens, accounts.
    ManageSettings: Some(Permission::ManageSettings);
    /// Accounts and folders.
    ManageUsers: Some(Permission::ManageUsers);
    /// Events and denials.
    ViewAudit: Some(Permission::ViewAudit);
}

/// Somebody who is signed in and may do `P`.
#[derive(Debug)]
pub(crate) struct Signed<P> {
    account: Account,
    actor: Actor,
    secret: String,
    shown: Shown,
    permit: PhantomData<P>,
}

/// How pages are shown to this browser.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) theme: Theme,
    pub(crate) t: &'static Texts,
    /// What the page before left to be said.
    pub(crate) flash: Option<String>,
    /// The address that was asked for, with its query.
    pub(crate) here: String,
}

/// Light or dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    Auto,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

impl Theme {
    /// Its word, in the cookie and on the page.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The theme of a word; as the system has it for any other.
    pub(crate) fn of(word: &str) -> Self {
        match word {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::Auto,
        }
    }
}

impl Shown {
    pub(crate) fn of(parts: &Parts) -> Self {
        let here = parts.uri.path_and_query();
        Self {
            theme: cookie(&parts.headers, THEME).map_or(Theme::Auto, Theme::of),
            t: Texts::for_reader(&parts.headers),
            flash: cookie(&parts.headers, FLASH).map(str::to_owned),
            here: here.map_or_else(|| "/".to_owned(), ToString::to_string),
        }
    }
}

impl<P> Signed<P> {
    /// Who, for the engine.
    pub(crate) fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The secret of this sign-in.
    pub(crate) fn secret(&self) -> &str {
        &self.secret
    }

    /// Whether they may do something else, too.
    pub(crate) fn may(&self, permission: Permission) -> bool {
        self.actor.may(permission)
    }

    /// Every word.
    pub(crate) fn texts(&self) -> &'static Texts {
        self.shown.t
    }

    /// What surrounds a page of theirs.
    pub(crate) fn shell(&self, section: Section) -> Shell {
        Shell::new(
            &self.account,
            &self.shown,
            section,
            form_token(&self.secret),
        )
    }
}

impl<P: Permit + Send> FromRequestParts<App> for Signed<P> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Fault> {
        let shown = Shown::of(parts);
        let secret = cookie(&parts.headers, SESSION)
            .unwrap_or_default()
            .to_owned();
        let Some(found) = app.engine.signed_in(&secret).await? else {
            // A form that is sent too late leads to the page with it, not to its target.
            let next = (parts.method == Method::GET).then_some(shown.here);
            return Err(Fault::SignIn(next));
        };
        let actor = found.account.actor();
        if let Some(needed) = P::NEEDED {
            actor.must(needed)?;
        }
        Ok(Self {
            account: found.account,
            actor,
            secret,
            shown,
            permit: PhantomData,
        })
    }
}

/// Somebody, signed in or not.
#[derive(Debug)]
pub(crate) struct Visitor {
    pub(crate) shown: Shown,
    /// What ties a form to this browser.
    pub(crate) ticket: Option<String>,
    /// Where they come from, as the record names it.
    pub(crate) address: String,
    /// Whether they came by HTTPS, as far as the server can tell.
    pub(crate) secure: bool,
    /// The secret of their sign-in, if they have one.
    pub(crate) secret: Option<String>,
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Self, Fault> {
        Ok(Self {
            shown: Shown::of(parts),
            ticket: cookie(&parts.headers, VISITOR).map(str::to_owned),
            address: address(parts),
            secure: is_secure(&parts.headers),
            secret: cookie(&parts.headers, SESSION).map(str::to_owned),
        })
    }
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// What a form must carry to be taken from the browser with this secret. It tells nothing of
/// the secret, and reads differently each time, so that the length of compressed pages tells
/// nothing of it.
pub(crate) fn form_token(secret: &str) -> String {
    let mask: [u8; MARK] = rand::random();
    let masked = combined(mask, form_mark(secret));
    URL_SAFE_NO_PAD.encode([mask, masked].concat())
}

/// Whether a form carries what the browser with this secret was given.
pub(crate) fn is_form_token(secret: &str, given: &str) -> bool {
    let Ok(bytes) = URL_SAFE_NO_PAD.decode(given) else {
        return false;
    };
    let (mask, masked) = bytes.split_at(bytes.len().min(MARK));
    match (mask.try_into(), masked.try_into()) {
        (Ok(mask), Ok(masked)) => combined(mask, masked) == form_mark(secret),
        _ => false,
    }
}

/// The length of a form's mark in bytes.
const MARK: usize = 18;

fn form_mark(secret: &str) -> [u8; MARK] {
    let hash = Sha256::new()
        .chain_update(b"seatkeeper form ")
        .chain_update(secret)
        .finalize();
    std::array::from_fn(|at| hash[at])
}

fn combined(a: [u8; MARK], b: [u8; MARK]) -> [u8; MARK] {
    std::array::from_fn(|at| a[at] ^ b[at])
}

/// Whether a proxy in front speaks HTTPS. Saying so untruly only keeps one's own cookie.
pub(crate) fn is_secure(headers: &HeaderMap) -> bool {
    let said = headers.get("x-forwarded-proto");
    said.and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.split(',').next_back().map(str::trim) == Some("https"))
}

/// The other end; behind a proxy on this machine, what the proxy says it is.
fn address(parts: &Parts) -> String {
    let peer = parts.extensions.get::<Peer>().map(|peer| peer.0);
    let forwarded = parts.headers.get("x-forwarded-for");
    let forwarded = forwarded.and_then(|value| value.to_str().ok());
    let forwarded = forwarded.and_then(|value| value.split(',').next_back()?.trim().parse().ok());
    match peer {
        Some(peer) if peer.is_loopback() => forwarded.unwrap_or(peer).to_string(),
        Some(peer) => peer.to_string(),
        None => "unknown".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn cookies_are_found_by_their_whole_name() {
        let mut headers = HeaderMap::new();
        let line = HeaderValue::from_static("a=1; seatkeeper_theme=dark; seatkeeper=s");
        headers.insert(COOKIE, line);
        assert_eq!(cookie(&headers, SESSION), Some("s"));
        assert_eq!(cookie(&headers, THEME), Some("dark"));
        assert_eq!(cookie(&headers, "atkeeper"), None);
    }

    #[test]
    fn a_form_token_is_of_one_secret_and_reads_differently_each_time() {
        let (one, other) = (form_token("a"), form_token("a"));
        assert_ne!(one, other);
        assert_eq!(one.len(), 48);
        assert!(is_form_token("a", &one) && is_form_token("a", &other));
        let short = &one[..24];
        let long = format!("{one}AAAA");
        for wrong in ["", "a", short, &long, "!", &form_token("b")] {
            assert!(!is_form_token("a", wrong), "{wrong}");
        }
    }
}

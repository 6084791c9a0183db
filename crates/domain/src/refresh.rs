//! Refreshing licenses at their issuer's license service (I3): how it stands, and when it is tried next.
//!
//! Nothing here takes access away. A license that must be revalidated stays usable until its offline grace is over
//! ([`License::stale_at`]); failed attempts only come closer together than that leaves room for.

use serde::{Deserialize, Serialize};

use crate::command::NewLicense;
use crate::ids::LicenseId;
use crate::license::{License, codes};
use crate::names::{CompanyId, Title};
use crate::time::{Millis, Timestamp};

codes! {
    /// What went wrong at a refresh.
    Fault {
        /// The issuer's service is not known here.
        NoService = "no_license_service",
        /// The policy keeps this server off the internet.
        InternetOff = "internet_off",
        /// No answer came.
        Unreachable = "service_unreachable",
        /// It answered that it has no time now.
        Busy = "service_busy",
        /// It understood, and refused.
        Refused = "service_refused",
        /// It answered something that can't be read.
        Garbage = "service_garbage",
        /// It signed with a key that is not trusted here.
        UnknownKey = "service_unknown_key",
        /// It answered with a signature that does not hold.
        BadSignature = "service_bad_signature",
        /// It answered another request, another installation, or of another license.
        WrongAnswer = "service_wrong_answer",
        /// It does not know the license.
        NotKnown = "unknown_to_service",
        /// It has an older revision than the one that is here.
        OlderRevision = "older_revision",
        /// What it sent can't be taken in.
        Unacceptable = "unacceptable_license",
    }
    /// How bad a fault is for whoever must look after it.
    Gravity {
        /// It usually passes by itself.
        Waiting = "waiting",
        /// Somebody has to do something.
        Wrong = "wrong",
    }
}

impl Fault {
    /// How bad it is.
    pub const fn gravity(self) -> Gravity {
        match self {
            Self::Unreachable | Self::Busy => Gravity::Waiting,
            _ => Gravity::Wrong,
        }
    }
}

/// Attempts that failed since the last success.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// When the first one failed.
    pub since: Timestamp,
    /// How many failed.
    pub attempts: u32,
    /// What went wrong last.
    pub fault: Fault,
    /// The same as a sentence.
    pub detail: String,
    /// The worst that administrators were told of: each gravity is told once, and not at each attempt.
    pub told: Gravity,
}

/// How the refreshing of a license stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// Which license.
    pub license: LicenseId,
    /// When it was last tried.
    pub attempted_at: Option<Timestamp>,
    /// When it last succeeded.
    pub succeeded_at: Option<Timestamp>,
    /// When it is tried next by itself; not at all when absent.
    pub next_at: Option<Timestamp>,
    /// What stands in the way, if anything does.
    pub trouble: Option<Trouble>,
}

/// The license service of an issuer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LicenseService {
    /// The issuer, by name: its keys may change.
    pub issuer: Title,
    /// Its address.
    pub url: ServiceUrl,
    /// Since when it is known.
    pub set_at: Timestamp,
}

/// The address of a license service: `https://…`, or `http://…` on this machine, without a slash at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServiceUrl(Box<str>);

/// Why a text is not the address of a license service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServiceUrlError {
    /// Another form.
    #[error("it must be an address such as https://licenses.example.org")]
    Form,
    /// License keys would travel in the clear.
    #[error(
        "it must begin with https://; http:// is for this machine only, since license keys are sent there"
    )]
    Insecure,
}

impl ServiceUrl {
    /// The longest, in bytes.
    pub const MOST: usize = 300;

    /// Checks a text.
    ///
    /// # Errors
    /// [`ServiceUrlError`].
    pub fn parse(text: &str) -> Result<Self, ServiceUrlError> {
        let text = text.trim_end_matches('/');
        let (scheme, rest) = text.split_once("://").ok_or(ServiceUrlError::Form)?;
        let authority = rest.split('/').next().unwrap_or_default();
        let plain = |byte: u8| {
            byte.is_ascii_graphic() && !matches!(byte, b'?' | b'#' | b'@' | b'\\' | b'"')
        };
        if text.len() > Self::MOST || authority.is_empty() || !text.bytes().all(plain) {
            return Err(ServiceUrlError::Form);
        }
        match scheme {
            "https" => {}
            "http" if is_loopback(authority) => {}
            "http" => return Err(ServiceUrlError::Insecure),
            _ => return Err(ServiceUrlError::Form),
        }
        Ok(Self(text.into()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether a host with its port is this machine.
fn is_loopback(authority: &str) -> bool {
    let host = match authority.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => authority.split(':').next().unwrap_or_default(),
    };
    let address = host.parse::<std::net::IpAddr>();
    host == "localhost" || address.is_ok_and(|address| address.is_loopback())
}

impl TryFrom<String> for ServiceUrl {
    type Error = ServiceUrlError;
    fn try_from(text: String) -> Result<Self, ServiceUrlError> {
        Self::parse(&text)
    }
}

impl From<ServiceUrl> for String {
    fn from(url: ServiceUrl) -> Self {
        url.0.into()
    }
}

impl std::fmt::Display for ServiceUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a license service said of a license, once its signature held; or that it said nothing of use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    /// What is here is what was issued.
    Current {
        /// The latest revision that was issued.
        revision: u64,
    },
    /// There is a document with another revision.
    Renewed {
        /// What it grants.
        license: Box<NewLicense>,
        /// The company id in it.
        customer: Option<CompanyId>,
    },
    /// The issuer withdraws it.
    Withdrawn {
        /// The revision that was withdrawn.
        revision: u64,
        /// Why, in the issuer's words.
        why: Option<String>,
    },
    /// Nothing of use.
    Failed {
        /// What went wrong.
        fault: Fault,
        /// The same as a sentence.
        detail: String,
    },
}

/// The shortest and the longest pause between two attempts that fail.
const SHORTEST_PAUSE: Millis = Millis::seconds(60);
const LONGEST_PAUSE: Millis = Millis::seconds(6 * 3600);

/// The fault of a word that is not held against a license (I3), with its detail; none if the word is to be taken in.
/// A license that need not be refreshed has no trouble where the service does not know of it, as when it came in a file;
/// one that is revoked has none whatever is said, short of a higher revision.
pub fn not_held_against(license: &License, word: &Word) -> Option<(Fault, String)> {
    let is_revoked = license.revoked_at.is_some();
    let needs_none = license.terms.revalidate_every.is_none();
    match word {
        _ if license.removed_at.is_some() => None,
        Word::Failed { fault, detail }
            if is_revoked || (needs_none && *fault == Fault::NotKnown) =>
        {
            Some((*fault, detail.clone()))
        }
        Word::Current { revision } if is_revoked && *revision <= license.terms.revision => Some((
            Fault::OlderRevision,
            "it is revoked here; only a higher revision brings it back".to_owned(),
        )),
        _ => None,
    }
}

/// When a license that was just confirmed is refreshed again: once `revalidate_every` is nearly over. Up to a tenth
/// earlier, another bit for each license, so that not everyone comes at once. Never, for what need not be revalidated.
pub fn next_after_success(license: &License) -> Option<Timestamp> {
    let every = license.terms.revalidate_every?;
    if license.removed_at.is_some() || license.revoked_at.is_some() {
        return None;
    }
    let early = every.get() / 10 * i64::from(spread(license.id, 0)) / 1000;
    Some(license.validated_at.plus(every).minus(Millis::new(early)))
}

/// When a refresh is tried again after so many failed attempts: the pause doubles from a minute up to six hours, less
/// where the license leaves little time, and is up to a tenth shorter, another bit for each license and attempt.
pub fn next_after_failure(license: &License, attempts: u32, now: Timestamp) -> Option<Timestamp> {
    let every = license.terms.revalidate_every?;
    if license.removed_at.is_some() || license.revoked_at.is_some() {
        return None;
    }
    // Whatever the terms, eight attempts fit in between.
    let room = every
        .get()
        .saturating_add(license.terms.offline_grace.get())
        / 8;
    let longest = room.clamp(SHORTEST_PAUSE.get(), LONGEST_PAUSE.get());
    let doubled = SHORTEST_PAUSE.get() << attempts.saturating_sub(1).min(20);
    let pause = doubled.min(longest);
    let early = pause / 10 * i64::from(spread(license.id, attempts)) / 1000;
    Some(now.plus(Millis::new(pause - early)))
}

/// A number from 0 to 999 that differs between licenses, installations and attempts: ids are random at their end.
fn spread(license: LicenseId, attempt: u32) -> u16 {
    let (_, random) = license.0.as_u64_pair();
    let mixed = random
        .wrapping_add(u64::from(attempt))
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    u16::try_from((mixed >> 32) % 1000).unwrap_or(0)
}

impl Refresh {
    /// How it stands when nothing was tried yet.
    pub const fn new(license: LicenseId) -> Self {
        Self {
            license,
            attempted_at: None,
            succeeded_at: None,
            next_at: None,
            trouble: None,
        }
    }

    /// After an attempt that succeeded.
    #[must_use]
    pub fn succeeded(self, license: &License, now: Timestamp) -> Self {
        Self {
            attempted_at: Some(now),
            succeeded_at: Some(now),
            next_at: next_after_success(license),
            trouble: None,
            ..self
        }
    }

    /// After an attempt that failed; and whether administrators are to be told: of the first failure since the last
    /// success, and once more when it turns out that waiting does not help.
    #[must_use]
    pub fn failed(
        self,
        license: &License,
        fault: Fault,
        detail: &str,
        now: Timestamp,
    ) -> (Self, bool) {
        let gravity = fault.gravity();
        let before = self.trouble.as_ref();
        let tell = before.is_none_or(|before| before.told < gravity);
        let attempts = before.map_or(0, |before| before.attempts).saturating_add(1);
        let trouble = Trouble {
            since: before.map_or(now, |before| before.since),
            attempts,
            fault,
            detail: detail.to_owned(),
            told: before.map_or(gravity, |before| before.told.max(gravity)),
        };
        let after = Self {
            attempted_at: Some(now),
            next_at: next_after_failure(license, attempts, now),
            trouble: Some(trouble),
            ..self
        };
        (after, tell)
    }
}

impl License {
    /// How many days it stays usable if it is not refreshed, rounded up; `None` when it need not be (I3).
    pub fn days_until_stale(&self, now: Timestamp) -> Option<u32> {
        self.terms.revalidate_every?;
        let left = self.stale_at().since(now).as_days().max(0);
        Some(u32::try_from(left).unwrap_or(u32::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_license_keys_from_prying_eyes() {
        for good in [
            "https://licenses.example.org",
            "https://example.org:8443/licenses/",
            "http://127.0.0.1:7430",
            "http://localhost:7430",
            "http://[::1]:7430",
        ] {
            let url = ServiceUrl::parse(good).unwrap();
            assert!(!url.as_str().ends_with('/'));
        }
        for (bad, error) in [
            ("http://licenses.example.org", ServiceUrlError::Insecure),
            ("http://127.0.0.1.example.org", ServiceUrlError::Insecure),
            ("ftp://example.org", ServiceUrlError::Form),
            ("https:///licenses", ServiceUrlError::Form),
            ("https://user@example.org", ServiceUrlError::Form),
            ("https://example.org/?q", ServiceUrlError::Form),
            ("https://example.org/a b", ServiceUrlError::Form),
            ("example.org", ServiceUrlError::Form),
            ("", ServiceUrlError::Form),
        ] {
            assert_eq!(ServiceUrl::parse(bad), Err(error), "{bad}");
        }
        let of_length = |length| format!("{:x<length$}", "https://example.org/");
        assert!(ServiceUrl::parse(&of_length(ServiceUrl::MOST)).is_ok());
        let long = ServiceUrl::parse(&of_length(ServiceUrl::MOST + 1));
        assert_eq!(long, Err(ServiceUrlError::Form));
    }
}

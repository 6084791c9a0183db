//! What travels between the service and its administrators.

use jiff::Timestamp;
use license_file::document::LicenseTerms;
use serde::{Deserialize, Serialize};

/// A license as the service keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The company id that it is for (L5); anyone's when absent.
    pub customer: Option<String>,
    /// The terms of its latest revision, without the installation that it is bound to when it is activated.
    pub terms: LicenseTerms,
    /// The first group of its key, to tell keys apart by.
    pub key: String,
    /// On how many installations it may be active.
    pub installations: u32,
    /// On how many it is.
    pub active: u32,
    /// When it was first issued.
    pub issued_at: Timestamp,
    /// When its latest revision was.
    pub changed_at: Timestamp,
    /// When it was withdrawn.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_at: Option<Timestamp>,
    /// Why, for the customer to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn_why: Option<String>,
}

/// Licenses to be issued.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewLicenses {
    /// A specification in TOML, as for license files.
    pub spec: String,
    /// On how many installations each may be active; 1 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installations: Option<u32>,
}

/// A license with its key, which is told only here.
#[derive(Clone, Serialize, Deserialize)]
pub struct Issued {
    /// The license.
    pub license: Entry,
    /// Its key, to be sent to the customer. It does not show in debug output.
    pub license_key: String,
}

impl std::fmt::Debug for Issued {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Issued({})", self.license.key)
    }
}

/// A new revision of a license. What is absent stays as it is.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reissue {
    /// So many seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seats: Option<u32>,
    /// The last day (`2027-12-31`), a moment, or `perpetual`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<String>,
    /// A whole specification in TOML with this serial; its `revision` does not matter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<String>,
}

/// Why a license is withdrawn.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdrawal {
    /// For the customer to read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// Which installation gives a license up.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Release {
    /// Its id.
    pub installation: String,
}

/// A license on an installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    /// The license's id.
    pub license: String,
    /// Its serial.
    pub serial: String,
    /// The installation's id.
    pub installation: String,
    /// The company id that it named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub company: Option<String>,
    /// When it was activated.
    pub activated_at: Timestamp,
    /// When it last asked.
    pub seen_at: Timestamp,
    /// The latest revision that it was sent.
    pub revision: u64,
    /// When it was released: its license is withdrawn there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released_at: Option<Timestamp>,
}

/// A license with its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Detail {
    /// The license.
    pub license: Entry,
    /// Where it is active, or was.
    pub activations: Vec<Activation>,
    /// When each revision was issued, first to last, with its seats and its end.
    pub revisions: Vec<Revision>,
}

/// One revision that was issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    /// When.
    pub at: Timestamp,
    /// Its terms.
    pub terms: LicenseTerms,
}

/// A list.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Items<T> {
    /// All of it.
    pub items: Vec<T>,
}

/// A refusal (RFC 9457).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Problem {
    /// `urn:seatkeeper:problem:` and the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// The code in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code.
    pub code: String,
    /// What happened, in a sentence.
    pub detail: String,
}

//! What every answer says that is not a success (RFC 9457).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::license::ImportedLicense;

/// The media type of a problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// The `type` of a problem with this code.
pub fn type_of(code: &str) -> String {
    format!("urn:seatkeeper:problem:{code}")
}

/// Why a request was not done. Nothing was changed by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Problem {
    /// `urn:seatkeeper:problem:` and the code.
    #[serde(rename = "type")]
    pub type_uri: String,
    /// What kind of problem it is, in a few words; the same for every problem of this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable code: what programs should look at.
    pub code: String,
    /// What happened this time, in a sentence.
    pub detail: String,
    /// The id under which the server's log has this request; the same as the header `x-request-id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The places in the request that are wrong, where there are several or one can be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<ProblemItem>,
    /// On a denied sign-in: what the person should read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_message: Option<String>,
    /// On a denied sign-in: what the administrator should read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin_message: Option<String>,
    /// On a refused import: what would have become of each license of the file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<ImportedLicense>,
}

impl Problem {
    /// A problem with nothing but the necessary.
    pub fn new(status: u16, code: &str, title: &str, detail: impl Into<String>) -> Self {
        Self {
            type_uri: type_of(code),
            title: title.to_owned(),
            status,
            code: code.to_owned(),
            detail: detail.into(),
            request_id: None,
            errors: Vec::new(),
            user_message: None,
            admin_message: None,
            licenses: Vec::new(),
        }
    }
}

/// One place that is wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProblemItem {
    /// Where in a JSON body (RFC 6901), as in `/products/0/code`; or the name of a query parameter.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// Which row of a CSV file; the header is row 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// Which item of a list, from 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The stable code.
    pub code: String,
    /// What is wrong, in a sentence.
    pub detail: String,
}

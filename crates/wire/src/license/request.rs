//! `/v1/licenses/request`, `/v1/license-requests`: the offline way to an issuer.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::Time;
use crate::page::pages;

/// What an issuer is asked for. The answer is the request file (`.tlr`), signed by this installation: it says what is
/// owned and how much of it is used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LicenseRequest {
    /// The company id, as agreed with the issuer. It is remembered, and may be left out from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "CUST-42", max_length = 64)]
    pub company: Option<String>,
    /// The version of the product that will run here: three numbers with dots between.
    #[schema(example = "8.3.0")]
    pub version: String,
    /// The issuer whose licenses are meant, by name; needed only where licenses of several are here. Of others nothing
    /// is told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Northwind Software", max_length = 200)]
    pub issuer: Option<String>,
}

/// A request to an issuer that was made here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MadeRequest {
    /// Its id, by which the response names it.
    pub id: Uuid,
    /// When it was made.
    pub at: Time,
    /// Who made it, as the record names them.
    pub by: String,
    /// The company id in it.
    #[schema(example = "CUST-42")]
    pub company: String,
    /// The version of the product that was asked for.
    #[schema(example = "8.3.0")]
    pub version: String,
    /// Whose licenses were meant; absent when none were here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "Northwind Software")]
    pub issuer: Option<String>,
    /// When its response was taken in; absent while it is open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<Time>,
    /// The id of the key that signed the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered_by: Option<String>,
}

pages! {
    /// A page of requests to issuers, latest first.
    MadeRequestPage of MadeRequest;
}

/// Which requests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MadeRequestQuery {
    /// Only those whose response was taken in, or only those that are open; all when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
    /// How many at most, 1 to 1000; 100 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[param(minimum = 1, maximum = 1000)]
    pub limit: Option<u32>,
    /// The `next` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

//! `/v1/licenses/request`: the offline way to an issuer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

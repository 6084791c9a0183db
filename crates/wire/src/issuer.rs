//! `/v1/issuers`: whose licenses are taken (L3).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::license::Displaced;
use crate::page::pages;
use crate::{IssuerKind, Standing, Time};

/// A trusted key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Issuer {
    /// The key's id: its RFC 7638 thumbprint.
    pub kid: String,
    /// Whose it is.
    #[schema(example = "Northwind Software")]
    pub name: String,
    /// What the key signs.
    pub kind: IssuerKind,
    /// The public key, 32 bytes in base64url.
    pub x: String,
    /// Whether what it signs is believed now.
    pub standing: Standing,
    /// From when its signatures are believed; from ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Time>,
    /// From when they are not any more; for ever when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Time>,
    /// The id of the key that introduced it; absent when somebody here trusted it by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced_by: Option<String>,
    /// Since when it is trusted.
    pub trusted_at: Time,
    /// Where the issuer's license service is, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://licenses.example.org")]
    pub service: Option<String>,
}

/// Where the license service of an issuer is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuerService {
    /// Its address: `https://…`, or `http://…` on the server's own machine; none when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "https://licenses.example.org")]
    pub url: Option<String>,
}

pages! {
    /// A page of trusted keys, by name.
    IssuerPage of Issuer;
}

/// A key to be trusted: the content of an issuer's `.pub` file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TrustIssuerRequest {
    /// Whose it is.
    #[schema(max_length = 200)]
    pub name: String,
    /// Always `OKP`.
    #[schema(example = "OKP")]
    pub kty: String,
    /// Always `Ed25519`.
    #[schema(example = "Ed25519")]
    pub crv: String,
    /// The key's id; computed when absent, compared when present.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// The public key, 32 bytes in base64url; of a Keygen account also in 64 hexadecimal digits, as Keygen shows it.
    pub x: String,
    /// What the key signs: our own documents when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<IssuerKind>,
    /// From when its signatures are believed; as it was when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<Time>,
    /// From when they are not any more; as it was when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<Time>,
}

/// A document that introduces a further key of an issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IntroduceRequest {
    /// The text of the document, with its BEGIN and END lines.
    #[schema(max_length = 16384)]
    pub document: String,
}

/// What becomes of the licenses that a key signed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DistrustQuery {
    /// Whether the licenses that the key signed are withdrawn with it; they stay when false. Trusting the key again gives
    /// them back.
    #[serde(default)]
    pub withdraw: bool,
    /// Whether only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What went with a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Distrusted {
    /// The ids of the licenses that were withdrawn.
    pub withdrawn: Vec<Uuid>,
    /// Who is affected, in the order in which they lose.
    pub displaced: Vec<Displaced>,
    /// The ids of the trusted keys that this one introduced. They stay trusted.
    pub introduced: Vec<String>,
}

//! `/v1/grant`, `/v1/recall` and the bulk operations on one license (S7).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::user::UserFilter;
use crate::{AccessLevel, GrantCode, RecallCode, Source};

/// How a bulk operation runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BulkQuery {
    /// Whether only to say what would happen.
    #[serde(default)]
    pub dry_run: bool,
    /// Whether to run as a job in any case; otherwise only large operations do.
    #[serde(default, rename = "async")]
    pub in_background: bool,
}

/// A product, and what is asked of the seat.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductAsk {
    /// The product's code.
    pub code: String,
    /// The lowest access level that will do; any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<AccessLevel>,
    /// Codes of the modules that the seat must give; any when empty or absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub modules: Vec<String>,
}

/// A product: its code, or with what is asked of the seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(
    untagged,
    expecting = "expected a product code, or an object with `code`, `access` and `modules`"
)]
pub enum ProductChoice {
    /// The product's code.
    Code(String),
    /// With what is asked.
    Ask(ProductAsk),
}

impl From<ProductChoice> for ProductAsk {
    fn from(choice: ProductChoice) -> Self {
        match choice {
            ProductChoice::Code(code) => Self {
                code,
                ..Self::default()
            },
            ProductChoice::Ask(ask) => ask,
        }
    }
}

/// Who gets seats of what: `users` or `everyone`, times `products` or `licenses`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantRequest {
    /// These users: usernames or ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
    /// Instead: everyone who matches; `{}` is everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
    /// Any fitting license of each of these products.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<ProductChoice>>,
    /// Instead: exactly these licenses, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Vec<Uuid>>,
}

/// Who loses seats of what: `users` or `everyone`, times `products` or `licenses`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecallRequest {
    /// These users: usernames or ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub users: Option<Vec<String>>,
    /// Instead: everyone who matches; `{}` is everyone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
    /// Every seat of these products that covers what is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<ProductChoice>>,
    /// Instead: exactly these licenses, by id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub licenses: Option<Vec<Uuid>>,
    /// Whether to end live sessions at once; otherwise a seat in use is freed when its last session ends.
    #[serde(default)]
    pub now: bool,
    /// Take only this source away; the seat stays while it has another. All of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// Whom `assign-all` and `assign-missing` give seats to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRequest {
    /// Everyone who matches; everyone when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
}

/// Whom `clear-all` takes seats from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClearRequest {
    /// Everyone who matches; everyone when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub everyone: Option<UserFilter>,
    /// Whether to end live sessions at once.
    #[serde(default)]
    pub now: bool,
}

/// What a grant came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Granted {
    /// Per user and product or license.
    pub results: Vec<GrantResult>,
    /// How often each code occurs.
    pub counts: BTreeMap<String, u64>,
}

/// What a grant came to for one user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GrantResult {
    /// The account's id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
    /// The username, or what was asked for where there is no such account.
    pub username: String,
    /// The product's code, where a product was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The id of the license, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<Uuid>,
    /// Its serial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What happened.
    pub code: GrantCode,
    /// Why there is no seat, in a sentence; absent where there is one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The id of the seat, where there is one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seat: Option<Uuid>,
}

/// What a recall came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Recalled {
    /// Per seat, or per user where there was none.
    pub results: Vec<RecallResult>,
    /// How often each code occurs.
    pub counts: BTreeMap<String, u64>,
}

/// What a recall came to for one seat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RecallResult {
    /// The account's id, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<Uuid>,
    /// The username, or what was asked for where there is no such account.
    pub username: String,
    /// The product's code, where a product was asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// The id of the license, where one is concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub license: Option<Uuid>,
    /// Its serial.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// What happened.
    pub code: RecallCode,
    /// What keeps the seat from being free, in a sentence, where the code alone does not say it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// The sources that keep the seat.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<Source>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_is_a_code_or_an_object() {
        let json = r#"{"users":["anna"],"products":["esm",{"code":"crm","modules":["m1"]}]}"#;
        let request: GrantRequest = serde_json::from_str(json).unwrap();
        let asks: Vec<ProductAsk> = request
            .products
            .clone()
            .unwrap()
            .into_iter()
            .map(Into::into)
            .collect();
        assert_eq!(asks[0].code, "esm");
        assert_eq!(asks[1].modules, ["m1"]);
        assert_eq!(serde_json::to_string(&request).unwrap(), json);
        let error = serde_json::from_str::<GrantRequest>(r#"{"products":[7]}"#).unwrap_err();
        assert!(error.to_string().contains("a product code"), "{error}");
    }
}

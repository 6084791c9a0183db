//! The JSON in a Keygen license file: Keygen's resources, as far as they matter here.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Freshness, KeygenError, malformed};

/// Longest difference between `expiry` and `issued` plus `ttl`: both are rounded on their own.
const ROUNDING_S: i64 = 2;

/// A license resource with what was included at the checkout.
#[derive(Deserialize)]
pub(super) struct Payload {
    pub(super) data: Resource,
    #[serde(default)]
    included: Vec<Resource>,
    meta: Meta,
}

/// A JSON:API resource. What is not named here is passed over.
#[derive(Deserialize)]
pub(super) struct Resource {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    #[serde(default)]
    attributes: Value,
    #[serde(default)]
    relationships: Value,
}

#[derive(Deserialize)]
struct Meta {
    issued: Timestamp,
    expiry: Option<Timestamp>,
    /// In seconds.
    ttl: Option<i64>,
}

/// The attributes of a license.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct License {
    pub(super) name: Option<String>,
    pub(super) key: Option<String>,
    pub(super) expiry: Option<Timestamp>,
    pub(super) status: Option<String>,
    #[serde(default)]
    pub(super) suspended: bool,
    pub(super) floating: Option<bool>,
    pub(super) max_users: Option<u32>,
    pub(super) max_machines: Option<u32>,
    pub(super) created: Option<Timestamp>,
}

/// The attributes of a product or an entitlement.
#[derive(Deserialize)]
pub(super) struct Named {
    pub(super) name: Option<String>,
    pub(super) code: Option<String>,
}

impl Payload {
    pub(super) fn parse(json: &[u8]) -> Result<Self, KeygenError> {
        let payload: Self = serde_json::from_slice(json).map_err(|error| unfit(&error))?;
        if payload.data.kind != "licenses" {
            return Err(malformed("what is in it is no license"));
        }
        Ok(payload)
    }

    /// When the file was issued and how long it is good; what it says of that twice must agree.
    pub(super) fn freshness(&self) -> Result<Freshness, KeygenError> {
        let Meta {
            issued,
            expiry,
            ttl,
        } = self.meta;
        let by_ttl = match ttl {
            None => None,
            Some(seconds) if seconds > 0 => {
                let end = issued.checked_add(jiff::SignedDuration::from_secs(seconds));
                Some(end.map_err(|_| malformed("`ttl` is out of range"))?)
            }
            Some(_) => return Err(malformed("`ttl` is not a time")),
        };
        let good_until = match (expiry, by_ttl) {
            (Some(expiry), Some(end))
                if expiry.duration_since(end).as_secs().abs() > ROUNDING_S =>
            {
                return Err(malformed("`expiry` is not `issued` and `ttl` together"));
            }
            (Some(end), _) | (None, Some(end)) => Some(end),
            (None, None) => None,
        };
        if good_until.is_some_and(|end| end <= issued) {
            return Err(malformed("it ends before it was issued"));
        }
        Ok(Freshness {
            issued_at: issued,
            good_until,
        })
    }

    pub(super) fn license(&self) -> Result<License, KeygenError> {
        self.data.attributes()
    }

    /// The product: its id, and its attributes where it was included.
    pub(super) fn product(&self) -> Result<(Option<&str>, Option<Named>), KeygenError> {
        let id = self
            .data
            .relationships
            .pointer("/product/data/id")
            .and_then(Value::as_str);
        let is_it = |resource: &&Resource| {
            resource.kind == "products" && id.is_none_or(|id| id == resource.id)
        };
        let included = self.included.iter().find(is_it);
        let named = included.map(Resource::attributes).transpose()?;
        Ok((id.or(included.map(|product| product.id.as_str())), named))
    }

    /// The codes of the entitlements that were included.
    pub(super) fn entitlements(&self) -> Result<Vec<String>, KeygenError> {
        let mut codes = Vec::new();
        for resource in &self.included {
            if resource.kind == "entitlements" {
                let named: Named = resource.attributes()?;
                let code = named
                    .code
                    .ok_or_else(|| malformed("an entitlement has no code"))?;
                if !codes.contains(&code) {
                    codes.push(code);
                }
            }
        }
        let named = self.data.relationships.pointer("/entitlements/data");
        let promised = named.and_then(Value::as_array).map_or(0, Vec::len);
        if codes.is_empty() && promised > 0 {
            return Err(malformed(
                "its entitlements are not in it; check it out with include=entitlements,product",
            ));
        }
        Ok(codes)
    }
}

impl Resource {
    fn attributes<T: DeserializeOwned>(&self) -> Result<T, KeygenError> {
        T::deserialize(&self.attributes).map_err(|error| unfit(&error))
    }
}

/// Serde's words, without the values that it repeats: they may be secret.
fn unfit(error: &serde_json::Error) -> KeygenError {
    let text = error.to_string();
    if text.starts_with("missing field") {
        return KeygenError::Malformed(text);
    }
    malformed("its content is not a license as Keygen writes it")
}

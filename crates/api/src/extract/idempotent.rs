//! Requests that may be repeated safely: JSON bodies, and the key of any request.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderValue, Method, Uri};
use engine::IdempotencyKey;
use serde::de::DeserializeOwned;
use wire::path::header::IDEMPOTENCY_KEY as HEADER;

use super::body::Limit;
use super::json;
use crate::problem::Problem;

/// A JSON body, and the key under which its answer is kept, if the caller gave one.
#[derive(Debug)]
pub(crate) struct Idempotent<T> {
    pub(crate) body: T,
    pub(crate) key: Option<IdempotencyKey>,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Idempotent<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let asked = Asked::of(&request);
        let (bytes, body) = json::read(request, Limit::JSON).await?;
        let key = asked.map(|asked| asked.key(&[&bytes])).transpose()?;
        Ok(Self { body, key })
    }
}

/// What a request that gave a key was for, but its body.
#[derive(Debug)]
pub(super) struct Asked {
    key: HeaderValue,
    method: Method,
    uri: Uri,
}

impl Asked {
    /// None when it gave no key.
    pub(super) fn of(request: &Request) -> Option<Self> {
        Some(Self {
            key: request.headers().get(HEADER)?.clone(),
            method: request.method().clone(),
            uri: request.uri().clone(),
        })
    }

    /// The key, for the request with these parts in its body.
    pub(super) fn key(&self, body: &[&[u8]]) -> Result<IdempotencyKey, Problem> {
        let address = self.uri.path_and_query();
        let address = address.map_or("", |address| address.as_str());
        let mut parts = vec![self.method.as_str().as_bytes(), address.as_bytes()];
        parts.extend_from_slice(body);
        let key = self.key.to_str().map_err(|_| {
            Problem::invalid_field(HEADER, "the idempotency key must be printable ASCII")
        })?;
        IdempotencyKey::new(key, &parts)
            .map_err(|error| Problem::invalid_field(HEADER, error.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callers_know_how_long_a_key_may_be() {
        assert_eq!(wire::path::MAX_IDEMPOTENCY_KEY, IdempotencyKey::MOST);
    }
}

//! JSON bodies of requests that may be repeated safely.

use axum::extract::{FromRequest, Request};
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
        let Some(key) = request.headers().get(HEADER) else {
            let (_, body) = json::read(request, Limit::JSON).await?;
            return Ok(Self { body, key: None });
        };
        let key = key.clone();
        let method = request.method().clone();
        let uri = request.uri().clone();
        let (bytes, body) = json::read(request, Limit::JSON).await?;
        let address = uri.path_and_query().map_or("", |address| address.as_str());
        let parts: [&[u8]; 3] = [method.as_str().as_bytes(), address.as_bytes(), &bytes];
        let key = key
            .to_str()
            .map_err(|_| {
                Problem::invalid_field(HEADER, "the idempotency key must be printable ASCII")
            })
            .and_then(|key| {
                IdempotencyKey::new(key, &parts)
                    .map_err(|error| Problem::invalid_field(HEADER, error.to_string()))
            })?;
        Ok(Self {
            body,
            key: Some(key),
        })
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

//! The variable part of an address.

use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use domain::names::quoted;

use crate::problem::Problem;

/// The one variable part of the address.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::invalid_field("path", error.body_text()))?;
        let Some((_, text)) = params.iter().next() else {
            return Err(Problem::internal(
                "a route without a variable part asks for one",
            ));
        };
        match text.parse() {
            Ok(value) => Ok(Self(value)),
            // What is no text is an id.
            Err(_) => {
                let detail = format!("{} in the address is not an id", quoted(text));
                Err(Problem::invalid_field("path", detail))
            }
        }
    }
}

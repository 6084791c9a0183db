//! The variable part of an address.

use std::fmt::Display;
use std::str::FromStr;

use axum::extract::{FromRequestParts, RawPathParams};
use axum::http::request::Parts;
use domain::names::quoted;

use crate::problem::Problem;

/// The one variable part of the address.
#[derive(Debug)]
pub(crate) struct Path<T>(pub(crate) T);

impl<S: Send + Sync, T: FromStr<Err: Display>> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let params = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|error| Problem::invalid_field("path", error.body_text()))?;
        let Some((name, text)) = params.iter().next() else {
            return Err(Problem::internal(
                "a route without a variable part asks for one",
            ));
        };
        match text.parse() {
            Ok(value) => Ok(Self(value)),
            Err(error) => {
                let text = quoted(text);
                let detail = format!("the address's {name} {text} can't be understood: {error}");
                Err(Problem::invalid_field("path", detail))
            }
        }
    }
}

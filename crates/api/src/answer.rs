//! Answers of handlers.

use axum::http::header::{CONTENT_TYPE, ETAG, LOCATION};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::problem::Problem;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
/// Enough for a granted sign-in with its token, so that its buffer never grows.
const USUAL_SIZE: usize = 1024;

/// A JSON body with a status.
#[derive(Debug)]
pub(crate) struct Answer<T> {
    status: StatusCode,
    body: T,
    version: Option<u32>,
    location: Option<String>,
}

impl<T: Serialize> Answer<T> {
    /// 200.
    pub(crate) const fn ok(body: T) -> Self {
        Self::of(StatusCode::OK, body)
    }

    /// 201.
    pub(crate) const fn created(body: T) -> Self {
        Self::of(StatusCode::CREATED, body)
    }

    /// 202.
    pub(crate) const fn accepted(body: T) -> Self {
        Self::of(StatusCode::ACCEPTED, body)
    }

    /// With the address of what was made, or at which to ask on.
    pub(crate) fn at(mut self, location: String) -> Self {
        self.location = Some(location);
        self
    }

    /// With the version that a change should name (`ETag`).
    pub(crate) const fn with_version(mut self, version: u32) -> Self {
        self.version = Some(version);
        self
    }

    pub(crate) const fn of(status: StatusCode, body: T) -> Self {
        Self {
            status,
            body,
            version: None,
            location: None,
        }
    }
}

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response {
        let mut bytes = Vec::with_capacity(USUAL_SIZE);
        if let Err(error) = serde_json::to_writer(&mut bytes, &self.body) {
            return Problem::internal(error).into_response();
        }
        let mut response = Response::new(Bytes::from(bytes).into());
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, JSON);
        let version = self
            .version
            .and_then(|version| HeaderValue::try_from(format!("\"{version}\"")).ok());
        if let Some(version) = version {
            headers.insert(ETAG, version);
        }
        let location = self
            .location
            .and_then(|location| HeaderValue::try_from(location).ok());
        if let Some(location) = location {
            headers.insert(LOCATION, location);
        }
        response
    }
}

/// 204: it is done, and there is nothing to say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

/// One of two answers.
#[derive(Debug)]
pub(crate) enum Either<A, B> {
    Now(A),
    Later(B),
}

impl<A: IntoResponse, B: IntoResponse> IntoResponse for Either<A, B> {
    fn into_response(self) -> Response {
        match self {
            Self::Now(answer) => answer.into_response(),
            Self::Later(answer) => answer.into_response(),
        }
    }
}

//! The service over HTTP: open routes for installations, limited by address, and routes for administrators.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{ConnectInfo, DefaultBodyLimit, Path, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use license_file::exchange::{ACTIVATE_PATH, MAX_REQUEST, MEDIA_TYPE, PREVIEW_PATH, REFRESH_PATH};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::desk::Address;
use super::limits::{Limits, REQUESTS, WRONG_KEYS};
use super::model::{Items, NewLicenses, Problem, Reissue, Release, Withdrawal};
use super::{Service, ServiceError};

/// Largest body of an administrator, in bytes: a specification.
const MAX_BODY: usize = 4 * 1024 * 1024;

#[derive(Clone)]
struct App(Arc<Parts>);

struct Parts {
    service: Arc<Service>,
    requests: Mutex<Limits>,
    wrong_keys: Mutex<Limits>,
}

type Answer = Result<Response, ServiceError>;

/// The service's interface. It must be served with the address of each connection
/// ([`Router::into_make_service_with_connect_info`] of [`SocketAddr`]).
pub fn router(service: Arc<Service>) -> Router {
    let app = App(Arc::new(Parts {
        service,
        requests: Mutex::new(Limits::new(REQUESTS)),
        wrong_keys: Mutex::new(Limits::new(WRONG_KEYS)),
    }));
    let installations = Router::new()
        .route(PREVIEW_PATH, post(preview))
        .route(ACTIVATE_PATH, post(activate))
        .route(REFRESH_PATH, post(refresh))
        .layer(DefaultBodyLimit::max(MAX_REQUEST));
    let administrators = Router::new()
        .route("/v1/licenses", get(list).post(issue))
        .route("/v1/licenses/{license}", get(detail))
        .route("/v1/licenses/{license}/reissue", post(reissue))
        .route("/v1/licenses/{license}/revoke", post(revoke))
        .route("/v1/licenses/{license}/key", post(rekey))
        .route("/v1/licenses/{license}/release", post(release))
        .route("/v1/activations", get(activations))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    installations
        .merge(administrators)
        .route("/healthz", get(async || "ok\n"))
        .with_state(app)
}

async fn preview(
    State(app): State<App>,
    from: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.exchange(Address::Preview, address(from.0, &headers), body)
        .await
}

async fn activate(
    State(app): State<App>,
    from: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.exchange(Address::Activate, address(from.0, &headers), body)
        .await
}

async fn refresh(
    State(app): State<App>,
    from: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.exchange(Address::Refresh, address(from.0, &headers), body)
        .await
}

/// Who asks: the other end of the connection, or, behind a proxy on this machine, whom that one last saw.
fn address(connection: SocketAddr, headers: &HeaderMap) -> IpAddr {
    let seen = || {
        let value = headers.get_all("x-forwarded-for").iter().next_back()?;
        let last = value.to_str().ok()?.rsplit(',').next()?;
        last.trim().parse().ok()
    };
    let ip = connection.ip();
    ip.is_loopback().then(seen).flatten().unwrap_or(ip)
}

impl App {
    async fn exchange(&self, at: Address, from: IpAddr, body: Bytes) -> Answer {
        let now = Instant::now();
        {
            let mut requests = self
                .0
                .requests
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let wrong_keys = self
                .0
                .wrong_keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let checked = requests.check(from, now);
            // Whoever tried many wrong keys may still refresh what is there.
            let checked = match at {
                Address::Refresh => checked,
                Address::Preview | Address::Activate => checked.and(wrong_keys.check(from, now)),
            };
            if let Err(wait) = checked {
                return Err(ServiceError::TooManyRequests {
                    retry_after_s: wait.as_secs() + 1,
                });
            }
            requests.take(from, now);
        }
        let answer = self
            .blocking(move |service| {
                let text = std::str::from_utf8(&body).unwrap_or_default();
                service.exchange(at, text.trim())
            })
            .await;
        if matches!(answer, Err(ServiceError::UnknownLicenseKey)) {
            let mut wrong_keys = self
                .0
                .wrong_keys
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            wrong_keys.take(from, now);
        }
        let media_type = HeaderValue::from_static(MEDIA_TYPE);
        Ok(([(CONTENT_TYPE, media_type)], answer?).into_response())
    }

    async fn blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Service) -> Result<T, ServiceError> + Send + 'static,
    ) -> Result<T, ServiceError> {
        let service = Arc::clone(&self.0.service);
        let done = tokio::task::spawn_blocking(move || act(&service)).await;
        done.map_err(|error| ServiceError::Damaged(error.to_string()))?
    }

    /// Does something for an administrator.
    async fn administer<T: Serialize + Send + 'static>(
        &self,
        headers: &HeaderMap,
        status: StatusCode,
        act: impl FnOnce(&Service) -> Result<T, ServiceError> + Send + 'static,
    ) -> Answer {
        let token = bearer(headers)
            .ok_or(ServiceError::Unauthorized)?
            .to_owned();
        let answer = self
            .blocking(move |service| {
                if !service.admits(&token)? {
                    return Err(ServiceError::Unauthorized);
                }
                act(service)
            })
            .await?;
        Ok(json(status, &answer))
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then_some(token.trim())
}

/// A body of an administrator; an empty one says nothing.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServiceError> {
    let body = if body.is_empty() { b"{}" } else { body };
    serde_json::from_slice(body)
        .map_err(|error| ServiceError::Invalid(format!("the body: {error}")))
}

fn json(status: StatusCode, answer: &impl Serialize) -> Response {
    let body = serde_json::to_vec(answer).unwrap_or_default();
    let media_type = HeaderValue::from_static("application/json");
    (status, [(CONTENT_TYPE, media_type)], body).into_response()
}

async fn list(State(app): State<App>, headers: HeaderMap) -> Answer {
    app.administer(&headers, StatusCode::OK, |service| {
        Ok(Items {
            items: service.list()?,
        })
    })
    .await
}

async fn issue(State(app): State<App>, headers: HeaderMap, body: Bytes) -> Answer {
    app.administer(&headers, StatusCode::CREATED, move |service| {
        let new: NewLicenses = read(&body)?;
        Ok(Items {
            items: service.issue(&new)?,
        })
    })
    .await
}

async fn detail(State(app): State<App>, Path(license): Path<String>, headers: HeaderMap) -> Answer {
    app.administer(&headers, StatusCode::OK, move |service| {
        service.detail(&license)
    })
    .await
}

async fn reissue(
    State(app): State<App>,
    Path(license): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.administer(&headers, StatusCode::OK, move |service| {
        let change: Reissue = read(&body)?;
        service.reissue(&license, &change)
    })
    .await
}

async fn revoke(
    State(app): State<App>,
    Path(license): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.administer(&headers, StatusCode::OK, move |service| {
        let withdrawal: Withdrawal = read(&body)?;
        service.withdraw(&license, withdrawal.why.as_deref())
    })
    .await
}

async fn rekey(State(app): State<App>, Path(license): Path<String>, headers: HeaderMap) -> Answer {
    app.administer(&headers, StatusCode::OK, move |service| {
        service.rekey(&license)
    })
    .await
}

async fn release(
    State(app): State<App>,
    Path(license): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    app.administer(&headers, StatusCode::OK, move |service| {
        let release: Release = read(&body)?;
        service.release(&license, &release.installation)
    })
    .await
}

async fn activations(State(app): State<App>, headers: HeaderMap) -> Answer {
    app.administer(&headers, StatusCode::OK, |service| {
        Ok(Items {
            items: service.activations()?,
        })
    })
    .await
}

impl IntoResponse for ServiceError {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let detail = if status == StatusCode::SERVICE_UNAVAILABLE {
            tracing::error!(error = %self, "a request could not be answered");
            "the license service can't work with its ledger now; try again later".to_owned()
        } else if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
            "something went wrong in the license service; its log says more".to_owned()
        } else {
            self.to_string()
        };
        let problem = Problem {
            type_uri: format!("urn:seatkeeper:problem:{}", self.code()),
            title: self.code().replace('_', " "),
            status: status.as_u16(),
            code: self.code().to_owned(),
            detail,
        };
        let body = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::TooManyRequests { retry_after_s } = self {
            headers.insert(RETRY_AFTER, HeaderValue::from(retry_after_s));
        }
        response
    }
}

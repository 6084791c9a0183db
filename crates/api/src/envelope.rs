//! What surrounds every request: its id, the net under panics, the written problem, the counters.
//!
//! One layer does all of it, so that a request pays for one more future and no allocation.

use std::any::Any;
use std::convert::Infallible;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::Request;
use axum::http::HeaderValue;
use axum::response::{IntoResponse, Response};
use tower::{Layer, Service};

use crate::metrics::RouteCounters;
use crate::problem::{self, Problem};
use crate::request_id::{self, RequestIds};

/// The layer for one route.
#[derive(Clone, Debug)]
pub(crate) struct Envelope {
    pub(crate) ids: Arc<RequestIds>,
    pub(crate) route: Arc<RouteCounters>,
}

impl<S> Layer<S> for Envelope {
    type Service = Enveloped<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Enveloped {
            envelope: self.clone(),
            inner,
        }
    }
}

/// A service with its [`Envelope`].
#[derive(Clone, Debug)]
pub(crate) struct Enveloped<S> {
    envelope: Envelope,
    inner: S,
}

impl<S, R> Service<Request> for Enveloped<S>
where
    S: Service<Request, Response = R, Error = Infallible>,
    S::Future: Unpin,
    R: IntoResponse,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Answering<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Answering {
            request_id: self.envelope.ids.of(request.headers()),
            slot: RouteCounters::slot(request.method()),
            began: Instant::now(),
            route: Arc::clone(&self.envelope.route),
            inner: self.inner.call(request),
        }
    }
}

/// An answer on its way.
#[derive(Debug)]
pub(crate) struct Answering<F> {
    inner: F,
    request_id: HeaderValue,
    slot: usize,
    began: Instant,
    route: Arc<RouteCounters>,
}

impl<F, R> Future for Answering<F>
where
    F: Future<Output = Result<R, Infallible>> + Unpin,
    R: IntoResponse,
{
    type Output = Result<Response, Infallible>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        // After a panic the inner future is not polled again: this one is ready.
        let polled = catch_unwind(AssertUnwindSafe(|| Pin::new(&mut this.inner).poll(context)));
        let response = match polled {
            Ok(Poll::Pending) => return Poll::Pending,
            Ok(Poll::Ready(Ok(response))) => response.into_response(),
            Err(panic) => Problem::internal(panic_text(&*panic)).into_response(),
        };
        let mut response = problem::written(response, &this.request_id);
        response
            .headers_mut()
            .insert(request_id::HEADER, this.request_id.clone());
        this.route
            .record(this.slot, response.status(), this.began.elapsed());
        Poll::Ready(Ok(response))
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    format!("panicked: {}", text.unwrap_or("(no text)"))
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use axum::body::Body;
    use axum::http::StatusCode;
    use tower::{ServiceExt as _, service_fn};

    use super::*;
    use crate::metrics::{Metrics, Text};

    #[tokio::test]
    async fn a_panic_is_an_internal_error_that_gives_nothing_away() {
        let metrics = Metrics::new();
        let envelope = Envelope {
            ids: Arc::new(RequestIds::new()),
            route: metrics.route("/trap"),
        };
        let trap = service_fn(|_: Request| {
            poll_fn(|_| -> Poll<Result<Response, Infallible>> { panic!("the secret is 42") })
        });
        let answer = envelope
            .layer(trap)
            .oneshot(Request::new(Body::empty()))
            .await
            .unwrap();
        assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = answer.headers()[request_id::HEADER]
            .to_str()
            .unwrap()
            .to_owned();
        let body = axum::body::to_bytes(answer.into_body(), 4096)
            .await
            .unwrap();
        let problem: wire::Problem = serde_json::from_slice(&body).unwrap();
        assert_eq!(
            (problem.code.as_str(), problem.request_id),
            ("internal", Some(id))
        );
        assert!(!problem.detail.contains("42"));
        let mut text = Text::default();
        metrics.write(&mut text);
        let line =
            "seatkeeper_http_requests_total{route=\"/trap\",method=\"GET\",status=\"500\"} 1\n";
        assert!(text.into_string().contains(line));
    }
}

//! The whole interface, one line per address.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::StatusCode;
use bytes::Bytes;
use engine::Engine;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::app::{ApiOptions, App, Parts};
use crate::envelope::Envelope;
use crate::metrics::Metrics;
use crate::request_id::RequestIds;
use crate::{docs, system, v1};

#[rustfmt::skip]
fn all() -> Vec<UtoipaMethodRouter<App>> {
    vec![
        routes!(v1::sessions::create::create_session),
        routes!(v1::sessions::sign_out::sign_out_session),
        routes!(v1::sessions::heartbeat::heartbeat_session),
        routes!(v1::sessions::end::end_session),
        routes!(v1::access::check::check_access),
        routes!(system::healthz::get_health),
        routes!(system::readyz::get_readiness),
        routes!(system::metrics::get_metrics),
        routes!(system::jwks::get_jwks),
        routes!(system::openapi::get_openapi),
        routes!(system::docs::get_docs),
        routes!(system::docs::get_style),
        routes!(system::home::get_home),
    ]
}

/// Builds the interface on an engine.
pub fn router(engine: Engine, options: ApiOptions) -> Router {
    let openapi = openapi(&options);
    let metrics = Metrics::new();
    let ids = Arc::new(RequestIds::new());
    let mut router = OpenApiRouter::<App>::new();
    for (schemas, paths, methods) in all() {
        let path = paths.paths.keys().next().map_or("", String::as_str);
        let envelope = Envelope {
            ids: Arc::clone(&ids),
            route: metrics.route(path),
        };
        router = router.routes((schemas, paths, methods.layer(envelope)));
    }
    let nowhere = Envelope {
        ids,
        route: metrics.route("(none)"),
    };
    let (router, _) = router.split_for_parts();
    let document = serde_json::to_value(&openapi).unwrap_or_default();
    let app = App::new(Parts {
        docs: Bytes::from(docs::page(&document)),
        openapi: Bytes::from(document.to_string()),
        engine,
        options,
        metrics,
    });
    router.fallback(not_found.layer(nowhere)).with_state(app)
}

/// The description of the interface.
pub fn openapi(options: &ApiOptions) -> OpenApi {
    let mut router = OpenApiRouter::<App>::with_openapi(crate::openapi::frame(&options.version));
    for route in all() {
        router = router.routes(route);
    }
    let mut document = router.into_openapi();
    crate::openapi::finish(&mut document);
    document
}

async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

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
        routes!(v1::sessions::create::create_session, v1::sessions::list::list_sessions),
        routes!(v1::sessions::get::get_session, v1::sessions::sign_out::sign_out_session),
        routes!(v1::sessions::heartbeat::heartbeat_session),
        routes!(v1::sessions::end::end_session),
        routes!(v1::sessions::borrow::borrow_session),
        routes!(v1::sessions::give_back::return_session),
        routes!(v1::access::check::check_access),
        routes!(v1::licenses::list::list_licenses),
        routes!(v1::licenses::import::import_licenses),
        routes!(v1::licenses::add::add_license),
        routes!(v1::licenses::refresh::refresh_licenses),
        routes!(v1::licenses::request::request_licenses),
        routes!(v1::license_requests::list_license_requests),
        routes!(v1::licenses::remove_expired::remove_expired_licenses),
        routes!(v1::licenses::delete_all::delete_all_licenses),
        routes!(v1::licenses::get::get_license, v1::licenses::patch::update_license, v1::licenses::remove::remove_license),
        routes!(v1::licenses::accept_agreement::accept_agreement),
        routes!(v1::licenses::replace::replace_license),
        routes!(v1::licenses::replace::replace_licenses),
        routes!(v1::replacements::list::list_replacements),
        routes!(v1::replacements::undo::undo_replacement),
        routes!(v1::licenses::move_seats::move_license_seats),
        routes!(v1::licenses::seats::list_license_seats),
        routes!(v1::licenses::assign_all::assign_all),
        routes!(v1::licenses::assign_missing::assign_missing),
        routes!(v1::licenses::clear_all::clear_all),
        routes!(v1::licenses::cancel_release::cancel_release),
        routes!(v1::grant::grant_seats),
        routes!(v1::recall::recall_seats),
        routes!(v1::products::list::list_products),
        routes!(v1::products::get::get_product),
        routes!(v1::users::list::list_users, v1::users::create::create_user),
        routes!(v1::users::import::import_users),
        routes!(v1::users::move_users::move_users),
        routes!(v1::users::set_active::activate_users),
        routes!(v1::users::set_active::deactivate_users),
        routes!(v1::users::get::get_user, v1::users::patch::update_user, v1::users::delete::delete_user),
        routes!(v1::users::seats::list_user_seats),
        routes!(v1::users::link::link_user),
        routes!(v1::users::unlink::unlink_user),
        routes!(v1::folders::list::list_folders, v1::folders::create::create_folder),
        routes!(v1::folders::get::get_folder, v1::folders::patch::update_folder, v1::folders::delete::delete_folder),
        routes!(v1::jobs::list::list_jobs),
        routes!(v1::jobs::get::get_job, v1::jobs::cancel::cancel_job),
        routes!(v1::jobs::undo::undo_job),
        routes!(v1::denials::list_denials),
        routes!(v1::events::list_events),
        routes!(v1::reports::used::report_use),
        routes!(v1::reports::idle_seats::report_idle_seats),
        routes!(v1::reports::ending::report_ending),
        routes!(v1::reports::people::report_people),
        routes!(v1::audit::verify_audit),
        routes!(v1::policy::get::get_policy, v1::policy::put::put_policy),
        routes!(v1::issuers::list::list_issuers, v1::issuers::trust::trust_issuer),
        routes!(v1::issuers::introduce::introduce_issuer),
        routes!(v1::issuers::distrust::distrust_issuer),
        routes!(v1::issuers::service::set_issuer_service),
        routes!(v1::tokens::list::list_tokens, v1::tokens::create::create_token),
        routes!(v1::tokens::revoke::revoke_token),
        routes!(v1::accounts::list::list_accounts, v1::accounts::create::create_account),
        routes!(v1::accounts::patch::update_account, v1::accounts::delete::delete_account),
        routes!(v1::me::get_me),
        routes!(v1::me::list_my_licenses),
        routes!(v1::backup::take_backup),
        routes!(v1::backup_note::note_backup),
        routes!(system::healthz::get_health),
        routes!(system::readyz::get_readiness),
        routes!(system::metrics::get_metrics),
        routes!(system::jwks::get_jwks),
        routes!(system::openapi::get_openapi),
        routes!(system::docs::get_docs),
        routes!(system::docs::get_style),
    ]
}

/// Builds the interface on an engine.
pub fn router(engine: Engine, options: ApiOptions) -> Router {
    let (document, page) = descriptions(&options);
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
    let app = App::new(Parts {
        engine,
        options,
        metrics,
        openapi: document,
        docs: page,
    });
    router.fallback(not_found.layer(nowhere)).with_state(app)
}

/// The description as a document and as a page, written once.
fn descriptions(options: &ApiOptions) -> (Bytes, Bytes) {
    let document =
        serde_json::to_vec(&openapi(options)).expect("a description is texts and numbers");
    let node = serde_json::from_slice(&document).expect("what was just written is JSON");
    let addresses = all()
        .into_iter()
        .flat_map(|(_, paths, _)| paths.paths.into_keys());
    let page = docs::page(&node, &addresses.collect::<Vec<_>>());
    (document.into(), page.into())
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_address_of_wire_is_served_and_no_other() {
        let document = openapi(&ApiOptions::default());
        let served: BTreeSet<&str> = document.paths.paths.keys().map(String::as_str).collect();
        let known: BTreeSet<&str> = wire::path::ALL.iter().copied().collect();
        assert_eq!(served, known);
    }
}

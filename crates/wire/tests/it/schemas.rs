//! The documentation is made of these types: each field says what it means.

use serde_json::Value;
use utoipa::{OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(components(schemas(
    wire::access::AccessAnswer,
    wire::account::AccountPage,
    wire::account::AccountPatch,
    wire::account::NewAccount,
    wire::audit::AuditReport,
    wire::denial::DenialPage,
    wire::event::EventPage,
    wire::folder::FolderPage,
    wire::folder::FolderPatch,
    wire::folder::NewFolder,
    wire::grant::AssignRequest,
    wire::grant::ClearRequest,
    wire::grant::GrantRequest,
    wire::grant::Granted,
    wire::grant::RecallRequest,
    wire::grant::Recalled,
    wire::health::Health,
    wire::issuer::IssuerPage,
    wire::issuer::IssuerService,
    wire::issuer::TrustIssuerRequest,
    wire::job::Job,
    wire::job::JobStarted,
    wire::job::JobPage,
    wire::jwks::Jwks,
    wire::license::AddLicenseRequest,
    wire::license::AddedLicense,
    wire::license::ImportedLicenses,
    wire::license::RefreshRequest,
    wire::license::RefreshedLicenses,
    wire::license::LicenseDetail,
    wire::license::LicensePage,
    wire::license::LicensePatch,
    wire::license::LicenseRequest,
    wire::license::MoveSeatsRequest,
    wire::license::RemovedLicenses,
    wire::license::Replaced,
    wire::license::ReplaceRequest,
    wire::license::ReplaceLicensesRequest,
    wire::license::MadeRequestPage,
    wire::license::ReplacementPage,
    wire::license::ReplacementUndone,
    wire::license::SeatHolderPage,
    wire::me::Me,
    wire::policy::Policy,
    wire::problem::Problem,
    wire::product::ProductPage,
    wire::report::EndingLicensePage,
    wire::report::IdleSeatPage,
    wire::report::PersonUsePage,
    wire::report::ProductUsePage,
    wire::session::Borrowed,
    wire::session::BorrowRequest,
    wire::session::Returned,
    wire::session::SessionHeld,
    wire::session::SessionPage,
    wire::session::SignedIn,
    wire::session::SignInRequest,
    wire::token::CreatedToken,
    wire::token::NewToken,
    wire::token::TokenPage,
    wire::user::ActivateRequest,
    wire::user::MoveUsersRequest,
    wire::user::NewUser,
    wire::user::UserPage,
    wire::user::UserPatch,
    wire::user::UserSeats,
    wire::user::UsersChanged,
    wire::user::UsersImported,
)))]
struct Document;

fn schemas() -> Value {
    let document = serde_json::to_value(Document::openapi()).unwrap();
    document["components"]["schemas"].clone()
}

#[test]
fn every_field_of_every_type_is_explained() {
    let schemas = schemas();
    let mut fields = 0;
    for (name, schema) in schemas.as_object().unwrap() {
        let parts = schema["allOf"].as_array().cloned().unwrap_or_default();
        for part in parts.iter().chain([schema]) {
            let properties = part["properties"].as_object().cloned().unwrap_or_default();
            for (field, property) in properties {
                let explained = explanation(&property).is_some_and(|text| text.len() > 3);
                assert!(explained, "{name}.{field}: {property}");
                fields += 1;
            }
        }
    }
    assert!(fields > 200, "only {fields} fields were looked at");
}

/// The text of a property. That of an optional reference stands inside, beside the reference.
fn explanation(property: &Value) -> Option<&str> {
    let inside = property["oneOf"].as_array().into_iter().flatten();
    std::iter::once(property)
        .chain(inside)
        .find_map(|place| place["description"].as_str())
}

#[test]
fn every_reference_leads_somewhere() {
    let schemas = schemas();
    let text = schemas.to_string();
    let known = schemas.as_object().unwrap();
    let references = text.split("#/components/schemas/").skip(1);
    for reference in references {
        let name = reference.split('"').next().unwrap();
        assert!(known.contains_key(name), "{name}");
    }
}

#[test]
fn what_a_patch_can_empty_may_be_null_and_nothing_is_required() {
    let schemas = schemas();
    let patch = &schemas["UserPatch"];
    assert_eq!(patch["required"], Value::Null);
    assert_eq!(
        patch["properties"]["name"]["type"],
        serde_json::json!(["string", "null"])
    );
    assert_eq!(patch["properties"]["username"]["type"], "string");
}

#[test]
fn a_secret_and_a_time_are_strings_in_the_documentation() {
    let schemas = schemas();
    assert_eq!(schemas[wire::Secret::name().as_ref()]["type"], "string");
    assert_eq!(schemas[wire::Time::name().as_ref()]["format"], "date-time");
}

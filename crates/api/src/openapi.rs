//! The OpenAPI document: what the routes say of themselves, and what holds for all of them.

use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Ref,
    RefOr, ResponseBuilder,
};
use utoipa::{IntoParams, PartialSchema, ToSchema};

/// How a handler documents that it takes an `Idempotency-Key`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::Idempotent` reads the header"
)]
pub(crate) struct IdempotencyHeader {
    /// Makes the request safe to repeat: for 24 hours the same key gives the same answer. 1 to 255 printable ASCII characters.
    #[param(rename = "Idempotency-Key", value_type = String, required = false)]
    idempotency_key: Option<String>,
}

/// How a handler documents that it takes `If-Match`.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(
    dead_code,
    reason = "only its description is used; `extract::IfMatch` reads the header"
)]
pub(crate) struct IfMatchHeader {
    /// The `ETag` of the version that is meant to be changed; without it whatever there is.
    #[param(rename = "If-Match", value_type = String, required = false)]
    if_match: Option<String>,
}

/// The tags, in the order of reading.
const TAGS: &[(&str, &str)] = &[
    (
        "Sessions",
        "What applications live on: sign in, say that you are still there, sign out.",
    ),
    (
        "Licenses",
        "Licenses come in as signed files; here they are listed, changed, replaced and removed.",
    ),
    (
        "Seats",
        "Who gets which seats: single users or everyone, products or licenses.",
    ),
    (
        "Products",
        "What there are licenses for, with exact counts.",
    ),
    ("Users", "Accounts and the people behind them."),
    ("Folders", "The tree in which users and seats live."),
    ("Jobs", "Work on many users goes on in the background."),
    (
        "Record",
        "Who was denied what, what was changed by whom, and the proof that the record is whole.",
    ),
    (
        "Reports",
        "How much was in use against what is owned, what nobody uses, what ends, and who used what.",
    ),
    (
        "Settings",
        "The policy, the issuers whose licenses are taken, and the tokens that may call this interface.",
    ),
    ("Server", "How the server is, and what it says of itself."),
];

const DESCRIPTION: &str = "\
Manages user licenses: from a signed license file to a user at work.\n\n\
Everything travels as JSON in `snake_case`; times are RFC 3339 in UTC, ids are UUIDs. A request with an unknown field \
is refused. Every request but those of the group Server needs a token: `authorization: Bearer TOKEN`.\n\n\
What is not done is answered with a problem (RFC 9457, `application/problem+json`): a stable `code`, a sentence, and \
the places in the request that are wrong. Nothing was changed then. Every answer has the header `x-request-id`, under \
which the server's log has the request; a request may bring its own.\n\n\
Lists come in pages: `limit` and `after`, which is the `next` of the page before. What people edit has an `ETag`; \
send it back as `If-Match`, and a change in between is noticed. Requests that create take an `Idempotency-Key`, with \
which they can be repeated safely.";

/// The document without the routes.
pub(crate) fn frame(version: &str) -> OpenApi {
    let info = InfoBuilder::new()
        .title("Seatkeeper")
        .version(version)
        .description(Some(DESCRIPTION))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("A token of this installation. Where an operation names a permission, the token's role must include it."))
        .build();
    let components = ComponentsBuilder::new()
        .security_scheme("bearer", SecurityScheme::Http(bearer))
        .schema(wire::Problem::name(), wire::Problem::schema())
        .build();
    let tags = TAGS.iter().map(|(name, text)| {
        TagBuilder::new()
            .name(*name)
            .description(Some(*text))
            .build()
    });
    OpenApiBuilder::new()
        .info(info)
        .components(Some(components))
        .tags(Some(tags))
        .build()
}

/// Adds what holds for every route: the refusals that need no words at each.
pub(crate) fn finish(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.patch,
        ];
        for operation in operations.into_iter().flatten() {
            add_refusals(operation);
        }
    }
}

fn add_refusals(operation: &mut Operation) {
    let parameters = operation.parameters.as_deref().unwrap_or_default();
    if operation.request_body.is_some() || !parameters.is_empty() {
        add(
            operation,
            "400",
            "Something in the request is not as documented; `errors` names it.",
        );
    }
    if operation.request_body.is_some() {
        add(operation, "413", "The body is too large.");
        add(
            operation,
            "415",
            "The body is not of the kind that is taken here.",
        );
    }
    if operation.security.is_some() {
        add(
            operation,
            "401",
            "There is no token, or it is unknown, revoked or expired.",
        );
        add(
            operation,
            "403",
            "The token's role does not include the permission.",
        );
        add(
            operation,
            "503",
            "Too much at once, or the server is stopping; the same request may be sent again.",
        );
    }
    add(
        operation,
        "500",
        "Something went wrong on the server; its log says more under the request id.",
    );
}

fn add(operation: &mut Operation, status: &str, description: &str) {
    let schema = Ref::from_schema_name(wire::Problem::name());
    let content = ContentBuilder::new().schema(Some(schema)).build();
    let response = ResponseBuilder::new()
        .description(description)
        .content(wire::problem::CONTENT_TYPE, content)
        .build();
    let responses = &mut operation.responses.responses;
    responses
        .entry(status.to_owned())
        .or_insert(RefOr::T(response));
}

//! Signing in.

use domain::names::ClientName;
use domain::outcome::GrantedAccess;
use domain::{Ask, Command, ModuleCode, ProductCode, Timestamp, Username};
use store::query::SessionItem;
use wire::session::{Borrowed, LicenseName, SignInRequest, SignedIn};
use wire::{Secret, Via};

use super::names::field;
use super::{time, words};
use crate::problem::Problem;

/// The most modules that one request may name.
const MOST_MODULES: usize = 1000;

/// The command for a request to sign in.
pub(crate) fn sign_in(request: &SignInRequest) -> Result<Command, Problem> {
    Ok(Command::SignIn {
        user: field("/user", Username::parse(&request.user))?,
        product: field("/product", ProductCode::parse(&request.product))?,
        ask: ask("", request.access, &request.modules)?,
        client: match &request.client {
            Some(client) => Some(field("/client", ClientName::parse(client))?),
            None => None,
        },
    })
}

/// What is asked of a seat; `at` is where in the body it stands.
pub(crate) fn ask(
    at: &str,
    access: Option<wire::AccessLevel>,
    modules: &[String],
) -> Result<Ask, Problem> {
    if modules.len() > MOST_MODULES {
        let detail = format!(
            "at most {MOST_MODULES} modules can be asked for; these are {}",
            modules.len()
        );
        return Err(Problem::invalid_field(format!("{at}/modules"), detail));
    }
    let mut parsed = Vec::with_capacity(modules.len());
    for (index, module) in modules.iter().enumerate() {
        let module = ModuleCode::parse(module);
        parsed.push(module.or_else(|error| field(&format!("{at}/modules/{index}"), Err(error)))?);
    }
    Ok(Ask {
        access: access.map(words::to_access),
        modules: parsed,
    })
}

/// A granted sign-in with its token.
pub(crate) fn signed_in(granted: GrantedAccess, token: String) -> Result<SignedIn, Problem> {
    Ok(SignedIn {
        id: granted.session.0,
        user: granted.user.0,
        username: granted.username.into(),
        product: granted.product_code.into(),
        via: via(&granted.via)?,
        license: granted.license.map(|(id, serial)| LicenseName {
            id: id.0,
            serial: serial.into(),
        }),
        access: granted.access.map(words::access),
        modules: words::modules(&granted.modules),
        expires_at: time::time(granted.expires_at),
        heartbeat_after_s: time::seconds(granted.heartbeat_after),
        token: Secret::new(token),
    })
}

/// A borrowed seat with its token.
pub(crate) fn borrowed(granted: GrantedAccess, token: String) -> Result<Borrowed, Problem> {
    let signed_in = signed_in(granted, token)?;
    Ok(Borrowed {
        id: signed_in.id,
        user: signed_in.user,
        username: signed_in.username,
        product: signed_in.product,
        via: signed_in.via,
        license: signed_in.license,
        access: signed_in.access,
        modules: signed_in.modules,
        borrowed_until: signed_in.expires_at,
        token: signed_in.token,
    })
}

/// What carries a session.
pub(crate) fn via(code: &str) -> Result<Via, Problem> {
    Via::from_code(code).ok_or_else(|| Problem::internal(format!("an answer came via {code:?}")))
}

/// A session in a list.
pub(crate) fn session(item: SessionItem, now: Timestamp) -> wire::session::Session {
    let session = item.session;
    // A session past its time-out is over, whether or not anybody has written that down (H2).
    let ended = session.ended.or_else(|| {
        session
            .has_lapsed(now)
            .then_some((session.expires_at, session.lapse_reason()))
    });
    wire::session::Session {
        id: session.id.0,
        user: session.user.0,
        username: item.username.map(String::from).unwrap_or_default(),
        product: item
            .product
            .map(|product| product.code.clone().into())
            .unwrap_or_default(),
        via: match session.via {
            domain::Via::Dedicated { .. } => Via::Dedicated,
            domain::Via::Floating { .. } => Via::Floating,
            domain::Via::Site { .. } => Via::Site,
            domain::Via::Demo => Via::Demo,
        },
        license: session.via.license().map(|id| LicenseName {
            id: id.0,
            serial: item.serial.map(String::from).unwrap_or_default(),
        }),
        started_at: time::time(session.started_at),
        expires_at: time::time(session.expires_at),
        borrowed_until: session
            .loan
            .filter(|_| session.is_borrowed(now))
            .map(|loan| time::time(loan.until)),
        close_reason: session
            .loan
            .filter(|_| session.is_borrowed(now))
            .and_then(|loan| loan.closed)
            .map(|(_, reason)| words::end_reason(reason)),
        client: session.client.map(String::from),
        ended_at: ended.map(|(at, _)| time::time(at)),
        end_reason: ended.map(|(_, reason)| words::end_reason(reason)),
    }
}

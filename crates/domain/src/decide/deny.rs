//! Denials (A9): the most helpful code, and a sentence for each of the two who read it.

use super::access::SignIn;
use super::{Context, Stop, no_seat};
use crate::denial::{Denial, DenialCode};
use crate::ids::ProductId;
use crate::license::State;
use crate::names::Serial;
use crate::outcome::Outcome;
use crate::policy::OverAllocation;
use crate::seat::Seat;
use crate::session::Ask;
use crate::set::{DenialRecord, WorkingSet};
use crate::time::{Millis, Timestamp};
use crate::user::User;

/// A9: why nothing could be given. First what is wrong with the user's own seats, then with
/// the product's licenses.
pub(super) fn why(
    set: &WorkingSet,
    context: &Context<'_>,
    seats: &[Seat],
    product: ProductId,
    ask: &Ask,
) -> Result<DenialCode, Stop> {
    let mut own = Vec::with_capacity(seats.len());
    for seat in seats {
        let license = set.license(seat.license)?;
        own.push(if seat.releasing_since.is_some() {
            DenialCode::ReleasePending
        } else {
            of_state(license.state(context.now, Millis::ZERO))
        });
    }
    let helpful = [
        DenialCode::LicenseExpired,
        DenialCode::LicenseStale,
        DenialCode::NotStarted,
        DenialCode::ReleasePending,
    ];
    if let Some(code) = helpful.into_iter().find(|code| own.contains(code)) {
        return Ok(code);
    }
    let mut states = Vec::new();
    for id in set.licenses_of(product)? {
        let license = set.license(*id)?;
        if license.is_usable(context.now) {
            if license.terms.covers(ask) {
                return Ok(DenialCode::NoFreeSeat);
            }
            states.push(DenialCode::ModuleNotLicensed);
        } else {
            states.push(of_state(license.state(context.now, Millis::ZERO)));
        }
    }
    let order = [
        DenialCode::ModuleNotLicensed,
        DenialCode::LicenseStale,
        DenialCode::NotStarted,
        DenialCode::LicenseExpired,
    ];
    let code = order.into_iter().find(|code| states.contains(code));
    Ok(code.unwrap_or(DenialCode::NotLicensed))
}

const fn of_state(state: State) -> DenialCode {
    match state {
        State::Active | State::Expiring | State::Grace => DenialCode::ModuleNotLicensed,
        State::Expired => DenialCode::LicenseExpired,
        State::Stale => DenialCode::LicenseStale,
        State::Scheduled | State::AwaitingAgreement => DenialCode::NotStarted,
        State::Revoked | State::Removed => DenialCode::NotLicensed,
    }
}

/// The denial, counted and put into words.
pub(super) fn deny(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
    user: Option<&User>,
    product: Option<ProductId>,
    code: DenialCode,
) -> Result<Outcome, Stop> {
    context.note("A9", || format!("denied: {code}"));
    let (user_message, admin_message) = messages(set, context, request, user, product, code)?;
    let denial = Denial {
        code,
        user_message,
        admin_message,
    };
    let known = match user {
        Some(user) => Some(user.id),
        None => set
            .find_username(&request.username.key())?
            .map(|user| user.id),
    };
    set.deny(DenialRecord {
        at: context.now,
        username: request.username.to_string(),
        user: known,
        product: request.product.to_string(),
        code,
        admin_message: denial.admin_message.clone(),
    });
    Ok(Outcome::Denied(denial))
}

/// What the user is told, and what the administrator.
fn messages(
    set: &WorkingSet,
    context: &Context<'_>,
    request: &SignIn<'_>,
    user: Option<&User>,
    product: Option<ProductId>,
    code: DenialCode,
) -> Result<(String, String), Stop> {
    let (name, product_code) = (request.username, request.product);
    Ok(match code {
        DenialCode::UnknownUser => (
            format!("{product_code} does not know you yet. Ask your administrator for an account."),
            format!(
                "There is no account {name}, and the policy auto_add_users is off. Create the \
                 account, or switch the policy on."
            ),
        ),
        DenialCode::UserInactive => (
            "Your account is switched off. Ask your administrator to switch it on.".into(),
            format!("The account {name} is not active. Activate it."),
        ),
        DenialCode::NotLicensed => (
            format!("Your company has no license for {product_code}. Ask your administrator."),
            format!(
                "There is no license for {product_code}. Import one, or check the product code."
            ),
        ),
        DenialCode::OverAllocated => (
            format!(
                "More people are assigned to {product_code} than your company has seats. \
                 Ask your administrator."
            ),
            match set.policy().over_allocation {
                OverAllocation::LockProduct => format!(
                    "More seats of {product_code} are occupied than exist, and the policy locks \
                     the product. Recall seats or add some."
                ),
                OverAllocation::LockUnbacked => format!(
                    "{name} holds a seat of {product_code} beyond what was bought. Recall seats \
                     that were assigned earlier, or add some."
                ),
            },
        ),
        DenialCode::LicenseExpired => (
            format!(
                "The license for {product_code} has expired. Ask your administrator to renew it."
            ),
            format!(
                "The license of {product_code} that {name} would use has expired. Renew or \
                 replace it."
            ),
        ),
        DenialCode::LicenseStale => (
            format!(
                "The license for {product_code} could not be confirmed in time. Ask your \
                 administrator."
            ),
            format!("The license of {product_code} was not revalidated in time. Refresh it."),
        ),
        DenialCode::NotStarted => not_started(request, &waiting(set, context, product)?),
        DenialCode::ModuleNotLicensed => (
            format!(
                "Your license for {product_code} does not include what you opened. \
                 Ask your administrator."
            ),
            format!(
                "No usable license of {product_code} gives {}. Buy it, or assign a license that \
                 does.",
                asked(request.ask)
            ),
        ),
        DenialCode::ReleasePending => (
            format!(
                "Your seat in {product_code} is being given back. Ask your administrator for \
                 another."
            ),
            format!(
                "{name}'s seat of {product_code} is being released and no other is free. Cancel \
                 the release, or assign another."
            ),
        ),
        DenialCode::NoFreeSeat => no_seat::messages(set, context, request, user, product)?,
    })
}

fn asked(ask: &Ask) -> String {
    let access = ask.access.map(|access| format!("{access} access"));
    let modules = ask
        .modules
        .iter()
        .map(|module| format!("the module {module}"));
    let parts: Vec<String> = access.into_iter().chain(modules).collect();
    if parts.is_empty() {
        "what is asked".into()
    } else {
        parts.join(" and ")
    }
}

/// What keeps licenses from having started: the one that will be the first to start, and those
/// whose agreements nobody accepted (L8).
#[derive(Default)]
struct Waiting {
    first: Option<(Timestamp, Serial)>,
    agreements: Vec<Serial>,
}

fn waiting(
    set: &WorkingSet,
    context: &Context<'_>,
    product: Option<ProductId>,
) -> Result<Waiting, Stop> {
    let mut waiting = Waiting::default();
    let Some(product) = product else {
        return Ok(waiting);
    };
    for id in set.licenses_of(product)? {
        let license = set.license(*id)?;
        let serial = license.terms.serial.clone();
        match license.state(context.now, Millis::ZERO) {
            State::Scheduled => {
                let start = (license.terms.starts_at, serial);
                waiting.first = waiting.first.into_iter().chain([start]).min();
            }
            State::AwaitingAgreement => waiting.agreements.push(serial),
            _ => {}
        }
    }
    waiting.agreements.sort();
    Ok(waiting)
}

/// Says whether a date or an agreement is waited for.
fn not_started(request: &SignIn<'_>, waiting: &Waiting) -> (String, String) {
    let product = request.product;
    let start = waiting.first.as_ref().map(|(at, serial)| {
        let date = at.date();
        (
            format!(
                "The license for {product} is in force from {date} on. Ask your administrator."
            ),
            format!("The license {serial} of {product} is scheduled: it starts on {date}."),
        )
    });
    let agreement = waiting.agreements.first().map(|serial| {
        let others = match waiting.agreements.len() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        (
            format!("The agreement for {product} is not accepted yet. Ask your administrator."),
            format!(
                "The agreement of the license {serial}{others} of {product} waits to be accepted. \
                 Accept it."
            ),
        )
    });
    match (agreement, start) {
        (Some((user, agreement)), Some((_, start))) => (user, format!("{agreement} {start}")),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => (
            format!("The license for {product} is not in force yet. Ask your administrator."),
            format!("The license of {product} is not in force yet."),
        ),
    }
}

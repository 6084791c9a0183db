//! Denials (A9): the most helpful code, and a sentence for each of the two who read it.

use super::access::SignIn;
use super::{Context, Stop, no_license, no_seat};
use crate::denial::{Denial, DenialCode};
use crate::ids::ProductId;
use crate::license::State;
use crate::outcome::Outcome;
use crate::policy::OverAllocation;
use crate::seat::Seat;
use crate::session::Ask;
use crate::set::{DenialRecord, WorkingSet};
use crate::time::Millis;
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
        DenialCode::NotLicensed => no_license::not_licensed(set, request, product)?,
        DenialCode::OverAllocated => match set.policy().over_allocation {
            OverAllocation::LockProduct => (
                format!(
                    "More people are assigned to {product_code} than your company has seats. \
                     Ask your administrator."
                ),
                format!(
                    "More seats of {product_code} are occupied than exist, and the policy locks \
                     the product. Recall seats or add some."
                ),
            ),
            OverAllocation::LockUnbacked => {
                no_license::unbacked(set, context, request, user, product)?
            }
        },
        DenialCode::LicenseExpired => {
            let which = match no_license::expired(set, context, user, product)? {
                Some((serial, day)) => {
                    (format!("{serial} of"), format!(": its last day was {day}"))
                }
                None => ("of".into(), String::new()),
            };
            (
                format!(
                    "The license for {product_code} has expired. Ask your administrator to renew \
                     it."
                ),
                format!(
                    "The license {} {product_code} that {name} would use has expired{}. Renew or \
                     replace it.",
                    which.0, which.1
                ),
            )
        }
        DenialCode::LicenseStale => (
            format!(
                "The license for {product_code} could not be confirmed in time. Ask your \
                 administrator."
            ),
            format!("The license of {product_code} was not revalidated in time. Refresh it."),
        ),
        DenialCode::NotStarted => {
            no_license::not_started(request, &no_license::waiting(set, context, product)?)
        }
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
                "{name}'s seat of {product_code} is being released: it is free when the session \
                 on it ends. Cancel the release, or assign a seat of another license."
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

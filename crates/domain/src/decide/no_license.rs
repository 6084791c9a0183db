//! A9 where licenses fail: they never were, are gone, are over, or too small, or have not begun.

use super::access::SignIn;
use super::no_seat::usable_pools;
use super::{Context, Stop};
use crate::ids::ProductId;
use crate::license::{License, State};
use crate::names::Serial;
use crate::set::WorkingSet;
use crate::time::{Millis, Timestamp};
use crate::user::User;

/// Whether there never was a license, or it is gone.
pub(super) fn not_licensed(
    set: &WorkingSet,
    request: &SignIn<'_>,
    product: Option<ProductId>,
) -> Result<(String, String), Stop> {
    let code = request.product;
    let to_user = format!("Your company has no license for {code}. Ask your administrator.");
    for id in product.map_or(Ok(&[][..]), |product| set.licenses_of(product))? {
        let license = set.license(*id)?;
        if license.revoked_at.is_some() {
            let serial = &license.terms.serial;
            let to_administrator = format!(
                "The license {serial} of {code} was revoked, and there is no other. Import one."
            );
            return Ok((to_user, to_administrator));
        }
    }
    let had_any = match product {
        Some(product) => (set.find_product(product)?).is_some_and(|row| row.ever_licensed),
        None => false,
    };
    let to_administrator = if had_any {
        format!(
            "There is no license for {code} any more: those that there were are removed. Import \
             one."
        )
    } else {
        format!("There is no license for {code}. Import one, or check the product code.")
    };
    Ok((to_user, to_administrator))
}

/// What became of a license that is gone.
const fn fate(license: &License) -> Option<&'static str> {
    if license.removed_at.is_some() {
        Some("was removed")
    } else if license.revoked_at.is_some() {
        Some("was revoked")
    } else {
        None
    }
}

/// A3 for the holder of an unbacked seat: of what license, and what helps.
pub(super) fn unbacked(
    set: &WorkingSet,
    context: &Context<'_>,
    request: &SignIn<'_>,
    user: Option<&User>,
    product: Option<ProductId>,
) -> Result<(String, String), Stop> {
    let (name, code) = (request.username, request.product);
    let to_user = format!(
        "Your seat of {code} is beyond what your company has licenses for. Ask your administrator."
    );
    let seat = match (user, product) {
        (Some(user), Some(product)) => set.seats(user.person, product)?.find(|seat| seat.unbacked),
        _ => None,
    };
    let Some(seat) = seat else {
        let to_administrator = format!("{name}'s seat of {code} is beyond what there is.");
        return Ok((to_user, to_administrator));
    };
    let license = set.license(seat.license)?;
    let serial = &license.terms.serial;
    let free: u64 = usable_pools(set, context, request, product)?
        .iter()
        .filter(|(other, _)| other.is_offered())
        .map(|(_, pool)| u64::from(pool.free()))
        .sum();
    let remedy = match free {
        0 => format!("Add seats of {code}"),
        1 => format!("Grant {name} the one that another license has free"),
        _ => format!("Grant {name} one of the {free} that other licenses have free"),
    };
    let to_administrator = match fate(license) {
        Some(fate) => format!(
            "{name}'s seat of {code} is of the license {serial}, which {fate}, and no other had \
             room for it. {remedy}."
        ),
        None => format!(
            "{name}'s seat of {code} is beyond the {} that the license {serial} has. {remedy}, or \
             recall seats of {serial} that were assigned earlier.",
            license.terms.seats
        ),
    };
    Ok((to_user, to_administrator))
}

/// The license that was the last to end, of the user's own seats, else of the product; and its
/// last day, days of grace included.
pub(super) fn expired(
    set: &WorkingSet,
    context: &Context<'_>,
    user: Option<&User>,
    product: Option<ProductId>,
) -> Result<Option<(Serial, String)>, Stop> {
    let Some(product) = product else {
        return Ok(None);
    };
    let mut own = Vec::new();
    if let Some(user) = user {
        own.extend(set.seats(user.person, product)?.map(|seat| seat.license));
    }
    for licenses in [own.as_slice(), set.licenses_of(product)?] {
        let mut last: Option<(Timestamp, &Serial)> = None;
        for id in licenses {
            let license = set.license(*id)?;
            if license.state(context.now, Millis::ZERO) == State::Expired {
                let end = license.terms.expires_at.plus(license.terms.grace);
                last = last.max(Some((end, &license.terms.serial)));
            }
        }
        if let Some((end, serial)) = last {
            return Ok(Some((serial.clone(), end.minus(Millis::seconds(1)).date())));
        }
    }
    Ok(None)
}

/// What keeps licenses from having started: the one that will be the first to start, and those
/// whose agreements nobody accepted (L8).
#[derive(Default)]
pub(super) struct Waiting {
    first: Option<(Timestamp, Serial)>,
    agreements: Vec<Serial>,
}

pub(super) fn waiting(
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
pub(super) fn not_started(request: &SignIn<'_>, waiting: &Waiting) -> (String, String) {
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

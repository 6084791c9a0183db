//! May this user work in this product now? A1 to A9, in this order, the first that answers wins.

use super::grounds::{Grounds, allocate, expired_seat, on_held_seats, on_live_floating, on_site};
use super::record::{Facts, SessionFacts, of_session, record};
use super::{Context, Stop, deny, people, release, sessions};
use crate::command::{FolderRef, NewUser};
use crate::denial::DenialCode;
use crate::event::EventKind;
use crate::ids::ProductId;
use crate::license::Modules;
use crate::names::{ClientName, ProductCode, Title, Username};
use crate::outcome::{GrantedAccess, Outcome};
use crate::policy::OverAllocation;
use crate::product::Product;
use crate::seat::Seat;
use crate::session::{Ask, Session, Via};
use crate::set::WorkingSet;
use crate::time::Timestamp;
use crate::user::User;

/// A sign-in, as it is judged.
pub(super) struct SignIn<'a> {
    pub(super) username: &'a Username,
    pub(super) product: &'a ProductCode,
    pub(super) ask: &'a Ask,
    pub(super) client: Option<&'a ClientName>,
}

/// A1 to A9.
pub(super) fn sign_in(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
) -> Result<Outcome, Stop> {
    let user = match known_user(set, context, request)? {
        Ok(user) => user,
        Err(code) => return deny::deny(set, context, request, None, None, code),
    };
    let known = set.find_product_code(&request.product.key())?;
    let Some(product) = known
        .filter(|product| product.ever_licensed)
        .map(|product| product.id)
    else {
        return unlicensed(set, context, request, &user);
    };
    sessions::reclaim_of(set, context, user.person, product)?;
    match grounds(set, context, request, &user, product)? {
        Ok(grounds) => begin(set, context, request, &user, product, grounds),
        Err(code) => deny::deny(set, context, request, Some(&user), Some(product), code),
    }
}

/// A1: the account, made where the policy says so, or why there is none that may work.
fn known_user(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
) -> Result<Result<User, DenialCode>, Stop> {
    match set.find_username(&request.username.key())?.cloned() {
        Some(user) if user.active => {
            context.note("A1", || {
                format!("{} is a known, active user", user.username)
            });
            Ok(Ok(user))
        }
        Some(user) => {
            context.note("A1", || format!("{} is not active", user.username));
            Ok(Err(DenialCode::UserInactive))
        }
        None if set.policy().auto_add_users => {
            context.note("A1", || format!("{} is new and is added", request.username));
            let new = NewUser {
                username: request.username.clone(),
                name: None,
                email: None,
                folder: FolderRef::Path(Vec::new()),
                active: true,
            };
            people::create(set, context, &new, "added at sign-in").map(Ok)
        }
        None => {
            context.note("A1", || {
                "the user is unknown, and unknown users are not added".into()
            });
            Ok(Err(DenialCode::UnknownUser))
        }
    }
}

/// A2: a product that was never licensed.
fn unlicensed(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
    user: &User,
) -> Result<Outcome, Stop> {
    let seats = set.policy().demo_seats;
    if seats == 0 {
        context.note("A2", || {
            format!("no license for {} ever arrived", request.product)
        });
        return deny::deny(
            set,
            context,
            request,
            Some(user),
            None,
            DenialCode::NotLicensed,
        );
    }
    let product = match set.find_product_code(&request.product.key())? {
        Some(product) => product.id,
        None => {
            let title = Title::parse(request.product.as_str());
            let product = Product {
                id: context.ids.fresh(),
                code: request.product.clone(),
                name: title.expect("a product code is shorter and plainer than a title"),
                modules: std::collections::BTreeSet::new(),
                ever_licensed: false,
                demo_in_use: 0,
            };
            let id = product.id;
            set.put_product(product);
            id
        }
    };
    sessions::reclaim_of(set, context, user.person, product)?;
    let shares = set
        .sessions(user.person, product)?
        .any(|session| session.via == Via::Demo);
    let free = |set: &WorkingSet| -> Result<Option<u32>, Stop> {
        let in_use = set
            .find_product(product)?
            .map_or(0, |product| product.demo_in_use);
        Ok((shares || in_use < seats).then_some(in_use))
    };
    let Some(in_use) = sessions::find_with_reclaim(set, context, product, free)? else {
        context.note("A2", || format!("all {seats} demo seats are in use"));
        return deny::deny(
            set,
            context,
            request,
            Some(user),
            None,
            DenialCode::NotLicensed,
        );
    };
    if !shares && let Some(row) = set.find_product(product)?.cloned() {
        set.put_product(Product {
            demo_in_use: in_use + 1,
            ..row
        });
    }
    context.note("A2", || {
        "not licensed, but the policy gives demo seats".into()
    });
    let grounds = Grounds {
        via: Via::Demo,
        access: None,
        modules: Modules::All,
    };
    begin(set, context, request, user, product, grounds)
}

/// A3 to A8.
fn grounds(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
    user: &User,
    product: ProductId,
) -> Result<Result<Grounds, DenialCode>, Stop> {
    let (ask, now) = (request.ask, context.now);
    if is_locked(set, now, user, product, ask)? {
        // A seat that only lapsed sessions keep locks nobody out (H2).
        let opened = sessions::find_with_reclaim(set, context, product, |set| {
            Ok((!is_locked(set, now, user, product, ask)?).then_some(()))
        })?;
        if opened.is_none() {
            context.note("A3", || match set.policy().over_allocation {
                OverAllocation::LockProduct => {
                    "more seats of the product are occupied than exist".into()
                }
                OverAllocation::LockUnbacked => "the user's seat is beyond what there is".into(),
            });
            return Ok(Err(DenialCode::OverAllocated));
        }
    }
    let seats: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
    if let Some(grounds) = on_held_seats(set, now, &seats, ask)? {
        context.note("A4", || "the user's dedicated seats cover it".into());
        return Ok(Ok(grounds));
    }
    context.note("A4", || "no dedicated seats of the user's cover it".into());
    if let Some(grounds) = on_live_floating(set, now, user, product, ask)? {
        context.note("A5", || "the user's floating seat in use covers it".into());
        return Ok(Ok(grounds));
    }
    if let Some(grounds) = on_site(set, now, product, ask)? {
        context.note("A6", || "a site license covers it".into());
        return Ok(Ok(grounds));
    }
    if let Some(seat) = expired_seat(set, now, &seats)? {
        if !set.policy().renew_at_sign_in {
            context.note("A7", || {
                "the user's seat has expired; nothing is given instead".into()
            });
            return Ok(Err(DenialCode::LicenseExpired));
        }
        context.note("A7", || {
            "the user's seat has expired and is given up".into()
        });
        release::release(set, context, &seat, true, "renewed at sign-in")?;
    }
    match allocate(set, context, user, product, ask)? {
        Some(grounds) => Ok(Ok(grounds)),
        None => {
            context.note("A8", || "no seat can be given automatically".into());
            let left: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
            Ok(Err(deny::why(set, context, &left, product, ask)?))
        }
    }
}

/// A3: whether more seats are occupied than exist, in a way that keeps this user out.
fn is_locked(
    set: &WorkingSet,
    now: Timestamp,
    user: &User,
    product: ProductId,
    ask: &Ask,
) -> Result<bool, Stop> {
    if set.policy().over_allocation == OverAllocation::LockProduct {
        return Ok(set.is_over_allocated(product)?);
    }
    let is_unbacked = |seat: &Seat| seat.unbacked && seat.releasing_since.is_none();
    if !set.seats(user.person, product)?.any(is_unbacked) {
        return Ok(false);
    }
    let seats: Vec<Seat> = set.seats(user.person, product)?.cloned().collect();
    Ok(on_held_seats(set, now, &seats, ask)?.is_none())
}

/// The session begins.
fn begin(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    request: &SignIn<'_>,
    user: &User,
    product: ProductId,
    grounds: Grounds,
) -> Result<Outcome, Stop> {
    let session = Session {
        id: context.ids.fresh(),
        user: user.id,
        person: user.person,
        product,
        via: grounds.via,
        ask: request.ask.clone(),
        client: request.client.cloned(),
        started_at: context.now,
        expires_at: set.policy().lease(context.now),
        loan: None,
        ended: None,
    };
    let license = match grounds.via.license() {
        Some(id) => Some((id, set.license(id)?.terms.serial.clone())),
        None => None,
    };
    let code = set
        .find_product(product)?
        .map(|product| product.code.clone());
    let granted = GrantedAccess {
        session: session.id,
        user: user.id,
        person: user.person,
        username: user.username.clone(),
        product,
        product_code: code.unwrap_or_else(|| request.product.clone()),
        via: grounds.via.code().to_owned(),
        license,
        access: grounds.access,
        modules: grounds.modules,
        expires_at: session.expires_at,
        heartbeat_after: sessions::heartbeat_after(set, context),
    };
    let facts = SessionFacts {
        username: granted.username.as_str(),
        product: granted.product_code.as_str(),
        via: grounds.via.code(),
        serial: granted.license.as_ref().map(|(_, serial)| serial.as_str()),
        client: session.client.as_ref().map(ClientName::as_str),
    };
    record(
        set,
        context,
        EventKind::SessionStarted,
        of_session(&session),
        Facts::after(&facts),
    );
    set.put_session(session);
    Ok(Outcome::SignedIn(granted))
}

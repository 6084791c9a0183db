//! A9 for whom no seat was found: whether all are taken, or some are free and why A8 may not give
//! them.

use std::collections::{BTreeMap, BTreeSet};

use super::access::SignIn;
use super::{Context, Stop, grant};
use crate::ids::{FolderId, ProductId};
use crate::license::{AutoAssign, License, Model};
use crate::names::Serial;
use crate::pool::Pool;
use crate::set::WorkingSet;
use crate::user::User;

/// What keeps a free seat from being given at sign-in, in the order in which it is told.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    /// It stands in a folder that no step of the policy looks into for this user.
    Elsewhere,
    /// The license's auto-assign is not `as_needed` (S9).
    ByHand,
    /// A dedicated seat for certain modules.
    ForModules,
    /// A floating seat for certain modules, which nobody can be given by hand either.
    FloatingForModules,
    /// The policy has no step for the model.
    NoStep,
    /// Another license took the license's place (L10).
    Replaced,
    /// The license's own terms (L6).
    NotAssignable,
    /// Anything else.
    Held,
}

impl Kept {
    /// What to say of such seats, and what can be done.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Elsewhere => ("in other folders", "move free seats"),
            Self::ByHand => ("not given automatically", "assign one by hand"),
            Self::ForModules => ("for certain modules only", "assign one by hand"),
            Self::FloatingForModules => (
                "floating and for certain modules only, which nobody is given",
                "ask the vendor for one with all modules",
            ),
            Self::NoStep => (
                "of a kind that the policy auto_allocation leaves out",
                "add a step, or assign one by hand",
            ),
            Self::Replaced => (
                "of a license that was replaced",
                "use the one that replaced it",
            ),
            Self::NotAssignable => (
                "not to be assigned by the license's terms",
                "ask the vendor",
            ),
            Self::Held => ("not for this user", "assign one by hand"),
        }
    }

    fn told(self, seats: u64, serials: &BTreeSet<&Serial>) -> String {
        let (what, remedy) = self.words();
        let verb = if seats == 1 { "is" } else { "are" };
        let first = serials.first().map(ToString::to_string).unwrap_or_default();
        let others = match serials.len().saturating_sub(1) {
            0 => String::new(),
            count => format!(" and {count} more"),
        };
        format!("{seats} {verb} {what} ({first}{others}): {remedy}")
    }
}

/// What the user and the administrator are told.
pub(super) fn messages(
    set: &WorkingSet,
    context: &Context<'_>,
    request: &SignIn<'_>,
    user: Option<&User>,
    product: Option<ProductId>,
) -> Result<(String, String), Stop> {
    let code = request.product;
    let mut seats = 0;
    let mut kept: BTreeMap<Kept, (u64, BTreeSet<&Serial>)> = BTreeMap::new();
    for (license, pool) in usable_pools(set, context, request, product)? {
        seats += u64::from(pool.size);
        if pool.free() > 0 {
            let (free, serials) = kept.entry(why(set, license, pool, user)).or_default();
            *free += u64::from(pool.free());
            serials.insert(&license.terms.serial);
        }
    }
    if kept.is_empty() {
        return Ok((
            format!("All seats of {code} are taken. Try again later, or ask your administrator."),
            taken(set, request, product, seats)?,
        ));
    }
    let free: u64 = kept.values().map(|(free, _)| free).sum();
    let reasons: Vec<String> = kept
        .iter()
        .map(|(why, (free, serials))| why.told(*free, serials))
        .collect();
    Ok((
        format!("No seat of {code} was given to you. Ask your administrator for one."),
        format!(
            "{free} of {seats} seats of {code} {}, but none may be given to {} at sign-in: {}.",
            if free == 1 { "is free" } else { "are free" },
            request.username,
            reasons.join("; ")
        ),
    ))
}

/// The pools of the product's licenses that are usable and cover what is asked for.
pub(super) fn usable_pools<'a>(
    set: &'a WorkingSet,
    context: &Context<'_>,
    request: &SignIn<'_>,
    product: Option<ProductId>,
) -> Result<Vec<(&'a License, &'a Pool)>, Stop> {
    let mut found = Vec::new();
    for id in product.map_or(Ok(&[][..]), |product| set.licenses_of(product))? {
        let license = set.license(*id)?;
        if license.is_usable(context.now) && license.terms.covers(request.ask) {
            for pool in set.pools_of(*id)? {
                found.push((license, set.pool(*pool)?));
            }
        }
    }
    Ok(found)
}

/// That all are taken, and whether some are out on loan, which nobody can take back (H5).
fn taken(
    set: &WorkingSet,
    request: &SignIn<'_>,
    product: Option<ProductId>,
    seats: u64,
) -> Result<String, Stop> {
    let code = request.product;
    let loans = match product {
        Some(product) if set.policy().borrow_days > 0 => set.borrowed(product)?,
        _ => 0,
    };
    let taken = match seats {
        1 => format!("The only seat of {code} is occupied"),
        _ => format!("All {seats} seats of {code} are occupied"),
    };
    let lent = match loans {
        0 => String::new(),
        1 => ", and one session is borrowed, whose seat has to be returned first".into(),
        _ => format!(", and {loans} sessions are borrowed, whose seats have to be returned first"),
    };
    Ok(format!(
        "{taken}{lent}. Recall a seat, end a session, or buy more."
    ))
}

/// Why a free seat of this pool is not given.
fn why(set: &WorkingSet, license: &License, pool: &Pool, user: Option<&User>) -> Kept {
    let model = license.terms.model;
    let folder_of = |place| user.map_or(FolderId::ROOT, |user| grant::folder_of(place, user));
    let mut steps = (set.policy().auto_allocation.iter()).filter(|step| step.model == model);
    if !license.is_assignable() {
        Kept::NotAssignable
    } else if !license.is_offered() {
        Kept::Replaced
    } else if !license.terms.modules.is_all() && model == Model::Dedicated {
        Kept::ForModules
    } else if !license.terms.modules.is_all() {
        Kept::FloatingForModules
    } else if model == Model::Dedicated && license.auto_assign != AutoAssign::AsNeeded {
        Kept::ByHand
    } else if steps.clone().next().is_none() {
        Kept::NoStep
    } else if !steps.any(|step| folder_of(step.place) == pool.folder) {
        Kept::Elsewhere
    } else {
        Kept::Held
    }
}

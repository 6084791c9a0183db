//! What is done to licenses that are here: removal, withdrawal, agreements, auto-assign
//! (L6 to L9, S9).

use super::record::{Facts, LicenseFacts, of_license, record};
use super::{Context, Stop, ask_for_all, capacity, reach};
use crate::command::Command;
use crate::event::{EventKind, Subject};
use crate::ids::{FolderId, LicenseId};
use crate::license::{Acceptance, AutoAssign, License, Model, Removable};
use crate::outcome::{Displaced, Outcome};
use crate::refusal::Refusal;
use crate::set::WorkingSet;

/// L6, L7, L9: removes one license.
pub(super) fn remove(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    if license.removed_at.is_some() {
        return Ok(Outcome::Removed {
            licenses: Vec::new(),
            displaced: Vec::new(),
        });
    }
    let after_expiry = license.terms.removable == Removable::AfterExpiry;
    if after_expiry && !license.has_expired(context.now) {
        return Err(Refusal::NotRemovable(license.terms.serial.clone()).into());
    }
    let displaced = drop_license(set, context, &license)?;
    Ok(Outcome::Removed {
        licenses: vec![id],
        displaced,
    })
}

fn drop_license(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: &License,
) -> Result<Vec<Displaced>, Stop> {
    let facts = Facts::before(&LicenseFacts::of(license));
    record(
        set,
        context,
        EventKind::LicenseRemoved,
        of_license(license),
        facts,
    );
    set.put_license(License {
        removed_at: Some(context.now),
        version: license.version + 1,
        ..license.clone()
    });
    capacity::fit(set, context, license.id, FolderId::ROOT)
}

/// L7: removes every expired license that the actor reaches.
pub(super) fn remove_expired(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    let (mut licenses, mut displaced) = (Vec::new(), Vec::new());
    let ended = set.all_licenses()?.to_vec();
    ask_for_all(ended.iter().filter_map(|id| set.pools_of(*id).err()))?;
    ask_for_all(ended.iter().filter_map(|id| set.holders_of(*id).err()))?;
    for id in ended {
        let license = set.license(id)?.clone();
        if license.has_expired(context.now) && reach::reaches_license(set, context.actor, id)? {
            displaced.extend(drop_license(set, context, &license)?);
            licenses.push(id);
        }
    }
    Ok(Outcome::Removed {
        licenses,
        displaced,
    })
}

/// L7: removes everything, after the words were typed.
pub(super) fn delete_all(
    set: &mut WorkingSet,
    context: &Context<'_>,
    confirmation: &str,
) -> Result<Outcome, Stop> {
    if confirmation != Command::DELETE_ALL_CONFIRMATION {
        let expected = Command::DELETE_ALL_CONFIRMATION;
        return Err(Refusal::ConfirmationMismatch { expected }.into());
    }
    let totals = set.totals()?;
    let facts = Facts::before(&totals);
    record(
        set,
        context,
        EventKind::AllLicensesDeleted,
        Subject::default(),
        facts,
    );
    set.wipe(context.now);
    Ok(Outcome::DeletedAll(totals))
}

/// L9: withdrawn by its issuer.
pub(super) fn revoke(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
) -> Result<Outcome, Stop> {
    let license = set.find_license(id)?.ok_or(Refusal::UnknownLicense)?;
    let is_gone = license.revoked_at.is_some() || license.removed_at.is_some();
    let displaced = revoke_because(set, context, id, None)?;
    Ok(Outcome::Removed {
        licenses: if is_gone { Vec::new() } else { vec![id] },
        displaced,
    })
}

/// L9: withdrawn by its issuer, for a reason that may be given. Harmless twice.
pub(super) fn revoke_because(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
    why: Option<&str>,
) -> Result<Vec<Displaced>, Stop> {
    let license = set.license(id)?.clone();
    if license.revoked_at.is_some() || license.removed_at.is_some() {
        return Ok(Vec::new());
    }
    let mut facts = Facts::before(&LicenseFacts::of(&license));
    if let Some(why) = why {
        facts = facts.why(why);
    }
    record(
        set,
        context,
        EventKind::LicenseRevoked,
        of_license(&license),
        facts,
    );
    set.put_license(License {
        revoked_at: Some(context.now),
        version: license.version + 1,
        ..license
    });
    capacity::fit(set, context, id, FolderId::ROOT)
}

/// L8.
pub(super) fn accept_agreement(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: LicenseId,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    let Some(agreement) = &license.terms.agreement else {
        return Err(Refusal::NoAgreement(license.terms.serial.clone()).into());
    };
    if license
        .accepted
        .as_ref()
        .is_some_and(|accepted| accepted.hash == agreement.hash)
    {
        return Ok(Outcome::Done(false));
    }
    let acceptance = Acceptance {
        by: context.actor.name.to_string(),
        at: context.now,
        hash: agreement.hash.clone(),
    };
    let facts = Facts::after(&acceptance);
    record(
        set,
        context,
        EventKind::AgreementAccepted,
        of_license(&license),
        facts,
    );
    set.put_license(License {
        accepted: Some(acceptance),
        version: license.version + 1,
        ..license
    });
    Ok(Outcome::Done(true))
}

/// S9. Of floating and site licenses nobody is assigned a seat, so that it would say nothing (A8).
pub(super) fn set_auto_assign(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: LicenseId,
    auto_assign: AutoAssign,
    version: Option<u32>,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    super::check_version(version, license.version)?;
    if license.terms.model != Model::Dedicated {
        return Err(Refusal::NoAutoAssign {
            serial: license.terms.serial.clone(),
            model: license.terms.model,
        }
        .into());
    }
    if license.auto_assign == auto_assign {
        return Ok(Outcome::Done(false));
    }
    let after = License {
        auto_assign,
        version: license.version + 1,
        ..license.clone()
    };
    let facts = Facts::change(&LicenseFacts::of(&license), &LicenseFacts::of(&after));
    record(
        set,
        context,
        EventKind::AutoAssignChanged,
        of_license(&license),
        facts,
    );
    set.put_license(after);
    Ok(Outcome::Done(true))
}

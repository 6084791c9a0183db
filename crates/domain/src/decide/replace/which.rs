//! Which licenses a replacement is about, and whether it may be (L10).

use super::super::{Context, Stop};
use crate::ids::LicenseId;
use crate::license::License;
use crate::refusal::Refusal;
use crate::set::WorkingSet;

/// The licenses with these ids, each once.
pub(super) fn named(set: &WorkingSet, ids: &[LicenseId]) -> Result<Vec<License>, Stop> {
    let mut found: Vec<License> = Vec::with_capacity(ids.len());
    for id in ids {
        let license = set.find_license(*id)?.ok_or(Refusal::UnknownLicense)?;
        if found.iter().all(|one| one.id != license.id) {
            found.push(license.clone());
        }
    }
    Ok(found)
}

/// The licenses that are here of those that new ones say they replace (L1).
pub(super) fn said_to_be_replaced(set: &WorkingSet, new: &[License]) -> Result<Vec<License>, Stop> {
    let mut found: Vec<License> = Vec::new();
    for reference in new.iter().flat_map(|license| &license.terms.replaces) {
        if let Some(license) = set.find_license_ref(&reference.key())?
            && license.removed_at.is_none()
            && found.iter().all(|one| one.id != license.id)
        {
            found.push(license.clone());
        }
    }
    Ok(found)
}

pub(super) fn can_replace(
    old: &License,
    new: &License,
    context: &Context<'_>,
) -> Result<(), Refusal> {
    let why = if old.id == new.id {
        "they are the same license"
    } else if old.product != new.product {
        "they are of different products"
    } else if old.terms.model != new.terms.model {
        "they are of different models"
    } else if old.removed_at.is_some() {
        "the old one was removed"
    } else if !new.is_assignable() {
        "the new one can't be assigned"
    } else if !new.is_usable(context.now) {
        "the new one is not in force"
    } else {
        return Ok(());
    };
    Err(Refusal::CannotReplace {
        old: old.terms.serial.clone(),
        new: new.terms.serial.clone(),
        why,
    })
}

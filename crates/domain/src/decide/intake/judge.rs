//! What one license of a document would come to (L4).

use super::super::{Context, Stop, issuers, timely};
use crate::command::NewLicense;
use crate::license::{License, Terms};
use crate::names::fold;
use crate::outcome::{ImportAnswer, ImportCode};
use crate::set::WorkingSet;

/// L4: what a license of a document would come to.
pub(super) fn judge(
    set: &WorkingSet,
    context: &Context<'_>,
    new: &NewLicense,
) -> Result<ImportAnswer, Stop> {
    let terms = &new.terms;
    let mut answer = ImportAnswer {
        reference: terms.reference.to_string(),
        serial: terms.serial.clone(),
        product: terms.product.clone(),
        file: new.file.as_deref().map(str::to_owned),
        license: None,
        code: ImportCode::Added,
        refusal: None,
        detail: None,
        seats: terms.seats,
        displaced: Vec::new(),
    };
    let unfit = match issuers::not_believed(set, new, context.now)? {
        None => timely::untimely(new, context.now),
        some => some,
    };
    if let Some((code, detail)) = unfit {
        refuse(&mut answer, code, detail);
        return Ok(answer);
    }
    let Some(old) = set.find_license_ref(&terms.reference.key())? else {
        return Ok(answer);
    };
    answer.license = Some(old.id);
    let removed = old.removed_at.is_some();
    let was = &old.terms;
    let refusal = if fold(old.issuer.as_str()) != fold(new.issuer.as_str()) {
        Some((
            "other_issuer",
            format!(
                "it was issued by {}, and {} can't change it",
                old.issuer, new.issuer
            ),
        ))
    } else if was.product.key() != terms.product.key() || was.model != terms.model {
        Some((
            "other_license",
            format!(
                "its id belongs to a {} license of {}; a revision can't change product or model",
                was.model, was.product
            ),
        ))
    } else if terms.revision < was.revision {
        Some((
            "older_revision",
            format!(
                "it has revision {}; revision {} is here already",
                terms.revision, was.revision
            ),
        ))
    } else if terms.revision == was.revision && !same(was, terms) {
        Some((
            "revision_reused",
            format!(
                "revision {} is here already with other terms; a change needs a higher revision",
                was.revision
            ),
        ))
    } else {
        None
    };
    if let Some((code, detail)) = refusal {
        refuse(&mut answer, code, detail);
    } else if !removed && (terms.revision > was.revision || is_signed_anew(set, old, new)?) {
        answer.code = ImportCode::Updated;
    } else if !removed {
        answer.code = ImportCode::Unchanged;
        answer.seats = old.capacity();
    }
    Ok(answer)
}

/// Whether a license that went with its key comes back under a key that is trusted.
fn is_signed_anew(set: &WorkingSet, old: &License, new: &NewLicense) -> Result<bool, Stop> {
    if old.revoked_at.is_none() || old.key == new.key {
        return Ok(false);
    }
    let key = set.find_issuer(&old.key)?;
    Ok(key.is_some_and(|key| key.distrusted_at.is_some() && key.distrusted_at == old.revoked_at))
}

pub(in crate::decide) fn refuse(answer: &mut ImportAnswer, code: &str, detail: String) {
    answer.code = ImportCode::Refused;
    answer.refusal = Some(code.to_owned());
    answer.detail = Some(detail);
}

/// Whether two terms are the same. A start that the issuer left open is the day of issue, and
/// so differs between issues of the same revision; that is no change.
pub(super) fn same(old: &Terms, new: &Terms) -> bool {
    old == new
        || *old
            == Terms {
                starts_at: old.starts_at,
                ..new.clone()
            }
}

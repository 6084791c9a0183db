//! Licenses come, change and go: L3 to L9, I1.

use std::sync::Arc;

use super::record::{Facts, LicenseFacts, of_license, record};
use super::{Context, Stop, capacity};
use crate::command::{Command, NewLicense};
use crate::event::{EventKind, Subject};
use crate::ids::{FolderId, LicenseId, ProductId};
use crate::license::{Acceptance, AutoAssign, License, Modules, Removable, State, Terms};
use crate::names::{CompanyId, fold};
use crate::outcome::{Displaced, ImportAnswer, ImportCode, Outcome};
use crate::policy::Policy;
use crate::product::Product;
use crate::refusal::Refusal;
use crate::set::WorkingSet;
use crate::time::Millis;

/// I1: every license of a document is taken in, or none is.
pub(super) fn import(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    licenses: &[NewLicense],
    customer: Option<&CompanyId>,
    folder: FolderId,
) -> Result<Outcome, Stop> {
    if !set.folder_exists(folder)? {
        return Err(Refusal::UnknownFolder.into());
    }
    if let Some(theirs) = customer {
        belongs_to(set, context, theirs)?;
    }
    let mut answers = Vec::with_capacity(licenses.len());
    for new in licenses {
        answers.push(judge(set, new)?);
    }
    if answers
        .iter()
        .any(|answer| answer.code == ImportCode::Refused)
    {
        return Err(Refusal::ImportRefused(answers).into());
    }
    for (new, answer) in licenses.iter().zip(&mut answers) {
        match answer.code {
            ImportCode::Added | ImportCode::Updated => take_in(set, context, new, folder, answer)?,
            ImportCode::Unchanged | ImportCode::Refused => {}
        }
    }
    Ok(Outcome::Imported(answers))
}

/// L5: the document is for our company. The first one says who we are.
fn belongs_to(set: &mut WorkingSet, context: &Context<'_>, theirs: &CompanyId) -> Result<(), Stop> {
    let policy = set.policy();
    match &policy.company {
        Some(ours) if ours.key() == theirs.key() => Ok(()),
        Some(ours) => Err(Refusal::WrongCompany {
            theirs: theirs.to_string(),
            ours: ours.to_string(),
        }
        .into()),
        None => {
            let after = Policy {
                company: Some(theirs.clone()),
                version: policy.version + 1,
                ..policy.clone()
            };
            let facts = Facts::change(&policy, &after).why("named by the first license document");
            record(
                set,
                context,
                EventKind::PolicyChanged,
                Subject::default(),
                facts,
            );
            set.put_policy(after);
            Ok(())
        }
    }
}

/// L4: what a license of a document would come to.
fn judge(set: &WorkingSet, new: &NewLicense) -> Result<ImportAnswer, Stop> {
    let terms = &new.terms;
    let mut answer = ImportAnswer {
        reference: terms.reference.to_string(),
        serial: terms.serial.clone(),
        license: None,
        code: ImportCode::Added,
        refusal: None,
        detail: None,
        seats: terms.seats,
        displaced: Vec::new(),
    };
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
        answer.code = ImportCode::Refused;
        answer.refusal = Some(code.to_owned());
        answer.detail = Some(detail);
    } else if !removed {
        let newer = terms.revision > was.revision;
        answer.code = if newer {
            ImportCode::Updated
        } else {
            ImportCode::Unchanged
        };
    }
    Ok(answer)
}

/// Whether two terms are the same. A start that the issuer left open is the day of issue, and
/// so differs between issues of the same revision; that is no change.
fn same(old: &Terms, new: &Terms) -> bool {
    old == new
        || *old
            == Terms {
                starts_at: old.starts_at,
                ..new.clone()
            }
}

fn take_in(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewLicense,
    folder: FolderId,
    answer: &mut ImportAnswer,
) -> Result<(), Stop> {
    let product = product_of(set, context, &new.terms)?;
    let old = match answer.license {
        Some(id) => Some(set.license(id)?.clone()),
        None => None,
    };
    let license = match &old {
        Some(old) => License {
            terms: Arc::clone(&new.terms),
            issuer: new.issuer.clone(),
            key: new.key.clone(),
            validated_at: context.now,
            revoked_at: None,
            removed_at: None,
            version: old.version + 1,
            ..old.clone()
        },
        None => License {
            id: context.ids.fresh(),
            product,
            terms: Arc::clone(&new.terms),
            issuer: new.issuer.clone(),
            key: new.key.clone(),
            auto_assign: set.policy().auto_assign_default,
            imported_at: context.now,
            validated_at: context.now,
            accepted: None,
            replaced_by: None,
            revoked_at: None,
            removed_at: None,
            version: 1,
        },
    };
    let (kind, facts) = match &old {
        Some(old) if answer.code == ImportCode::Updated => (
            EventKind::LicenseUpdated,
            Facts::change(&LicenseFacts::of(old), &LicenseFacts::of(&license)),
        ),
        _ => (
            EventKind::LicenseAdded,
            Facts::after(&LicenseFacts::of(&license)),
        ),
    };
    record(set, context, kind, of_license(&license), facts);
    let id = license.id;
    set.put_license(license);
    answer.license = Some(id);
    if old.is_some_and(|old| old.terms.counted_by != new.terms.counted_by) {
        capacity::recount(set, id)?;
    }
    answer.displaced = capacity::fit(set, context, id, folder)?;
    Ok(())
}

fn product_of(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    terms: &Terms,
) -> Result<ProductId, Stop> {
    let known = set.find_product_code(&terms.product.key())?;
    let missing = |product: &Product| match &terms.modules {
        Modules::All => false,
        Modules::Only(modules) => !modules.is_subset(&product.modules),
    };
    if let Some(product) = known
        && product.ever_licensed
        && product.name == terms.product_name
        && !missing(product)
    {
        return Ok(product.id);
    }
    let mut product = known.cloned().unwrap_or_else(|| Product {
        id: context.ids.fresh(),
        code: terms.product.clone(),
        name: terms.product_name.clone(),
        modules: std::collections::BTreeSet::new(),
        ever_licensed: false,
        demo_in_use: 0,
    });
    let is_new = !product.ever_licensed;
    product.name = terms.product_name.clone();
    product.ever_licensed = true;
    if let Modules::Only(modules) = &terms.modules {
        product.modules.extend(modules.iter().cloned());
    }
    let id = product.id;
    if is_new {
        let facts = serde_json::json!({ "product": product.code, "name": product.name });
        let subject = Subject {
            product: Some(id),
            ..Subject::default()
        };
        record(
            set,
            context,
            EventKind::ProductAdded,
            subject,
            Facts::after(&facts),
        );
    }
    set.put_product(product);
    Ok(id)
}

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
    let expired = license.state(context.now, Millis::ZERO) == State::Expired;
    if license.terms.removable == Removable::AfterExpiry && !expired {
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

/// L7: removes every expired license.
pub(super) fn remove_expired(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
) -> Result<Outcome, Stop> {
    let (mut licenses, mut displaced) = (Vec::new(), Vec::new());
    for id in set.all_licenses()?.to_vec() {
        let license = set.license(id)?.clone();
        if license.state(context.now, Millis::ZERO) == State::Expired {
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
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
    if license.revoked_at.is_some() || license.removed_at.is_some() {
        return Ok(Outcome::Removed {
            licenses: Vec::new(),
            displaced: Vec::new(),
        });
    }
    let facts = Facts::before(&LicenseFacts::of(&license));
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
    let displaced = capacity::fit(set, context, id, FolderId::ROOT)?;
    Ok(Outcome::Removed {
        licenses: vec![id],
        displaced,
    })
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

/// S9.
pub(super) fn set_auto_assign(
    set: &mut WorkingSet,
    context: &Context<'_>,
    id: LicenseId,
    auto_assign: AutoAssign,
) -> Result<Outcome, Stop> {
    let license = set
        .find_license(id)?
        .cloned()
        .ok_or(Refusal::UnknownLicense)?;
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

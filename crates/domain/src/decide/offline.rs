//! Requests to issuers and their responses: what is asked here is answered once (I4).

use super::record::{Facts, record};
use super::{Context, Stop, ask_for_all, intake, licenses};
use crate::command::{NewLicense, Withdrawal};
use crate::event::{EventKind, Subject};
use crate::ids::{FolderId, RequestId};
use crate::license::Terms;
use crate::names::{CompanyId, Title, fold};
use crate::outcome::{ImportAnswer, ImportCode, Outcome};
use crate::refusal::Refusal;
use crate::request::{LicenseRequest, ProductVersion};
use crate::set::WorkingSet;

/// I4: a request to an issuer. The company id is remembered.
pub(super) fn request(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    company: Option<&CompanyId>,
    version: ProductVersion,
    issuer: Option<&Title>,
) -> Result<Outcome, Stop> {
    let company = match (company, &set.policy().company) {
        (Some(given), Some(ours)) if given.key() != ours.key() => {
            return Err(Refusal::OtherCompany {
                given: given.to_string(),
                ours: ours.to_string(),
            }
            .into());
        }
        (_, Some(ours)) => ours.clone(),
        (Some(given), None) => given.clone(),
        (None, None) => return Err(Refusal::CompanyMissing.into()),
    };
    let issuer = whose(set, issuer)?;
    intake::belongs_to(set, context, &company, "named in a license request")?;
    let request = LicenseRequest {
        id: context.ids.fresh(),
        at: context.now,
        by: context.actor.name.to_string(),
        company,
        version,
        issuer,
        answered: None,
    };
    let facts = serde_json::json!({
        "request": request.id, "company": request.company, "version": request.version,
        "issuer": request.issuer,
    });
    let kind = EventKind::LicensesRequested;
    record(set, context, kind, Subject::default(), Facts::after(&facts));
    set.put_request(request.clone());
    Ok(Outcome::Requested(request))
}

/// Whose licenses a request is about: of no other issuer is anything told.
fn whose(set: &WorkingSet, named: Option<&Title>) -> Result<Option<Title>, Stop> {
    let here = set.license_issuers()?;
    match (named, here) {
        (Some(name), _) => {
            let known = here
                .iter()
                .find(|one| fold(one.as_str()) == fold(name.as_str()));
            Ok(Some(known.unwrap_or(name).clone()))
        }
        (None, []) => Ok(None),
        (None, [only]) => Ok(Some(only.clone())),
        (None, several) => Err(Refusal::WhichIssuer(several.to_vec()).into()),
    }
}

/// A response, as it is judged.
pub(super) struct Taken<'a> {
    pub(super) request: RequestId,
    pub(super) issuer: &'a Title,
    pub(super) key: &'a str,
    pub(super) company: &'a CompanyId,
    pub(super) licenses: &'a [NewLicense],
    pub(super) withdrawn: &'a [Withdrawal],
    pub(super) folder: FolderId,
}

/// I4: a response adds, extends, shrinks and withdraws in one step, once.
pub(super) fn take(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    taken: &Taken<'_>,
) -> Result<Outcome, Stop> {
    if !set.folder_exists(taken.folder)? {
        return Err(Refusal::UnknownFolder.into());
    }
    let request = open_request(set, taken)?;
    intake::belongs_to(
        set,
        context,
        taken.company,
        "named by the first license document",
    )?;
    let mut answers = intake::judge_all(set, context, taken.licenses)?;
    answers.extend(judge_withdrawals(set, taken)?);
    if answers
        .iter()
        .any(|answer| answer.code == ImportCode::Refused)
    {
        return Err(Refusal::ImportRefused(answers).into());
    }
    let (given, withdrawn) = answers.split_at_mut(taken.licenses.len());
    let codes: Vec<ImportCode> = given
        .iter()
        .zip(taken.licenses)
        .map(|(answer, new)| effect(set, answer, &new.terms))
        .collect::<Result<_, Stop>>()?;
    intake::take_judged(set, context, taken.licenses, taken.folder, given)?;
    for (answer, code) in given.iter_mut().zip(codes) {
        answer.code = code;
    }
    // What is added first gives refuge to those who sit on what is taken back (L9).
    for (answer, one) in withdrawn.iter_mut().zip(taken.withdrawn) {
        if let (ImportCode::Withdrawn, Some(id)) = (answer.code, answer.license) {
            let why = one.reason.as_deref();
            answer.displaced = licenses::revoke_because(set, context, id, why)?;
        }
    }
    note(set, context, taken, &answers);
    set.put_request(LicenseRequest {
        answered: Some((context.now, taken.key.to_owned())),
        ..request
    });
    Ok(Outcome::Imported(answers))
}

/// The request that is answered, if it was made here and is still open.
fn open_request(set: &WorkingSet, taken: &Taken<'_>) -> Result<LicenseRequest, Stop> {
    let request = set
        .find_request(taken.request)?
        .cloned()
        .ok_or(Refusal::UnknownRequest)?;
    if request.answered.is_some() {
        return Err(Refusal::ResponseReplayed.into());
    }
    if let Some(asked) = &request.issuer
        && fold(asked.as_str()) != fold(taken.issuer.as_str())
    {
        return Err(Refusal::AnotherIssuer {
            asked: asked.to_string(),
            answered: taken.issuer.to_string(),
        }
        .into());
    }
    Ok(request)
}

fn judge_withdrawals(set: &WorkingSet, taken: &Taken<'_>) -> Result<Vec<ImportAnswer>, Stop> {
    let keys = taken.withdrawn.iter().map(|one| one.reference.key());
    ask_for_all(keys.filter_map(|key| set.find_license_ref(&key).err()))?;
    let mut answers = Vec::with_capacity(taken.withdrawn.len());
    for one in taken.withdrawn {
        let mut answer = ImportAnswer {
            reference: one.reference.to_string(),
            serial: one.serial.clone(),
            product: one.product.clone(),
            file: None,
            license: None,
            code: ImportCode::Unchanged,
            refusal: None,
            detail: None,
            seats: 0,
            displaced: Vec::new(),
        };
        if let Some(license) = set.find_license_ref(&one.reference.key())? {
            answer.license = Some(license.id);
            if fold(license.issuer.as_str()) != fold(taken.issuer.as_str()) {
                let detail = format!(
                    "it was issued by {}, and {} can't take it back",
                    license.issuer, taken.issuer
                );
                intake::refuse(&mut answer, "other_issuer", detail);
            } else if license.removed_at.is_none() && license.revoked_at.is_none() {
                answer.code = ImportCode::Withdrawn;
            }
        }
        answers.push(answer);
    }
    Ok(answers)
}

/// What new terms do to a license that is here.
fn effect(set: &WorkingSet, answer: &ImportAnswer, new: &Terms) -> Result<ImportCode, Stop> {
    let (ImportCode::Updated, Some(id)) = (answer.code, answer.license) else {
        return Ok(answer.code);
    };
    let old = &set.license(id)?.terms;
    let end = |terms: &Terms| terms.expires_at.plus(terms.grace);
    let less = |a: &Terms, b: &Terms| {
        a.seats < b.seats
            || end(a) < end(b)
            || a.access < b.access
            || !a.modules.includes(&b.modules)
    };
    Ok(if less(new, old) {
        ImportCode::Shrunk
    } else if less(old, new) {
        ImportCode::Extended
    } else {
        ImportCode::Updated
    })
}

fn note(set: &mut WorkingSet, context: &Context<'_>, taken: &Taken<'_>, answers: &[ImportAnswer]) {
    let count = |code| answers.iter().filter(|answer| answer.code == code).count();
    let facts = serde_json::json!({
        "request": taken.request, "issuer": taken.issuer, "key": taken.key,
        "added": count(ImportCode::Added), "extended": count(ImportCode::Extended),
        "shrunk": count(ImportCode::Shrunk), "updated": count(ImportCode::Updated),
        "withdrawn": count(ImportCode::Withdrawn),
    });
    let kind = EventKind::ResponseTaken;
    record(set, context, kind, Subject::default(), Facts::after(&facts));
}

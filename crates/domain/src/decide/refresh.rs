//! Refreshing at the license service (I3): what its word may change, and what it can't.

use super::record::{Facts, of_license, record};
use super::{Context, Stop, intake, licenses};
use crate::event::{EventKind, Subject};
use crate::ids::LicenseId;
use crate::license::License;
use crate::names::Title;
use crate::outcome::{Displaced, ImportCode, Outcome, RefreshAnswer, RefreshCode};
use crate::refresh::{self, Fault, LicenseService, Refresh, ServiceUrl, Word};
use crate::refusal::Refusal;
use crate::set::WorkingSet;

/// I3: takes the word of a license's service. What does not fit is a failed attempt, and takes nothing away.
pub(super) fn take(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    id: LicenseId,
    word: &Word,
) -> Result<Outcome, Stop> {
    let license = set.find_license(id)?.cloned();
    let license = license.ok_or(Refusal::UnknownLicense)?;
    let line = set.find_refresh(id)?.cloned();
    let line = line.unwrap_or_else(|| Refresh::new(id));
    if license.removed_at.is_some() {
        // Whoever removed it does not want to hear of it any more.
        if line.next_at.is_some() {
            set.put_refresh(Refresh {
                next_at: None,
                ..line
            });
        }
        return Ok(Outcome::Done(false));
    }
    let has = license.terms.revision;
    let fails = |fault, detail: String| Taken::Failed(fault, detail);
    let taken = match word {
        Word::Failed { fault, detail } => fails(*fault, detail.clone()),
        Word::Current { revision } | Word::Withdrawn { revision, .. } if *revision < has => fails(
            Fault::OlderRevision,
            format!("it speaks of revision {revision}; revision {has} is here already"),
        ),
        Word::Current { revision } if *revision > has => fails(
            Fault::WrongAnswer,
            format!("it speaks of revision {revision} and did not send it; revision {has} is here"),
        ),
        Word::Current { .. } if license.revoked_at.is_some() => fails(
            Fault::OlderRevision,
            format!("it withdrew revision {has} before; only a higher one brings it back"),
        ),
        Word::Current { .. } => confirm(set, context, &license),
        Word::Withdrawn { why, .. } => withdraw(set, context, &license, why.as_deref())?,
        Word::Renewed {
            license: new,
            customer,
        } => {
            if new.terms.reference.key() == license.terms.reference.key() {
                let new = intake::Incoming {
                    new,
                    customer: customer.as_ref(),
                };
                renew(set, context, &new)?
            } else {
                let other = &new.terms.reference;
                fails(Fault::WrongAnswer, format!("it sent the license {other}"))
            }
        }
    };
    let license = set.license(id)?.clone();
    Ok(finish(set, context, &license, line, taken))
}

/// What a word came to.
enum Taken {
    Confirmed,
    Updated(Vec<Displaced>),
    Withdrawn(Vec<Displaced>),
    Failed(Fault, String),
}

/// Writes down how it stands, and tells administrators what is news.
fn finish(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: &License,
    line: Refresh,
    taken: Taken,
) -> Outcome {
    let (code, fault, displaced) = match taken {
        Taken::Confirmed => (RefreshCode::Confirmed, None, Vec::new()),
        Taken::Updated(displaced) => (RefreshCode::Updated, None, displaced),
        Taken::Withdrawn(displaced) => (RefreshCode::Withdrawn, None, displaced),
        Taken::Failed(fault, detail) => (RefreshCode::Failed, Some((fault, detail)), Vec::new()),
    };
    let trouble = line.trouble.clone();
    let after = match &fault {
        Some((fault, detail)) => {
            let (after, tell) = line.failed(license, *fault, detail, context.now);
            if tell {
                let facts = serde_json::json!({
                    "serial": license.terms.serial,
                    "fault": fault,
                    "days_until_stale": license.days_until_stale(context.now),
                });
                let facts = Facts::after(&facts).why(detail.as_str());
                let of = of_license(license);
                record(set, context, EventKind::LicenseRefreshFailed, of, facts);
            }
            after
        }
        None => line.succeeded(license, context.now),
    };
    if let (None, Some(trouble)) = (&fault, trouble) {
        let facts = serde_json::json!({
            "serial": license.terms.serial,
            "failed_attempts": trouble.attempts,
            "since": trouble.since.as_millis(),
        });
        let of = of_license(license);
        record(
            set,
            context,
            EventKind::LicenseRefreshRecovered,
            of,
            Facts::after(&facts),
        );
    }
    let answer = RefreshAnswer {
        license: license.id,
        serial: license.terms.serial.clone(),
        code,
        fault: fault.as_ref().map(|(fault, _)| *fault),
        detail: fault.map(|(_, detail)| detail),
        seats: license.capacity(),
        expires_at: license.terms.expires_at,
        days_until_stale: license.days_until_stale(context.now),
        next_at: after.next_at,
        displaced,
    };
    set.put_refresh(after);
    Outcome::Refreshed(answer)
}

fn confirm(set: &mut WorkingSet, context: &mut Context<'_>, license: &License) -> Taken {
    let after = License {
        validated_at: context.now.max(license.validated_at),
        version: license.version + 1,
        ..license.clone()
    };
    let facts = serde_json::json!({
        "serial": license.terms.serial,
        "revision": license.terms.revision,
    });
    let of = of_license(license);
    record(
        set,
        context,
        EventKind::LicenseConfirmed,
        of,
        Facts::after(&facts),
    );
    set.put_license(after);
    Taken::Confirmed
}

/// L9: the issuer's own word, and the only one that takes a license away before its time.
fn withdraw(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    license: &License,
    why: Option<&str>,
) -> Result<Taken, Stop> {
    let displaced = licenses::revoke_because(set, context, license.id, why)?;
    Ok(Taken::Withdrawn(displaced))
}

/// L4, L5: the same rules as for a file, but a refusal is a fault of the service.
fn renew(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    incoming: &intake::Incoming<'_>,
) -> Result<Taken, Stop> {
    let answer = match intake::take_one(set, context, incoming) {
        Ok(answer) => answer,
        Err(Stop::Refused(refusal)) => {
            return Ok(Taken::Failed(Fault::Unacceptable, refusal.to_string()));
        }
        Err(need) => return Err(need),
    };
    let detail = answer.detail.clone().unwrap_or_default();
    Ok(match answer.code {
        ImportCode::Added
        | ImportCode::Updated
        | ImportCode::Extended
        | ImportCode::Shrunk
        | ImportCode::Withdrawn => Taken::Updated(answer.displaced),
        ImportCode::Unchanged => match answer.license {
            Some(id) => {
                let license = set.license(id)?.clone();
                if license.revoked_at.is_some() {
                    let detail = format!(
                        "it sent revision {}, which was withdrawn",
                        license.terms.revision
                    );
                    Taken::Failed(Fault::OlderRevision, detail)
                } else {
                    confirm(set, context, &license)
                }
            }
            None => Taken::Failed(Fault::Unacceptable, detail),
        },
        ImportCode::Refused if answer.refusal.as_deref() == Some("older_revision") => {
            Taken::Failed(Fault::OlderRevision, detail)
        }
        ImportCode::Refused => Taken::Failed(Fault::Unacceptable, detail),
    })
}

/// Plans the next refresh of a license that was just taken in (I3).
pub(super) fn plan(set: &mut WorkingSet, license: &License) -> Result<(), Stop> {
    let next_at = refresh::next_after_success(license);
    let is_new = license.version == 1;
    let before = if is_new {
        None
    } else {
        set.find_refresh(license.id)?.cloned()
    };
    match before {
        // Whatever stood in the way: this is as good as a refresh.
        Some(before) => set.put_refresh(Refresh {
            next_at,
            trouble: None,
            ..before
        }),
        None if next_at.is_some() => set.put_refresh(Refresh {
            next_at,
            ..Refresh::new(license.id)
        }),
        None => {}
    }
    Ok(())
}

/// Says where the license service of an issuer is, or that it has none.
pub(super) fn set_service(
    set: &mut WorkingSet,
    context: &Context<'_>,
    issuer: &Title,
    url: Option<&ServiceUrl>,
) -> Result<Outcome, Stop> {
    let key = issuer.key();
    let before = set.find_license_service(&key)?.cloned();
    if before.as_ref().map(|before| &before.url) == url {
        return Ok(Outcome::Done(false));
    }
    let facts = |url: &ServiceUrl| serde_json::json!({ "issuer": issuer, "service": url });
    let facts = match (&before, url) {
        (Some(before), Some(url)) => Facts::change(&facts(&before.url), &facts(url)),
        (Some(before), None) => Facts::before(&facts(&before.url)),
        (None, Some(url)) => Facts::after(&facts(url)),
        (None, None) => return Ok(Outcome::Done(false)),
    };
    let none = Subject::default();
    record(set, context, EventKind::IssuerServiceChanged, none, facts);
    match url {
        Some(url) => set.put_license_service(LicenseService {
            issuer: issuer.clone(),
            url: url.clone(),
            set_at: context.now,
        }),
        None => set.delete_license_service(&key),
    }
    Ok(Outcome::Done(true))
}

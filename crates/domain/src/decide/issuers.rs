//! Whose signatures are believed (L3).

use super::record::{Facts, LicenseFacts, of_license, record};
use super::{Context, Stop, ask_for_all, capacity};
use crate::command::{Introduction, NewLicense};
use crate::event::{EventKind, Subject};
use crate::ids::FolderId;
use crate::issuer::{Issuer, IssuerKind, Period, Standing};
use crate::license::License;
use crate::names::Title;
use crate::outcome::Outcome;
use crate::refusal::Refusal;
use crate::set::WorkingSet;
use crate::time::Timestamp;

/// A key that somebody wants to be trusted.
pub(super) struct NewKey<'a> {
    pub(super) key: &'a str,
    pub(super) name: &'a Title,
    pub(super) kind: IssuerKind,
    pub(super) public_key: &'a str,
    pub(super) period: Option<Period>,
}

/// L3: trusts a key, by hand. One that was distrusted gets back the licenses that went with it.
pub(super) fn trust(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    new: &NewKey<'_>,
) -> Result<Outcome, Stop> {
    let known = set.find_issuer(new.key)?.cloned();
    let before = known.as_ref().filter(|known| known.is_trusted());
    let kept = before.map_or(Period::ALWAYS, |known| known.period);
    let period = new.period.unwrap_or(kept);
    if period.is_empty() {
        return Err(Refusal::EmptyPeriod.into());
    }
    let issuer = Issuer {
        key: new.key.to_owned(),
        name: new.name.clone(),
        kind: new.kind,
        public_key: new.public_key.to_owned(),
        period,
        introduced_by: None,
        trusted_at: context.now,
        distrusted_at: None,
    };
    if let Some(known) = &known {
        let same = Issuer {
            trusted_at: known.trusted_at,
            introduced_by: known.introduced_by.clone(),
            ..issuer.clone()
        };
        if *known == same {
            return Ok(Outcome::Done(false));
        }
    }
    let facts = Facts::after(&facts_of(&issuer));
    record(
        set,
        context,
        EventKind::IssuerTrusted,
        Subject::default(),
        facts,
    );
    set.put_issuer(issuer);
    if let Some(then) = known.and_then(|known| known.distrusted_at) {
        restore(set, context, new.key, then)?;
    }
    Ok(Outcome::Done(true))
}

/// L3: trusts a further key of an issuer, under the name by which the key is trusted that says
/// so. It can shorten the period of that key, never lengthen it. Harmless twice.
pub(super) fn introduce(
    set: &mut WorkingSet,
    context: &Context<'_>,
    new: &Introduction,
) -> Result<Outcome, Stop> {
    let by = trusted(set, &new.by)?.clone();
    let cannot = |why| {
        let key = new.key.clone();
        Err(Refusal::CannotIntroduce { key, why }.into())
    };
    if by.kind != IssuerKind::Seatkeeper {
        return cannot("a Keygen account introduces no keys");
    }
    if new.key == new.by {
        return cannot("it is the key that signed");
    }
    if !by.period.contains(new.issued_at) || !by.period.contains(context.now) {
        return Err(Refusal::KeyNotInForce(by.name).into());
    }
    if new.period.is_empty() {
        return Err(Refusal::EmptyPeriod.into());
    }
    let changed = match set.find_issuer(&new.key)?.cloned() {
        Some(known) if !known.is_trusted() => {
            return Err(Refusal::KeyDistrusted(new.key.clone()).into());
        }
        Some(known) if known.name.key() != by.name.key() => {
            return cannot("it is trusted here as the key of another issuer");
        }
        Some(_) => false,
        None => {
            let issuer = Issuer {
                key: new.key.clone(),
                name: by.name.clone(),
                kind: IssuerKind::Seatkeeper,
                public_key: new.public_key.clone(),
                period: new.period,
                introduced_by: Some(new.by.clone()),
                trusted_at: context.now,
                distrusted_at: None,
            };
            let facts = Facts::after(&facts_of(&issuer));
            let kind = EventKind::IssuerIntroduced;
            record(set, context, kind, Subject::default(), facts);
            set.put_issuer(issuer);
            true
        }
    };
    let shortened = new
        .old_until
        .filter(|end| by.period.until.is_none_or(|until| *end < until));
    if let Some(end) = shortened {
        let after = Issuer {
            period: Period {
                until: Some(end),
                ..by.period
            },
            ..by.clone()
        };
        let facts =
            Facts::change(&facts_of(&by), &facts_of(&after)).why("by a key that it introduced");
        let kind = EventKind::IssuerPeriodChanged;
        record(set, context, kind, Subject::default(), facts);
        set.put_issuer(after);
    }
    Ok(Outcome::Done(changed || shortened.is_some()))
}

/// Trusts a key no longer. What it signed stays, unless it is withdrawn with it: then every such
/// license is revoked (L9), and the answer says who is affected.
pub(super) fn distrust(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    key: &str,
    withdraw: bool,
) -> Result<Outcome, Stop> {
    let issuer = trusted(set, key)?.clone();
    let (mut licenses, mut displaced) = (Vec::new(), Vec::new());
    if withdraw {
        let signed = signed_by(set, key, |license| license.revoked_at.is_none())?;
        // All of them first, so that none gives refuge to another's holders.
        for license in signed {
            let facts =
                Facts::before(&LicenseFacts::of(&license)).why("its key is not trusted any more");
            let kind = EventKind::LicenseRevoked;
            record(set, context, kind, of_license(&license), facts);
            licenses.push(license.id);
            set.put_license(License {
                revoked_at: Some(context.now),
                version: license.version + 1,
                ..license
            });
        }
        for id in &licenses {
            displaced.extend(capacity::fit(set, context, *id, FolderId::ROOT)?);
        }
    }
    let facts = Facts::before(&facts_of(&issuer));
    let kind = EventKind::IssuerDistrusted;
    record(set, context, kind, Subject::default(), facts);
    set.put_issuer(Issuer {
        distrusted_at: Some(context.now),
        ..issuer
    });
    Ok(Outcome::Removed {
        licenses,
        displaced,
    })
}

/// Gives back what went when a key was distrusted at `then`: the same licenses, the same holders.
fn restore(
    set: &mut WorkingSet,
    context: &mut Context<'_>,
    key: &str,
    then: Timestamp,
) -> Result<(), Stop> {
    for license in signed_by(set, key, |license| license.revoked_at == Some(then))? {
        let after = License {
            revoked_at: None,
            version: license.version + 1,
            ..license.clone()
        };
        let id = license.id;
        let facts = Facts::change(&LicenseFacts::of(&license), &LicenseFacts::of(&after))
            .why("its key is trusted again");
        let kind = EventKind::LicenseUpdated;
        record(set, context, kind, of_license(&license), facts);
        set.put_license(after);
        capacity::fit(set, context, id, FolderId::ROOT)?;
    }
    Ok(())
}

/// The licenses that came with a key, with everything that changing their seats will need.
fn signed_by(
    set: &WorkingSet,
    key: &str,
    wanted: impl Fn(&License) -> bool,
) -> Result<Vec<License>, Stop> {
    let mut signed = Vec::new();
    for id in set.licenses_of_key(key)? {
        let license = set.license(*id)?;
        if wanted(license) {
            signed.push(license.clone());
        }
    }
    let ids = || signed.iter().map(|license| license.id);
    ask_for_all(ids().filter_map(|id| set.pools_of(id).err()))?;
    ask_for_all(ids().filter_map(|id| set.holders_of(id).err()))?;
    Ok(signed)
}

/// Why a license that a key signed is not taken in: the key is not trusted, or not at that time.
pub(super) fn not_believed(
    set: &WorkingSet,
    new: &NewLicense,
    now: Timestamp,
) -> Result<Option<(&'static str, String)>, Stop> {
    let key = &new.key;
    let Some(issuer) = set.find_issuer(key)?.filter(|issuer| issuer.is_trusted()) else {
        let detail = format!("it is signed with the key {key}, which is not trusted here");
        return Ok(Some(("unknown_key", detail)));
    };
    let why = match issuer.period.standing(now) {
        standing @ (Standing::NotBegun | Standing::Over) => standing.words(),
        Standing::InForce if issuer.period.contains(new.issued_at) => return Ok(None),
        Standing::InForce => "was not in force when this was issued",
    };
    let detail = format!(
        "the key of {} that signed it {why}; ask for a file that is signed with the present key",
        issuer.name
    );
    Ok(Some(("key_not_in_force", detail)))
}

/// The key, if it is trusted.
fn trusted<'a>(set: &'a WorkingSet, key: &str) -> Result<&'a Issuer, Stop> {
    let known = set.find_issuer(key)?.filter(|issuer| issuer.is_trusted());
    known.ok_or_else(|| Refusal::UnknownIssuer(key.to_owned()).into())
}

fn facts_of(issuer: &Issuer) -> serde_json::Value {
    let mut facts = serde_json::json!({ "key": issuer.key, "name": issuer.name });
    let millis = |at: Option<Timestamp>| at.map(Timestamp::as_millis);
    let mut more = |name: &str, value: serde_json::Value| {
        if !value.is_null() {
            facts[name] = value;
        }
    };
    if issuer.kind != IssuerKind::Seatkeeper {
        more("kind", issuer.kind.code().into());
    }
    more("valid_from", millis(issuer.period.from).into());
    more("valid_until", millis(issuer.period.until).into());
    more("introduced_by", issuer.introduced_by.clone().into());
    facts
}

//! Whose signatures are believed (L3).

use super::record::{Facts, record};
use super::{Context, Stop};
use crate::event::{EventKind, Subject};
use crate::issuer::{Issuer, IssuerKind, Period};
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

/// L3: trusts a key, by hand; also one that was distrusted.
pub(super) fn trust(
    set: &mut WorkingSet,
    context: &Context<'_>,
    new: &NewKey<'_>,
) -> Result<Outcome, Stop> {
    let known = set.find_issuer(new.key)?;
    let before = known.filter(|known| known.is_trusted());
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
    if let Some(known) = known {
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
    Ok(Outcome::Done(true))
}

/// Trusts a key no longer. What it signed before stays.
pub(super) fn distrust(
    set: &mut WorkingSet,
    context: &Context<'_>,
    key: &str,
) -> Result<Outcome, Stop> {
    let issuer = trusted(set, key)?.clone();
    let facts = Facts::before(&facts_of(&issuer));
    record(
        set,
        context,
        EventKind::IssuerDistrusted,
        Subject::default(),
        facts,
    );
    set.put_issuer(Issuer {
        distrusted_at: Some(context.now),
        ..issuer
    });
    Ok(Outcome::Done(true))
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

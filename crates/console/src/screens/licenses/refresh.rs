//! `POST /licenses/refresh`: what the license services say now (I3), of the chosen licenses or of
//! all that can be refreshed; and how the refreshing of one license stands.

use std::collections::HashMap;
use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use domain::outcome::{RefreshAnswer, RefreshCode};
use domain::refresh::Refresh;
use domain::{License, LicenseId, Terms, Timestamp};
use engine::Moment;
use store::{Reader, StoreError};

use super::import::{fates, names_of};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Section, Shell, Tone, framed};
use crate::texts::Texts;
use crate::ui::{Badge, Line, Tally};

/// From so few days on it bites soon.
const FEW_DAYS: u32 = 3;

#[derive(Template)]
#[template(path = "licenses/refreshed.html")]
struct RefreshedPage {
    t: &'static Texts,
    shell: Shell,
    tallies: Vec<Tally>,
    rows: Vec<Row>,
}

struct Row {
    id: LicenseId,
    serial: String,
    badge: Badge,
    detail: Option<String>,
    seats: u64,
    /// How many it had before, where that is another number.
    seats_before: Option<u64>,
    end: Option<Timestamp>,
    /// When it ended before, where that is another day.
    end_before: Option<Timestamp>,
    days_left: Option<u32>,
    next: Option<Timestamp>,
    lines: Vec<Line>,
}

/// Asks the services, and shows what each said.
pub(crate) async fn refresh(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let licenses: Vec<LicenseId> = fields.ids("id");
    if licenses.is_empty() && !fields.has("all") {
        let status = axum::http::StatusCode::BAD_REQUEST;
        return Err(Fault::said(status, t.licenses.none_chosen));
    }
    let named = licenses.clone();
    let before = app.ask(&me, move |reader| terms_of(reader, named)).await?;
    let answers = app.engine.refresh(me.actor(), licenses).await?;
    let tallies = RefreshCode::ALL.iter().filter_map(|code| {
        let count = answers.iter().filter(|answer| answer.code == *code).count() as u64;
        let Badge { tone, word } = said(t, *code);
        (count > 0).then(|| Tally {
            count,
            what: word.to_owned(),
            tone,
        })
    });
    let tallies = tallies.collect();
    let rows = app
        .ask(&me, move |reader| {
            let rows = answers
                .into_iter()
                .map(|answer| row(reader, t, answer, &before));
            rows.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let page = RefreshedPage {
        t,
        shell: me.shell(Section::Licenses),
        tallies,
        rows,
    };
    Ok(framed(&page, &page.shell))
}

fn said(t: &Texts, code: RefreshCode) -> Badge {
    let (tone, word) = match code {
        RefreshCode::Confirmed => (Tone::Good, t.intake.confirmed),
        RefreshCode::Updated => (Tone::Info, t.intake.updated),
        RefreshCode::Withdrawn => (Tone::Bad, t.intake.withdrawn),
        RefreshCode::Failed => (Tone::Warn, t.intake.failed),
    };
    Badge { tone, word }
}

/// What licenses grant, to tell afterwards what changed: of these, or of all.
fn terms_of(
    reader: &mut Reader<'_>,
    named: Vec<LicenseId>,
) -> Result<HashMap<LicenseId, Arc<Terms>>, StoreError> {
    let ids = if named.is_empty() {
        reader.refreshable_licenses()?
    } else {
        named
    };
    let mut found = HashMap::with_capacity(ids.len());
    for id in ids {
        if let Some(detail) = reader.find_license(id)? {
            found.insert(id, detail.license.terms);
        }
    }
    Ok(found)
}

fn row(
    reader: &mut Reader<'_>,
    t: &Texts,
    answer: RefreshAnswer,
    before: &HashMap<LicenseId, Arc<Terms>>,
) -> Result<Row, StoreError> {
    let before = before.get(&answer.license);
    let names = names_of(reader, &answer.displaced)?;
    Ok(Row {
        id: answer.license,
        serial: answer.serial.to_string(),
        badge: said(t, answer.code),
        detail: answer.detail.as_deref().map(sentence),
        seats: u64::from(answer.seats),
        seats_before: before
            .filter(|terms| terms.seats != answer.seats)
            .map(|terms| u64::from(terms.seats)),
        end_before: before
            .map(|terms| terms.expires_at)
            .filter(|end| *end != answer.expires_at && *end != Timestamp::FOREVER),
        end: (answer.expires_at != Timestamp::FOREVER).then_some(answer.expires_at),
        days_left: answer.days_until_stale,
        next: answer.next_at,
        lines: fates(t, &answer.displaced, &names),
    })
}

/// How the refreshing of a license stands, for its page.
pub(super) struct Standing {
    /// The address of its issuer's service.
    pub(super) service: Option<String>,
    pub(super) confirmed: Option<Timestamp>,
    pub(super) next: Option<Timestamp>,
    pub(super) days_left: Option<u32>,
    /// What is said while something stands in the way, or the end is near.
    pub(super) warning: Option<(Tone, String)>,
    pub(super) trouble: Option<Failing>,
}

/// Attempts that failed.
pub(super) struct Failing {
    pub(super) count: String,
    pub(super) since: Timestamp,
    pub(super) detail: String,
}

/// How it stands; none where there is neither a service nor anything to confirm.
pub(super) fn standing(
    reader: &mut Reader<'_>,
    t: &Texts,
    moment: Moment,
    license: &License,
    refresh: Option<&Refresh>,
) -> Result<Option<Standing>, StoreError> {
    let issuer = license.issuer.key();
    let services = reader.license_services()?;
    let service = services.iter().find(|known| known.issuer.key() == issuer);
    let must = license.terms.revalidate_every.is_some();
    if service.is_none() && !must || license.removed_at.is_some() {
        return Ok(None);
    }
    let trouble = refresh.and_then(|refresh| refresh.trouble.as_ref());
    Ok(Some(Standing {
        service: service.map(|service| service.url.to_string()),
        confirmed: refresh
            .and_then(|refresh| refresh.succeeded_at)
            .or_else(|| must.then_some(license.validated_at)),
        next: refresh.and_then(|refresh| refresh.next_at),
        days_left: license.days_until_stale(moment.now),
        warning: warning(t, moment, license, refresh),
        trouble: trouble.map(|trouble| Failing {
            count: t.intake.trouble.n(trouble.attempts),
            since: trouble.since,
            detail: sentence(&trouble.detail),
        }),
    }))
}

/// How many days a license works on without being confirmed (I3): told from the first failed
/// attempt on, and within the warning period anyway.
pub(super) fn warning(
    t: &Texts,
    moment: Moment,
    license: &License,
    refresh: Option<&Refresh>,
) -> Option<(Tone, String)> {
    let ended = license.removed_at.is_some() || license.revoked_at.is_some();
    let days = license.days_until_stale(moment.now).filter(|_| !ended)?;
    let fails = refresh.is_some_and(|refresh| refresh.trouble.is_some());
    let near = i64::from(days) <= moment.warn_before.as_days();
    // What refreshes itself well is no news.
    let is_told = fails || (near && refresh.is_none_or(|refresh| refresh.next_at.is_none()));
    if !is_told || days == 0 {
        return None;
    }
    let tone = if days <= FEW_DAYS {
        Tone::Bad
    } else {
        Tone::Warn
    };
    Some((tone, t.intake.stale_in.n(days)))
}

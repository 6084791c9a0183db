//! `GET /licenses/{id}`: one license, who holds its seats, who could, and what was done to it.

use askama::Template;
use axum::extract::{Path, State};
use domain::coming::{ComingTerm, coming_term};
use domain::license::{AutoAssign, CountedBy, Removable};
use domain::{LicenseId, Model, Permission, PersonName, State as LicenseState, Timestamp};
use engine::Moment;
use store::query::{
    EventFilter, LicenseDetail, LicenseFilter, LicenseSort, Paging, SeatHolder, UserFilter,
    UserItem,
};
use store::{Reader, StoreError};

use super::refresh::{self, Standing};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fault::Fault;
use crate::fields::Asked;
use crate::page::{Answer, Section, Shell, framed};
use crate::screens::first_steps::{self, FirstSteps};
use crate::screens::sentences::{self, Told};
use crate::texts::Texts;
use crate::ui::{Badge, Bar, state_badge};

const HOLDERS: u32 = 50;
const CANDIDATES: u32 = 12;
const EVENTS: u32 = 15;

#[derive(Template)]
#[template(path = "licenses/one.html")]
struct OnePage {
    t: &'static Texts,
    shell: Shell,
    steps: Option<FirstSteps>,
    may_manage: bool,
    id: String,
    here: String,
    serial: String,
    product: String,
    product_code: String,
    badge: Badge,
    tone: &'static str,
    icon: &'static str,
    why: &'static str,
    term: Option<ComingTerm>,
    model: &'static str,
    access: &'static str,
    modules: String,
    starts: Timestamp,
    end: Option<Timestamp>,
    grace_days: i64,
    issuer: String,
    key: String,
    reference: String,
    revision: u64,
    imported: Timestamp,
    assignable: bool,
    removable: &'static str,
    counted: Option<&'static str>,
    replaced_by: Option<(String, String)>,
    renewal: Option<Standing>,
    agreement: Option<AgreementPart>,
    /// None: a site license, which has no seats.
    seats: Option<SeatPart>,
    is_dedicated: bool,
    auto: Vec<(&'static str, &'static str, bool)>,
    pools: Vec<PoolRow>,
    holders: Vec<HolderRow>,
    next_holders: Option<String>,
    q: String,
    candidates: Vec<Candidate>,
    events: Vec<Told>,
    sees_events: bool,
}

struct AgreementPart {
    text: String,
    accepted: Option<(String, Timestamp)>,
}

struct SeatPart {
    all: u64,
    occupied: u64,
    free: u64,
    releasing: u64,
    over: u64,
    bar: Bar,
}

struct PoolRow {
    path: String,
    size: u64,
    occupied: u64,
    free: u64,
    over: u64,
}

struct HolderRow {
    user: Option<String>,
    username: String,
    name: String,
    folder: String,
    since: Timestamp,
    last_active: Option<Timestamp>,
    sources: String,
    releasing: bool,
    unbacked: bool,
    borrowed_until: Option<Timestamp>,
}

/// Somebody who could be given a seat.
struct Candidate {
    id: String,
    username: String,
    name: String,
    folder: String,
    active: bool,
    holds: bool,
    /// Another license of the product of which they hold a seat.
    covered: Option<String>,
}

struct Found {
    detail: LicenseDetail,
    term: Option<ComingTerm>,
    replaced_by: Option<(String, String)>,
    renewal: Option<Standing>,
    holders: Vec<SeatHolder>,
    next_holders: Option<String>,
    candidates: Vec<Candidate>,
    events: Vec<Told>,
}

/// The page.
pub(crate) async fn show(
    me: Signed<ViewLicenses>,
    State(app): State<App>,
    Path(id): Path<String>,
    asked: Asked,
) -> Answer {
    let t = me.texts();
    let moment = app.engine.moment();
    let id: LicenseId = id.parse().map_err(|_| Fault::not_found())?;
    let q = asked.text("q").to_owned();
    let holders = Paging {
        limit: HOLDERS,
        after: asked.filled("after").map(str::to_owned),
    };
    let wanted = q.clone();
    let sees_events = me.may(Permission::ViewAudit);
    let found = app
        .ask(&me, move |reader| {
            gather(reader, t, moment, id, &wanted, &holders, sees_events)
        })
        .await?;
    let found = found.ok_or_else(Fault::not_found)?;
    let steps = first_steps::of(&me, &app).await?;
    let page = page(&me, moment, q, found, sees_events, steps);
    Ok(framed(&page, &page.shell))
}

fn gather(
    reader: &mut Reader<'_>,
    t: &'static Texts,
    moment: Moment,
    id: LicenseId,
    q: &str,
    holders: &Paging,
    sees_events: bool,
) -> Result<Option<Found>, StoreError> {
    let Some(detail) = reader.find_license(id)? else {
        return Ok(None);
    };
    let license = &detail.license;
    let replaced_by = match license.replaced_by {
        Some(by) => reader.find_license(by)?.map(|new| {
            let serial = new.license.terms.serial.as_str().to_owned();
            (by.to_string(), serial)
        }),
        None => None,
    };
    let state = license.state(moment.now, moment.warn_before);
    let ends = matches!(state, LicenseState::Expiring | LicenseState::Grace);
    let term = if ends && license.terms.model == Model::Dedicated {
        let filter = LicenseFilter {
            product: Some(license.product),
            model: Some(license.terms.model),
            ..LicenseFilter::default()
        };
        let (sort, most) = (LicenseSort::ExpiresAtDown, Paging::first(200));
        let others = reader.licenses(&filter, sort, moment.now, moment.warn_before, &most)?;
        let others = others
            .items
            .iter()
            .map(|item| (&item.license, item.seats.free));
        Some(coming_term(license, detail.seats.occupied, others))
    } else {
        None
    };
    let page = reader.seats_of_license(id, holders)?;
    let mut candidates = Vec::new();
    if license.terms.model == Model::Dedicated && license.removed_at.is_none() {
        let filter = UserFilter {
            q: Some(q.to_owned()).filter(|q| !q.is_empty()),
            active: q.is_empty().then_some(true),
            unlicensed: q.is_empty().then_some(license.product),
            ..UserFilter::default()
        };
        for item in reader.users(&filter, &Paging::first(CANDIDATES))?.items {
            candidates.push(candidate(reader, &detail, item)?);
        }
    }
    let mut events = Vec::new();
    if sees_events {
        let filter = EventFilter {
            license: Some(id),
            acts_only: true,
            ..EventFilter::default()
        };
        let found = reader.events(&filter, &Paging::first(EVENTS))?;
        events = sentences::tell(reader, t, found.items)?;
    }
    let renewal = refresh::standing(reader, t, moment, &detail.license, detail.refresh.as_ref())?;
    Ok(Some(Found {
        term,
        renewal,
        replaced_by,
        holders: page.items,
        next_holders: page.next,
        candidates,
        events,
        detail,
    }))
}

fn candidate(
    reader: &mut Reader<'_>,
    detail: &LicenseDetail,
    item: UserItem,
) -> Result<Candidate, StoreError> {
    let held = reader.seats_of_person(item.user.person)?;
    let mut of_product = held
        .iter()
        .filter(|held| held.license.product == detail.license.product);
    let holds = held.iter().any(|held| held.license.id == detail.license.id);
    Ok(Candidate {
        id: item.user.id.to_string(),
        username: item.user.username.as_str().to_owned(),
        name: item
            .user
            .name
            .map(|name| name.as_str().to_owned())
            .unwrap_or_default(),
        folder: item.path,
        active: item.user.active,
        covered: of_product
            .next()
            .filter(|_| !holds)
            .map(|held| held.license.terms.serial.as_str().to_owned()),
        holds,
    })
}

fn page(
    me: &Signed<ViewLicenses>,
    moment: Moment,
    q: String,
    found: Found,
    sees_events: bool,
    steps: Option<FirstSteps>,
) -> OnePage {
    let t = me.texts();
    let LicenseDetail {
        license,
        seats,
        pools,
        ..
    } = found.detail;
    let state = license.state(moment.now, moment.warn_before);
    let badge = state_badge(t, state);
    let terms = &license.terms;
    let is_floating = terms.model == Model::Floating;
    let backed = seats.occupied - seats.unbacked;
    let seat_part = SeatPart {
        all: u64::from(license.capacity()),
        occupied: seats.occupied,
        free: seats.free,
        releasing: seats.releasing,
        over: seats.unbacked,
        bar: Bar {
            used: if is_floating { backed } else { 0 },
            held: if is_floating { 0 } else { backed },
            free: seats.free,
            over: seats.unbacked,
            thin: false,
        },
    };
    let auto = AutoAssign::ALL.iter().map(|auto| {
        (
            auto.code(),
            t.auto_assign(*auto),
            license.auto_assign == *auto,
        )
    });
    let pools = pools.into_iter().map(|item| {
        let (size, occupied) = (u64::from(item.pool.size), u64::from(item.pool.occupied));
        PoolRow {
            path: item.path,
            size,
            occupied,
            free: size.saturating_sub(occupied),
            over: occupied.saturating_sub(size),
        }
    });
    let holders = found.holders.into_iter().map(|holder| row(t, holder));
    let id = license.id.to_string();
    OnePage {
        t,
        shell: me.shell(Section::Licenses),
        steps,
        may_manage: me.may(Permission::ManageLicenses) && license.removed_at.is_none(),
        here: format!("/licenses/{id}"),
        serial: terms.serial.as_str().to_owned(),
        product: terms.product_name.as_str().to_owned(),
        product_code: terms.product.as_str().to_owned(),
        badge,
        tone: badge.tone.class(),
        icon: badge.tone.icon(),
        why: t.why(state),
        term: found.term,
        model: t.model(terms.model),
        access: t.access(terms.access),
        modules: t.modules(&terms.modules),
        starts: terms.starts_at,
        end: (terms.expires_at != Timestamp::FOREVER).then_some(terms.expires_at),
        grace_days: terms.grace.as_days(),
        issuer: license.issuer.as_str().to_owned(),
        key: license.key.clone(),
        reference: terms.reference.as_str().to_owned(),
        revision: terms.revision,
        imported: license.imported_at,
        assignable: license.is_assignable(),
        removable: match terms.removable {
            Removable::Always => t.licenses.removable_always,
            Removable::AfterExpiry => t.licenses.removable_after,
        },
        counted: is_floating.then_some(match terms.counted_by {
            CountedBy::User => t.licenses.counted_user,
            CountedBy::Session => t.licenses.counted_session,
        }),
        replaced_by: found.replaced_by,
        renewal: found.renewal,
        agreement: terms.agreement.as_ref().map(|agreement| AgreementPart {
            text: agreement.text.clone(),
            accepted: license
                .accepted
                .as_ref()
                .filter(|accepted| accepted.hash == agreement.hash)
                .map(|accepted| (accepted.by.clone(), accepted.at)),
        }),
        seats: (terms.model != Model::Site).then_some(seat_part),
        is_dedicated: terms.model == Model::Dedicated,
        auto: auto.collect(),
        pools: pools.collect(),
        holders: holders.collect(),
        next_holders: found.next_holders,
        q,
        candidates: found.candidates,
        events: found.events,
        sees_events,
        id,
    }
}

fn row(t: &Texts, holder: SeatHolder) -> HolderRow {
    let SeatHolder {
        seat,
        user,
        path,
        last_active,
        borrowed_until,
    } = holder;
    let name = user.as_ref().and_then(|user| user.name.as_ref());
    HolderRow {
        name: name.map_or("", PersonName::as_str).to_owned(),
        username: user
            .as_ref()
            .map_or("–", |user| user.username.as_str())
            .to_owned(),
        user: user.map(|user| user.id.to_string()),
        folder: path,
        since: seat.assigned_at,
        last_active,
        sources: t.sources(seat.sources),
        releasing: seat.releasing_since.is_some(),
        unbacked: seat.unbacked,
        borrowed_until,
    }
}

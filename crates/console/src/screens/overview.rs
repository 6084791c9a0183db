//! `GET /overview`: how things stand, at a glance.

mod todo;

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use domain::coming::ComingTerm;
use domain::{LicenseId, Millis, Model, Permission, State as LicenseState, Timestamp};
use engine::Moment;
use store::query::{DenialFilter, EndingItem, Paging, ProductItem, SessionFilter, SessionItem};
use store::{Reader, StoreError};

use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::glance::Glance;
use crate::page::{Answer, Section, Shell, framed};
use crate::screens::first_steps::{self, FirstSteps};
use crate::screens::session_names;
use crate::texts::Texts;
use crate::ui::{Badge, Bar, Spark, state_badge};
use todo::Todo;

/// So many products, ends and people are shown; the lists behind have all of them.
const MOST_PRODUCTS: usize = 100;
const MOST_ENDS: u32 = 6;
const MOST_PEOPLE: u32 = 8;
/// Days of denials.
const DAYS: i64 = 7;

#[derive(Template)]
#[template(path = "overview.html")]
struct OverviewPage {
    t: &'static Texts,
    shell: Shell,
    steps: Option<FirstSteps>,
    is_empty: bool,
    may_manage: bool,
    owned: u64,
    assigned: u64,
    in_use: u64,
    free: u64,
    turned_away: u64,
    products: Vec<ProductRow>,
    more_products: u64,
    todo: Vec<Todo>,
    ends: Vec<End>,
    days: Spark,
    denials: Vec<Denied>,
    sees_denials: bool,
    people: Vec<AtWork>,
    more_people: bool,
}

struct ProductRow {
    code: String,
    name: String,
    bar: Bar,
    owned: u64,
    assigned: u64,
    in_use: u64,
    free: u64,
    over: u64,
    site: bool,
}

struct End {
    id: LicenseId,
    serial: String,
    product: String,
    badge: Badge,
    at: Timestamp,
    is_over: bool,
    held: u64,
    term: ComingTerm,
    /// Whether to say what the coming term means for people (R5).
    counts_seats: bool,
}

struct Denied {
    username: String,
    product: String,
    reason: &'static str,
    at: Timestamp,
    count: u64,
}

struct AtWork {
    name: String,
    product: String,
    via: &'static str,
    since: Timestamp,
    client: String,
}

/// What the store says, in one snapshot.
struct Facts {
    glance: Arc<Glance>,
    ends: Vec<EndingItem>,
    days: Vec<u64>,
    full: u64,
    denials: Vec<store::query::DenialItem>,
    people: Vec<SessionItem>,
    more_people: bool,
    unconfirmed: Option<todo::Unconfirmed>,
}

/// The page; also what it shows anew when something changed.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>) -> Answer {
    let moment = app.engine.moment();
    let sees_denials = me.may(Permission::ViewAudit);
    let glance = app.glance(&me).await?;
    let facts = app
        .ask(&me, move |reader| {
            gather(reader, moment, sees_denials, glance)
        })
        .await?;
    let t = me.texts();
    let sum = |count: fn(&ProductItem) -> u64| facts.glance.products.iter().map(count).sum();
    let shown = &facts.glance.products[..facts.glance.products.len().min(MOST_PRODUCTS)];
    let page = OverviewPage {
        t,
        shell: me.shell(Section::Overview),
        steps: first_steps::of(&me, &app).await?,
        is_empty: facts.glance.licenses() == 0,
        may_manage: me.may(Permission::ManageLicenses),
        owned: sum(|item| item.counts.owned),
        assigned: sum(|item| item.counts.assigned),
        in_use: sum(|item| item.counts.in_use),
        free: sum(|item| item.counts.free),
        turned_away: facts.days.iter().sum(),
        todo: todo::list(t, &facts),
        products: shown.iter().map(product).collect(),
        more_products: facts
            .glance
            .product_total
            .saturating_sub(shown.len() as u64),
        ends: facts
            .ends
            .iter()
            .map(|end| self::end(t, moment, end))
            .collect(),
        days: Spark(facts.days),
        denials: facts
            .denials
            .into_iter()
            .map(|item| denied(t, item))
            .collect(),
        sees_denials,
        people: facts.people.iter().map(|item| at_work(t, item)).collect(),
        more_people: facts.more_people,
    };
    Ok(framed(&page, &page.shell))
}

fn gather(
    reader: &mut Reader<'_>,
    moment: Moment,
    sees_denials: bool,
    glance: Arc<Glance>,
) -> Result<Facts, StoreError> {
    let now = moment.now;
    let most = Paging::first(MOST_ENDS);
    let ends = reader.ending(Timestamp::NEVER, Timestamp::FOREVER, &most)?;
    let mut days = vec![0; usize::try_from(DAYS).unwrap_or(1)];
    let mut full = 0;
    let mut denials = Vec::new();
    if sees_denials {
        let filter = DenialFilter {
            since: Some(now.minus(Millis::days(DAYS - 1))),
            ..DenialFilter::default()
        };
        let found = reader.denials(&filter, &Paging::first(Paging::MOST))?;
        for item in &found.items {
            let ago = usize::try_from(now.day() - item.day).unwrap_or(usize::MAX);
            if let Some(day) = days.iter_mut().rev().nth(ago) {
                *day += item.count;
            }
            if item.code == domain::DenialCode::NoFreeSeat {
                full += item.count;
            }
        }
        denials = found.items;
        denials.sort_by_key(|item| std::cmp::Reverse(item.last_at));
        denials.truncate(5);
    }
    let people = reader.sessions(&SessionFilter::default(), now, &Paging::first(MOST_PEOPLE))?;
    Ok(Facts {
        glance,
        ends: ends.items,
        days,
        full,
        denials,
        people: people.items,
        more_people: people.next.is_some(),
        unconfirmed: todo::unconfirmed(reader, now)?,
    })
}

fn product(item: &ProductItem) -> ProductRow {
    let counts = item.counts;
    ProductRow {
        code: item.product.code.as_str().to_owned(),
        name: item.product.name.as_str().to_owned(),
        bar: Bar {
            used: counts.in_use,
            held: counts.assigned.saturating_sub(counts.unbacked),
            free: counts.free,
            over: counts.unbacked,
            thin: false,
        },
        owned: counts.owned,
        assigned: counts.assigned,
        in_use: counts.in_use,
        free: counts.free,
        over: counts.unbacked,
        site: counts.site,
    }
}

fn end(t: &Texts, moment: Moment, item: &EndingItem) -> End {
    let terms = &item.license.terms;
    let state = item.license.state(moment.now, moment.warn_before);
    End {
        id: item.license.id,
        serial: terms.serial.as_str().to_owned(),
        product: terms.product_name.as_str().to_owned(),
        badge: state_badge(t, state),
        at: terms.expires_at,
        is_over: terms.expires_at <= moment.now,
        held: item.seats.occupied,
        term: item.term,
        counts_seats: terms.model == Model::Dedicated
            && !matches!(state, LicenseState::Active | LicenseState::Scheduled),
    }
}

fn denied(t: &Texts, item: store::query::DenialItem) -> Denied {
    Denied {
        username: item.username,
        product: item.product,
        reason: t.denial(item.code),
        at: item.last_at,
        count: item.count,
    }
}

fn at_work(t: &Texts, item: &SessionItem) -> AtWork {
    AtWork {
        name: session_names::person(item),
        product: session_names::product(item),
        via: t.via(item.session.via),
        since: item.session.started_at,
        client: session_names::client(item),
    }
}

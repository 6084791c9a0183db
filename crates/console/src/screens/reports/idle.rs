//! `GET /reports/idle`: dedicated seats that nobody uses.

use askama::Template;
use axum::extract::State;
use domain::{LicenseId, Millis, Permission, Product, Timestamp, UserId};
use store::query::{IdleFilter, IdleSeat, IdleSummary, Paging};
use store::{Reader, StoreError};

use super::{Tab, choices, chosen, days, name_of, periods, products, tabs};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::{Bar, csv};

const PAGE: u32 = 50;
/// So many products have a bar; the table has all.
const MOST_BARS: usize = 10;

#[derive(Template)]
#[template(path = "reports/idle.html")]
struct IdlePage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    may_manage: bool,
    products: Vec<(String, String, bool)>,
    periods: Vec<(i64, String, bool)>,
    bars: Vec<Measure>,
    counted_at: Option<Timestamp>,
    rows: Vec<Row>,
    next: Option<String>,
    export: String,
    product: String,
    days: i64,
}

struct Measure {
    name: String,
    bar: Bar,
    idle: u64,
    seats: u64,
}

struct Row {
    user: UserId,
    license: LicenseId,
    username: String,
    name: String,
    folder: String,
    product: String,
    serial: String,
    last_active: Option<Timestamp>,
    idle_days: u64,
}

/// What is asked for.
pub(super) fn filter(products: &[Product], asked: &Fields, now: Timestamp) -> (IdleFilter, i64) {
    let days = days(asked, &IdleSummary::DAYS, 30);
    let filter = IdleFilter {
        product: chosen(products, asked.text("product")),
        since: now.minus(Millis::days(days)),
    };
    (filter, days)
}

/// The report.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let fields = asked.0;
    let paging = Paging {
        limit: PAGE,
        after: fields.filled("after").map(str::to_owned),
    };
    let (found, fields) = app
        .ask(&me, move |reader| {
            let products = products(reader)?;
            let (filter, days) = filter(&products, &fields, now);
            let page = reader.idle_seats(&filter, now, &paging)?;
            let summary = reader.idle_summary(now)?;
            Ok(((products, filter, days, page, summary), fields))
        })
        .await?;
    let (products, filter, days, found, summary) = found;
    let at = IdleSummary::DAYS.iter().position(|one| *one == days);
    let measure = |counts: &store::query::IdleCounts| {
        let idle = at.map_or(0, |at| counts.idle[at]);
        Measure {
            name: name_of(&products, counts.product),
            bar: Bar {
                used: counts.seats.saturating_sub(idle),
                held: idle,
                ..Bar::default()
            },
            idle,
            seats: counts.seats,
        }
    };
    let mut bars: Vec<Measure> = summary
        .iter()
        .flat_map(|summary| &summary.products)
        .filter(|counts| {
            filter
                .product
                .is_none_or(|product| product == counts.product)
        })
        .map(measure)
        .collect();
    bars.sort_by_key(|bar| std::cmp::Reverse(bar.idle));
    bars.truncate(MOST_BARS);
    let page = IdlePage {
        t,
        tabs: tabs(&me, "/reports/idle"),
        may_manage: me.may(Permission::ManageLicenses),
        products: choices(&products, filter.product),
        periods: periods(&IdleSummary::DAYS, days, t.reports.idle_for),
        bars,
        counted_at: summary.map(|summary| summary.at).filter(|at| *at < now),
        rows: found.items.into_iter().map(|item| row(item, now)).collect(),
        next: found
            .next
            .map(|next| super::address("/reports/idle", &fields, Some(&next))),
        export: super::address("/reports/idle.csv", &fields, None),
        product: fields.text("product").to_owned(),
        days,
        shell: me.shell(Section::Reports),
    };
    Ok(framed(&page, &page.shell))
}

fn row(item: IdleSeat, now: Timestamp) -> Row {
    let since = item.last_active.unwrap_or(item.seat.assigned_at);
    let user = item.user.as_ref();
    let username = user.map_or("–", |user| user.username.as_str()).to_owned();
    let name = user.and_then(|user| user.name.as_ref());
    Row {
        user: item.seat.user,
        license: item.license.id,
        name: name.map_or_else(|| username.clone(), |name| name.as_str().to_owned()),
        username,
        folder: item.path,
        product: item.license.terms.product_name.as_str().to_owned(),
        serial: item.license.terms.serial.as_str().to_owned(),
        last_active: item.last_active,
        idle_days: u64::try_from(now.since(since).get() / Millis::DAY.get()).unwrap_or(0),
    }
}

/// Every seat that matches, up to so many pages of a thousand.
pub(super) fn all(
    reader: &mut Reader<'_>,
    filter: &IdleFilter,
    now: Timestamp,
    most: usize,
) -> Result<Vec<IdleSeat>, StoreError> {
    let mut paging = Paging::first(Paging::MOST);
    let mut seats = Vec::new();
    loop {
        let page = reader.idle_seats(filter, now, &paging)?;
        seats.extend(page.items);
        match page.next {
            Some(next) if seats.len() < most => paging.after = Some(next),
            _ => {
                seats.truncate(most);
                return Ok(seats);
            }
        }
    }
}

/// As a file: the first 100,000 that match.
pub(crate) async fn export(
    me: Signed<ViewLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let now = app.engine.now();
    let fields = asked.0;
    let seats = app
        .ask(&me, move |reader| {
            let products = products(reader)?;
            let (filter, _) = filter(&products, &fields, now);
            all(reader, &filter, now, 100_000)
        })
        .await?;
    let head = [
        "username",
        "name",
        "folder",
        "product",
        "serial",
        "assigned_at",
    ];
    let mut text = csv::line(head.into_iter().chain(["last_active", "idle_days"]));
    for seat in seats {
        let (assigned, code) = (seat.seat.assigned_at, seat.license.terms.product.clone());
        let row = row(seat, now);
        text.push_str(&csv::line([
            &*row.username,
            &row.name,
            &row.folder,
            code.as_str(),
            &row.serial,
            &csv::time(assigned),
            &row.last_active.map(csv::time).unwrap_or_default(),
            &row.idle_days.to_string(),
        ]));
    }
    Ok(super::file("unused-seats", text))
}

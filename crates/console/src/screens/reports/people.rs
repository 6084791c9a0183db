//! `GET /reports/people`: who used what in a period.

use askama::Template;
use axum::extract::State;
use domain::usage::HOUR;
use domain::{Millis, Product, Timestamp, UserId};
use store::Reader;
use store::StoreError;
use store::query::{Grain, Paging, UsedByFilter, UsedByItem};

use super::{Tab, choices, chosen, days, midnight, name_of, periods, products, quotient, tabs};
use crate::app::App;
use crate::caller::{Signed, ViewAudit};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::{Bar, csv};

const PAGE: u32 = 50;
/// The periods to choose from, in days.
const PERIODS: [i64; 4] = [1, 7, 30, 90];
/// So many products have a bar.
const MOST_BARS: usize = 8;

#[derive(Template)]
#[template(path = "reports/people.html")]
struct PeoplePage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    q: String,
    products: Vec<(String, String, bool)>,
    periods: Vec<(i64, String, bool)>,
    bars: Vec<Measure>,
    rows: Vec<Row>,
    next: Option<String>,
    export: String,
}

struct Measure {
    name: String,
    bar: Bar,
    hours: u64,
}

struct Row {
    user: UserId,
    username: String,
    name: String,
    folder: String,
    product: String,
    sessions: u64,
    hours: String,
    bar: Bar,
    last: Timestamp,
}

fn filter(products: &[Product], asked: &Fields, now: Timestamp) -> (UsedByFilter, i64) {
    let days = days(asked, &PERIODS, 30);
    let filter = UsedByFilter {
        first_day: now.day() - days + 1,
        last_day: now.day(),
        product: chosen(products, asked.text("product")),
        folder: None,
        q: asked.filled("q").map(str::to_owned),
    };
    (filter, days)
}

/// Hours of each product, the most used first.
fn by_product(
    reader: &mut Reader<'_>,
    filter: &UsedByFilter,
    products: &[Product],
    now: Timestamp,
) -> Result<Vec<Measure>, StoreError> {
    let span = (midnight(filter.first_day), midnight(filter.last_day + 1));
    let points = reader.use_over_time(filter.product, Grain::Day, span, now)?;
    let mut sums: Vec<(String, i64)> = Vec::new();
    for product in products {
        let held = points.iter().filter(|point| point.product == product.id);
        let held: i64 = held.map(|point| point.seat_ms).sum();
        if held > 0 {
            sums.push((name_of(products, product.id), held));
        }
    }
    sums.sort_by_key(|(_, held)| std::cmp::Reverse(*held));
    sums.truncate(MOST_BARS);
    let most = sums.first().map_or(1, |(_, held)| *held);
    let measure = |(name, held): (String, i64)| Measure {
        name,
        bar: share(held, most, false),
        hours: u64::try_from(held / HOUR.get()).unwrap_or(0),
    };
    Ok(sums.into_iter().map(measure).collect())
}

/// A part of the most there is, as a bar.
fn share(part: i64, most: i64, thin: bool) -> Bar {
    let seconds = |millis: i64| u64::try_from(millis / 1000).unwrap_or(0);
    Bar {
        used: seconds(part),
        free: seconds(most.saturating_sub(part)),
        thin,
        ..Bar::default()
    }
}

/// The report.
pub(crate) async fn show(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let fields = asked.0;
    let paging = Paging {
        limit: PAGE,
        after: fields.filled("after").map(str::to_owned),
    };
    let (products, filter, days, found, bars, fields) = app
        .ask(&me, move |reader| {
            let products = products(reader)?;
            let (filter, days) = filter(&products, &fields, now);
            let found = reader.used_by(&filter, now, &paging)?;
            let bars = by_product(reader, &filter, &products, now)?;
            Ok((products, filter, days, found, bars, fields))
        })
        .await?;
    let most = found.items.iter().map(|item| item.held_ms).max();
    let row = |item: UsedByItem| row(item, &products, most.unwrap_or(1));
    let page = PeoplePage {
        t,
        tabs: tabs(&me, "/reports/people"),
        q: fields.text("q").to_owned(),
        products: choices(&products, filter.product),
        periods: periods(&PERIODS, days, t.reports.last_days),
        bars,
        rows: found.items.into_iter().map(row).collect(),
        next: found
            .next
            .map(|next| super::address("/reports/people", &fields, Some(&next))),
        export: super::address("/reports/people.csv", &fields, None),
        shell: me.shell(Section::Reports),
    };
    Ok(framed(&page, &page.shell))
}

fn row(item: UsedByItem, products: &[Product], most: i64) -> Row {
    let username = item.user.username.as_str().to_owned();
    let name = item.user.name.as_ref();
    Row {
        user: item.user.id,
        name: name.map_or_else(|| username.clone(), |name| name.as_str().to_owned()),
        username,
        folder: item.path,
        product: name_of(products, item.product),
        sessions: item.sessions,
        hours: quotient(item.held_ms, HOUR.get()),
        bar: share(item.held_ms, most, true),
        last: midnight(item.last_day),
    }
}

/// As a file: the first 100,000 people.
pub(crate) async fn export(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let now = app.engine.now();
    let fields = asked.0;
    let text = app
        .ask(&me, move |reader| {
            let products = products(reader)?;
            let (filter, _) = filter(&products, &fields, now);
            let head = ["username", "name", "folder", "product", "sessions", "hours"];
            let mut text = csv::line(head.into_iter().chain(["last_day"]));
            let mut paging = Paging::first(Paging::MOST);
            for _ in 0..100 {
                let page = reader.used_by(&filter, now, &paging)?;
                for item in page.items {
                    let code = products.iter().find(|product| product.id == item.product);
                    let code = code.map_or("", |product| product.code.as_str()).to_owned();
                    let row = row(item, &products, 1);
                    text.push_str(&csv::line([
                        &*row.username,
                        &row.name,
                        &row.folder,
                        &code,
                        &row.sessions.to_string(),
                        &row.hours,
                        &row.last.plus(Millis::new(1)).date(),
                    ]));
                }
                match page.next {
                    Some(next) => paging.after = Some(next),
                    None => break,
                }
            }
            Ok(text)
        })
        .await?;
    Ok(super::file("people", text))
}

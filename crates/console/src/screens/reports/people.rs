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
use crate::ui::{Bar, csv, grouped};

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
    lasted: String,
}

struct Row {
    user: UserId,
    username: String,
    name: String,
    folder: String,
    product: String,
    sessions: u64,
    lasted: String,
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
    t: &Texts,
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
        lasted: lasted(t, held),
    };
    Ok(sums.into_iter().map(measure).collect())
}

/// How long something lasted, no more exactly than is of use: minutes, tenths of hours, hours.
fn lasted(t: &Texts, millis: i64) -> String {
    let r = t.reports;
    let hour = HOUR.get();
    match u64::try_from(millis * 60 / hour).unwrap_or(0) {
        0 => r.under_a_minute.to_owned(),
        minutes @ 1..60 => r.minutes_of.of(minutes),
        60..600 => {
            let tenths = millis * 10 / hour;
            r.hours_of.of(format!("{}.{}", tenths / 10, tenths % 10))
        }
        minutes => r.hours_of.of(grouped(minutes / 60)),
    }
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
            let bars = by_product(t, reader, &filter, &products, now)?;
            Ok((products, filter, days, found, bars, fields))
        })
        .await?;
    let most = found.items.iter().map(|item| item.held_ms).max();
    let row = |item: UsedByItem| row(t, item, &products, most.unwrap_or(1));
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

fn row(t: &Texts, item: UsedByItem, products: &[Product], most: i64) -> Row {
    let username = item.user.username.as_str().to_owned();
    let name = item.user.name.as_ref();
    Row {
        user: item.user.id,
        name: name.map_or_else(|| username.clone(), |name| name.as_str().to_owned()),
        username,
        folder: item.path,
        product: name_of(products, item.product),
        sessions: item.sessions,
        lasted: lasted(t, item.held_ms),
        bar: share(item.held_ms, most, true),
        last: midnight(item.last_day),
    }
}

/// As a file: the first 100,000 people.
pub(crate) async fn export(me: Signed<ViewAudit>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
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
                    let hours = quotient(item.held_ms, HOUR.get());
                    let row = row(t, item, &products, 1);
                    text.push_str(&csv::line([
                        &*row.username,
                        &row.name,
                        &row.folder,
                        &code,
                        &row.sessions.to_string(),
                        &hours,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::EN;

    #[test]
    fn time_is_told_as_exactly_as_is_of_use() {
        let minute = HOUR.get() / 60;
        let told = [59_999, minute, 59 * minute, 60 * minute, 599 * minute]
            .map(|millis| lasted(&EN, millis));
        assert_eq!(told, ["< 1 min", "1 min", "59 min", "1.0 h", "9.9 h"]);
        assert_eq!(lasted(&EN, 600 * minute), "10 h");
        assert_eq!(lasted(&EN, 1_234 * HOUR.get()), "1,234 h");
    }
}

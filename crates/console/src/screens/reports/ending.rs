//! `GET /reports/ending`: what ends when, and whether the coming term is covered (R5).

use askama::Template;
use axum::extract;
use domain::{License, LicenseId, Millis, State, Timestamp};
use engine::Moment;
use jiff::Span;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::query::{EndingItem, Paging};

use super::{Tab, model_of, tabs};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fields::Asked;
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::{Badge, Columns, Month, csv, month, state_badge};

const PAGE: u32 = 50;
/// So far ahead, in months.
const MONTHS: i64 = 13;
/// What ended so long ago is told too.
const BEFORE: Millis = Millis::days(30);
/// Licenses of one month are counted up to so many.
const MOST: u32 = 500;

#[derive(Template)]
#[template(path = "reports/ending.html")]
struct EndingPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    is_first: bool,
    chart: Columns,
    months: Vec<MonthOfEnds>,
    rows: Vec<Row>,
    next: Option<String>,
    export: String,
}

struct MonthOfEnds {
    name: Month,
    count: u64,
    is_more: bool,
}

struct Row {
    id: LicenseId,
    serial: String,
    product: String,
    model: String,
    badge: Badge,
    seats: u64,
    held: u64,
    without: u64,
    is_urgent: bool,
    at: Timestamp,
}

/// Whether it is time to care for the coming term.
fn is_urgent(moment: Moment, license: &License) -> bool {
    let state = license.state(moment.now, moment.warn_before);
    !matches!(
        state,
        State::Active | State::Scheduled | State::AwaitingAgreement
    )
}

/// The beginnings of the months from the present one on, and of the one after the last.
fn months(now: Timestamp) -> Vec<Timestamp> {
    let today = jiff::Timestamp::from_millisecond(now.as_millis()).unwrap_or_default();
    let first = today.to_zoned(TimeZone::UTC).date().first_of_month();
    let begin = |date: Date| {
        let at = date.to_zoned(TimeZone::UTC).ok()?.timestamp();
        Some(Timestamp::from_millis(at.as_millisecond()))
    };
    (0..=MONTHS)
        .filter_map(|count| begin(first.checked_add(Span::new().months(count)).ok()?))
        .collect()
}

/// The report.
pub(crate) async fn show(
    me: Signed<ViewLicenses>,
    extract::State(app): extract::State<App>,
    asked: Asked,
) -> Answer {
    let t = me.texts();
    let moment = app.engine.moment();
    let begins = months(moment.now);
    let since = moment.now.minus(BEFORE);
    let until = begins.last().copied().unwrap_or(moment.now);
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let is_first = paging.after.is_none();
    let spans: Vec<(Timestamp, Timestamp)> = begins
        .iter()
        .copied()
        .zip(begins.iter().copied().skip(1))
        .collect();
    let (page, counts) = app
        .ask(&me, move |reader| {
            let page = reader.ending(since, until, &paging)?;
            let mut counts = Vec::new();
            for (from, to) in spans {
                counts.push((from, reader.count_ending(from, to, MOST + 1)?));
            }
            Ok((page, counts))
        })
        .await?;
    // Those of a month that are on this page and will soon leave people without.
    let uncovered = |from: Timestamp| {
        let end = begins.iter().copied().find(|begin| *begin > from);
        let in_month = |item: &&EndingItem| {
            let at = item.license.terms.expires_at;
            let in_it = at >= from && end.is_none_or(|end| at < end);
            in_it && item.term.without() > 0 && is_urgent(moment, &item.license)
        };
        page.items.iter().filter(in_month).count() as u64
    };
    let chart = counts
        .iter()
        .map(|(from, count)| (*count, uncovered(*from)));
    let months = counts.iter().map(|(from, count)| MonthOfEnds {
        name: month(*from),
        count: (*count).min(u64::from(MOST)),
        is_more: *count > u64::from(MOST),
    });
    let page = EndingPage {
        t,
        tabs: tabs(&me, "/reports/ending"),
        is_first,
        chart: Columns(chart.collect()),
        months: months.collect(),
        next: page
            .next
            .as_ref()
            .map(|next| super::address("/reports/ending", &asked, Some(next))),
        export: "/reports/ending.csv".to_owned(),
        rows: page.items.iter().map(|item| row(t, moment, item)).collect(),
        shell: me.shell(Section::Reports),
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, moment: Moment, item: &EndingItem) -> Row {
    let license = &item.license;
    Row {
        id: license.id,
        serial: license.terms.serial.as_str().to_owned(),
        product: license.terms.product_name.as_str().to_owned(),
        model: model_of(t, license),
        badge: state_badge(t, license.state(moment.now, moment.warn_before)),
        seats: u64::from(license.capacity()),
        held: item.term.held,
        without: item.term.without(),
        is_urgent: is_urgent(moment, license),
        at: license.terms.expires_at,
    }
}

/// As a file: the first 10,000.
pub(crate) async fn export(
    me: Signed<ViewLicenses>,
    extract::State(app): extract::State<App>,
) -> Answer {
    let moment = app.engine.moment();
    let since = moment.now.minus(BEFORE);
    let until = months(moment.now).last().copied().unwrap_or(moment.now);
    let text = app
        .ask(&me, move |reader| {
            let head = ["last_day", "serial", "product", "model", "seats", "held"];
            let mut text = csv::line(head.into_iter().chain(["without"]));
            let mut paging = Paging::first(Paging::MOST);
            for _ in 0..10 {
                let page = reader.ending(since, until, &paging)?;
                for item in page.items {
                    let terms = &item.license.terms;
                    text.push_str(&csv::line([
                        &*terms.expires_at.minus(Millis::new(1)).date(),
                        terms.serial.as_str(),
                        terms.product.as_str(),
                        terms.model.code(),
                        &item.license.capacity().to_string(),
                        &item.term.held.to_string(),
                        &item.term.without().to_string(),
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
    Ok(super::file("ending", text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other_over_the_end_of_a_year() {
        let begins = months(Timestamp::from_millis(1_767_222_000_000));
        assert_eq!(begins.len(), 14);
        let dates: Vec<String> = begins.iter().map(|at| at.date()).collect();
        assert_eq!(dates[..3], ["2025-12-01", "2026-01-01", "2026-02-01"]);
    }
}

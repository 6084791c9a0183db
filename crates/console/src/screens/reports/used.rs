//! `GET /reports`: use over time, against what is owned.

use askama::Template;
use axum::extract::State;
use domain::{Millis, Product, ProductId, Timestamp};
use store::query::{Grain, UsePoint};
use store::{Reader, StoreError};

use super::{Tab, choices, chosen, days, hundredths, midnight, periods, products, quotient, tabs};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fields::Asked;
use crate::page::{Answer, Section, Shell, Tone, framed};
use crate::texts::Texts;
use crate::ui::{UseChart, UseColumn, csv};

/// The periods to choose from, in days.
const PERIODS: [i64; 4] = [7, 30, 90, 365];
/// So many products have a picture; the table has all.
const MOST_PICTURES: usize = 12;

#[derive(Template)]
#[template(path = "reports/used.html")]
struct UsedPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    products: Vec<(String, String, bool)>,
    periods: Vec<(i64, String, bool)>,
    from: Timestamp,
    pictures: Vec<Picture>,
    rows: Vec<Row>,
    moments: Vec<Moment>,
    export: String,
}

struct Picture {
    name: String,
    address: String,
    peak: u64,
    average: String,
    top: u64,
    chart: UseChart,
    advice: Option<String>,
    tone: Tone,
}

struct Row {
    code: String,
    name: String,
    address: String,
    peak: u64,
    peak_at: Option<Timestamp>,
    average: String,
    owned: u64,
    /// The peak in percent of what is owned.
    share: Option<u64>,
    sessions: u64,
}

struct Moment {
    at: Timestamp,
    peak: u64,
    average: String,
    owned: u64,
    sessions: u64,
}

/// The use of one product over the period.
struct Sum<'p> {
    product: &'p Product,
    points: Vec<&'p UsePoint>,
    peak: u64,
    peak_at: Option<Timestamp>,
    seat_ms: i64,
    /// Now, or at the end of what is known.
    owned: u64,
    sessions: u64,
    /// From the first use or possession on.
    since: Timestamp,
}

impl<'p> Sum<'p> {
    fn of(product: &'p Product, points: &'p [UsePoint]) -> Option<Self> {
        let points: Vec<&UsePoint> = points
            .iter()
            .filter(|point| point.product == product.id)
            .collect();
        let (first, last) = (points.first()?, points.last()?);
        let highest = points.iter().max_by_key(|point| (point.peak, point.at))?;
        Some(Self {
            product,
            peak: highest.peak,
            peak_at: (highest.peak > 0).then_some(highest.at),
            seat_ms: points.iter().map(|point| point.seat_ms).sum(),
            owned: last.owned,
            sessions: points.iter().map(|point| point.begun).sum(),
            since: first.at,
            points,
        })
    }

    /// Seats in use on average, up to now.
    fn average(&self, now: Timestamp) -> String {
        quotient(self.seat_ms, now.since(self.since).get())
    }

    fn share(&self) -> Option<u64> {
        (self.peak * 100).checked_div(self.owned)
    }
}

/// What is asked for, and found.
struct Found {
    products: Vec<Product>,
    chosen: Option<ProductId>,
    from: Timestamp,
    points: Vec<UsePoint>,
}

fn gather(
    reader: &mut Reader<'_>,
    code: &str,
    days: i64,
    now: Timestamp,
) -> Result<Found, StoreError> {
    let products = products(reader)?;
    let chosen = chosen(&products, code);
    let from = midnight(now.day() - days + 1);
    let until = now.plus(Millis::new(1));
    let points = reader.use_over_time(chosen, Grain::Day, (from, until), now)?;
    Ok(Found {
        products,
        chosen,
        from,
        points,
    })
}

/// The report.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let days = days(&asked, &PERIODS, 30);
    let code = asked.text("product").to_owned();
    let found = app
        .ask(&me, move |reader| gather(reader, &code, days, now))
        .await?;
    let mut sums: Vec<Sum<'_>> = found
        .products
        .iter()
        .filter_map(|product| Sum::of(product, &found.points))
        .collect();
    // What is nearest to its limit comes first.
    sums.sort_by_key(|sum| std::cmp::Reverse((sum.share(), sum.peak)));
    let link = |sum: &Sum<'_>| format!("/reports?product={}&days={days}", sum.product.code);
    let pictures = sums.iter().take(MOST_PICTURES).map(|sum| {
        let (advice, tone) = advice(t, sum);
        let chart = chart(sum, found.from, days);
        Picture {
            name: sum.product.name.as_str().to_owned(),
            address: link(sum),
            peak: sum.peak,
            average: sum.average(now),
            top: chart.top(),
            chart,
            advice,
            tone,
        }
    });
    let rows = sums.iter().map(|sum| Row {
        code: sum.product.code.as_str().to_owned(),
        name: sum.product.name.as_str().to_owned(),
        address: link(sum),
        peak: sum.peak,
        peak_at: sum.peak_at,
        average: sum.average(now),
        owned: sum.owned,
        share: sum.share(),
        sessions: sum.sessions,
    });
    let moments = match (found.chosen, sums.first()) {
        (Some(_), Some(sum)) => sum
            .points
            .iter()
            .rev()
            .map(|point| moment(point, now))
            .collect(),
        _ => Vec::new(),
    };
    let page = UsedPage {
        t,
        tabs: tabs(&me, "/reports"),
        products: choices(&found.products, found.chosen),
        periods: periods(&PERIODS, days, t.reports.last_days),
        from: found.from,
        pictures: pictures.collect(),
        rows: rows.collect(),
        moments,
        export: super::address("/reports/use.csv", &asked, None),
        shell: me.shell(Section::Reports),
    };
    Ok(framed(&page, &page.shell))
}

fn moment(point: &UsePoint, now: Timestamp) -> Moment {
    let span = now.since(point.at).get().min(Millis::DAY.get());
    Moment {
        at: point.at,
        peak: point.peak,
        average: quotient(point.seat_ms, span),
        owned: point.owned,
        sessions: point.begun,
    }
}

/// A column for each day, also for those of which nothing is known.
fn chart(sum: &Sum<'_>, from: Timestamp, days: i64) -> UseChart {
    let mut columns = vec![UseColumn::default(); usize::try_from(days).unwrap_or(0)];
    for point in &sum.points {
        let index = usize::try_from(point.at.day() - from.day()).unwrap_or(usize::MAX);
        if let Some(column) = columns.get_mut(index) {
            *column = UseColumn {
                peak: point.peak,
                average: hundredths(point.seat_ms, Millis::DAY.get()),
                owned: point.owned,
            };
        }
    }
    UseChart(columns)
}

/// What the figures mean for the next purchase.
fn advice(t: &Texts, sum: &Sum<'_>) -> (Option<String>, Tone) {
    let r = t.reports;
    if sum.owned == 0 {
        return (None, Tone::Plain);
    }
    if sum.peak >= sum.owned {
        return (Some(r.tight.to_owned()), Tone::Warn);
    }
    (Some(r.spare.n(sum.owned - sum.peak)), Tone::Plain)
}

/// As a file: every product and day.
pub(crate) async fn export(
    me: Signed<ViewLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let now = app.engine.now();
    let days = days(&asked, &PERIODS, 30);
    let code = asked.text("product").to_owned();
    let found = app
        .ask(&me, move |reader| gather(reader, &code, days, now))
        .await?;
    let mut text = csv::line(["day", "product", "peak", "average", "owned", "sessions"]);
    for point in &found.points {
        let Some(product) = found.products.iter().find(|one| one.id == point.product) else {
            continue;
        };
        let row = moment(point, now);
        text.push_str(&csv::line([
            &*point.at.date(),
            product.code.as_str(),
            &row.peak.to_string(),
            &row.average,
            &row.owned.to_string(),
            &row.sessions.to_string(),
        ]));
    }
    Ok(super::file("use", text))
}

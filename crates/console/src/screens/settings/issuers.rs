//! `/settings/issuers`: whose signatures make a license, when they are believed (L3), and where
//! the license services are (I2, I3).

pub(crate) mod change;
mod distrust;

use askama::Template;
use axum::extract::State;
use domain::{Issuer, IssuerKind, Millis, Period, Permission, Standing, Timestamp};

use super::{Tab, tabs};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;
use crate::ui::iso_day;

/// Its address.
const PATH: &str = "/settings/issuers";

#[derive(Template)]
#[template(path = "settings/issuers.html")]
struct IssuersPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    may_manage: bool,
    internet: bool,
    rows: Vec<Row>,
    services: Vec<Service>,
    gone: Vec<Row>,
}

struct Row {
    name: String,
    key: String,
    keygen: bool,
    introduced_by: Option<String>,
    /// When its signatures are believed, in words.
    valid: String,
    /// Why they are not just now.
    not_now: Option<&'static str>,
    first_day: String,
    last_day: String,
    since: Timestamp,
    gone_at: Option<Timestamp>,
}

struct Service {
    issuer: String,
    url: String,
}

/// The page.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let (issuers, known) = app
        .ask(&me, |reader| {
            Ok((reader.issuers()?, reader.license_services()?))
        })
        .await?;
    let mut services: Vec<Service> = issuers
        .iter()
        .filter(|issuer| issuer.is_trusted() && issuer.kind == IssuerKind::Seatkeeper)
        .map(|issuer| {
            let key = issuer.name.key();
            let service = known.iter().find(|one| one.issuer.key() == key);
            Service {
                issuer: issuer.name.to_string(),
                url: service.map_or_else(String::new, |one| one.url.to_string()),
            }
        })
        .collect();
    services.sort_by_cached_key(|service| domain::names::fold(&service.issuer));
    services.dedup_by_key(|service| domain::names::fold(&service.issuer));
    let mut rows: Vec<Row> = issuers.iter().map(|issuer| row(t, issuer, now)).collect();
    rows.sort_by_cached_key(|row| (domain::names::fold(&row.name), row.since));
    let (gone, rows) = rows.into_iter().partition(|row| row.gone_at.is_some());
    let page = IssuersPage {
        t,
        shell: me.shell(Section::Settings),
        tabs: tabs(t, PATH),
        may_manage: me.may(Permission::ManageSettings),
        internet: app.engine.policy().internet,
        rows,
        services,
        gone,
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, issuer: &Issuer, now: Timestamp) -> Row {
    let Period { from, until } = issuer.period;
    // The end is exclusive; people read the last day.
    let last = until.map(|until| until.minus(Millis::new(1)));
    let day = |at: Option<Timestamp>| at.map(iso_day).unwrap_or_default();
    let valid = match (from, last) {
        (None, None) => t.trust.always.to_owned(),
        (Some(from), None) => t.trust.from.of(iso_day(from)),
        (None, Some(last)) => t.trust.until.of(iso_day(last)),
        (Some(from), Some(last)) => t.trust.between.of2(iso_day(from), iso_day(last)),
    };
    let not_now = match issuer.period.standing(now) {
        Standing::NotBegun => Some(t.trust.not_yet),
        Standing::InForce => None,
        Standing::Over => Some(t.trust.over),
    };
    Row {
        name: issuer.name.to_string(),
        key: issuer.key.clone(),
        keygen: issuer.kind == IssuerKind::Keygen,
        introduced_by: issuer
            .introduced_by
            .as_ref()
            .map(|by| t.trust.introduced_by.of(by)),
        valid,
        not_now,
        first_day: day(from),
        last_day: day(last),
        since: issuer.trusted_at,
        gone_at: issuer.distrusted_at,
    }
}

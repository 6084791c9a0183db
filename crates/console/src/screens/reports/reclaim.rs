//! `POST /reports/idle/reclaim`: takes seats back that nobody uses. First what would happen, then
//! it: the same recall as everywhere else (S4).

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use domain::{LicenseId, Target, UserId, UserRef};
use engine::{Bulk, StepAnswer, Who};

use super::{idle, products};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Tone, own_path, see_saying};
use crate::screens::licenses::bulk::{self, Came};
use crate::ui::Confirm;

/// So many seats are taken back at once.
const MOST: usize = 1000;

/// Whose seats of which licenses.
type Seats = BTreeMap<LicenseId, Vec<UserRef>>;

/// Those that were chosen, or all that match now.
async fn seats(
    me: &Signed<ManageLicenses>,
    app: &App,
    fields: Fields,
) -> Result<(Seats, Fields), Fault> {
    let mut seats = Seats::new();
    if !fields.has("everyone") {
        for text in fields.all("id") {
            if let Some((user, license)) = text.split_once('.')
                && let (Ok(user), Ok(license)) = (user.parse::<UserId>(), license.parse())
            {
                seats.entry(license).or_default().push(UserRef::Id(user));
            }
        }
        return Ok((seats, fields));
    }
    let now = app.engine.now();
    let (found, fields) = app
        .ask(me, move |reader| {
            let products = products(reader)?;
            let (filter, _) = idle::filter(&products, &fields, now);
            Ok((idle::all(reader, &filter, now, MOST)?, fields))
        })
        .await?;
    for seat in found.into_iter().filter(|seat| seat.user.is_some()) {
        let users = seats.entry(seat.license.id).or_default();
        users.push(UserRef::Id(seat.seat.user));
    }
    Ok((seats, fields))
}

/// Says what would happen, or does it.
pub(crate) async fn reclaim(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let (seats, fields) = seats(&me, &app, fields).await?;
    let count: usize = seats.values().map(Vec::len).sum();
    if count == 0 {
        return Err(Fault::said(StatusCode::BAD_REQUEST, t.reports.none_chosen));
    }
    let back = own_path(fields.text("back")).unwrap_or("/reports/idle");
    let confirmed = fields.has("confirmed");
    let mut steps: Vec<StepAnswer> = Vec::new();
    for (license, users) in seats {
        let work = Bulk::Recall {
            who: Who::These(users),
            targets: vec![Target::License(license)],
            source: None,
            now: false,
        };
        if let Came::To(some, _) = bulk::run(&app, me.actor(), work, !confirmed).await? {
            steps.extend(some);
        }
    }
    if confirmed {
        let (free, later) = bulk::recalled(&steps);
        let l = t.licenses;
        let text = format!("{} {}", l.released.n(free), l.will_release.n(later));
        return Ok(see_saying(back, &Flash::good(text)));
    }
    let shell = me.shell(Section::Reports);
    let title = t.reports.reclaim_title.n(count);
    let mut page = Confirm::new(t, shell, title, "/reports/idle/reclaim".to_owned());
    t.reports.reclaim_lead.clone_into(&mut page.lead);
    page.danger = true;
    page.button = Some(t.reports.reclaim.to_owned());
    back.clone_into(&mut page.back);
    if fields.has("everyone") && count == MOST {
        let text = t.reports.reclaim_most.n(count);
        page.notes.push((Tone::Info, text));
    }
    for name in ["everyone", "product", "days", "back"] {
        if let Some(value) = fields.filled(name) {
            page.hidden.push((name.to_owned(), value.to_owned()));
        }
    }
    if !fields.has("everyone") {
        let ids = fields.all("id").map(|id| ("id".to_owned(), id.to_owned()));
        page.hidden.extend(ids);
    }
    let (tallies, lines) = bulk::account(t, &steps);
    page.tallies = tallies;
    page.lines(lines);
    Ok(page.page())
}

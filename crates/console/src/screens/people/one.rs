//! `GET /people/{id}`: one person: their seats, where they work, what was done, and why they
//! can't get in (A10).

use askama::Template;
use axum::extract::{Path, State};
use domain::session::Ask;
use domain::{
    Command, Outcome, Permission, PersonName, ProductCode, Serial, SessionId, Timestamp, User,
    UserId, Username,
};
use store::query::{EventFilter, HeldSeat, Paging, ProductItem, SessionItem};

use super::access::{self, Access};
use crate::app::App;
use crate::caller::{Signed, ViewLicenses};
use crate::fault::{Fault, sentence};
use crate::fields::Asked;
use crate::page::{Answer, Section, Shell, framed};
use crate::screens::licenses::tree::{self, Branch};
use crate::screens::sentences::{self, Told};
use crate::screens::session_names;
use crate::texts::Texts;
use crate::ui::Bar;

const EVENTS: u32 = 25;

#[derive(Template)]
#[template(path = "people/one.html")]
struct OnePage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    may_grant: bool,
    sees_events: bool,
    may_ask: bool,
    access: Option<Access>,
    id: UserId,
    version: u32,
    username: String,
    name: String,
    email: String,
    path: String,
    active: bool,
    products: Vec<ProductRow>,
    sessions: Vec<SessionRow>,
    folders: Vec<Branch>,
    events: Vec<Told>,
    asked: Option<Why>,
}

/// A product, and what the person has of it.
struct ProductRow {
    code: String,
    name: String,
    owned: u64,
    free: u64,
    bar: Bar,
    site: bool,
    seats: Vec<SeatRow>,
    floating: bool,
}

struct SeatRow {
    license: String,
    serial: String,
    releasing: bool,
    unbacked: bool,
    since: Timestamp,
    sources: String,
}

struct SessionRow {
    id: SessionId,
    product: String,
    via: &'static str,
    serial: String,
    client: String,
    since: Timestamp,
}

/// What a sign-in would be answered.
struct Why {
    product: String,
    granted: bool,
    on: String,
    user_message: String,
    admin_message: String,
    steps: Vec<(&'static str, String)>,
}

struct Found {
    user: User,
    path: String,
    held: Vec<HeldSeat>,
    sessions: Vec<SessionItem>,
    folders: Vec<Branch>,
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
    let id: UserId = id.parse().map_err(|_| Fault::not_found())?;
    let now = app.engine.now();
    let sees_events = me.may(Permission::ViewAudit);
    let found = app
        .ask_settled(&me, move |reader| {
            let Some(user) = reader.find_user(id)? else {
                return Ok(None);
            };
            let events = if sees_events {
                let filter = EventFilter {
                    user: Some(id),
                    acts_only: true,
                    ..EventFilter::default()
                };
                let found = reader.events(&filter, &Paging::first(EVENTS))?;
                sentences::tell(reader, t, found.items)?
            } else {
                Vec::new()
            };
            Ok(Some(Found {
                path: reader.folder_path(user.folder)?,
                held: reader.seats_of_person(user.person)?,
                sessions: reader.sessions_of_person(user.person, now)?,
                folders: tree::folders(reader, Some(user.folder))?,
                events,
                user,
            }))
        })
        .await?;
    let found = found.ok_or_else(Fault::not_found)?;
    let glance = app.glance(&me).await?;
    let why = match ProductCode::parse(asked.text("why")) {
        Ok(product) => Some(why(&me, &app, &found.user.username, product).await?),
        Err(_) => None,
    };
    let access = access::of(&me, &app, &found.user).await?;
    let page = page(&me, found, &glance.products, why, sees_events, access);
    Ok(framed(&page, &page.shell))
}

/// Asks what a sign-in would come to; nothing is changed (A10).
async fn why(
    me: &Signed<ViewLicenses>,
    app: &App,
    user: &Username,
    product: ProductCode,
) -> Result<Why, Fault> {
    let sign_in = Command::SignIn {
        user: user.clone(),
        product: product.clone(),
        ask: Ask::default(),
        client: None,
    };
    let (outcome, steps) = app.engine.check(me.actor(), sign_in, true).await?;
    let steps = steps.into_iter().map(|step| (step.rule, step.finding));
    let mut why = Why {
        product: product.as_str().to_owned(),
        granted: false,
        on: String::new(),
        user_message: String::new(),
        admin_message: String::new(),
        steps: steps.collect(),
    };
    match outcome {
        Outcome::SignedIn(granted) => {
            why.granted = true;
            why.on = granted
                .license
                .map(|(_, serial)| serial.as_str().to_owned())
                .unwrap_or_default();
        }
        Outcome::Denied(denial) => {
            why.user_message = sentence(&denial.user_message);
            why.admin_message = sentence(&denial.admin_message);
        }
        other => return Err(Fault::unexpected(&other)),
    }
    Ok(why)
}

fn page(
    me: &Signed<ViewLicenses>,
    found: Found,
    products: &[ProductItem],
    why: Option<Why>,
    sees_events: bool,
    access: Option<Access>,
) -> OnePage {
    let t = me.texts();
    let Found {
        user,
        path,
        held,
        sessions,
        folders,
        events,
    } = found;
    let products = products.iter().map(|item| {
        let seats = held
            .iter()
            .filter(|held| held.license.product == item.product.id);
        let works = sessions.iter().any(|one| {
            one.session.product == item.product.id && one.session.via.floating_pool().is_some()
        });
        let counts = item.counts;
        ProductRow {
            code: item.product.code.as_str().to_owned(),
            name: item.product.name.as_str().to_owned(),
            owned: counts.owned,
            free: counts.free,
            bar: Bar {
                used: counts.in_use,
                held: counts.assigned.saturating_sub(counts.unbacked),
                free: counts.free,
                over: counts.unbacked,
                thin: true,
            },
            site: counts.site,
            floating: works,
            seats: seats
                .map(|held| SeatRow {
                    license: held.license.id.to_string(),
                    serial: held.license.terms.serial.as_str().to_owned(),
                    releasing: held.seat.releasing_since.is_some(),
                    unbacked: held.seat.unbacked,
                    since: held.seat.assigned_at,
                    sources: t.sources(held.seat.sources),
                })
                .collect(),
        }
    });
    let products = products.collect();
    let sessions = sessions.into_iter().map(|item| SessionRow {
        id: item.session.id,
        product: session_names::product(&item),
        via: t.via(item.session.via),
        serial: item.serial.as_ref().map_or("", Serial::as_str).to_owned(),
        since: item.session.started_at,
        client: session_names::client(&item),
    });
    OnePage {
        t,
        shell: me.shell(Section::People),
        may_manage: me.may(Permission::ManageUsers),
        may_grant: me.may(Permission::ManageLicenses),
        sees_events,
        may_ask: me.may(Permission::UseAccess),
        access,
        id: user.id,
        version: user.version,
        username: user.username.as_str().to_owned(),
        name: user.name.as_ref().map_or("", PersonName::as_str).to_owned(),
        email: user
            .email
            .as_ref()
            .map_or("", domain::Email::as_str)
            .to_owned(),
        path,
        active: user.active,
        products,
        sessions: sessions.collect(),
        folders,
        events,
        asked: why,
    }
}

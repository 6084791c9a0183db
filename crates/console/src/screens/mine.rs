//! `GET /mine`: what somebody who is signed in may work with. `GET /denied`: where an
//! application can send a person whom it did not let in.

use askama::Template;
use axum::extract::State;
use domain::{DenialCode, ProductCode, Serial, Timestamp, names::fold};

use crate::app::App;
use crate::caller::{Anyone, Signed, Visitor};
use crate::fields::Asked;
use crate::page::{Answer, Section, Shell, framed, html};
use crate::screens::session_names;
use crate::texts::Texts;
use crate::ui::{Badge, state_badge};

#[derive(Template)]
#[template(path = "mine.html")]
struct MinePage {
    t: &'static Texts,
    shell: Shell,
    unknown: Option<String>,
    seats: Vec<Seat>,
    sessions: Vec<AtWork>,
}

struct Seat {
    product: String,
    serial: String,
    badge: Badge,
    modules: String,
    since: Timestamp,
    end: Option<Timestamp>,
}

struct AtWork {
    product: String,
    serial: String,
    via: &'static str,
    since: Timestamp,
}

/// The user of the same name as the account; their seats and sessions.
pub(crate) async fn show(me: Signed<Anyone>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let moment = app.engine.moment();
    let name = me.actor().name.to_string();
    let key = fold(&name);
    // What is one's own is so wherever it stands, whatever else one may see (R1).
    let found = app
        .engine
        .read(move |reader| {
            let Some(user) = reader.find_username(&key)? else {
                return Ok(None);
            };
            let held = reader.seats_of_person(user.person)?;
            Ok(Some((
                held,
                reader.sessions_of_person(user.person, moment.now)?,
            )))
        })
        .await?;
    let (held, sessions, unknown) = match found {
        Some((held, sessions)) => (held, sessions, None),
        None => (Vec::new(), Vec::new(), Some(t.mine.not_known.of(name))),
    };
    let seats = held.into_iter().map(|held| {
        let terms = &held.license.terms;
        Seat {
            product: terms.product_name.as_str().to_owned(),
            serial: terms.serial.as_str().to_owned(),
            badge: state_badge(t, held.license.state(moment.now, moment.warn_before)),
            modules: t.modules(&terms.modules),
            since: held.seat.assigned_at,
            end: (terms.expires_at != Timestamp::FOREVER).then_some(terms.expires_at),
        }
    });
    let sessions = sessions.into_iter().map(|item| AtWork {
        product: session_names::product(&item),
        serial: item.serial.as_ref().map_or("", Serial::as_str).to_owned(),
        via: t.via(item.session.via),
        since: item.session.started_at,
    });
    let page = MinePage {
        t,
        shell: me.shell(Section::Mine),
        unknown,
        seats: seats.collect(),
        sessions: sessions.collect(),
    };
    Ok(framed(&page, &page.shell))
}

#[derive(Template)]
#[template(path = "denied.html")]
struct DeniedPage<'a> {
    t: &'static Texts,
    theme: &'static str,
    product: &'a str,
    message: &'a str,
    code: &'static str,
}

/// `?code=no_free_seat&product=esm`: plain words for each code. It tells nothing that the
/// application did not know, and needs no sign-in.
pub(crate) async fn denied(visitor: Visitor, asked: Asked) -> Answer {
    let t = visitor.shown.t;
    let code = DenialCode::from_code(asked.text("code"));
    let product = ProductCode::parse(asked.text("product")).ok();
    let page = DeniedPage {
        t,
        theme: visitor.shown.theme.word(),
        product: product.as_ref().map_or("", ProductCode::as_str),
        message: t.denied(code),
        code: code.map_or("", DenialCode::code),
    };
    Ok(html(&page))
}

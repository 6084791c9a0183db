//! `/in-use/borrowed`: who took seats along offline, until when, and their return (H5).

use askama::Template;
use axum::extract::State;
use domain::{Command, Outcome, Permission, SessionId, Timestamp};
use store::query::{Paging, SessionItem};

use crate::app::App;
use crate::caller::{ManageLicenses, Signed, ViewLicenses};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::screens::session_names::{self, Named};
use crate::texts::Texts;
use crate::ui::Confirm;

/// The policy keeps them few: so many of one product are shown.
const MOST: u32 = 500;
const PATH: &str = "/in-use/borrowed";

#[derive(Template)]
#[template(path = "borrowed.html")]
struct BorrowedPage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    borrowing_on: bool,
    rows: Vec<Row>,
}

struct Row {
    named: Named,
    /// When the last signed period ends, and the seat comes back.
    until: Timestamp,
    /// Whether it was ended, and is only held.
    closed: bool,
}

/// The list, the soonest return first.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let found = app
        .ask(&me, move |reader| {
            let products = reader.product_names(&Paging::first(200))?.items;
            let mut found = Vec::new();
            for product in products {
                found.extend(reader.borrowed(product.id, now, MOST)?);
            }
            Ok(found)
        })
        .await?;
    let mut rows: Vec<Row> = found.iter().map(|item| row(t, item)).collect();
    rows.sort_by_key(|row| row.until);
    let page = BorrowedPage {
        t,
        shell: me.shell(Section::InUse),
        may_manage: me.may(Permission::ManageLicenses),
        borrowing_on: app.engine.policy().borrow_days > 0,
        rows,
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, item: &SessionItem) -> Row {
    let session = &item.session;
    Row {
        named: Named::of(t, item),
        until: session.loan.map_or(session.expires_at, |loan| loan.until),
        closed: session.loan.is_some_and(|loan| loan.closed.is_some()),
    }
}

/// Asks whether the device gave it up; then the seat is back.
pub(crate) async fn give_back(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let id: SessionId = fields
        .text("session")
        .parse()
        .map_err(|_| Fault::not_found())?;
    if fields.has("confirmed") {
        let command = Command::ReturnBorrowed(id);
        let flash = match app.engine.run(me.actor(), command, None).await? {
            Outcome::SessionEnded(true) => Flash::good(t.intake.given_back),
            Outcome::SessionEnded(false) => Flash::warn(t.intake.nothing_borrowed),
            other => return Err(Fault::unexpected(&other)),
        };
        return Ok(see_saying(PATH, &flash));
    }
    let found = app.ask(&me, move |reader| reader.find_session(id)).await?;
    let found = found.ok_or_else(Fault::not_found)?;
    let title = t.intake.give_back_title.of(session_names::person(&found));
    let mut page = Confirm::new(t, me.shell(Section::InUse), title, PATH.to_owned());
    t.intake.give_back_lead.clone_into(&mut page.lead);
    page.hidden.push(("session".to_owned(), id.to_string()));
    page.danger = true;
    page.button = Some(t.intake.give_back.to_owned());
    PATH.clone_into(&mut page.back);
    Ok(page.page())
}

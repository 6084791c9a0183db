//! `/in-use`: who works just now, on what, from where; and signing them out.

use askama::Template;
use axum::extract::State;
use domain::{Command, EndReason, LicenseId, Permission, SessionId, Timestamp};
use store::query::{Paging, SessionFilter, SessionItem};

use crate::app::App;
use crate::caller::{ManageLicenses, Signed, ViewLicenses};
use crate::fault::Fault;
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, framed, own_path, see_saying};
use crate::screens::session_names::Named;
use crate::texts::Texts;

const PAGE: u32 = 100;

#[derive(Template)]
#[template(path = "in_use.html")]
struct InUsePage {
    t: &'static Texts,
    shell: Shell,
    may_manage: bool,
    products: Vec<(String, String, bool)>,
    /// Only on this license: its id and serial.
    license: Option<(String, String)>,
    is_filtered: bool,
    rows: Vec<Row>,
    next: Option<String>,
    here: String,
}

struct Row {
    named: Named,
    since: Timestamp,
    until: Timestamp,
}

/// The list.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>, asked: Asked) -> Answer {
    let t = me.texts();
    let now = app.engine.now();
    let code = asked.text("product").to_owned();
    let license: Option<LicenseId> = asked.text("license").parse().ok();
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let wanted = code.clone();
    let found = app
        .ask(&me, move |reader| {
            let products = reader.product_names(&Paging::first(200))?.items;
            let key = domain::names::fold(&wanted);
            let product = products.iter().find(|product| product.code.key() == key);
            let filter = SessionFilter {
                product: product.map(|product| product.id),
                license,
                ..SessionFilter::default()
            };
            let serial = match license {
                Some(id) => reader.find_license(id)?.map(|detail| {
                    let serial = detail.license.terms.serial.as_str().to_owned();
                    (id.to_string(), serial)
                }),
                None => None,
            };
            Ok((reader.sessions(&filter, now, &paging)?, products, serial))
        })
        .await?;
    let (page, products, license) = found;
    let products = products.into_iter().map(|product| {
        let chosen = product.code.as_str() == code;
        let name = product.name.as_str().to_owned();
        (product.code.as_str().to_owned(), name, chosen)
    });
    let shell = me.shell(Section::InUse);
    let page = InUsePage {
        t,
        may_manage: me.may(Permission::ManageLicenses),
        products: products.collect(),
        is_filtered: license.is_some() || !code.is_empty(),
        license,
        rows: page.items.iter().map(|item| row(t, item)).collect(),
        next: page
            .next
            .map(|next| format!("/in-use?product={code}&after={next}")),
        here: shell.here.clone(),
        shell,
    };
    Ok(framed(&page, &page.shell))
}

fn row(t: &Texts, item: &SessionItem) -> Row {
    let session = &item.session;
    Row {
        named: Named::of(t, item),
        since: session.started_at,
        until: session.expires_at,
    }
}

/// Signs out those that were chosen.
pub(crate) async fn end(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts().in_use;
    let mut count = 0_u64;
    for session in fields.ids::<SessionId>("id") {
        let command = Command::EndSession {
            session,
            reason: EndReason::EndedByAdministrator,
        };
        match app.engine.run(me.actor(), command, None).await {
            Ok(domain::Outcome::SessionEnded(true) | domain::Outcome::SessionHeld { .. }) => {
                count += 1;
            }
            Ok(_) | Err(engine::EngineError::Refused(domain::Refusal::UnknownSession)) => {}
            Err(error) => return Err(Fault::from(error)),
        }
    }
    let back = own_path(fields.text("back")).unwrap_or("/in-use");
    let flash = match count {
        0 => Flash::warn(t.ended_none),
        count => Flash::good(t.ended.n(count)),
    };
    Ok(see_saying(back, &flash))
}

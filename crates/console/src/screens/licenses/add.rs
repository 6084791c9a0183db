//! `/licenses/add`: a license key, what it brings, and only then the license itself (I2).
//!
//! Between the two the key travels in the page, which no browser keeps.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::command::FolderRef;
use domain::{Model, Timestamp};
use engine::KeyLicense;

use super::import::{came_to, fates, names_of};
use super::tree::{self, Branch};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::screens::first_steps::{self, FirstSteps};
use crate::texts::Texts;
use crate::ui::{Badge, Line};

#[derive(Template)]
#[template(path = "licenses/add.html")]
struct AddPage {
    t: &'static Texts,
    shell: Shell,
    steps: Option<FirstSteps>,
    /// Whether the policy lets this server talk to license services.
    internet: bool,
    /// The issuers whose license service is known.
    services: Vec<String>,
    issuer: String,
    folders: Vec<Branch>,
    key: String,
    fault: Option<String>,
    offer: Option<Offer>,
}

/// What a key brings.
struct Offer {
    issuer: String,
    badge: Badge,
    serial: String,
    product: String,
    model: &'static str,
    access: &'static str,
    modules: String,
    seats: Option<u64>,
    starts: Timestamp,
    end: Option<Timestamp>,
    /// How often it is confirmed with the vendor, in days.
    every: Option<u64>,
    agreement: bool,
    loses: String,
    lines: Vec<Line>,
}

async fn form(me: &Signed<ManageLicenses>, app: &App, fields: &Fields) -> Result<AddPage, Fault> {
    let here = fields.folder();
    let (folders, services) = app
        .ask(me, move |reader| {
            Ok((
                tree::folders(reader, Some(here))?,
                reader.license_services()?,
            ))
        })
        .await?;
    let services = services.iter().map(|service| service.issuer.to_string());
    Ok(AddPage {
        t: me.texts(),
        shell: me.shell(Section::Licenses),
        steps: first_steps::of(me, app).await?,
        internet: app.engine.policy().internet,
        services: services.collect(),
        issuer: fields.text("issuer").to_owned(),
        folders,
        key: fields.text("key").to_owned(),
        fault: None,
        offer: None,
    })
}

/// The form.
pub(crate) async fn ask(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let page = form(&me, &app, &asked).await?;
    Ok(framed(&page, &page.shell))
}

/// What the key brings; with `confirmed`, the license.
pub(crate) async fn look(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let confirmed = fields.has("confirmed");
    let brought = app
        .engine
        .add_license(
            me.actor(),
            fields.text("key"),
            fields.filled("issuer"),
            FolderRef::Id(fields.folder()),
            confirmed,
        )
        .await;
    let mut page = form(&me, &app, &fields).await?;
    match brought {
        Ok(brought) if confirmed => {
            let text = t.intake.taken.of(&brought.terms.serial);
            let to = brought.answer.license;
            let to = to.map_or_else(|| "/licenses".to_owned(), |id| format!("/licenses/{id}"));
            Ok(see_saying(&to, &Flash::good(text)))
        }
        Ok(brought) => {
            let displaced = brought.answer.displaced.clone();
            let names = app
                .ask(&me, move |reader| names_of(reader, &displaced))
                .await?;
            page.offer = Some(offer(t, &brought, &names));
            Ok(framed(&page, &page.shell))
        }
        Err(error) => {
            page.fault = Some(Fault::from(error).sentence()?);
            let mut response = framed(&page, &page.shell);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

fn offer(t: &'static Texts, brought: &KeyLicense, names: &[String]) -> Offer {
    let terms = &brought.terms;
    let displaced = &brought.answer.displaced;
    Offer {
        issuer: brought.issuer.to_string(),
        badge: came_to(t, brought.answer.code),
        serial: terms.serial.to_string(),
        product: terms.product_name.to_string(),
        model: t.model(terms.model),
        access: t.access(terms.access),
        modules: t.modules(&terms.modules),
        seats: (terms.model != Model::Site).then_some(u64::from(terms.seats)),
        starts: terms.starts_at,
        end: (terms.expires_at != Timestamp::FOREVER).then_some(terms.expires_at),
        every: terms
            .revalidate_every
            .and_then(|every| u64::try_from(every.as_days()).ok()),
        agreement: terms.agreement.is_some(),
        loses: t.licenses.would_lose.n(displaced.len()),
        lines: fates(t, displaced, names),
    }
}

//! `/settings/issuers`: whose signatures make a license (L3).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::names::Title;
use domain::{Command, IssuerKind, Permission, Timestamp};
use engine::PublicKeyFile;

use super::{Tab, tabs};
use crate::app::App;
use crate::caller::{ManageSettings, Signed, ViewLicenses};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "settings/issuers.html")]
struct IssuersPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    may_manage: bool,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    key: String,
    since: Timestamp,
    introduced: bool,
}

/// The page.
pub(crate) async fn show(me: Signed<ViewLicenses>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let issuers = app.ask(|reader| reader.issuers()).await?;
    let rows = issuers
        .into_iter()
        .filter(domain::Issuer::is_trusted)
        .map(|issuer| Row {
            name: issuer.name.as_str().to_owned(),
            key: issuer.key,
            since: issuer.trusted_at,
            introduced: issuer.introduced_by.is_some(),
        });
    let page = IssuersPage {
        t,
        shell: me.shell(Section::Settings),
        tabs: tabs(t, "/settings/issuers"),
        may_manage: me.may(Permission::ManageSettings),
        rows: rows.collect(),
    };
    Ok(framed(&page, &page.shell))
}

/// Trusts the key of a `.pub` file, or one no longer.
pub(crate) async fn change(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let s = me.texts().settings;
    let back = "/settings/issuers";
    if let Some(key) = fields.filled("distrust") {
        let command = Command::DistrustIssuer {
            key: key.to_owned(),
            withdraw: false,
        };
        app.engine.run(me.actor(), command, None).await?;
        return Ok(see_saying(back, &Flash::good(s.distrusted)));
    }
    let wrong = |text: String| Fault::said(StatusCode::UNPROCESSABLE_ENTITY, sentence(&text));
    let file =
        PublicKeyFile::parse(fields.text("key")).map_err(|error| wrong(error.to_string()))?;
    let name = Title::parse(&file.name).map_err(|error| wrong(error.to_string()))?;
    let said = s.trusted.of(&name);
    let command = Command::TrustIssuer {
        key: file.key.kid().to_owned(),
        name,
        kind: IssuerKind::Seatkeeper,
        public_key: file.key.to_base64url(),
        period: None,
    };
    app.engine.run(me.actor(), command, None).await?;
    Ok(see_saying(back, &Flash::good(said)))
}

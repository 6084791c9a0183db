//! `/settings/tokens`: what programs use to call this server (R1).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::names::TokenName;
use domain::{Command, Role, Timestamp, TokenId};
use engine::Rights;

use super::{Tab, tabs};
use crate::app::App;
use crate::caller::{ManageSettings, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "settings/tokens.html")]
struct TokensPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    roles: Vec<(&'static str, &'static str, &'static str)>,
    /// The token that was just made, and its secret.
    made: Option<(String, String)>,
}

struct Row {
    id: TokenId,
    name: String,
    role: &'static str,
    /// The path of the folder to which it is limited; empty: nowhere.
    folder: String,
    created: Timestamp,
    end: Option<Timestamp>,
}

async fn page(me: &Signed<ManageSettings>, app: &App, made: Option<(String, String)>) -> Answer {
    let t = me.texts();
    let tokens = app
        .ask(me, |reader| {
            let mut tokens = reader.tokens()?;
            tokens.retain(|token| token.revoked_at.is_none());
            let tokens = tokens.into_iter().map(|token| {
                let folder = super::limit_of(reader, token.reach)?;
                Ok((token, folder))
            });
            tokens.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let rows = tokens.into_iter().map(|(token, folder)| Row {
        folder,
        id: token.id,
        name: token.name.as_str().to_owned(),
        role: t.role(token.role),
        created: token.created_at,
        end: token.expires_at,
    });
    let roles = Role::ALL
        .iter()
        .rev()
        .map(|role| (role.code(), t.role(*role), t.role_means(*role)));
    let page = TokensPage {
        t,
        shell: me.shell(Section::Settings),
        tabs: tabs(t, "/settings/tokens"),
        rows: rows.collect(),
        roles: roles.collect(),
        made,
    };
    Ok(framed(&page, &page.shell))
}

/// The page.
pub(crate) async fn show(me: Signed<ManageSettings>, State(app): State<App>) -> Answer {
    page(&me, &app, None).await
}

/// Makes a token and shows its secret, once; or revokes one.
pub(crate) async fn change(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    if let Ok(token) = fields.text("revoke").parse() {
        app.engine
            .run(me.actor(), Command::RevokeToken(token), None)
            .await?;
        let flash = Flash::good(me.texts().settings.revoked);
        return Ok(see_saying("/settings/tokens", &flash));
    }
    let name = TokenName::parse(fields.text("name")).map_err(|error| {
        Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            sentence(&error.to_string()),
        )
    })?;
    let role = Role::from_code(fields.text("role")).unwrap_or(Role::Application);
    let reach = super::wanted_reach(&me, &app, &fields).await?;
    let said = name.as_str().to_owned();
    let (_, secret) = app
        .engine
        .create_token(me.actor(), name, Rights { role, reach }, None, None)
        .await?;
    page(&me, &app, Some((said, secret.reveal().to_owned()))).await
}

//! `/settings/accounts`: who may sign in to the console (R1).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{
    Account, AccountId, AccountPatch, Command, NameError, PersonName, Role, Timestamp, Username,
};
use engine::AccountWish;

use super::{Tab, tabs};
use crate::app::App;
use crate::caller::{ManageSettings, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;

const HERE: &str = "/settings/accounts";

#[derive(Template)]
#[template(path = "settings/accounts.html")]
struct AccountsPage {
    t: &'static Texts,
    shell: Shell,
    tabs: Vec<Tab>,
    rows: Vec<Row>,
    roles: Vec<(&'static str, &'static str, &'static str)>,
}

struct Row {
    id: AccountId,
    version: u32,
    name: String,
    full_name: String,
    role: &'static str,
    role_name: &'static str,
    /// The path of the folder to which it is limited; empty: nowhere.
    folder: String,
    active: bool,
    you: bool,
    created: Timestamp,
}

/// The page.
pub(crate) async fn show(me: Signed<ManageSettings>, State(app): State<App>) -> Answer {
    let t = me.texts();
    let accounts = app
        .ask(&me, |reader| {
            let accounts = reader.console_accounts()?.into_iter();
            let accounts = accounts.map(|account| {
                let folder = super::limit_of(reader, account.reach)?;
                Ok((account, folder))
            });
            accounts.collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let rows = accounts.into_iter().map(|(account, folder)| Row {
        id: account.id,
        version: account.version,
        full_name: account
            .full_name
            .as_ref()
            .map_or("", PersonName::as_str)
            .to_owned(),
        role: account.role.code(),
        role_name: t.role(account.role),
        folder,
        active: account.active,
        you: account.name.as_str() == &*me.actor().name,
        created: account.created_at,
        name: account.name.as_str().to_owned(),
    });
    let roles = Account::ROLES
        .iter()
        .map(|role| (role.code(), t.role(*role), t.role_means(*role)));
    let page = AccountsPage {
        t,
        shell: me.shell(Section::Settings),
        tabs: tabs(t, HERE),
        rows: rows.collect(),
        roles: roles.collect(),
    };
    Ok(framed(&page, &page.shell))
}

/// Makes, changes or deletes an account.
pub(crate) async fn change(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let s = me.texts().settings;
    let wrong = |error: NameError| {
        Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            sentence(&error.to_string()),
        )
    };
    let full_name = fields
        .filled("full_name")
        .map(PersonName::parse)
        .transpose();
    let role = Role::from_code(fields.text("role"));
    let password = Some(fields.raw("password")).filter(|password| !password.is_empty());
    let reach = super::wanted_reach(&me, &app, &fields).await?;
    let account: Option<AccountId> = fields.text("account").parse().ok();
    let flash = match (fields.text("do"), account) {
        ("delete", Some(account)) => {
            let command = Command::DeleteAccount(account);
            app.engine.run(me.actor(), command, None).await?;
            Flash::good(s.deleted)
        }
        (wish, Some(account)) => {
            let patch = match wish {
                "activate" | "deactivate" => AccountPatch {
                    active: Some(wish == "activate"),
                    ..AccountPatch::default()
                },
                _ => AccountPatch {
                    full_name: Some(full_name.map_err(wrong)?),
                    role,
                    reach: Some(reach),
                    ..AccountPatch::default()
                },
            };
            let version = fields.text("version").parse().ok();
            let changed = app
                .engine
                .update_account(me.actor(), account, patch, password, version)
                .await?;
            if changed {
                Flash::good(s.saved)
            } else {
                Flash::warn(s.unchanged)
            }
        }
        (_, None) => {
            let wish = AccountWish {
                name: Username::parse(fields.text("name")).map_err(wrong)?,
                full_name: full_name.map_err(wrong)?,
                role: role.unwrap_or(Role::Auditor),
                reach,
            };
            let said = s.added.of(&wish.name);
            let password = password.unwrap_or_default();
            app.engine
                .create_account(me.actor(), wish, password, false)
                .await?;
            Flash::good(said)
        }
    };
    Ok(see_saying(HERE, &flash))
}

//! `POST /people/{id}/access`: lets a user of the products see their licenses in the console, by
//! a one-time link (R1). And the card on a person's page that tells whether they may.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::HOST;
use domain::{Account, Permission, Reach, Refusal, Role, Timestamp, User, UserId};
use engine::{AccountWish, EngineError, Secret};

use crate::app::App;
use crate::caller::{ManageSettings, Signed, is_secure};
use crate::fault::Fault;
use crate::fields::Fields;
use crate::page::{Answer, Section, Shell, framed};
use crate::texts::Texts;

/// What the card says.
pub(super) struct Access {
    /// How they stand.
    pub(super) said: String,
    /// Until when their link works, while they have chosen no password.
    pub(super) until: Option<Timestamp>,
    /// Whether there is an account of their name.
    pub(super) exists: bool,
    /// Whether a link can be made: for a new account, or for one that sees only its own.
    pub(super) may_invite: bool,
}

#[derive(Template)]
#[template(path = "people/link.html")]
struct LinkPage {
    t: &'static Texts,
    shell: Shell,
    id: UserId,
    name: String,
    link: String,
}

/// The card, for whoever may manage accounts.
pub(super) async fn of<P>(me: &Signed<P>, app: &App, user: &User) -> Result<Option<Access>, Fault> {
    if !me.may(Permission::ManageSettings) {
        return Ok(None);
    }
    let name = user.username.as_str().to_owned();
    let found = app.ask(me, move |reader| reader.find_account_by_name(&name));
    let found = found.await?;
    let t = me.texts();
    let now = app.engine.now();
    let said = match &found {
        None => t.access.none.to_owned(),
        Some(account) if !account.active => t.access.inactive.to_owned(),
        Some(account) if account.is_invited(now) => t.access.invited.to_owned(),
        Some(account) if account.invited_until.is_some() => t.access.over.to_owned(),
        Some(account) if account.role == Role::User => t.access.own.to_owned(),
        Some(account) => t.access.staff.of(t.role(account.role)),
    };
    Ok(Some(Access {
        said,
        until: found
            .as_ref()
            .filter(|account| account.is_invited(now))
            .and_then(|account| account.invited_until),
        exists: found.is_some(),
        may_invite: user.active && found.as_ref().is_none_or(takes_link),
    }))
}

/// Whoever looks after licenses is given a password in the settings instead.
fn takes_link(account: &Account) -> bool {
    account.role == Role::User && account.active
}

/// Makes the account, or another link for it, and shows the link, once.
pub(crate) async fn invite(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    Path(id): Path<String>,
    headers: HeaderMap,
    _: Fields,
) -> Answer {
    let id: UserId = id.parse().map_err(|_| Fault::not_found())?;
    let found = app
        .ask(&me, move |reader| {
            let Some(user) = reader.find_user(id)? else {
                return Ok(None);
            };
            let account = reader.find_account_by_name(user.username.as_str())?;
            Ok(Some((user, account)))
        })
        .await?;
    let (user, account) = found.ok_or_else(Fault::not_found)?;
    let name = user
        .name
        .as_ref()
        .map_or(user.username.as_str(), |name| name.as_str());
    let name = name.to_owned();
    let (account, code) = match account {
        None => {
            let wish = AccountWish {
                name: user.username,
                full_name: user.name,
                role: Role::User,
                reach: Reach::Everything,
            };
            app.engine.invite_account(me.actor(), wish).await?
        }
        Some(account) if takes_link(&account) => {
            let code = app.engine.invite_again(me.actor(), account.id).await?;
            (account.id, code)
        }
        Some(account) => {
            let taken = Refusal::UsernameTaken(account.name.as_str().to_owned());
            return Err(EngineError::from(taken).into());
        }
    };
    let page = LinkPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        id,
        name,
        link: link(&headers, account, &code),
    };
    Ok(framed(&page, &page.shell))
}

/// The link as the administrator's own browser reaches this server.
fn link(headers: &HeaderMap, account: domain::AccountId, code: &Secret) -> String {
    let path = format!("/invitation?account={account}&code={}", code.reveal());
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    match host {
        Some(host) if is_secure(headers) => format!("https://{host}{path}"),
        Some(host) => format!("http://{host}{path}"),
        None => path,
    }
}

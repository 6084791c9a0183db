//! `/invitation`: the one-time link by which somebody chooses the password of the account that an
//! administrator made for them. Looking does not use it up.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use domain::{Account, AccountId};
use engine::SignInError;

use super::sign_in::{Ticket, let_in};
use crate::app::App;
use crate::caller::Visitor;
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, html, see};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "invitation.html")]
struct InvitationPage<'a> {
    t: &'static Texts,
    theme: &'static str,
    token: String,
    account: AccountId,
    code: &'a str,
    name: &'a str,
    fault: Option<String>,
}

fn fault(visitor: &Visitor, error: SignInError) -> Fault {
    let t = visitor.shown.t;
    match error {
        SignInError::Wait(wait) => {
            let seconds = u64::try_from(wait.as_seconds() + 1).unwrap_or(1);
            Fault::said(StatusCode::TOO_MANY_REQUESTS, t.sign_in.waiting.n(seconds))
        }
        SignInError::Engine(error) => error.into(),
        SignInError::Wrong => Fault::said(StatusCode::FORBIDDEN, sentence(&error.to_string())),
    }
}

/// The account of the link, if it still works.
async fn invited(visitor: &Visitor, app: &App, asked: &Fields) -> Result<Account, Fault> {
    let id: AccountId = asked
        .text("account")
        .parse()
        .map_err(|_| Fault::not_found())?;
    app.engine
        .invited_account(id, asked.text("code"), &visitor.address)
        .await
        .map_err(|error| fault(visitor, error))
}

fn page(visitor: &Visitor, account: &Account, code: &str, fault: Option<String>) -> Response {
    let ticket = Ticket::of(visitor);
    let page = InvitationPage {
        t: visitor.shown.t,
        theme: visitor.shown.theme.word(),
        token: ticket.token(),
        account: account.id,
        code,
        name: account.name.as_str(),
        fault,
    };
    ticket.give(html(&page), visitor.secure)
}

/// The form.
pub(crate) async fn ask(visitor: Visitor, State(app): State<App>, asked: Asked) -> Answer {
    let account = invited(&visitor, &app, &asked).await?;
    Ok(page(&visitor, &account, asked.text("code"), None))
}

/// Keeps the password and signs in.
pub(crate) async fn choose(visitor: Visitor, State(app): State<App>, fields: Fields) -> Answer {
    let account = invited(&visitor, &app, &fields).await?;
    let (code, password) = (fields.text("code"), fields.raw("password"));
    let said = if password == fields.raw("again") {
        let chosen = app
            .engine
            .accept_invitation(account.id, code, password, &visitor.address);
        match chosen.await {
            Ok((_, secret)) => return Ok(let_in(see("/"), &secret, visitor.secure)),
            Err(error) => fault(&visitor, error).sentence()?,
        }
    } else {
        visitor.shown.t.sign_in.setup_differs.to_owned()
    };
    let mut response = page(&visitor, &account, code, Some(said));
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

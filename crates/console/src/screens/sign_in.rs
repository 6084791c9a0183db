//! `/sign-in` and `/sign-out`.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Account;
use engine::{Secret, SignInError};

use crate::app::App;
use crate::caller::{SESSION, Signed, VISITOR, ViewLicenses, Visitor, form_token};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Keep, html, own_path, see, set_cookie};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    t: &'static Texts,
    theme: &'static str,
    token: String,
    next: &'a str,
    name: &'a str,
    fault: Option<String>,
    no_account: bool,
}

/// What ties a form to the browser of somebody who is not signed in.
pub(crate) struct Ticket {
    text: String,
    is_new: bool,
}

impl Ticket {
    pub(crate) fn of(visitor: &Visitor) -> Self {
        match &visitor.ticket {
            Some(ticket) => Self {
                text: ticket.clone(),
                is_new: false,
            },
            None => Self {
                text: URL_SAFE_NO_PAD.encode(rand::random::<[u8; 18]>()),
                is_new: true,
            },
        }
    }

    pub(crate) fn token(&self) -> String {
        form_token(&self.text)
    }

    /// Gives it to the browser, if it does not have it.
    pub(crate) fn give(&self, mut response: Response, secure: bool) -> Response {
        if self.is_new {
            let keep = Keep::Seconds(24 * 3600);
            set_cookie(&mut response, VISITOR, &self.text, keep, secure);
        }
        response
    }
}

/// The form.
pub(crate) async fn ask(visitor: Visitor, State(app): State<App>, asked: Asked) -> Answer {
    if let Some(secret) = &visitor.secret
        && app.engine.signed_in(secret).await?.is_some()
    {
        return Ok(see(own_path(asked.text("next")).unwrap_or("/")));
    }
    let no_account = !app.engine.read(|reader| reader.has_accounts()).await?;
    let ticket = Ticket::of(&visitor);
    let page = SignInPage {
        t: visitor.shown.t,
        theme: visitor.shown.theme.word(),
        token: ticket.token(),
        next: asked.text("next"),
        name: "",
        fault: None,
        no_account,
    };
    Ok(ticket.give(html(&page), visitor.secure))
}

/// The form, sent.
pub(crate) async fn sign_in(visitor: Visitor, State(app): State<App>, fields: Fields) -> Answer {
    let (name, password) = (fields.text("name"), fields.raw("password"));
    let signed = app.engine.sign_in_account(name, password, &visitor.address);
    let error = match signed.await {
        Ok((_, secret)) => {
            let to = own_path(fields.text("next")).unwrap_or("/");
            return Ok(let_in(see(to), &secret, visitor.secure));
        }
        Err(SignInError::Engine(error)) => return Err(Fault::from(error)),
        Err(error) => error,
    };
    let t = visitor.shown.t;
    let (status, fault) = match &error {
        SignInError::Wait(wait) => {
            let seconds = u64::try_from(wait.as_seconds() + 1).unwrap_or(1);
            (StatusCode::TOO_MANY_REQUESTS, t.sign_in.waiting.n(seconds))
        }
        other => (StatusCode::FORBIDDEN, sentence(&other.to_string())),
    };
    let ticket = Ticket::of(&visitor);
    let page = SignInPage {
        t,
        theme: visitor.shown.theme.word(),
        token: ticket.token(),
        next: fields.text("next"),
        name,
        fault: Some(fault),
        no_account: false,
    };
    let mut response = ticket.give(html(&page), visitor.secure);
    *response.status_mut() = status;
    Ok(response)
}

/// Gives the browser the secret of its sign-in.
pub(crate) fn let_in(mut response: Response, secret: &Secret, secure: bool) -> Response {
    let keep = Keep::Seconds(Account::SIGNED_IN_FOR.as_seconds());
    set_cookie(&mut response, SESSION, secret.reveal(), keep, secure);
    response
}

/// Ends the sign-in of this browser.
pub(crate) async fn sign_out(
    me: Signed<ViewLicenses>,
    visitor: Visitor,
    State(app): State<App>,
    _: Fields,
) -> Answer {
    app.engine.sign_out_account(me.actor(), me.secret()).await?;
    let mut response = see("/sign-in");
    set_cookie(&mut response, SESSION, "", Keep::Gone, visitor.secure);
    Ok(response)
}

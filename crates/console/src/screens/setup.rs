//! `/setup`: the one-time link that the server prints while there is no account.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::{Actor, PersonName, Reach, Role, Username};
use engine::AccountWish;

use super::first_steps::FirstSteps;
use super::sign_in::{Ticket, let_in};
use crate::app::App;
use crate::caller::Visitor;
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, html, see};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "setup.html")]
struct SetupPage<'a> {
    t: &'static Texts,
    theme: &'static str,
    token: String,
    steps: FirstSteps,
    code: &'a str,
    full_name: &'a str,
    name: &'a str,
    fault: Option<String>,
}

fn check(app: &App, t: &Texts, code: &str) -> Result<(), Fault> {
    if app.engine.is_setup_code(code) {
        Ok(())
    } else {
        Err(Fault::said(StatusCode::FORBIDDEN, t.sign_in.setup_used))
    }
}

/// The form for the first administrator.
pub(crate) async fn ask(visitor: Visitor, State(app): State<App>, asked: Asked) -> Answer {
    let t = visitor.shown.t;
    check(&app, t, asked.text("code"))?;
    let ticket = Ticket::of(&visitor);
    let page = SetupPage {
        t,
        theme: visitor.shown.theme.word(),
        token: ticket.token(),
        steps: FirstSteps::account(t),
        code: asked.text("code"),
        full_name: "",
        name: "",
        fault: None,
    };
    Ok(ticket.give(html(&page), visitor.secure))
}

/// Makes the first administrator and signs them in.
pub(crate) async fn create(visitor: Visitor, State(app): State<App>, fields: Fields) -> Answer {
    let t = visitor.shown.t;
    check(&app, t, fields.text("code"))?;
    let fault = match make(&app, t, &fields).await {
        Ok(name) => {
            let password = fields.raw("password");
            let signed = app
                .engine
                .sign_in_account(&name, password, &visitor.address)
                .await?;
            let response = see("/first-steps");
            return Ok(let_in(response, &signed.1, visitor.secure));
        }
        Err(fault) => fault.sentence()?,
    };
    let ticket = Ticket::of(&visitor);
    let page = SetupPage {
        t,
        theme: visitor.shown.theme.word(),
        token: ticket.token(),
        steps: FirstSteps::account(t),
        code: fields.text("code"),
        full_name: fields.text("full_name"),
        name: fields.text("name"),
        fault: Some(fault),
    };
    let mut response = ticket.give(html(&page), visitor.secure);
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

async fn make(app: &App, t: &Texts, fields: &Fields) -> Result<String, Fault> {
    let wrong = |error: domain::NameError| {
        Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            sentence(&error.to_string()),
        )
    };
    let name = Username::parse(fields.text("name")).map_err(wrong)?;
    let full_name = fields
        .filled("full_name")
        .map(PersonName::parse)
        .transpose();
    let password = fields.raw("password");
    if password != fields.raw("again") {
        return Err(Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            t.sign_in.setup_differs,
        ));
    }
    let wish = AccountWish {
        name: name.clone(),
        full_name: full_name.map_err(wrong)?,
        role: Role::Administrator,
        reach: Reach::Everything,
    };
    // Whoever has the link has seen what the server said to its owner.
    let actor = Actor::new("first steps", Role::Administrator);
    app.engine
        .create_account(&actor, wish, password, true)
        .await?;
    Ok(name.as_str().to_owned())
}

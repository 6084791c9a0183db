//! The first steps of a new installation: an account, a license, its agreement (L8). A head over
//! the pages on the way says how far one has come; `GET /first-steps` leads on.

use std::fmt::{Display, Formatter, Result as Written};

use askama::filters::HtmlSafe;
use axum::extract::State;
use domain::actor::Reach;
use domain::{LicenseId, Permission, State as LicenseState};
use store::query::Beginning;

use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::Fault;
use crate::fields::Asked;
use crate::page::{Answer, see};
use crate::texts::Texts;
use crate::ui::icon;

/// The head that says how far one has come.
#[derive(Clone, Copy)]
pub(crate) struct FirstSteps {
    t: &'static Texts,
    /// How many of the steps are done.
    done: usize,
}

impl FirstSteps {
    /// At the first: there is no account yet.
    pub(crate) const fn account(t: &'static Texts) -> Self {
        Self { t, done: 0 }
    }
}

impl Display for FirstSteps {
    fn fmt(&self, f: &mut Formatter<'_>) -> Written {
        let t = self.t.first_steps;
        write!(f, "<ol class=\"first-steps\" aria-label=\"{}\">", t.title)?;
        for (at, name) in [t.account, t.license, t.agreement].into_iter().enumerate() {
            if at < self.done {
                let (check, done) = (icon("check"), t.done);
                write!(
                    f,
                    "<li class=\"done\"><span class=\"n\">{check}</span>{name}<span class=\"hidden-words\"> ({done})</span></li>"
                )?;
            } else {
                let here = if at == self.done {
                    " aria-current=\"step\""
                } else {
                    ""
                };
                let n = at + 1;
                write!(f, "<li{here}><span class=\"n\">{n}</span>{name}</li>")?;
            }
        }
        f.write_str("</ol>")
    }
}

impl HtmlSafe for FirstSteps {}

/// The head for whoever can go these steps, until they are done.
pub(crate) async fn of<P>(me: &Signed<P>, app: &App) -> Result<Option<FirstSteps>, Fault> {
    if !me.may(Permission::ManageLicenses) || me.actor().reach != Reach::Everything {
        return Ok(None);
    }
    let now = app.engine.now();
    let done = match app.ask(me, move |reader| reader.beginning(now)).await? {
        Beginning::NoLicense => 1,
        Beginning::Agreement => 2,
        Beginning::Done => return Ok(None),
    };
    let t = me.texts();
    Ok(Some(FirstSteps { t, done }))
}

/// So many imported licenses are looked into; the list of licenses shows whatever is left.
const MOST: usize = 100;

/// The first of these licenses that waits for its agreement (L8).
pub(crate) async fn awaiting<P>(
    me: &Signed<P>,
    app: &App,
    licenses: Vec<LicenseId>,
) -> Result<Option<LicenseId>, Fault> {
    let moment = app.engine.moment();
    app.ask(me, move |reader| {
        for id in licenses.into_iter().take(MOST) {
            let Some(found) = reader.find_license(id)? else {
                continue;
            };
            let state = found.license.state(moment.now, moment.warn_before);
            if state == LicenseState::AwaitingAgreement {
                return Ok(Some(id));
            }
        }
        Ok(None)
    })
    .await
}

/// To the page of the next step: a license that waits for its agreement before anything else. When
/// nothing is left, back to the license `of` which an agreement was accepted.
pub(crate) async fn go_on(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let now = app.engine.now();
    let waits = app.ask(&me, move |reader| {
        let Some(id) = reader.awaiting_agreement(now)? else {
            return Ok(None);
        };
        // Who sees only part of the licenses is led to none of the others (R1).
        Ok(reader.find_license(id)?.map(|_| id))
    });
    if let Some(license) = waits.await? {
        return Ok(see(&format!("/licenses/{license}")));
    }
    if let Ok(license) = asked.text("of").parse::<LicenseId>() {
        return Ok(see(&format!("/licenses/{license}")));
    }
    Ok(match of(&me, &app).await? {
        Some(_) => see("/licenses/import"),
        None => see("/overview"),
    })
}

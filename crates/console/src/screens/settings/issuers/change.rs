//! `POST /settings/issuers`: keys that are trusted, for other days, again or no longer, and where
//! a license service is.

use axum::extract::State;
use axum::http::StatusCode;
use domain::names::Title;
use domain::refresh::ServiceUrl;
use domain::{Command, Issuer, IssuerKind, Millis, Period, Refusal};
use engine::PublicKeyFile;

use super::PATH;
use super::distrust;
use crate::app::App;
use crate::caller::{ManageSettings, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, see_saying};
use crate::ui::day_of;

fn wrong(text: &str) -> Fault {
    Fault::said(StatusCode::UNPROCESSABLE_ENTITY, sentence(text))
}

/// Does what was wished for; what takes something away asks first.
pub(crate) async fn change(
    me: Signed<ManageSettings>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let said = match fields.text("do") {
        "distrust" => return distrust::distrust(&me, &app, &fields).await,
        "trust" => {
            let period = Some(period(&fields)?).filter(|period| *period != Period::ALWAYS);
            let text = sent(fields, t.trust.key_missing)?;
            let file = PublicKeyFile::parse(&text).map_err(|error| wrong(&error.to_string()))?;
            trust(&me, &app, &file, IssuerKind::Seatkeeper, period).await?
        }
        "keygen" => {
            let key = engine::key_from_hex(fields.text("key"));
            let key = key.ok_or_else(|| wrong(t.trust.keygen_wrong))?;
            let text = serde_json::json!({
                "name": fields.text("name"), "kty": "OKP", "crv": "Ed25519", "x": key,
            });
            let file = PublicKeyFile::parse(&text.to_string());
            let file = file.map_err(|error| wrong(&error.to_string()))?;
            trust(&me, &app, &file, IssuerKind::Keygen, None).await?
        }
        "introduce" => {
            let text = sent(fields, t.trust.document_missing)?;
            let key = app.engine.introduce(me.actor(), text).await?;
            t.trust.introduced.of(key)
        }
        "period" => {
            let period = period(&fields)?;
            put(&me, &app, find(&me, &app, &fields).await?, Some(period)).await?;
            t.trust.period_saved.to_owned()
        }
        "again" => {
            let issuer = find(&me, &app, &fields).await?;
            let said = t.trust.again_done.of(&issuer.name);
            put(&me, &app, issuer, None).await?;
            said
        }
        "service" => {
            let url = fields.filled("url").map(ServiceUrl::parse).transpose();
            let url = url.map_err(|error| wrong(&error.to_string()))?;
            let issuer = Title::parse(fields.text("issuer"));
            let issuer = issuer.map_err(|error| wrong(&error.to_string()))?;
            let said = match url {
                Some(_) => t.trust.service_saved,
                None => t.trust.service_gone,
            };
            let command = Command::SetLicenseService { issuer, url };
            app.engine.run(me.actor(), command, None).await?;
            said.to_owned()
        }
        _ => return Err(Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form)),
    };
    Ok(see_saying(PATH, &Flash::good(said)))
}

/// The file that was sent, or the text that was pasted.
fn sent(fields: Fields, missing: &'static str) -> Result<String, Fault> {
    if let Some(text) = fields.filled("text") {
        return Ok(text.to_owned());
    }
    let file = fields.into_files().into_iter().next();
    let file = file.ok_or_else(|| wrong(missing))?;
    Ok(String::from_utf8_lossy(&file.content).into_owned())
}

/// The days in a form; the last one counts wholly.
fn period(fields: &Fields) -> Result<Period, Fault> {
    let day = |name| match fields.filled(name) {
        Some(text) => match day_of(text) {
            Some(day) => Ok(Some(day)),
            None => Err(wrong(&format!("{text:?} is no day, such as 2027-12-31"))),
        },
        None => Ok(None),
    };
    Ok(Period {
        from: day("valid_from")?,
        until: day("valid_until")?.map(|last| last.plus(Millis::DAY)),
    })
}

async fn find(me: &Signed<ManageSettings>, app: &App, fields: &Fields) -> Result<Issuer, Fault> {
    let key = fields.text("key").to_owned();
    let found = app.ask(me, move |reader| reader.find_issuer(&key)).await?;
    found.ok_or_else(|| Refusal::UnknownIssuer(fields.text("key").to_owned()).into())
}

async fn trust(
    me: &Signed<ManageSettings>,
    app: &App,
    file: &PublicKeyFile,
    kind: IssuerKind,
    period: Option<Period>,
) -> Result<String, Fault> {
    let name = Title::parse(&file.name).map_err(|error| wrong(&error.to_string()))?;
    let said = me.texts().settings.trusted.of(&name);
    let command = Command::TrustIssuer {
        key: file.key.kid().to_owned(),
        name,
        kind,
        public_key: file.key.to_base64url(),
        period,
    };
    app.engine.run(me.actor(), command, None).await?;
    Ok(said)
}

/// A known key, trusted as it was, for another period.
async fn put(
    me: &Signed<ManageSettings>,
    app: &App,
    issuer: Issuer,
    period: Option<Period>,
) -> Result<(), Fault> {
    let command = Command::TrustIssuer {
        key: issuer.key,
        name: issuer.name,
        kind: issuer.kind,
        public_key: issuer.public_key,
        period,
    };
    app.engine.run(me.actor(), command, None).await?;
    Ok(())
}

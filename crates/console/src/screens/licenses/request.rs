//! `/licenses/request`: a request file for a vendor, where there is no network (I4). What comes
//! back is taken in as every other file is.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use domain::names::{CompanyId, Title};
use domain::{IssuerKind, NameError, ProductVersion, Timestamp};
use store::query::Paging;

use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Section, Shell, framed};
use crate::screens::first_steps::{self, FirstSteps};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "licenses/request.html")]
struct RequestPage {
    t: &'static Texts,
    shell: Shell,
    steps: Option<FirstSteps>,
    /// Vendors that can answer.
    issuers: Vec<String>,
    issuer: String,
    company: String,
    version: String,
    fault: Option<String>,
    requests: Vec<Row>,
}

/// A request that was made.
struct Row {
    id: String,
    what: String,
    company: String,
    by: String,
    at: Timestamp,
    answered: Option<Timestamp>,
}

/// So many requests are shown, the latest first.
const MOST: u32 = 20;

async fn form(
    me: &Signed<ManageLicenses>,
    app: &App,
    fields: &Fields,
) -> Result<RequestPage, Fault> {
    let (known, requests) = app
        .ask(me, |reader| {
            let requests = reader.license_requests(None, &Paging::first(MOST))?;
            Ok((reader.issuers()?, requests.items))
        })
        .await?;
    let t = me.texts();
    let requests = requests.into_iter().map(|request| Row {
        id: request.id.to_string(),
        what: match &request.issuer {
            Some(issuer) => t.intake.request_of.of2(issuer, request.version),
            None => request.version.to_string(),
        },
        company: request.company.to_string(),
        by: request.by,
        at: request.at,
        answered: request.answered.map(|(at, _)| at),
    });
    let mut issuers: Vec<String> = known
        .iter()
        .filter(|issuer| issuer.is_trusted() && issuer.kind == IssuerKind::Seatkeeper)
        .map(|issuer| issuer.name.to_string())
        .collect();
    issuers.sort();
    issuers.dedup();
    let policy = app.engine.policy();
    let remembered = policy.company.as_ref().map_or("", CompanyId::as_str);
    Ok(RequestPage {
        t,
        shell: me.shell(Section::Licenses),
        steps: first_steps::of(me, app).await?,
        issuers,
        issuer: fields.text("issuer").to_owned(),
        company: fields.filled("company").unwrap_or(remembered).to_owned(),
        version: fields.text("version").to_owned(),
        fault: None,
        requests: requests.collect(),
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

/// The request file, to be saved.
pub(crate) async fn make(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let mut page = form(&me, &app, &fields).await?;
    let made = match wish(&page) {
        Ok((company, version, issuer)) => app
            .engine
            .request_licenses(me.actor(), company, version, issuer)
            .await
            .map_err(Fault::from),
        Err(error) => Err(Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            sentence(&error.to_string()),
        )),
    };
    match made {
        Ok((request, text)) => {
            let name = format!("attachment; filename=\"request-{}.tlr\"", request.id);
            let headers = [
                (CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (CONTENT_DISPOSITION, name),
                (CACHE_CONTROL, "no-store".to_owned()),
            ];
            Ok((headers, text).into_response())
        }
        Err(fault) => {
            page.fault = Some(fault.sentence()?);
            let mut response = framed(&page, &page.shell);
            *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(response)
        }
    }
}

type Wish = (Option<CompanyId>, ProductVersion, Option<Title>);

fn wish(page: &RequestPage) -> Result<Wish, NameError> {
    let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let issuer = match page.issuers.as_slice() {
        [only] => Some(only.clone()),
        _ => filled(&page.issuer),
    };
    Ok((
        filled(&page.company)
            .map(|text| CompanyId::parse(&text))
            .transpose()?,
        ProductVersion::parse(&page.version)?,
        issuer.map(|text| Title::parse(&text)).transpose()?,
    ))
}

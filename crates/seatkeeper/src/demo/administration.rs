//! What the demo's administrator did so far: seats given to many, a license that another one
//! replaced, a seat that is out on loan, and a vendor who was asked for more.

use anyhow::Context as _;
use client::Client;
use uuid::Uuid;
use wire::Time;
use wire::grant::{BulkQuery, GrantRequest, ProductChoice};
use wire::license::{LicenseRequest, ReplaceLicensesRequest};
use wire::session::SignInRequest;

use super::{licenses, people};

/// How many days a seat may be borrowed, and how many one is.
const BORROW_DAYS: u16 = 14;
const BORROWED_DAYS: i64 = 9;
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// Does all of it; `id_of` knows licenses by their serials.
pub(super) fn administer(
    client: &Client,
    id_of: impl Fn(&str) -> Option<Uuid>,
) -> anyhow::Result<()> {
    let mut policy = client.get_policy()?;
    policy.borrow_days = BORROW_DAYS;
    client.set_policy(&policy).context("the demo's policy")?;

    let id = |serial| id_of(serial).with_context(|| format!("{serial} was not imported"));
    let (old, new) = licenses::REPLACED;
    let modules = GrantRequest {
        licenses: Some(vec![id(old)?]),
        ..to_every(23, 4)
    };
    for request in [
        of("esm", to_every(5, 0)),
        of("cad", to_every(7, 3)),
        modules,
    ] {
        give(client, &request).context("the demo's seats")?;
    }
    let request = ReplaceLicensesRequest {
        old: vec![id(old)?],
        with: vec![id(new)?],
        partly: false,
    };
    client
        .replace_licenses(&request, false)
        .context("the demo's replacement")?;
    borrow(client).context("the demo's loan")?;
    let request = LicenseRequest {
        company: None,
        version: "8.3.0".into(),
        issuer: Some(licenses::VENDOR.into()),
    };
    client
        .request_licenses(&request)
        .context("the demo's request")?;
    Ok(())
}

fn to_every(every: usize, rest: usize) -> GrantRequest {
    let people = (0..people::COUNT).filter(|n| n % every == rest);
    GrantRequest {
        users: Some(people.map(people::username).collect()),
        ..GrantRequest::default()
    }
}

fn of(product: &str, whom: GrantRequest) -> GrantRequest {
    GrantRequest {
        products: Some(vec![ProductChoice::Code(product.into())]),
        ..whom
    }
}

/// As a job, so that the list of jobs has it, and it can be undone.
fn give(client: &Client, request: &GrantRequest) -> Result<(), client::Error> {
    let in_background = BulkQuery {
        in_background: true,
        ..BulkQuery::default()
    };
    if let client::Answer::Job(job) = client.grant(request, in_background)? {
        client::wait_for_job(client, job, &mut |_| {})?;
    }
    Ok(())
}

/// Somebody with a seat of their own will be without a network.
fn borrow(client: &Client) -> Result<(), client::Error> {
    let session = client.start_session(&SignInRequest {
        user: people::username(150),
        product: "esm".into(),
        client: Some("notebook-151".into()),
        ..SignInRequest::default()
    })?;
    let until = session.expires_at.as_millis() + BORROWED_DAYS * DAY_MS;
    client.borrow_session(session.id, Time::from_millis(until))?;
    Ok(())
}

//! What goes out on each route: method, address, headers, body.

use client::{Answer, Client, Error, every};
use uuid::Uuid;
use wire::grant::{AssignRequest, BulkQuery, ClearRequest, GrantRequest, RecallRequest};
use wire::job::JobQuery;
use wire::license::{
    ImportQuery, LicensePatch, LicenseQuery, LicenseRequest, MadeRequestQuery, RefreshRequest,
    ReplaceLicensesRequest, ReplaceRequest,
};
use wire::session::{SessionQuery, SignInRequest};
use wire::user::{UserImportQuery, UserPatch, UserQuery};
use wire::{AutoAssign, State};

use crate::server::{Reply, Server, nothing};

const ID: Uuid = Uuid::from_u128(7);

fn line_of<T>(call: impl FnOnce(&Client) -> Result<T, Error>) -> String {
    let server = Server::start(|_, _| nothing());
    // The answer is empty, so only calls without one succeed; what counts is what was sent.
    let _ = call(&server.client());
    server.asked()[0].line.clone()
}

#[test]
fn every_route_is_called_as_documented() {
    let id = ID.to_string();
    let bulk = BulkQuery {
        dry_run: true,
        in_background: false,
    };
    let flags = "?async=false&dry_run=true";
    let replace = ReplaceRequest {
        with: ID,
        partly: false,
    };
    let replace_several = ReplaceLicensesRequest {
        old: vec![ID],
        with: vec![ID],
        partly: true,
    };
    let lines = [
        line_of(|c| c.heartbeat(ID)),
        line_of(|c| c.sign_out(ID)),
        line_of(|c| c.end_session(ID)),
        line_of(|c| c.borrow_session(ID, wire::Time::from_millis(0))),
        line_of(|c| c.return_session(ID)),
        line_of(|c| c.get_session(ID)),
        line_of(|c| c.check_access(&SignInRequest::default())),
        line_of(|c| c.get_license(ID)),
        line_of(|c| c.refresh_licenses(&RefreshRequest::default())),
        line_of(|c| c.set_issuer_service("a/b", None)),
        line_of(|c| c.remove_license(ID, false)),
        line_of(|c| c.remove_expired_licenses(true)),
        line_of(|c| c.delete_all_licenses("x")),
        line_of(|c| c.accept_agreement(ID)),
        line_of(|c| c.replace_license(ID, &replace, true)),
        line_of(|c| c.request_licenses(&LicenseRequest::default())),
        line_of(|c| c.replace_licenses(&replace_several, false)),
        line_of(|c| c.undo_replacement(ID, true)),
        line_of(|c| c.cancel_release(ID, "anna")),
        line_of(|c| c.grant(&GrantRequest::default(), bulk)),
        line_of(|c| c.recall(&RecallRequest::default(), bulk)),
        line_of(|c| c.assign_all(ID, &AssignRequest::default(), bulk)),
        line_of(|c| c.assign_missing(ID, &AssignRequest::default(), bulk)),
        line_of(|c| c.clear_all(ID, &ClearRequest::default(), bulk)),
        line_of(|c| c.get_product("esm")),
        line_of(|c| c.delete_folder(ID)),
        line_of(|c| c.get_user_seats(ID)),
        line_of(|c| c.link_user(ID, "anna")),
        line_of(|c| c.unlink_user(ID)),
        line_of(|c| c.get_job(ID)),
        line_of(|c| c.cancel_job(ID)),
        line_of(Client::verify_audit),
        line_of(|c| c.note_backup(1)),
        line_of(Client::get_policy),
        line_of(|c| c.distrust_issuer("a/b", &wire::issuer::DistrustQuery::default())),
        line_of(|c| c.revoke_token(ID)),
        line_of(Client::get_me),
        line_of(Client::get_readiness),
        line_of(Client::fetch_jwks),
    ];
    let expected = [
        format!("POST /v1/sessions/{id}/heartbeat"),
        format!("DELETE /v1/sessions/{id}"),
        format!("POST /v1/sessions/{id}/end"),
        format!("POST /v1/sessions/{id}/borrow"),
        format!("POST /v1/sessions/{id}/return"),
        format!("GET /v1/sessions/{id}"),
        "POST /v1/access/check".to_owned(),
        format!("GET /v1/licenses/{id}"),
        "POST /v1/licenses/refresh".to_owned(),
        "PUT /v1/issuers/a%2Fb/service".to_owned(),
        format!("DELETE /v1/licenses/{id}?dry_run=false"),
        "POST /v1/licenses/remove-expired?dry_run=true".to_owned(),
        "POST /v1/licenses/delete-all".to_owned(),
        format!("POST /v1/licenses/{id}/accept-agreement"),
        format!("POST /v1/licenses/{id}/replace?dry_run=true"),
        "POST /v1/licenses/request".to_owned(),
        "POST /v1/licenses/replace?dry_run=false".to_owned(),
        format!("POST /v1/replacements/{id}/undo?dry_run=true"),
        format!("POST /v1/licenses/{id}/cancel-release"),
        format!("POST /v1/grant{flags}"),
        format!("POST /v1/recall{flags}"),
        format!("POST /v1/licenses/{id}/assign-all{flags}"),
        format!("POST /v1/licenses/{id}/assign-missing{flags}"),
        format!("POST /v1/licenses/{id}/clear-all{flags}"),
        "GET /v1/products/esm".to_owned(),
        format!("DELETE /v1/folders/{id}"),
        format!("GET /v1/users/{id}/seats"),
        format!("POST /v1/users/{id}/link"),
        format!("POST /v1/users/{id}/unlink"),
        format!("GET /v1/jobs/{id}"),
        format!("DELETE /v1/jobs/{id}"),
        "GET /v1/audit/verify".to_owned(),
        "POST /v1/backup/note".to_owned(),
        "GET /v1/policy".to_owned(),
        "DELETE /v1/issuers/a%2Fb?dry_run=false&withdraw=false".to_owned(),
        format!("DELETE /v1/tokens/{id}"),
        "GET /v1/me".to_owned(),
        "GET /readyz".to_owned(),
        "GET /.well-known/jwks.json".to_owned(),
    ];
    for (line, expected) in lines.iter().zip(&expected) {
        assert_eq!(line, expected);
    }
    assert_eq!(lines.len(), expected.len());
}

#[test]
fn filters_stand_escaped_in_the_address_and_absent_ones_do_not() {
    let line = line_of(|c| {
        c.list_users(&UserQuery {
            folder: Some("/Sales & Co".into()),
            active: Some(false),
            limit: Some(7),
            ..UserQuery::default()
        })
    });
    assert_eq!(
        line,
        "GET /v1/users?active=false&folder=%2FSales%20%26%20Co&limit=7"
    );
    let line = line_of(|c| {
        c.list_licenses(&LicenseQuery {
            state: Some(State::Expiring),
            ..LicenseQuery::default()
        })
    });
    assert_eq!(line, "GET /v1/licenses?state=expiring");
    let line = line_of(|c| {
        c.list_license_requests(&MadeRequestQuery {
            answered: Some(false),
            ..MadeRequestQuery::default()
        })
    });
    assert_eq!(line, "GET /v1/license-requests?answered=false");
    let line = line_of(|c| c.list_sessions(&SessionQuery::default()));
    assert_eq!(line, "GET /v1/sessions");
    let line = line_of(|c| c.list_jobs(&JobQuery::default()));
    assert_eq!(line, "GET /v1/jobs");
}

#[test]
fn each_request_says_who_asks() {
    let server = Server::start(|_, _| nothing());
    let _ = server.client().get_me();
    let asked = &server.asked()[0];
    assert_eq!(asked.header("authorization"), Some("Bearer swordfish"));
    assert!(
        asked
            .header("user-agent")
            .unwrap()
            .starts_with("seatkeeper-client/")
    );
}

#[test]
fn a_change_says_which_version_it_means() {
    let server = Server::start(|_, _| nothing());
    let patch = LicensePatch {
        auto_assign: Some(AutoAssign::Off),
    };
    let _ = server.client().update_license(ID, &patch, Some(3));
    let _ = server.client().update_user(ID, &UserPatch::default(), None);
    let asked = server.asked();
    assert_eq!(asked[0].header("if-match"), Some("\"3\""));
    assert_eq!(asked[0].json(), serde_json::json!({"auto_assign": "off"}));
    assert_eq!(asked[1].header("if-match"), None);
    assert_eq!(asked[1].json(), serde_json::json!({}));
}

#[test]
fn a_file_is_sent_as_it_is_with_progress_to_its_end() {
    let server = Server::start(|_, _| {
        Reply::Json(
            200,
            r#"{"licenses":[],"added":0,"updated":0,"unchanged":0}"#.into(),
        )
    });
    let file: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
    let mut sent = Vec::new();
    let query = ImportQuery {
        product: None,
        folder: Some("/".into()),
        dry_run: true,
    };
    let answer = server
        .client()
        .import_licenses(&file, &query, &mut |bytes| sent.push(bytes));
    assert_eq!(answer.unwrap().added, 0);
    let asked = &server.asked()[0];
    assert_eq!(
        asked.line,
        "POST /v1/licenses/import?dry_run=true&folder=%2F"
    );
    assert_eq!(
        asked.header("content-type"),
        Some("application/octet-stream")
    );
    assert_eq!(asked.header("expect"), Some("100-continue"));
    assert!(asked.body == file);
    assert!(sent.len() > 2 && sent.is_sorted(), "{sent:?}");
    assert_eq!(sent.last(), Some(&4_000_000));
}

#[test]
fn work_that_takes_longer_answers_with_a_job() {
    let server = Server::start(|asked, _| match asked.line.as_str() {
        "POST /v1/users/import?dry_run=false" => Reply::Json(202, format!(r#"{{"job":"{ID}"}}"#)),
        _ => Reply::Json(
            200,
            r#"{"created":1,"updated":0,"unchanged":0,"failed":0,"errors":[]}"#.into(),
        ),
    });
    let client = server.client();
    let import = |dry_run| {
        client
            .import_users(
                b"username\nanna\n",
                &UserImportQuery { dry_run },
                &mut |_| (),
            )
            .unwrap()
    };
    assert_eq!(import(false), Answer::Job(ID));
    assert!(matches!(import(true), Answer::Done(done) if done.created == 1));
    assert_eq!(server.asked()[0].header("content-type"), Some("text/csv"));
}

#[test]
fn a_job_is_looked_at_until_it_has_ended() {
    let server = Server::start(|_, before| {
        let state = if before < 3 { "running" } else { "done" };
        Reply::Json(
            200,
            format!(
                r#"{{"id":"{ID}","kind":"grant","state":"{state}","done":{before},"total":3,
                "counts":{{"granted":3}},"errors":[],"started_at":"2026-01-31T12:00:00Z"}}"#
            ),
        )
    });
    let mut seen = Vec::new();
    let job = client::wait_for_job(&server.client(), ID, &mut |job| seen.push(job.done)).unwrap();
    assert_eq!(seen, [0, 1, 2, 3]);
    assert_eq!(job.counts["granted"], 3);
}

#[test]
fn a_list_is_walked_through_by_its_cursor() {
    let server = Server::start(|asked, _| {
        let next = if asked.line.contains("after=") {
            "null"
        } else {
            "\"a b\""
        };
        let user = format!(
            r#"{{"id":"{ID}","person":"{ID}","username":"anna","folder":"{ID}","path":"/","active":true,
            "created_at":"2026-01-31T12:00:00Z","version":1,"a_field_of_tomorrow":1}}"#
        );
        Reply::Json(200, format!(r#"{{"items":[{user}],"next":{next}}}"#))
    });
    let client = server.client();
    let users: Result<Vec<_>, _> = every(|after| {
        client.list_users(&UserQuery {
            after,
            ..UserQuery::default()
        })
    })
    .collect();
    assert_eq!(users.unwrap().len(), 2);
    assert_eq!(server.asked()[1].line, "GET /v1/users?after=a%20b");
}

//! Requests with an unknown field are refused; answers with one are read.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wire::license::{ImportQuery, LicenseQuery};
use wire::session::SessionQuery;
use wire::user::UserQuery;

fn refuses_strangers<T: Serialize + DeserializeOwned>(sample: Value) {
    let name = std::any::type_name::<T>();
    let read: T =
        serde_json::from_value(sample.clone()).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(serde_json::to_value(&read).unwrap(), sample, "{name}");
    let mut with_stranger = sample;
    with_stranger["stranger"] = json!(1);
    let error = serde_json::from_value::<T>(with_stranger).err();
    let error = error.unwrap_or_else(|| panic!("{name} takes a stranger in"));
    assert!(error.to_string().contains("stranger"), "{name}: {error}");
}

#[test]
fn a_request_with_an_unknown_field_is_refused_by_name() {
    const ID: &str = "01890000-0000-7000-8000-000000000001";
    refuses_strangers::<wire::session::SignInRequest>(
        json!({"user": "anna", "product": "esm", "access": "read", "modules": ["cmdb"], "client": "c"}),
    );
    refuses_strangers::<wire::session::BorrowRequest>(json!({"until": "2026-01-31T12:00:00Z"}));
    refuses_strangers::<wire::license::LicensePatch>(json!({"auto_assign": "new_users"}));
    refuses_strangers::<wire::license::MoveSeatsRequest>(
        json!({"from": "/", "to": "/a", "count": 1}),
    );
    refuses_strangers::<wire::license::ReplaceRequest>(json!({"with": ID, "partly": true}));
    refuses_strangers::<wire::license::ReplaceLicensesRequest>(
        json!({"old": [ID], "with": [ID], "partly": false}),
    );
    refuses_strangers::<wire::license::LicenseRequest>(
        json!({"company": "C", "version": "8.3.0", "issuer": "N"}),
    );
    refuses_strangers::<wire::backup::BackupNote>(json!({"bytes": 1}));
    refuses_strangers::<wire::license::Confirmation>(json!({"confirmation": "x"}));
    refuses_strangers::<wire::license::CancelReleaseRequest>(json!({"user": "anna"}));
    refuses_strangers::<wire::grant::GrantRequest>(
        json!({"everyone": {"folder": "/", "below": true}, "products": ["esm"]}),
    );
    refuses_strangers::<wire::grant::RecallRequest>(
        json!({"users": ["anna"], "licenses": [ID], "now": true, "source": "hand"}),
    );
    refuses_strangers::<wire::grant::AssignRequest>(json!({"everyone": {"q": "a"}}));
    refuses_strangers::<wire::grant::ClearRequest>(json!({"now": false}));
    refuses_strangers::<wire::grant::ProductAsk>(json!({"code": "esm", "access": "write"}));
    refuses_strangers::<wire::folder::NewFolder>(json!({"path": "/a/b"}));
    refuses_strangers::<wire::folder::FolderPatch>(json!({"name": "a"}));
    refuses_strangers::<wire::user::NewUser>(json!({"username": "anna", "active": false}));
    refuses_strangers::<wire::user::UserPatch>(json!({"name": null, "email": "a@b"}));
    refuses_strangers::<wire::user::LinkRequest>(json!({"with": "anna"}));
    refuses_strangers::<wire::user::UserFilter>(json!({"active": true, "unlicensed": "esm"}));
    refuses_strangers::<wire::token::NewToken>(
        json!({"name": "me", "role": "auditor", "expires_at": "2026-01-31T12:00:00Z"}),
    );
    refuses_strangers::<wire::issuer::TrustIssuerRequest>(
        json!({"name": "N", "kty": "OKP", "crv": "Ed25519", "kid": "k", "x": "x", "kind": "keygen"}),
    );
    refuses_strangers::<wire::issuer::IssuerService>(json!({"url": "https://example.org"}));
    refuses_strangers::<wire::license::AddLicenseRequest>(
        json!({"key": "SK-1", "issuer": "N", "folder": "/Sales", "confirm": true}),
    );
    refuses_strangers::<wire::license::RefreshRequest>(
        json!({"licenses": ["00000000-0000-0000-0000-000000000007"]}),
    );
    refuses_strangers::<wire::policy::Policy>(json!({
        "auto_add_users": true, "demo_seats": 0, "over_allocation": "lock_product", "folder_search": ["root"],
        "auto_allocation": [{"model": "floating", "place": "user_folder"}], "renew_at_sign_in": false,
        "auto_assign_default": "off", "warning_days": 30, "session_timeout_s": 600,
        "borrow_days": 14, "borrow_at_most": 10, "company": "C",
        "internet": false, "version": 1,
    }));
    refuses_strangers::<LicenseQuery>(
        json!({"state": "expiring", "sort": "-expires_at", "limit": 5}),
    );
    refuses_strangers::<SessionQuery>(json!({"live": false, "after": "c"}));
    refuses_strangers::<UserQuery>(json!({"username": "anna", "below": true}));
    refuses_strangers::<ImportQuery>(json!({"folder": "/", "dry_run": true}));
}

#[test]
fn an_answer_with_a_field_of_tomorrow_is_read() {
    let answer =
        json!({"expires_at": "2026-01-31T12:00:00Z", "heartbeat_after_s": 60, "mood": "good"});
    let beat: wire::session::Heartbeat = serde_json::from_value(answer).unwrap();
    assert_eq!(beat.heartbeat_after_s, 60);
    let problem = json!({"type": "urn:x", "title": "t", "status": 404, "code": "c", "detail": "d", "extra": {}});
    let problem: wire::Problem = serde_json::from_value(problem).unwrap();
    assert!(problem.errors.is_empty() && problem.request_id.is_none());
}

#[test]
fn a_session_token_is_not_printed_by_accident() {
    let granted = json!({
        "id": "01890000-0000-7000-8000-000000000001", "user": "01890000-0000-7000-8000-000000000002",
        "username": "anna", "product": "esm", "via": "demo", "modules": "all",
        "expires_at": "2026-01-31T12:00:00Z", "heartbeat_after_s": 60, "token": "a.b.c",
    });
    let granted: wire::session::SignedIn = serde_json::from_value(granted).unwrap();
    assert!(!format!("{granted:?}").contains("a.b.c"));
    assert_eq!(granted.token.expose(), "a.b.c");
}

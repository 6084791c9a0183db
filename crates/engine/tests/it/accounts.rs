//! Accounts of the console: passwords, sign-ins, the one-time link (R1).

use domain::{AccountPatch, Refusal, Role, Username};
use engine::{AccountWish, EngineError, SignInError};

use crate::world::{World, administrator};

const PASSWORD: &str = "seven green chairs";

fn wish(name: &str) -> AccountWish {
    AccountWish {
        name: Username::parse(name).unwrap(),
        full_name: None,
        role: Role::Administrator,
        reach: domain::Reach::Everything,
    }
}

#[tokio::test]
async fn the_right_password_lets_in_until_it_is_changed() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    let id = engine.create_account(&root, wish("anna"), PASSWORD, true);
    let id = id.await.unwrap();
    let (account, secret) = engine
        .sign_in_account("ANNA", PASSWORD, "::1")
        .await
        .unwrap();
    assert_eq!(account.id, id);
    let found = engine.signed_in(secret.reveal()).await.unwrap().unwrap();
    assert_eq!(found.account.name.as_str(), "anna");
    let other = Some("eight green chairs");
    let patch = AccountPatch::default();
    let changed = engine.update_account(&root, id, patch, other, None);
    assert!(changed.await.unwrap());
    assert!(engine.signed_in(secret.reveal()).await.unwrap().is_none());
    let old = engine.sign_in_account("anna", PASSWORD, "::1").await;
    assert!(matches!(old, Err(SignInError::Wrong)));
}

#[tokio::test]
async fn a_sign_in_ends_by_sign_out_and_after_a_working_day() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    engine
        .create_account(&root, wish("anna"), PASSWORD, true)
        .await
        .unwrap();
    let sign_in = || engine.sign_in_account("anna", PASSWORD, "::1");
    let (account, first) = sign_in().await.unwrap();
    let (_, second) = sign_in().await.unwrap();
    engine
        .sign_out_account(&account.actor(), first.reveal())
        .await
        .unwrap();
    assert!(engine.signed_in(first.reveal()).await.unwrap().is_none());
    assert!(engine.signed_in(second.reveal()).await.unwrap().is_some());
    world.pass(12 * 3600);
    assert!(engine.signed_in(second.reveal()).await.unwrap().is_none());
}

#[tokio::test]
async fn guessing_is_slowed_down_also_for_the_right_password() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    engine
        .create_account(&root, wish("anna"), PASSWORD, true)
        .await
        .unwrap();
    for _ in 0..5 {
        let wrong = engine.sign_in_account("anna", "a wrong guess", "::1").await;
        assert!(matches!(wrong, Err(SignInError::Wrong)));
    }
    let wait = engine.sign_in_account("anna", PASSWORD, "::2").await;
    assert!(matches!(wait, Err(SignInError::Wait(_))));
    world.pass(2);
    engine
        .sign_in_account("anna", PASSWORD, "::2")
        .await
        .unwrap();
}

#[tokio::test]
async fn the_one_time_link_is_for_the_first_account_only() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    let code = engine.setup_code().await.unwrap().unwrap();
    assert!(engine.is_setup_code(code.reveal()));
    assert!(!engine.is_setup_code("another"));
    engine
        .create_account(&root, wish("anna"), PASSWORD, true)
        .await
        .unwrap();
    assert!(!engine.is_setup_code(code.reveal()));
    assert!(engine.setup_code().await.unwrap().is_none());
    let again = engine
        .create_account(&root, wish("ben"), PASSWORD, true)
        .await;
    assert!(matches!(
        again,
        Err(EngineError::Refused(Refusal::AlreadySetUp))
    ));
    let weak = engine
        .create_account(&root, wish("ben"), "short", false)
        .await;
    assert!(matches!(
        weak,
        Err(EngineError::Refused(Refusal::BadPassword(_)))
    ));
}

#[tokio::test]
async fn a_link_lets_somebody_choose_their_password_once_and_for_three_days_r1() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    let wish = AccountWish {
        role: Role::User,
        ..wish("ben")
    };
    let (id, code) = engine.invite_account(&root, wish).await.unwrap();
    let signs_in = engine.sign_in_account("ben", code.reveal(), "::1").await;
    assert!(
        matches!(signs_in, Err(SignInError::Wrong)),
        "the code is no password"
    );

    let over = |answer: Result<(), SignInError>| {
        let over = EngineError::Refused(Refusal::InvitationOver).code();
        assert_eq!(answer.unwrap_err().code(), over);
    };
    let looks = |code: String| async move {
        let found = engine.invited_account(id, &code, "::1").await;
        found.map(|account| assert_eq!(account.id, id))
    };
    looks(code.reveal().to_owned()).await.unwrap();
    over(looks(code.reveal().replace("sk_", "sk-")).await);

    let again = engine.invite_again(&root, id).await.unwrap();
    over(looks(code.reveal().to_owned()).await);
    let weak = engine.accept_invitation(id, again.reveal(), "short", "::1");
    assert_eq!(weak.await.unwrap_err().code(), "bad_password");
    let (account, secret) = engine
        .accept_invitation(id, again.reveal(), PASSWORD, "::1")
        .await
        .unwrap();
    assert_eq!((account.id, account.invited_until), (id, None));
    assert!(engine.signed_in(secret.reveal()).await.unwrap().is_some());
    over(looks(again.reveal().to_owned()).await);

    let late = engine.invite_again(&root, id).await.unwrap();
    let old = engine.sign_in_account("ben", PASSWORD, "::1").await;
    assert!(
        matches!(old, Err(SignInError::Wrong)),
        "a new link ends the password"
    );
    world.pass(3 * 24 * 3600 - 1);
    looks(late.reveal().to_owned()).await.unwrap();
    world.pass(1);
    over(looks(late.reveal().to_owned()).await);
}

#[tokio::test]
async fn guessing_the_code_of_a_link_is_slowed_down() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    let (id, code) = engine.invite_account(&root, wish("ben")).await.unwrap();
    for n in 0..5 {
        let from = format!("::{n}");
        let wrong = engine.invited_account(id, "sk_wrong", &from);
        assert_eq!(wrong.await.unwrap_err().code(), "invitation_over");
    }
    let right = engine.invited_account(id, code.reveal(), "::1").await;
    assert!(matches!(right, Err(SignInError::Wait(_))));
}

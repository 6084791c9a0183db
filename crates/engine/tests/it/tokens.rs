//! Tokens: recognized, revoked, expired; and those that applications check themselves (H4).

use domain::names::TokenName;
use domain::{Command, Millis, Role};
use engine::{AuthError, EngineError, IdempotencyKey};
use license_file::document::Model;
use license_file::jws;

use crate::world::{World, administrator};

fn till() -> TokenName {
    TokenName::parse("till").unwrap()
}

#[tokio::test]
async fn a_token_is_recognized_until_it_is_revoked() {
    let world = World::new();
    let engine = &world.engine;
    let root = administrator();
    let made = engine.create_token(&root, till(), Role::Application, None, None);
    let (id, secret) = made.await.unwrap();
    for _ in 0..2 {
        let caller = engine.authenticate(secret.reveal()).unwrap();
        assert_eq!((&*caller.actor.name, caller.token), ("till", id));
        assert_eq!(caller.actor.role, Role::Application);
    }
    world.run(Command::RevokeToken(id)).await.unwrap();
    let revoked = engine.authenticate(secret.reveal());
    assert!(matches!(revoked, Err(AuthError::Revoked)));
}

#[tokio::test]
async fn a_repeated_key_makes_no_second_token_and_tells_no_secret() {
    let world = World::new();
    let root = administrator();
    let key = || IdempotencyKey::new("k", &[b"till"]).ok();
    let make = || {
        world
            .engine
            .create_token(&root, till(), Role::Auditor, None, key())
    };
    let (id, secret) = make().await.unwrap();
    let again = make().await.unwrap_err();
    assert!(matches!(again, EngineError::SecretShown(first) if first == id));
    assert!(!again.to_string().contains(secret.reveal()));
    let tokens = world.engine.read(|reader| reader.tokens()).await.unwrap();
    assert_eq!(tokens.len(), 1);
}

#[tokio::test]
async fn a_token_ends_when_its_time_is_over() {
    let world = World::new();
    let engine = &world.engine;
    let end = world.clock.now().plus(Millis::seconds(10));
    let root = administrator();
    let made = engine.create_token(&root, till(), Role::Application, Some(end), None);
    let (_, secret) = made.await.unwrap();
    engine.authenticate(secret.reveal()).unwrap();
    world.pass(10);
    let late = engine.authenticate(secret.reveal());
    assert!(matches!(late, Err(AuthError::Expired)));
}

#[tokio::test]
async fn a_token_is_known_after_a_restart_and_a_guess_is_not() {
    let world = World::new();
    let root = administrator();
    let made = world
        .engine
        .create_token(&root, till(), Role::Auditor, None, None);
    let (_, secret) = made.await.unwrap();
    let world = world.restart().await;
    let caller = world.engine.authenticate(secret.reveal()).unwrap();
    assert_eq!(caller.actor.role, Role::Auditor);
    let other = secret.reveal().replace("sk_", "sk-");
    for guess in ["", "sk_", other.as_str(), &format!("sk_{}", "A".repeat(43))] {
        let nobody = world.engine.authenticate(guess);
        assert!(matches!(nobody, Err(AuthError::Unknown)), "{guess}");
    }
}

#[tokio::test]
async fn a_session_token_names_the_session_and_ends_with_it_h4() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let granted = world.granted("Anna").await;
    let token = world.engine.session_token(&granted);
    let keys = world.engine.jwks().verifying_keys().unwrap();
    let payload = jws::verify(&token, jws::SESSION_TYP, |_| keys.first().cloned()).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!(claims["sid"], granted.session.to_string());
    assert_eq!(claims["iss"], world.engine.installation().to_string());
    assert_eq!(claims["exp"], granted.expires_at.as_millis() / 1000);
    // The same keys after a restart, so that tokens stay good.
    let world = world.restart().await;
    assert_eq!(world.engine.jwks().verifying_keys().unwrap(), keys);
}

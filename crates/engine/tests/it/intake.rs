//! License files: opened, judged, taken in whole or not at all (L3 to L5, I1).

use domain::command::FolderRef;
use domain::outcome::ImportCode;
use domain::{Actor, Role};
use engine::IdempotencyKey;
use license_file::document::{Agreement, Model};
use license_file::jws::SigningKey;

use crate::world::{World, administrator, file, terms};

fn root() -> FolderRef {
    FolderRef::Path(Vec::new())
}

#[tokio::test]
async fn a_file_of_a_trusted_issuer_is_taken_in_and_once_only_l3_l4() {
    let world = World::new();
    let licenses = vec![
        terms("NW-1", Model::Floating, 3),
        terms("NW-2", Model::Site, 0),
    ];
    let codes = |answers: Vec<domain::outcome::ImportAnswer>| -> Vec<_> {
        answers.into_iter().map(|answer| answer.code).collect()
    };
    let first = world.import(licenses.clone()).await.unwrap();
    assert_eq!(codes(first), [ImportCode::Added, ImportCode::Added]);
    let again = world.import(licenses).await.unwrap();
    assert_eq!(codes(again), [ImportCode::Unchanged, ImportCode::Unchanged]);
    world.granted("anna").await;
}

#[tokio::test]
async fn a_repeated_key_gets_the_first_answer_again_i1() {
    let world = World::new();
    let bytes = file(vec![terms("NW-1", Model::Floating, 3)]);
    let mut codes = Vec::new();
    for key in ["k", "k", "other"] {
        let key = IdempotencyKey::new(key, &[&bytes]).ok();
        let answer = world
            .engine
            .import(&administrator(), bytes.clone(), root(), false, key)
            .await;
        codes.push(answer.unwrap()[0].code);
    }
    let (added, unchanged) = (ImportCode::Added, ImportCode::Unchanged);
    assert_eq!(codes, [added, added, unchanged]);
}

#[tokio::test]
async fn a_dry_run_says_the_same_and_changes_nothing_i1() {
    let world = World::new();
    let bytes = file(vec![terms("NW-1", Model::Floating, 3)]);
    for _ in 0..2 {
        let dry = world
            .engine
            .import(&administrator(), bytes.clone(), root(), true, None)
            .await
            .unwrap();
        assert_eq!(dry[0].code, ImportCode::Added);
    }
    let real = world.import(vec![terms("NW-1", Model::Floating, 3)]).await;
    assert_eq!(real.unwrap()[0].code, ImportCode::Added);
}

#[tokio::test]
async fn what_is_not_signed_by_a_trusted_key_is_refused_l3() {
    let world = World::new();
    let import = |bytes: Vec<u8>| {
        let engine = world.engine.clone();
        async move {
            let answer = engine
                .import(&administrator(), bytes, root(), false, None)
                .await;
            answer.unwrap_err().code()
        }
    };
    assert_eq!(import(b"PK\x03\x04".to_vec()).await, "zip_damaged");
    assert_eq!(import(b"hello".to_vec()).await, "not_a_license_file");
    let stranger = SigningKey::from_seed(&[8; 32]);
    let document = license_file::document::Document {
        format: license_file::document::FORMAT,
        issuer: "Northwind Software".into(),
        customer: None,
        issued_at: "2026-01-01T00:00:00Z".parse().unwrap(),
        licenses: vec![terms("NW-1", Model::Floating, 3)],
    };
    let forged = document.sign(&stranger).unwrap().into_bytes();
    assert_eq!(import(forged).await, "unknown_key");
    let mut altered = file(vec![terms("NW-1", Model::Floating, 3)]);
    let middle = altered.len() / 2;
    altered[middle] = if altered[middle] == b'A' { b'B' } else { b'A' };
    assert_ne!(import(altered).await, "unknown_key");
    let refused = world.run(crate::world::sign_in("anna")).await.unwrap();
    assert!(matches!(refused, domain::Outcome::Denied(_)));
}

#[tokio::test]
async fn a_license_for_another_installation_is_refused_l5() {
    let world = World::new();
    let mut bound = terms("NW-1", Model::Floating, 3);
    bound.installation = Some("somewhere-else".into());
    let refused = world.import(vec![bound.clone()]).await.unwrap_err();
    assert_eq!(refused.code(), "wrong_installation");
    bound.installation = Some(world.engine.installation().to_string());
    world.import(vec![bound]).await.unwrap();
}

#[tokio::test]
async fn one_bad_license_keeps_the_whole_file_out_i1() {
    let world = World::new();
    let mut second = terms("NW-1", Model::Floating, 3);
    second.revision = 2;
    world.import(vec![second]).await.unwrap();
    let older = terms("NW-1", Model::Floating, 3);
    let refused = world
        .import(vec![terms("NW-2", Model::Floating, 3), older])
        .await
        .unwrap_err();
    assert_eq!(refused.code(), "import_refused");
    let answers = world.import(vec![terms("NW-2", Model::Floating, 3)]).await;
    assert_eq!(answers.unwrap()[0].code, ImportCode::Added);
}

#[tokio::test]
async fn an_agreement_keeps_the_hash_that_its_issuer_would_compute_l8() {
    let world = World::new();
    let agreement = Agreement {
        title: None,
        text: "Be fair.".into(),
    };
    let mut license = terms("NW-1", Model::Floating, 3);
    license.agreement = Some(agreement);
    let answers = world.import(vec![license]).await.unwrap();
    let id = answers[0].license.unwrap();
    let denied = world.run(crate::world::sign_in("anna")).await.unwrap();
    assert!(matches!(denied, domain::Outcome::Denied(_)));
    world
        .run(domain::Command::AcceptAgreement(id))
        .await
        .unwrap();
    world.granted("anna").await;
}

#[tokio::test]
async fn seats_go_to_a_folder_that_is_there_i1() {
    let world = World::new();
    let sales = domain::FolderName::parse("Sales").unwrap();
    let bytes = file(vec![terms("NW-1", Model::Dedicated, 3)]);
    let to_sales = FolderRef::Path(vec![sales.clone()]);
    let root = administrator();
    let import = || {
        let (bytes, folder) = (bytes.clone(), to_sales.clone());
        world.engine.import(&root, bytes, folder, false, None)
    };
    assert_eq!(import().await.unwrap_err().code(), "unknown_folder");
    let made = domain::Command::CreateFolder {
        parent: domain::FolderId::ROOT,
        name: sales,
    };
    world.run(made).await.unwrap();
    import().await.unwrap();
    // Anna lives in the root, where no seats stand.
    let denied = world.run(crate::world::sign_in("anna")).await.unwrap();
    assert!(matches!(denied, domain::Outcome::Denied(_)));
}

#[tokio::test]
async fn who_may_not_manage_licenses_learns_nothing_of_a_file_r1() {
    let world = World::new();
    let auditor = Actor::new("eyes", Role::Auditor);
    let refused = world
        .engine
        .import(&auditor, b"anything".to_vec(), root(), true, None)
        .await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
}

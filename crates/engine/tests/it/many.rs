//! Many accounts moved, deactivated and activated at once: P4, S8, and R1 where rights end.

use std::collections::BTreeMap;

use domain::{Actor, Command, FolderId, FolderName, Outcome, Reach, Role, UserRef};
use engine::{Bulk, BulkAnswer, BulkMode, Engine, JobState, StepAnswer, Who};
use license_file::document::Model;
use store::query::UserFilter;

use crate::jobs::{ended, people, started};
use crate::world::{World, administrator, grant, name};

pub(crate) async fn folder(world: &World, name: &str) -> FolderId {
    let name = FolderName::parse(name).unwrap();
    match world.run(Command::EnsureFolder(vec![name])).await.unwrap() {
        Outcome::FolderEnsured { folder, .. } => folder,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn everyone() -> Who {
    Who::Everyone(UserFilter::default())
}

pub(crate) fn these(names: &[&str]) -> Who {
    let users = names.iter().map(|user| UserRef::Name(name(user)));
    Who::These(users.collect())
}

async fn done(engine: &Engine, actor: &Actor, work: Bulk, dry_run: bool) -> Vec<StepAnswer> {
    let mode = BulkMode {
        dry_run,
        as_job: false,
    };
    match engine.bulk(actor, work, mode).await.unwrap() {
        BulkAnswer::Done(answers) => answers,
        BulkAnswer::Started(job) => panic!("it became the job {job}"),
    }
}

/// What each came to, by name.
fn codes(answers: Vec<StepAnswer>) -> Vec<(String, &'static str)> {
    let code = |answer: StepAnswer| {
        let code = match answer.result {
            Ok(Outcome::User { code, .. }) => code.code(),
            Ok(other) => panic!("{other:?}"),
            Err(error) => error.code(),
        };
        (answer.username, code)
    };
    answers.into_iter().map(code).collect()
}

pub(crate) async fn live_in(world: &World, folder: FolderId) -> u64 {
    let filter = UserFilter {
        folder: Some(folder),
        ..UserFilter::default()
    };
    let count = world.engine.read(move |reader| reader.count_users(&filter));
    count.await.unwrap()
}

pub(crate) async fn assigned(world: &World) -> u64 {
    let forever = domain::Timestamp::FOREVER;
    let found = world
        .engine
        .read(move |reader| Ok((reader.find_product("esm", forever)?, reader.check()?)));
    let (product, findings) = found.await.unwrap();
    assert_eq!(findings, []);
    product.unwrap().counts.assigned
}

#[tokio::test]
async fn more_than_a_thousand_move_as_a_job_and_keep_their_seats_p4() {
    let world = World::new();
    let engine = &world.engine;
    world.license(Model::Dedicated, 5).await;
    ended(engine, started(engine, people(1_500), false).await).await;
    let sales = folder(&world, "Sales").await;
    world.run(grant("user-00003")).await.unwrap();
    let one = Bulk::MoveUsers {
        who: these(&["user-00000"]),
        to: sales,
    };
    done(engine, &administrator(), one, false).await;

    let all = || Bulk::MoveUsers {
        who: everyone(),
        to: sales,
    };
    let expected = [("unchanged", 1), ("updated", 1_499)];
    let expected = BTreeMap::from(expected.map(|(code, count)| (code.to_owned(), count)));
    for dry_run in [true, false] {
        let mode = BulkMode {
            dry_run,
            as_job: false,
        };
        let answer = engine.bulk(&administrator(), all(), mode).await;
        let BulkAnswer::Started(job) = answer.unwrap() else {
            panic!("more than 1,000 are a job");
        };
        let status = ended(engine, job).await;
        assert_eq!((status.state, &*status.subject), (JobState::Done, "/Sales"));
        assert_eq!(status.counts, expected);
        let moved = if dry_run { 1 } else { 1_500 };
        assert_eq!(live_in(&world, sales).await, moved);
    }
    assert_eq!(assigned(&world).await, 1);
}

#[tokio::test]
async fn whoever_is_deactivated_among_many_gives_back_all_seats_s8_s12() {
    let world = World::new();
    let engine = &world.engine;
    world.license(Model::Dedicated, 40).await;
    ended(engine, started(engine, people(70), false).await).await;
    for n in 0..40 {
        world.run(grant(&format!("user-{n:05}"))).await.unwrap();
    }
    // Two accounts of one person, both switched off in the same chunk.
    let ids = engine.read(|r| r.user_ids(&UserFilter::default(), None, 2));
    let ids = ids.await.unwrap();
    let link = Command::LinkUser {
        user: ids[1],
        with: ids[0],
    };
    world.run(link).await.unwrap();
    let held = assigned(&world).await;
    let off = || Bulk::SetActive {
        who: everyone(),
        active: false,
    };
    let dry = codes(done(engine, &administrator(), off(), true).await);
    assert_eq!(assigned(&world).await, held);
    let real = codes(done(engine, &administrator(), off(), false).await);
    assert_eq!(dry, real);
    assert!(real.iter().all(|(_, code)| *code == "updated"), "{real:?}");
    assert_eq!(assigned(&world).await, 0);
    let on = Bulk::SetActive {
        who: these(&["user-00007", "nobody", "USER-00007"]),
        active: true,
    };
    let told = codes(done(engine, &administrator(), on, false).await);
    let expected = [
        ("user-00007", "updated"),
        ("nobody", "unknown_user"),
        ("user-00007", "unchanged"),
    ];
    assert_eq!(told, expected.map(|(name, code)| (name.to_owned(), code)));
}

#[tokio::test]
async fn a_limited_manager_moves_and_deactivates_only_inside_r1() {
    let world = World::new();
    let engine = &world.engine;
    ended(engine, started(engine, people(4), false).await).await;
    let (sales, other) = (folder(&world, "Sales").await, folder(&world, "Other").await);
    let below = Command::CreateFolder {
        parent: sales,
        name: FolderName::parse("EMEA").unwrap(),
    };
    let Outcome::Folder(emea) = world.run(below).await.unwrap() else {
        panic!("no folder");
    };
    let to_sales = Bulk::MoveUsers {
        who: these(&["user-00000", "user-00001"]),
        to: sales,
    };
    done(engine, &administrator(), to_sales, false).await;
    let limited = Actor {
        reach: Reach::Folder(sales),
        ..Actor::new("sam", Role::Manager)
    };
    let to = |who, to| Bulk::MoveUsers { who, to };
    // Everyone is everyone whom they see.
    let told = codes(done(engine, &limited, to(everyone(), emea), false).await);
    let expected = ["user-00000", "user-00001"].map(|name| (name.to_owned(), "updated"));
    assert_eq!(told, expected);
    let told = codes(done(engine, &limited, to(everyone(), other), false).await);
    assert!(told.iter().all(|(_, code)| *code == "outside_your_folder"));
    assert_eq!(live_in(&world, emea).await, 2);
    let off = Bulk::SetActive {
        who: these(&["user-00000", "user-00003"]),
        active: false,
    };
    let told = codes(done(engine, &limited, off, false).await);
    assert_eq!((told[0].1, told[1].1), ("updated", "unknown_user"));
    let filter = UserFilter {
        active: Some(true),
        ..UserFilter::default()
    };
    let active = engine.read(move |reader| reader.count_users(&filter));
    assert_eq!(active.await.unwrap(), 3);
}

#[tokio::test]
async fn who_may_not_manage_users_changes_none_of_many() {
    let world = World::new();
    let root = Bulk::MoveUsers {
        who: everyone(),
        to: FolderId::ROOT,
    };
    for role in [Role::Auditor, Role::Application, Role::User] {
        let refused = world
            .engine
            .bulk(&Actor::new("eyes", role), root.clone(), BulkMode::default())
            .await;
        assert_eq!(refused.unwrap_err().code(), "forbidden");
    }
}

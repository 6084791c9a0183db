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
        listed: false,
    };
    match engine.bulk(actor, work, mode).await.unwrap() {
        BulkAnswer::Done(answers) => answers,
        other => panic!("{other:?}"),
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
            listed: false,
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
async fn work_on_several_that_is_done_at_once_is_listed_and_can_be_undone_s7() {
    let world = World::new();
    let engine = &world.engine;
    ended(engine, started(engine, people(3), false).await).await;
    let sales = folder(&world, "Sales").await;
    let listed = BulkMode {
        listed: true,
        ..BulkMode::default()
    };
    let to_sales = |who| Bulk::MoveUsers { who, to: sales };
    let actor = administrator();
    let answer = engine.bulk(&actor, to_sales(everyone()), listed).await;
    let BulkAnswer::Listed(job, answers) = answer.unwrap() else {
        panic!("it is listed");
    };
    let status = engine.job(&actor, job).await.unwrap();
    assert_eq!((status.state, status.done), (JobState::Done, 3));
    assert_eq!(answers.len(), 3);
    let as_job = BulkMode {
        as_job: true,
        ..BulkMode::default()
    };
    let undo = engine.undo_job(&actor, job, as_job).await.unwrap();
    let BulkAnswer::Started(undo) = undo else {
        panic!("a job was asked for");
    };
    assert_eq!(ended(engine, undo).await.counts["moved_back"], 3);
    // One by itself is no job, nor is a dry run.
    let one = engine
        .bulk(&actor, to_sales(these(&["user-00000"])), listed)
        .await;
    assert!(matches!(one.unwrap(), BulkAnswer::Done(_)));
    let dry = BulkMode {
        dry_run: true,
        ..listed
    };
    let dry = engine.bulk(&actor, to_sales(everyone()), dry).await;
    assert!(matches!(dry.unwrap(), BulkAnswer::Done(_)));
}

#[tokio::test]
async fn people_do_not_wait_for_a_deactivation() {
    let world = World::new();
    world.license(Model::Site, 0).await;
    ended(
        &world.engine,
        started(&world.engine, people(5_000), false).await,
    )
    .await;
    let off = Bulk::SetActive {
        who: everyone(),
        active: false,
    };
    let job = started(&world.engine, off, false).await;
    // Somebody new signs in while the job is at work, and is not put behind all of it.
    world.granted("zoe").await;
    let status = world.engine.job(&Actor::system(), job).await.unwrap();
    assert!(status.done < 5_000, "{} of 5,000 came first", status.done);
    ended(&world.engine, job).await;
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

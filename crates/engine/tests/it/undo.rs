//! A job is undone: exactly what it changed is taken back, as far as the rules allow (S7).

use std::collections::BTreeMap;

use domain::{
    Actor, Command, FolderId, JobId, Millis, Outcome, Reach, Role, Source, Target, UserRef,
};
use engine::{Bulk, BulkAnswer, BulkMode, JobKind, JobState, JobStatus, Who};
use license_file::document::Model;
use store::query::UserFilter;

use crate::jobs::{ended, people, started};
use crate::many::{assigned, everyone, folder, live_in, these};
use crate::world::{World, administrator, esm, grant, name, sign_in, sign_out};

fn grant_to(who: Who) -> Bulk {
    Bulk::Grant {
        who,
        targets: vec![esm()],
        source: Source::Hand,
    }
}

fn recall_from(who: Who) -> Bulk {
    Bulk::Recall {
        who,
        targets: vec![esm()],
        source: None,
        now: false,
    }
}

/// Does work as a job, to its end.
async fn done(world: &World, work: Bulk) -> JobStatus {
    ended(&world.engine, started(&world.engine, work, false).await).await
}

const fn as_job(dry_run: bool) -> BulkMode {
    BulkMode {
        dry_run,
        as_job: true,
        listed: false,
    }
}

async fn undoing(world: &World, job: JobId, dry_run: bool) -> JobId {
    let actor = administrator();
    let undo = world.engine.undo_job(&actor, job, as_job(dry_run));
    match undo.await.unwrap() {
        BulkAnswer::Started(job) => job,
        other => panic!("a job was asked for: {other:?}"),
    }
}

/// What undoing a job came to; it counts the same beforehand.
async fn undone(world: &World, job: JobId) -> JobStatus {
    let engine = &world.engine;
    let dry = ended(engine, undoing(world, job, true).await).await;
    let real = ended(engine, undoing(world, job, false).await).await;
    assert_eq!(real.state, JobState::Done);
    assert_eq!((&dry.counts, dry.total), (&real.counts, real.total));
    assert_eq!((real.kind, real.undoes), (JobKind::Undo, Some(job)));
    real
}

async fn refusal(world: &World, job: JobId) -> &'static str {
    let engine = &world.engine;
    let foreseen = engine.may_undo_job(&administrator(), job).await;
    let refused = engine.undo_job(&administrator(), job, as_job(false)).await;
    let code = refused.unwrap_err().code();
    assert_eq!(foreseen.unwrap_err().code(), code);
    code
}

fn counts(expected: &[(&str, u64)]) -> BTreeMap<String, u64> {
    let owned = |(code, count): &(&str, u64)| ((*code).to_owned(), *count);
    expected.iter().map(owned).collect()
}

async fn holders(world: &World) -> Vec<String> {
    let license = world.engine.read(|reader| {
        let mut names = Vec::new();
        for id in reader.user_ids(&UserFilter::default(), None, 100)? {
            let user = reader.find_user(id)?.unwrap();
            let seats = reader.seats_of_person(user.person)?;
            if seats.iter().any(|held| held.seat.releasing_since.is_none()) {
                names.push(user.username.to_string());
            }
        }
        names.sort();
        Ok(names)
    });
    license.await.unwrap()
}

async fn house(seats: u32, users: u64) -> (World, domain::LicenseId) {
    let world = World::new();
    let license = world.license(Model::Dedicated, seats).await;
    done(&world, people(users)).await;
    (world, license)
}

async fn recall(world: &World, user: &str) {
    let recall = Command::Recall {
        user: UserRef::Name(name(user)),
        target: esm(),
        source: None,
        now: true,
    };
    world.run(recall).await.unwrap();
}

#[tokio::test]
async fn an_undone_grant_takes_the_seats_that_it_gave_and_no_others_s7() {
    let (world, _) = house(10, 5).await;
    world.run(grant("user-00000")).await.unwrap();
    let job = done(&world, grant_to(everyone())).await;
    assert_eq!(job.counts, counts(&[("already_held", 1), ("granted", 4)]));
    // Since then one was recalled by hand, and one is at work.
    recall(&world, "user-00001").await;
    let session = world.granted("user-00002").await.session;

    let undo = undone(&world, job.id).await;
    let expected = [("recalled_since", 1), ("released", 2), ("releasing", 1)];
    assert_eq!(undo.counts, counts(&expected));
    let [error] = &undo.errors[..] else {
        panic!("{:?}", undo.errors);
    };
    assert_eq!(error.username.as_deref(), Some("user-00001"));
    assert_eq!(holders(&world).await, ["user-00000"]);
    world.run(sign_out(session)).await.unwrap();
    assert_eq!(assigned(&world).await, 1);

    let shown = world.engine.job(&administrator(), job.id).await.unwrap();
    assert_eq!(shown.undone_by, Some(undo.id));
    assert_eq!(refusal(&world, job.id).await, "job_undone");
}

#[tokio::test]
async fn an_undone_grant_leaves_what_another_source_keeps_s11() {
    let (world, license) = house(10, 2).await;
    let by_rule = |user| Command::Grant {
        user: UserRef::Name(name(user)),
        target: Target::License(license),
        source: Source::Rule,
    };
    // A rule stood behind the one before, and came to stand behind the other since.
    world.run(by_rule("user-00000")).await.unwrap();
    let job = done(&world, grant_to(everyone())).await;
    world.run(by_rule("user-00001")).await.unwrap();
    let undo = undone(&world, job.id).await;
    assert_eq!(undo.counts, counts(&[("still_held", 2)]));
    assert_eq!(holders(&world).await.len(), 2);
    let by_hand = Bulk::Recall {
        who: everyone(),
        targets: vec![esm()],
        source: Some(Source::Hand),
        now: false,
    };
    let left = done(&world, by_hand).await;
    assert_eq!(left.counts, counts(&[("not_held", 2)]));
}

#[tokio::test]
async fn an_undone_recall_gives_back_as_far_as_seats_are_free_s3_s7() {
    let (world, license) = house(3, 6).await;
    done(
        &world,
        grant_to(these(&["user-00000", "user-00001", "user-00002"])),
    )
    .await;
    let held_since = |world: &World| {
        let engine = world.engine.clone();
        async move {
            let found = engine.read(move |reader| {
                let user = reader.find_username("user-00000")?.unwrap();
                Ok(reader.seats_of_person(user.person)?[0].seat.assigned_at)
            });
            found.await.unwrap()
        }
    };
    let since = held_since(&world).await;
    world.pass(60);
    let job = done(&world, recall_from(everyone())).await;
    assert_eq!(job.counts, counts(&[("not_held", 3), ("released", 3)]));
    // One of the three that were free is another's by now.
    world.run(grant("user-00005")).await.unwrap();
    let undo = undone(&world, job.id).await;
    assert_eq!(
        undo.counts,
        counts(&[("given_back", 2), ("no_free_seat", 1)])
    );
    assert_eq!(undo.errors[0].code, "no_free_seat");
    assert_eq!(undo.errors[0].username.as_deref(), Some("user-00002"));
    assert_eq!(held_since(&world).await, since);
    assert_eq!(assigned(&world).await, 3);
    let seats = world
        .engine
        .read(move |reader| reader.find_license(license));
    assert!(seats.await.unwrap().is_some());
}

#[tokio::test]
async fn an_undone_recall_keeps_seats_that_are_still_in_use_s4_s8() {
    let (world, _) = house(5, 3).await;
    done(&world, grant_to(everyone())).await;
    world.granted("user-00000").await;
    let job = done(&world, recall_from(everyone())).await;
    assert_eq!(job.counts, counts(&[("released", 2), ("releasing", 1)]));
    let off = Bulk::SetActive {
        who: these(&["user-00001"]),
        active: false,
    };
    done(&world, off).await;
    let gone = world
        .engine
        .read(|reader| reader.find_username("user-00002"));
    let gone = gone.await.unwrap().unwrap().id;
    world.run(Command::DeleteUser(gone)).await.unwrap();
    let undo = undone(&world, job.id).await;
    let expected = [("given_back", 1), ("unknown_user", 1), ("user_inactive", 1)];
    assert_eq!(undo.counts, counts(&expected));
    assert_eq!(holders(&world).await, ["user-00000"]);
    assert!(matches!(
        world.run(sign_in("user-00000")).await.unwrap(),
        Outcome::SignedIn(_)
    ));
}

#[tokio::test]
async fn an_undone_move_puts_everybody_back_but_who_was_moved_since_p4() {
    let (world, _) = house(1, 6).await;
    let (sales, old) = (folder(&world, "Sales").await, folder(&world, "Old").await);
    let to = |who, to| Bulk::MoveUsers { who, to };
    done(&world, to(these(&["user-00000"]), old)).await;
    done(&world, to(these(&["user-00001"]), sales)).await;
    let job = done(&world, to(everyone(), sales)).await;
    assert_eq!(job.counts, counts(&[("unchanged", 1), ("updated", 5)]));
    // The folder where the first one lived goes; another one is moved on, a third one back by hand.
    world.run(Command::DeleteFolder(old)).await.unwrap();
    let away = folder(&world, "Away").await;
    done(&world, to(these(&["user-00002"]), away)).await;
    done(&world, to(these(&["user-00003"]), FolderId::ROOT)).await;
    let undo = undone(&world, job.id).await;
    let expected = [
        ("moved_back", 2),
        ("moved_since", 1),
        ("unchanged", 1),
        ("unknown_folder", 1),
    ];
    assert_eq!(undo.counts, counts(&expected));
    assert_eq!(live_in(&world, FolderId::ROOT).await, 3);
    assert_eq!(live_in(&world, sales).await, 2);
    assert_eq!(live_in(&world, away).await, 1);
}

#[tokio::test]
async fn an_undone_deactivation_gives_people_their_seats_back_s8() {
    let (world, _) = house(40, 45).await;
    done(&world, grant_to(everyone())).await;
    let was_off = Bulk::SetActive {
        who: these(&["user-00044"]),
        active: false,
    };
    done(&world, was_off).await;
    let off = Bulk::SetActive {
        who: everyone(),
        active: false,
    };
    let job = done(&world, off).await;
    assert_eq!(job.counts, counts(&[("unchanged", 1), ("updated", 44)]));
    assert_eq!(assigned(&world).await, 0);
    let undo = undone(&world, job.id).await;
    assert_eq!(
        undo.counts,
        counts(&[("activated", 44), ("given_back", 40)])
    );
    assert_eq!(assigned(&world).await, 40);
    let inactive = UserFilter {
        active: Some(false),
        ..UserFilter::default()
    };
    let inactive = world
        .engine
        .read(move |reader| reader.count_users(&inactive));
    assert_eq!(inactive.await.unwrap(), 1);
}

#[tokio::test]
async fn an_undone_activation_deactivates_whom_it_activated_s8() {
    let (world, _) = house(40, 40).await;
    let set = |who, active| Bulk::SetActive { who, active };
    let off: Vec<String> = (0..35).map(|n| format!("user-{n:05}")).collect();
    let off: Vec<&str> = off.iter().map(String::as_str).collect();
    done(&world, set(these(&off), false)).await;
    let job = done(&world, set(everyone(), true)).await;
    done(&world, grant_to(everyone())).await;
    let undo = undone(&world, job.id).await;
    assert_eq!(undo.counts, counts(&[("deactivated", 35)]));
    assert_eq!(assigned(&world).await, 5);
}

#[tokio::test]
async fn what_can_not_be_undone_says_why_s7() {
    let (world, _) = house(2, 3).await;
    let engine = &world.engine;
    let import = done(&world, people(4)).await;
    assert_eq!(refusal(&world, import.id).await, "job_not_undoable");
    let dry = started(engine, grant_to(everyone()), true).await;
    let dry = ended(engine, dry).await;
    assert_eq!(refusal(&world, dry.id).await, "nothing_to_undo");
    let nothing = done(&world, recall_from(everyone())).await;
    assert_eq!(refusal(&world, nothing.id).await, "nothing_to_undo");
    let unknown = JobId(uuid::Uuid::from_u128(1));
    assert_eq!(refusal(&world, unknown).await, "unknown_job");

    let job = done(&world, grant_to(everyone())).await;
    let auditor = Actor::new("eyes", Role::Auditor);
    let refused = engine.undo_job(&auditor, job.id, as_job(true)).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
    let limited = Actor {
        reach: Reach::Folder(folder(&world, "Sales").await),
        ..Actor::new("sam", Role::Manager)
    };
    let refused = engine.undo_job(&limited, job.id, as_job(true)).await;
    assert_eq!(refused.unwrap_err().code(), "unknown_job");
    let undo = undone(&world, job.id).await;
    assert_eq!(refusal(&world, undo.id).await, "job_not_undoable");

    let late = done(&world, grant_to(everyone())).await;
    world.clock.set(world.clock.now().plus(Millis::days(7)));
    assert_eq!(refusal(&world, late.id).await, "too_late_to_undo_job");
}

#[tokio::test]
async fn a_job_at_work_is_undone_only_after_its_end() {
    let world = World::new();
    let engine = &world.engine;
    let busy = [
        started(engine, people(2_000), false).await,
        started(engine, people(2_000), false).await,
    ];
    let waiting = Bulk::SetActive {
        who: everyone(),
        active: false,
    };
    let waiting = started(engine, waiting, false).await;
    let refused = engine
        .undo_job(&administrator(), waiting, as_job(false))
        .await;
    assert_eq!(refused.unwrap_err().code(), "job_running");
    for job in busy {
        ended(engine, job).await;
    }
    ended(engine, waiting).await;
}

#[tokio::test]
async fn what_an_interrupted_job_did_can_be_undone_after_a_restart() {
    let (world, _) = house(5_000, 5_000).await;
    let job = started(&world.engine, grant_to(everyone()), false).await;
    while world.engine.job(&administrator(), job).await.unwrap().done == 0 {
        tokio::task::yield_now().await;
    }
    let world = world.restart().await;
    let status = world.engine.job(&administrator(), job).await.unwrap();
    assert_eq!(status.state, JobState::Failed);
    let given = assigned(&world).await;
    assert!(given > 0);
    assert_eq!(status.counts, counts(&[("granted", given)]));
    assert_eq!(status.done, given);
    let undo = undone(&world, job).await;
    assert_eq!(undo.counts, counts(&[("released", given)]));
    assert_eq!(assigned(&world).await, 0);
}

#[tokio::test]
async fn an_undoing_that_was_stopped_goes_on_with_what_is_left() {
    let (world, _) = house(4_000, 4_000).await;
    let job = done(&world, grant_to(everyone())).await;
    let first = undoing(&world, job.id, false).await;
    let actor = administrator();
    let second = world.engine.undo_job(&actor, job.id, as_job(false));
    assert_eq!(second.await.unwrap_err().code(), "job_undone");
    // Stopped by the end of the server, wherever that finds it.
    let world = world.restart().await;
    let first = world.engine.job(&administrator(), first).await.unwrap();
    let left = assigned(&world).await;
    assert_eq!(first.state, JobState::Failed);
    let undo = undone(&world, job.id).await;
    assert_eq!(undo.counts, counts(&[("released", left)]));
    assert_eq!(assigned(&world).await, 0);
    assert_eq!(refusal(&world, job.id).await, "job_undone");
}

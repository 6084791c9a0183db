//! Work on many users: at once or as jobs, dry or for real (S7).

use std::collections::BTreeMap;

use domain::outcome::{GrantCode, PutCode, RecallCode};
use domain::{Command, JobId, Outcome, Source, Target, UserRef};
use engine::people_csv::PeopleFile;
use engine::{
    Bulk, BulkAnswer, BulkMode, Engine, EngineError, JobState, JobStatus, StepAnswer, Who,
};
use license_file::document::Model;
use store::query::UserFilter;

use crate::world::{World, administrator, esm, name, terms};

const DRY: BulkMode = BulkMode {
    dry_run: true,
    as_job: false,
    listed: false,
};

fn file(text: String) -> Bulk {
    Bulk::PutUsers(PeopleFile::check(text).unwrap())
}

pub(crate) fn people(count: u64) -> Bulk {
    let row = |n| format!("user-{n:05}\n");
    let names: String = (0..count).map(row).collect();
    file(format!("username\n{names}"))
}

fn everyone() -> Who {
    Who::Everyone(UserFilter::default())
}

fn grant_all() -> Bulk {
    Bulk::Grant {
        who: everyone(),
        targets: vec![esm()],
        source: Source::Hand,
    }
}

async fn done(engine: &Engine, work: Bulk, mode: BulkMode) -> Vec<StepAnswer> {
    match engine.bulk(&administrator(), work, mode).await.unwrap() {
        BulkAnswer::Done(answers) => answers,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn started(engine: &Engine, work: Bulk, dry_run: bool) -> JobId {
    let mode = BulkMode {
        dry_run,
        as_job: true,
        listed: false,
    };
    match engine.bulk(&administrator(), work, mode).await.unwrap() {
        BulkAnswer::Started(job) => job,
        other => panic!("it was done at once: {other:?}"),
    }
}

pub(crate) async fn ended(engine: &Engine, job: JobId) -> JobStatus {
    loop {
        let status = engine.job(&domain::Actor::system(), job).await.unwrap();
        if status.state != JobState::Running {
            return status;
        }
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

fn codes(answers: &[StepAnswer]) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for answer in answers {
        let code = match answer.result.as_ref().unwrap() {
            Outcome::Grant(grant) => grant.code.code(),
            Outcome::Recall(recalls) => recalls[0].code.code(),
            Outcome::User { code, .. } => code.code(),
            other => panic!("{other:?}"),
        };
        *counts.entry(code).or_default() += 1;
    }
    counts
}

#[tokio::test]
async fn a_dry_run_answers_as_the_real_one_and_changes_nothing_s7() {
    let world = World::new();
    let engine = &world.engine;
    world.license(Model::Dedicated, 3).await;
    let made = done(engine, people(5), BulkMode::default()).await;
    assert_eq!(codes(&made), BTreeMap::from([(PutCode::Created.code(), 5)]));

    let told = |answers: &[StepAnswer]| -> Vec<_> {
        let code = |answer: &StepAnswer| match answer.result.as_ref().unwrap() {
            Outcome::Grant(grant) => grant.code,
            other => panic!("{other:?}"),
        };
        let told = |answer: &StepAnswer| (answer.username.clone(), answer.user, code(answer));
        answers.iter().map(told).collect()
    };
    let dry = done(engine, grant_all(), DRY).await;
    let dry_again = done(engine, grant_all(), DRY).await;
    let real = done(engine, grant_all(), BulkMode::default()).await;
    assert_eq!(told(&dry), told(&dry_again));
    assert_eq!(told(&dry), told(&real));
    let free = GrantCode::NoFreeSeat.code();
    let expected = BTreeMap::from([(GrantCode::Granted.code(), 3), (free, 2)]);
    assert_eq!(codes(&real), expected);
    // Repeating is harmless.
    let again = done(engine, grant_all(), BulkMode::default()).await;
    let expected = BTreeMap::from([(GrantCode::AlreadyHeld.code(), 3), (free, 2)]);
    assert_eq!(codes(&again), expected);
}

#[tokio::test]
async fn a_long_dry_run_forgets_people_and_still_counts_the_seats_s7() {
    let world = World::new();
    let engine = &world.engine;
    world.license(Model::Dedicated, 1_200).await;
    let job = started(engine, people(1_500), false).await;
    ended(engine, job).await;
    let job = started(engine, grant_all(), true).await;
    let dry = ended(engine, job).await;
    let job = started(engine, grant_all(), false).await;
    let real = ended(engine, job).await;
    let expected = [("granted", 1_200), ("no_free_seat", 300)];
    let expected = expected.map(|(code, count)| (code.to_owned(), count));
    assert_eq!(dry.counts, BTreeMap::from(expected));
    assert_eq!(dry.counts, real.counts);
}

#[tokio::test]
async fn a_file_that_switches_many_off_frees_all_they_have_s8() {
    let world = World::new();
    let engine = &world.engine;
    world.license(Model::Dedicated, 300).await;
    done(engine, people(300), BulkMode::default()).await;
    done(engine, grant_all(), BulkMode::default()).await;
    let row = |n: u64| format!("user-{n:05},{}\n", n.is_multiple_of(3));
    let rows: String = (0..300).map(row).collect();
    let work = || file(format!("username,active\n{rows}"));
    let dry = done(engine, work(), DRY).await;
    let real = done(engine, work(), BulkMode::default()).await;
    let expected = BTreeMap::from([
        (PutCode::Updated.code(), 200),
        (PutCode::Unchanged.code(), 100),
    ]);
    assert_eq!((codes(&dry), codes(&real)), (expected.clone(), expected));
    let (product, found) = engine
        .read(|reader| {
            let now = domain::Timestamp::FOREVER;
            Ok((reader.find_product("esm", now)?, reader.check()?))
        })
        .await
        .unwrap();
    assert_eq!(product.unwrap().counts.assigned, 100);
    assert_eq!(found, []);
}

#[tokio::test]
async fn whoever_is_named_is_answered_by_name_s7() {
    let world = World::new();
    world.license(Model::Dedicated, 3).await;
    done(&world.engine, people(1), BulkMode::default()).await;
    let work = Bulk::Grant {
        who: Who::These(vec![
            UserRef::Name(name("USER-00000")),
            UserRef::Name(name("nobody")),
        ]),
        targets: vec![esm()],
        source: Source::Hand,
    };
    let answers = done(&world.engine, work, BulkMode::default()).await;
    let names: Vec<_> = answers.iter().map(|a| a.username.as_str()).collect();
    assert_eq!(names, ["user-00000", "nobody"]);
    assert!(answers[0].user.is_some() && answers[1].user.is_none());
    assert!(matches!(
        &answers[1].result,
        Ok(Outcome::Grant(grant)) if grant.code == GrantCode::UnknownUser
    ));
}

#[tokio::test]
async fn assign_missing_leaves_out_who_has_a_seat_and_clear_all_takes_only_its_own_s7_s10() {
    let world = World::new();
    let engine = &world.engine;
    let answers = world.import(vec![
        terms("NW-1", Model::Dedicated, 2),
        terms("NW-2", Model::Dedicated, 10),
    ]);
    let ids: Vec<_> = answers.await.unwrap().iter().map(|a| a.license).collect();
    let [Some(first), Some(second)] = ids[..] else {
        panic!("{ids:?}");
    };
    done(engine, people(5), BulkMode::default()).await;
    let work = Bulk::Grant {
        who: Who::These(vec![
            UserRef::Name(name("user-00000")),
            UserRef::Name(name("user-00001")),
        ]),
        targets: vec![Target::License(first)],
        source: Source::Hand,
    };
    done(engine, work, BulkMode::default()).await;

    let everyone = UserFilter::default();
    let missing = Bulk::AssignMissing {
        license: second,
        everyone: everyone.clone(),
    };
    let answers = done(engine, missing, BulkMode::default()).await;
    let expected = BTreeMap::from([(GrantCode::Granted.code(), 3)]);
    assert_eq!(codes(&answers), expected);
    let clear = |license| Bulk::ClearAll {
        license,
        everyone: everyone.clone(),
        now: false,
    };
    let answers = done(engine, clear(second), BulkMode::default()).await;
    let expected = BTreeMap::from([(RecallCode::Released.code(), 3)]);
    assert_eq!(codes(&answers), expected);
    let answers = done(engine, clear(first), BulkMode::default()).await;
    let expected = BTreeMap::from([(RecallCode::Released.code(), 2)]);
    assert_eq!(codes(&answers), expected);
}

#[tokio::test]
async fn a_job_counts_what_it_does_and_is_remembered() {
    let world = World::new();
    world.license(Model::Dedicated, 300).await;
    let BulkAnswer::Started(import) = world
        .engine
        .bulk(&administrator(), people(1_500), BulkMode::default())
        .await
        .unwrap()
    else {
        panic!("more than 1,000 steps are a job");
    };
    let status = ended(&world.engine, import).await;
    assert_eq!((status.state, status.done), (JobState::Done, 1_500));
    assert_eq!(status.counts["created"], 1_500);

    let job = started(&world.engine, grant_all(), false).await;
    let status = ended(&world.engine, job).await;
    assert_eq!((status.done, status.total), (1_500, 1_500));
    assert_eq!(status.counts["granted"], 300);
    assert_eq!(status.counts["no_free_seat"], 1_200);
    assert_eq!(status.errors.len(), JobStatus::MOST_ERRORS);
    let world = world.restart().await;
    assert_eq!(
        world
            .engine
            .job(&domain::Actor::system(), job)
            .await
            .unwrap(),
        status
    );
}

#[tokio::test]
async fn a_dry_job_changes_nothing() {
    let world = World::new();
    let job = started(&world.engine, people(20), true).await;
    let status = ended(&world.engine, job).await;
    assert_eq!(status.counts["created"], 20);
    let users = world.engine.read(|r| r.count_users(&UserFilter::default()));
    assert_eq!(users.await.unwrap(), 0);
}

#[tokio::test]
async fn a_cancelled_job_stops_and_what_it_did_stays() {
    let world = World::new();
    let engine = &world.engine;
    // Two threads do jobs; the third one waits until it is cancelled.
    let busy = [
        started(engine, people(3_000), false).await,
        started(engine, people(3_000), false).await,
    ];
    let waiting = started(engine, people(3_000), false).await;
    engine
        .cancel_job(&domain::Actor::system(), waiting)
        .await
        .unwrap();
    let status = ended(engine, waiting).await;
    assert_eq!((status.state, status.done), (JobState::Cancelled, 0));
    for job in busy {
        let status = ended(engine, job).await;
        assert_eq!(status.done, 3_000);
        let unchanged = engine
            .cancel_job(&domain::Actor::system(), job)
            .await
            .unwrap();
        assert_eq!(unchanged.state, JobState::Done);
    }
}

#[tokio::test]
async fn a_job_that_the_end_of_the_server_stopped_says_so() {
    let world = World::new();
    let job = started(&world.engine, people(50_000), false).await;
    let world = world.restart().await;
    let status = world
        .engine
        .job(&domain::Actor::system(), job)
        .await
        .unwrap();
    assert_eq!(status.state, JobState::Failed);
    assert_eq!(status.errors.last().unwrap().code, "interrupted");
    assert!(status.ended_at.is_some());
}

#[tokio::test]
async fn a_job_that_a_stop_interrupts_says_what_it_did() {
    let world = World::new();
    let job = started(&world.engine, people(50_000), false).await;
    let system = domain::Actor::system();
    while world.engine.job(&system, job).await.unwrap().done == 0 {
        tokio::task::yield_now().await;
    }
    // The second one waits with a third for its turn, and does nothing.
    let [_, waiting] = [
        started(&world.engine, people(50_000), false).await,
        started(&world.engine, people(10), false).await,
    ];
    let world = world.restart().await;
    let status = world.engine.job(&system, job).await.unwrap();
    assert_eq!(status.state, JobState::Failed);
    assert_eq!(status.errors.last().unwrap().code, "interrupted");
    assert!(status.done > 0 && status.done < 50_000, "{}", status.done);
    let filter = UserFilter::default();
    let users = world.engine.read(move |r| r.count_users(&filter)).await;
    let other = world.engine.job(&system, waiting).await.unwrap();
    assert_eq!((other.state, other.done), (JobState::Failed, 0));
    assert!(users.unwrap() >= status.counts["created"]);
    assert_eq!(status.counts.values().sum::<u64>(), status.done);
}

#[tokio::test]
async fn a_row_that_can_not_be_put_is_named_and_the_others_are_put() {
    let world = World::new();
    let deep = "/Sales".repeat(domain::decide::MOST_DEEP + 1);
    let rows = format!("username,folder,active\nanna,,\nlost,{deep},\ngone,,no\n");
    let job = started(&world.engine, file(rows), false).await;
    let status = ended(&world.engine, job).await;
    assert_eq!(status.counts["created"], 2);
    let [error] = &status.errors[..] else {
        panic!("{:?}", status.errors);
    };
    assert_eq!(
        (error.row, error.code.as_str()),
        (Some(3), "folder_too_deep")
    );
}

#[tokio::test]
async fn people_do_not_wait_for_jobs() {
    let world = World::new();
    world.license(Model::Site, 0).await;
    let job = started(&world.engine, people(5_000), false).await;
    // Signs in while the job is at work, and is not put behind all of it.
    world.granted("anna").await;
    let status = world
        .engine
        .job(&domain::Actor::system(), job)
        .await
        .unwrap();
    assert!(status.done < 5_000, "{} of 5,000 came first", status.done);
    ended(&world.engine, job).await;
}

#[tokio::test]
async fn an_unknown_job_and_one_who_may_not_are_refused() {
    let world = World::new();
    let unknown = JobId(uuid::Uuid::from_u128(1));
    let refused = world.engine.job(&domain::Actor::system(), unknown).await;
    assert!(matches!(refused, Err(EngineError::UnknownJob)));
    let auditor = domain::Actor::new("eyes", domain::Role::Auditor);
    let refused = world.engine.bulk(&auditor, grant_all(), DRY).await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");
    let gone = Bulk::ClearAll {
        license: domain::LicenseId(uuid::Uuid::from_u128(1)),
        everyone: UserFilter::default(),
        now: true,
    };
    let refused = world.engine.bulk(&administrator(), gone, DRY).await;
    assert_eq!(refused.unwrap_err().code(), "unknown_license");
    assert!(world.run(Command::RemoveExpired).await.is_ok());
}

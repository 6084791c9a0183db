//! Denials, events, jobs, requests to issuers.

use std::collections::BTreeMap;

use domain::event::EventKind;
use domain::license::Model;
use domain::names::{CompanyId, Title};
use domain::undo::{Change, Changed};
use domain::{Command, DenialCode, FolderId, Millis, Outcome, ProductVersion, RequestId};
use store::query::{DenialFilter, EventFilter, Job, JobState, Paging, UserFilter};

use super::all;
use crate::world::{BEGIN, World, of_product, sign_in, terms};

#[test]
fn denials_are_counted_by_username_product_code_and_day() {
    // A9
    let mut world = World::new();
    world.import(vec![of_product("crm", terms("NW-1", Model::Dedicated))]);
    world.user("anna", "/");
    for (user, product) in [
        ("anna", "esm"),
        ("ANNA", "ESM"),
        ("anna", "abc"),
        ("bob", "esm"),
    ] {
        world.run(sign_in(user, product));
        world.after(Millis::SECOND);
    }
    let second_day = BEGIN.plus(Millis::DAY);
    world.now = second_day;
    world.run(sign_in("anna", "esm"));
    let list = |filter: &DenialFilter| {
        let (items, _) = all(&world, |reader, paging| reader.denials(filter, paging));
        items
    };
    let items = list(&DenialFilter::default());
    assert_eq!(items.len(), 4);
    assert_eq!(items[0].first_at, second_day);
    let twice = items.iter().find(|item| item.count == 2).unwrap();
    assert_eq!(
        (twice.username.as_str(), twice.product.as_str()),
        ("ANNA", "ESM")
    );
    assert_eq!(twice.first_at, BEGIN);
    assert_eq!(twice.last_at, BEGIN.plus(Millis::SECOND));
    assert_eq!(twice.code, DenialCode::NotLicensed);
    let none = DenialFilter::default;
    for (filter, expected) in [
        (
            DenialFilter {
                username_key: Some("anna".into()),
                ..none()
            },
            3,
        ),
        (
            DenialFilter {
                product_key: Some("abc".into()),
                ..none()
            },
            1,
        ),
        (
            DenialFilter {
                code: Some(DenialCode::NoFreeSeat),
                ..none()
            },
            0,
        ),
        (
            DenialFilter {
                since: Some(second_day),
                ..none()
            },
            1,
        ),
        (
            DenialFilter {
                until: Some(BEGIN.plus(Millis::seconds(2))),
                ..none()
            },
            1,
        ),
    ] {
        assert_eq!(list(&filter).len(), expected, "{filter:?}");
    }
}

/// Whether an event is what a filter asks for.
type Accepts<'a> = Box<dyn Fn(&domain::Event) -> bool + 'a>;

#[test]
fn events_are_filtered_latest_first_and_time_is_a_place_in_the_record() {
    // R3
    let mut world = World::new();
    let [license] = world.import(vec![terms("NW-1", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    world.after(Millis::SECOND);
    let anna = world.user("anna", "/");
    world.after(Millis::SECOND);
    world.grant("anna", license);
    world.after(Millis::SECOND);
    let session = world.sign_in("anna", "esm").session;
    world.sign_out(session);
    let list = |filter: &EventFilter| {
        let (items, _) = all(&world, |reader, paging| reader.events(filter, paging));
        assert!(items.is_sorted_by(|a, b| a.seq > b.seq));
        items
    };
    let everything = list(&EventFilter::default());
    let of = |accepts: &dyn Fn(&domain::Event) -> bool| {
        let matching = everything.iter().filter(|item| accepts(&item.event));
        matching.map(|item| item.seq).collect::<Vec<_>>()
    };
    assert_eq!(everything.last().unwrap().seq, 1);
    let none = EventFilter::default;
    let second = BEGIN.plus(Millis::seconds(2));
    let cases: Vec<(EventFilter, Accepts<'_>)> = vec![
        (
            EventFilter {
                kind: Some(EventKind::SeatAssigned),
                ..none()
            },
            Box::new(|event| event.kind == EventKind::SeatAssigned),
        ),
        (
            EventFilter {
                kind: Some(EventKind::SessionEnded),
                ..none()
            },
            Box::new(|event| event.kind == EventKind::SessionEnded),
        ),
        (
            EventFilter {
                acts_only: true,
                ..none()
            },
            Box::new(|event| !event.kind.is_sign_in()),
        ),
        (
            EventFilter {
                user: Some(anna),
                ..none()
            },
            Box::new(|event| event.subject.user == Some(anna)),
        ),
        (
            EventFilter {
                license: Some(license),
                acts_only: true,
                ..none()
            },
            Box::new(|event| event.subject.license == Some(license) && !event.kind.is_sign_in()),
        ),
        (
            EventFilter {
                since: Some(second),
                ..none()
            },
            Box::new(|event| event.at >= second),
        ),
        (
            EventFilter {
                until: Some(second),
                ..none()
            },
            Box::new(|event| event.at < second),
        ),
        (
            EventFilter {
                actor: Some("system".into()),
                product: everything[0].event.subject.product,
                ..none()
            },
            Box::new(|event| event.subject.product == everything[0].event.subject.product),
        ),
    ];
    for (filter, accepts) in &cases {
        let found: Vec<_> = list(filter).iter().map(|item| item.seq).collect();
        assert!(!found.is_empty(), "{filter:?}");
        assert_eq!(found, of(accepts), "{filter:?}");
    }
    let nobody = EventFilter {
        actor: Some("nobody".into()),
        ..none()
    };
    assert!(list(&nobody).is_empty());
}

#[test]
fn a_job_is_written_over_and_fails_with_its_server() {
    let mut world = World::new();
    let mut job = Job {
        id: domain::Ids::new(BEGIN, 1).fresh(),
        kind: "grant".into(),
        subject: "esm".into(),
        dry_run: true,
        actor: "me".into(),
        state: JobState::Running,
        done: 0,
        total: 10,
        counts: [("granted".to_owned(), 1)].into(),
        errors: Vec::new(),
        folder: None,
        started_at: BEGIN,
        ended_at: None,
        is_known: true,
        undoes: Some(domain::JobId(uuid::Uuid::from_u128(1))),
        undone_by: None,
    };
    for done in [0, 2] {
        job.done = done;
        let mut transaction = world.writer.begin().unwrap();
        transaction.put_job(&job).unwrap();
        transaction.commit().unwrap();
    }
    assert_eq!(
        world.read(|reader| reader.find_job(job.id)),
        Some(job.clone())
    );
    let mut transaction = world.writer.begin().unwrap();
    // Of its eight steps three changed something; its row is behind.
    for step in [0, 3, 7] {
        let user = domain::UserId(uuid::Uuid::from_u128(9));
        let what = vec![Changed::Active { was: true }];
        let change = Change { user, what };
        transaction.put_job_change(job.id, step, &change).unwrap();
    }
    let why = |job: &Job, changed| serde_json::json!({"was": job.done, "changed": changed});
    assert_eq!(transaction.end_running_jobs(BEGIN, &why).unwrap(), 1);
    assert_eq!(transaction.end_running_jobs(BEGIN, &why).unwrap(), 0);
    transaction.commit().unwrap();
    job.state = JobState::Failed;
    job.ended_at = Some(BEGIN);
    job.done = 8;
    job.errors = vec![serde_json::json!({"was": 2, "changed": 3})];
    let jobs = world.read(|reader| reader.jobs(&Paging::first(1)));
    assert_eq!((jobs.items, jobs.next), (vec![job.clone()], None));
    assert_eq!(
        world.read(|reader| reader.find_job(job.id)),
        Some(job.clone())
    );
    let by = domain::JobId(uuid::Uuid::from_u128(2));
    let mut transaction = world.writer.begin().unwrap();
    transaction.mark_job_undone(job.id, by).unwrap();
    // What is known of a job is no matter of whoever writes how far it is.
    transaction.put_job(&job).unwrap();
    transaction.commit().unwrap();
    job.undone_by = Some(by);
    assert_eq!(world.read(|reader| reader.find_job(job.id)), Some(job));
}

/// Writes the job and what its steps changed: of three people, the second twice.
fn put_changed(world: &mut World, job: &Job) -> Vec<(u64, Change)> {
    let user = |n| domain::UserId(uuid::Uuid::from_u128(n));
    let of = |n, what| Change {
        user: user(n),
        what,
    };
    let license = domain::LicenseId(uuid::Uuid::from_u128(7));
    let taken = Changed::SeatTaken {
        license,
        folder: domain::FolderId::ROOT,
        sources: domain::Sources::of(domain::Source::Rule),
        assigned_at: BEGIN,
    };
    let given = Changed::SeatGiven {
        seat: domain::SeatId(uuid::Uuid::from_u128(8)),
        license,
        sources: domain::Sources::of(domain::Source::Hand),
    };
    let moved = Changed::Folder {
        from: domain::FolderId::ROOT,
        to: domain::FolderId(uuid::Uuid::from_u128(9)),
    };
    let changes = vec![
        (0, of(1, vec![Changed::Active { was: true }, taken])),
        (2, of(2, vec![moved])),
        (3, of(2, vec![given])),
    ];
    let mut transaction = world.writer.begin().unwrap();
    transaction.put_job(job).unwrap();
    for (step, change) in &changes {
        transaction.put_job_change(job.id, *step, change).unwrap();
    }
    transaction.commit().unwrap();
    changes
}

#[test]
fn what_a_job_changed_is_kept_until_it_is_taken_back_or_outdated_s7() {
    let mut world = World::new();
    let job = Job {
        id: domain::Ids::new(BEGIN, 1).fresh(),
        kind: "grant".into(),
        subject: "esm".into(),
        dry_run: false,
        actor: "me".into(),
        state: JobState::Done,
        done: 4,
        total: 4,
        counts: BTreeMap::new(),
        errors: Vec::new(),
        folder: None,
        started_at: BEGIN,
        ended_at: Some(BEGIN),
        is_known: true,
        undoes: None,
        undone_by: None,
    };
    let changes = put_changed(&mut world, &job);
    let page = |world: &World, from, most| world.read(|r| r.job_changes(job.id, from, most));
    assert_eq!(page(&world, 0, 10), changes);
    assert_eq!(page(&world, 1, 1), changes[1..2]);
    assert_eq!(world.read(|reader| reader.count_job_changes(job.id)), 3);

    let mut transaction = world.writer.begin().unwrap();
    transaction.forget_job_change(job.id, 2).unwrap();
    assert!(!transaction.purge_job_changes(BEGIN, 1).unwrap());
    transaction.commit().unwrap();
    assert_eq!(page(&world, 1, 10), changes[2..]);

    // One step at a time, until a look finds fewer than it may take.
    let later = BEGIN.plus(domain::Millis::seconds(1));
    let mut transaction = world.writer.begin().unwrap();
    for more in [true, true, true, false] {
        assert_eq!(transaction.purge_job_changes(later, 1).unwrap(), more);
    }
    transaction.commit().unwrap();
    assert_eq!(page(&world, 0, 10), []);
    let known = world.read(|reader| reader.find_job(job.id)).unwrap();
    assert!(!known.is_known);
}

#[test]
fn a_cursor_of_another_list_is_refused() {
    let mut world = World::new();
    for user in ["anna", "bob"] {
        world.user(user, "/");
    }
    let users = world.read(|reader| reader.users(&UserFilter::default(), &Paging::first(1)));
    for after in [users.next.unwrap(), "nonsense".into()] {
        let paging = Paging {
            limit: 1,
            after: Some(after),
        };
        let error = world
            .store
            .read(|reader| reader.events(&EventFilter::default(), &paging))
            .unwrap_err();
        assert_eq!(error.code(), "invalid_cursor");
    }
}

#[test]
fn requests_to_issuers_are_listed_latest_first_and_by_their_answers() {
    // I4
    let mut world = World::new();
    world.trust();
    let company = || CompanyId::parse("CUST-42").unwrap();
    let mut made = Vec::new();
    for minor in 0..5 {
        let asked = world.run(Command::RequestLicenses {
            company: Some(company()),
            version: ProductVersion::parse(&format!("8.{minor}.0")).unwrap(),
            issuer: None,
        });
        let Outcome::Requested(request) = asked else {
            panic!("{asked:?}")
        };
        made.push(request.id);
        world.after(Millis::SECOND);
    }
    for request in [made[1], made[3]] {
        world.run(Command::TakeResponse {
            request,
            issuer: Title::parse("Northwind Software").unwrap(),
            key: "key-1".into(),
            company: company(),
            licenses: Vec::new(),
            withdrawn: Vec::new(),
            folder: FolderId::ROOT,
        });
    }
    let list = |answered| -> Vec<RequestId> {
        let (items, _) = all(&world, |reader, paging| {
            reader.license_requests(answered, paging)
        });
        assert!(items.iter().all(|one| one.company == company()));
        items.iter().map(|one| one.id).collect()
    };
    made.reverse();
    assert_eq!(list(None), made);
    assert_eq!(list(Some(true)), [made[1], made[3]]);
    assert_eq!(list(Some(false)), [made[0], made[2], made[4]]);
}

//! What is written down about use.

use super::world::{BEGIN, World, grant, new_user, of_product, sign_in, terms};
use domain::usage::HOUR;
use domain::{Command, CountedBy, Millis, Model, ProductId, Terms, Timestamp};
use store::query::{Grain, IdleFilter, Paging, UsePoint, UsedByFilter};

const MINUTE: Millis = Millis::seconds(60);

fn minutes(count: i64) -> Millis {
    Millis::new(MINUTE.get() * count)
}

/// Ten people, and floating seats counted by session.
fn world() -> World {
    let mut world = World::new();
    let policy = domain::Policy {
        session_timeout_s: 86_400,
        ..world.read(|reader| reader.policy())
    };
    world.run(Command::SetPolicy {
        policy,
        version: None,
    });
    world.import(vec![Terms {
        counted_by: CountedBy::Session,
        ..terms("F-1", Model::Floating)
    }]);
    for n in 0..10 {
        world.run(Command::CreateUser(new_user(&format!("user{n}"), "")));
    }
    world
}

fn product(world: &World, code: &str) -> ProductId {
    let now = world.now;
    let found = world.read(|reader| reader.find_product(code, now));
    found.unwrap().product.id
}

/// Writes down what is over.
fn write_down(world: &mut World) -> usize {
    let mut written = 0;
    loop {
        let now = world.now;
        let Some(hours) = world.read(|reader| reader.next_hours(now)) else {
            break;
        };
        let mut transaction = world.writer.begin().unwrap();
        assert!(transaction.put_hours(&hours).unwrap());
        transaction.commit().unwrap();
        written += hours.hours.len();
    }
    while let Some(visits) = world.read(|reader| reader.next_visits()) {
        let mut transaction = world.writer.begin().unwrap();
        assert!(transaction.put_visits(&visits).unwrap());
        transaction.commit().unwrap();
    }
    written
}

fn used(world: &World, grain: Grain) -> Vec<UsePoint> {
    let now = world.now;
    world.read(|reader| {
        reader.use_over_time(None, grain, (BEGIN, BEGIN.plus(Millis::days(400))), now)
    })
}

/// The peak, the minutes and the sessions of each hour or day.
fn figures(points: &[UsePoint]) -> Vec<(i64, u64, i64, u64, u64)> {
    let point = |point: &UsePoint| {
        let hour = point.at.since(BEGIN).get() / HOUR.get();
        let minutes = point.seat_ms / MINUTE.get();
        (hour, point.peak, minutes, point.owned, point.begun)
    };
    points.iter().map(point).collect()
}

#[test]
fn use_is_of_the_moment_whenever_it_is_written_down_r4() {
    let mut world = world();
    world.now = BEGIN.plus(minutes(30));
    let a = world.sign_in("user0", "esm").session;
    world.now = BEGIN.plus(minutes(45));
    let b = world.sign_in("user0", "esm").session;
    world.now = BEGIN.plus(minutes(50));
    world.sign_out(b);
    world.sign_in("user1", "esm");
    world.now = BEGIN.plus(minutes(70));
    // Before anything was ever written down, the present hour is told all the same.
    assert_eq!(figures(&used(&world, Grain::Hour)), [(1, 2, 20, 3, 0)]);
    assert_eq!(write_down(&mut world), 1);
    let told = [(0, 2, 45, 3, 3), (1, 2, 20, 3, 0)];
    assert_eq!(figures(&used(&world, Grain::Hour)), told);
    world.now = BEGIN.plus(minutes(80));
    world.sign_out(a);
    world.now = BEGIN.plus(minutes(200));
    assert_eq!(write_down(&mut world), 2);
    let told = [
        (0, 2, 45, 3, 3),
        (1, 2, 80, 3, 0),
        (2, 1, 60, 3, 0),
        (3, 1, 20, 3, 0),
    ];
    assert_eq!(figures(&used(&world, Grain::Hour)), told);
    let day = [(0, 2, 205, 3, 3)];
    assert_eq!(figures(&used(&world, Grain::Day)), day);
    assert_eq!(write_down(&mut world), 0);
    world.is_sound();
}

#[test]
fn hours_written_down_late_are_those_written_down_in_time() {
    let mut early = world();
    let mut late = world();
    for world in [&mut early, &mut late] {
        world.import(vec![
            terms("D-1", Model::Dedicated),
            of_product("wiki", terms("S-1", Model::Site)),
        ]);
    }
    // A day of coming and going, the same in both worlds.
    let mut open = [Vec::new(), Vec::new()];
    let mut chance = domain::Ids::new(BEGIN, 7);
    for _ in 0..150 {
        let span = minutes(i64::try_from(chance.random() % 25).unwrap());
        let user = format!("user{}", chance.random() % 10);
        let code = ["esm", "wiki"][usize::from(chance.random().is_multiple_of(3))];
        let leaves = chance.random() % 5;
        for (world, open) in [&mut early, &mut late].into_iter().zip(&mut open) {
            world.after(span);
            if leaves < 2 && !open.is_empty() {
                world.sign_out(open.remove(0));
            } else if let [Ok(domain::Outcome::SignedIn(access))] =
                &world.batch(&[sign_in(&user, code)])[..]
            {
                open.push(access.session);
            }
        }
        write_down(&mut early);
    }
    for world in [&mut early, &mut late] {
        world.after(Millis::days(2));
        write_down(world);
    }
    let hours = figures(&used(&early, Grain::Hour));
    assert!(hours.iter().any(|hour| hour.1 > 2), "{hours:?}");
    assert_eq!(hours, figures(&used(&late, Grain::Hour)));
    assert_eq!(
        figures(&used(&early, Grain::Day)),
        figures(&used(&late, Grain::Day))
    );
}

#[test]
fn what_somebody_else_wrote_down_is_not_counted_twice() {
    let mut world = world();
    let session = world.sign_in("user0", "esm").session;
    world.after(minutes(30));
    world.sign_out(session);
    world.after(minutes(60));
    let now = world.now;
    let hours = world.read(|reader| reader.next_hours(now)).unwrap();
    let visits = world.read(|reader| reader.next_visits()).unwrap();
    for first in [true, false] {
        let mut transaction = world.writer.begin().unwrap();
        assert_eq!(transaction.put_hours(&hours).unwrap(), first);
        assert_eq!(transaction.put_visits(&visits).unwrap(), first);
        transaction.commit().unwrap();
    }
    let of = used_by(&world, 0, None);
    assert_eq!(of, [("user0".to_owned(), 1, 30)]);
}

#[test]
fn a_lapsed_session_is_in_use_until_its_time_out_h2() {
    let mut world = world();
    let policy = domain::Policy {
        session_timeout_s: 600,
        ..world.read(|reader| reader.policy())
    };
    world.run(Command::SetPolicy {
        policy,
        version: None,
    });
    let expires = world.sign_in("user0", "esm").expires_at;
    let held = expires.since(world.now).get() / MINUTE.get();
    world.after(minutes(55));
    world.run(Command::Reclaim {
        product: product(&world, "esm"),
        at_most: 10,
    });
    world.after(minutes(10));
    write_down(&mut world);
    assert_eq!(figures(&used(&world, Grain::Hour))[0].2, held);
    assert_eq!(used_by(&world, 0, None), [("user0".to_owned(), 1, held)]);
}

#[test]
fn a_delete_all_ends_what_is_in_use_l7() {
    let mut world = world();
    world.sign_in("user0", "esm");
    world.after(minutes(90));
    write_down(&mut world);
    world.run(Command::DeleteAll {
        confirmation: Command::DELETE_ALL_CONFIRMATION.to_owned(),
    });
    world.after(minutes(120));
    write_down(&mut world);
    let hours = figures(&used(&world, Grain::Hour));
    assert_eq!(hours[..2], [(0, 1, 60, 3, 1), (1, 1, 30, 0, 0)]);
    assert_eq!(used_by(&world, 0, None), [("user0".to_owned(), 1, 90)]);
}

/// Username, sessions and minutes.
fn used_by(world: &World, day: i64, product: Option<ProductId>) -> Vec<(String, u64, i64)> {
    let filter = UsedByFilter {
        first_day: BEGIN.day() + day,
        last_day: BEGIN.day() + day,
        product,
        ..UsedByFilter::default()
    };
    let now = world.now;
    let page = world.read(|reader| reader.used_by(&filter, now, &Paging::first(50)));
    let item = |item: &store::query::UsedByItem| {
        let minutes = item.held_ms / MINUTE.get();
        (
            item.user.username.as_str().to_owned(),
            item.sessions,
            minutes,
        )
    };
    page.items.iter().map(item).collect()
}

#[test]
fn who_used_what_counts_each_day_and_who_is_still_there() {
    let mut world = world();
    world.now = BEGIN.plus(minutes(23 * 60));
    let a = world.sign_in("user2", "esm").session;
    world.after(minutes(90));
    world.sign_out(a);
    world.sign_in("user1", "esm");
    world.after(minutes(15));
    write_down(&mut world);
    assert_eq!(used_by(&world, 0, None), [("user2".to_owned(), 1, 60)]);
    let second = [("user1".to_owned(), 1, 15), ("user2".to_owned(), 0, 30)];
    assert_eq!(used_by(&world, 1, None), second);
    assert_eq!(used_by(&world, 1, Some(product(&world, "esm"))), second);
    assert_eq!(used_by(&world, 2, None), []);
}

#[test]
fn a_seat_is_idle_when_nobody_signed_in_on_it_and_nobody_is_on_it_now() {
    let mut world = world();
    let [license] = world.import(vec![terms("D-1", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    for name in ["user0", "user1", "user2"] {
        world.run(grant(name, license));
        world.after(minutes(1));
    }
    world.after(Millis::days(40));
    let session = world.sign_in("user1", "esm").session;
    let idle = |world: &World, since: Timestamp| {
        let filter = IdleFilter {
            product: None,
            since,
        };
        let now = world.now;
        let page = world.read(|reader| reader.idle_seats(&filter, now, &Paging::first(10)));
        let name = |item: &store::query::IdleSeat| {
            let user = item.user.as_ref().unwrap();
            user.username.as_str().to_owned()
        };
        page.items.iter().map(name).collect::<Vec<_>>()
    };
    let month_ago = world.now.minus(Millis::days(30));
    assert_eq!(idle(&world, month_ago), ["user0", "user2"]);
    // Somebody who is at work is not idle, however long ago they came.
    world.after(minutes(10));
    assert_eq!(idle(&world, world.now), ["user0", "user2"]);
    world.sign_out(session);
    assert_eq!(idle(&world, world.now), ["user0", "user2", "user1"]);
    let now = world.now;
    let summary = world.read(|reader| reader.idle_summary(now)).unwrap();
    assert_eq!(summary.products.len(), 1);
    assert_eq!(
        (summary.products[0].seats, summary.products[0].idle),
        (3, [2, 0, 0, 0])
    );
}

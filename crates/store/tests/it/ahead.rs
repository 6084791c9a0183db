//! A batch on PostgreSQL is a few round trips, however many commands it has.

use domain::command::UserPatch;
use domain::license::{Model, Terms};
use domain::{
    Actor, Command, Context, EndReason, Ids, Outcome, PersonName, SessionId, Stop, UserId,
    WorkingSet, decide,
};
use store::query::UserFilter;
use store::{Ahead, Store, StoreOptions, Writer};

use super::place::Place;
use super::world::{World, grant, of_product, sign_in, terms};

/// Carries commands out in one transaction, with what they need loaded ahead; what they came to,
/// and how many round trips it took up to the commit.
fn batch(world: &mut World, seed: u64, ahead: &Ahead, all: &[Command]) -> (Vec<Outcome>, u64) {
    let mut set = WorkingSet::new(domain::Policy::default());
    batch_on(world, &mut set, seed, ahead, all)
}

/// The same on a set that may know something.
fn batch_on(
    world: &mut World,
    set: &mut WorkingSet,
    seed: u64,
    ahead: &Ahead,
    all: &[Command],
) -> (Vec<Outcome>, u64) {
    let mut transaction = world.writer.begin().unwrap();
    let mut ids = Ids::new(world.now, seed);
    transaction.load_ahead(set, ahead, world.now).unwrap();
    let actor = Actor::system();
    let mut outcomes = Vec::new();
    for command in all {
        let mut context = Context {
            now: world.now,
            actor: &actor,
            ids: &mut ids,
            trace: None,
        };
        outcomes.push(loop {
            match decide(set, command, &mut context) {
                Ok(outcome) => break outcome,
                Err(Stop::Need(need)) => transaction.load(set, &need, world.now).unwrap(),
                Err(Stop::Refused(refusal)) => panic!("{refusal}"),
            }
        });
    }
    transaction.save(&set.changes(), world.now).unwrap();
    let trips = transaction.round_trips();
    transaction.commit().unwrap();
    (outcomes, trips)
}

fn sign_ins(people: u64) -> (Ahead, Vec<Command>) {
    let mut ahead = Ahead::default();
    let mut commands = Vec::new();
    for number in 0..people {
        let name = format!("user{number}");
        commands.push(sign_in(&name, "esm"));
        ahead.sign_ins.push((name, "esm".into()));
    }
    (ahead, commands)
}

fn sign_out(session: SessionId) -> Command {
    Command::EndSession {
        session,
        reason: EndReason::SignedOut,
    }
}

fn sessions(outcomes: Vec<Outcome>) -> Vec<SessionId> {
    let session = |outcome| match outcome {
        Outcome::SignedIn(granted) => granted.session,
        other => panic!("{other:?}"),
    };
    outcomes.into_iter().map(session).collect()
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_batch_is_a_few_round_trips_however_many_commands_it_has() {
    let mut world = World::on(Place::postgres());
    let with = |terms| Terms {
        seats: 1_000,
        ..terms
    };
    let [_, dedicated] = world.import(vec![
        with(terms("NW-1", Model::Floating)),
        with(of_product("crm", terms("NW-2", Model::Dedicated))),
    ])[..] else {
        panic!("two licenses")
    };
    for number in 0..100 {
        world.user(&format!("user{number}"), "/");
    }
    // The first time, statements are prepared too.
    for people in [1, 10, 100] {
        let (ahead, commands) = sign_ins(people);
        let (outcomes, ins) = batch(&mut world, 10 * people, &ahead, &commands);
        let ahead = Ahead {
            sessions: sessions(outcomes),
            ..Ahead::default()
        };
        let all = ahead.sessions.iter();
        let beats: Vec<Command> = all.clone().map(|id| Command::Heartbeat(*id)).collect();
        let ends: Vec<Command> = all.map(|id| sign_out(*id)).collect();
        let (_, beats) = batch(&mut world, 10 * people + 1, &ahead, &beats);
        let (_, outs) = batch(&mut world, 10 * people + 2, &ahead, &ends);
        let to_all = (0..people).map(|number| grant(&format!("user{number}"), dedicated));
        let grants: Vec<Command> = to_all.collect();
        let named = |command: &Command| match command {
            Command::Grant { user, target, .. } => (user.clone(), target.clone()),
            other => panic!("{other:?}"),
        };
        let ahead = Ahead {
            grants: grants.iter().map(named).collect(),
            ..Ahead::default()
        };
        let (_, grants) = batch(&mut world, 10 * people + 3, &ahead, &grants);
        let at_most = u32::try_from(people).unwrap();
        let users: Vec<UserId> = world.read(|r| r.user_ids(&UserFilter::default(), None, at_most));
        let turn = |user: &UserId| Command::UpdateUser {
            user: *user,
            patch: UserPatch {
                name: Some(PersonName::parse(&format!("Name {people}")).ok()),
                ..UserPatch::default()
            },
            version: None,
        };
        let changes: Vec<Command> = users.iter().map(turn).collect();
        let ahead = Ahead {
            users,
            ..Ahead::default()
        };
        let (_, changes) = batch(&mut world, 10 * people + 4, &ahead, &changes);
        if people > 1 {
            let trips = [ins, beats, outs, grants, changes];
            assert!(trips.iter().all(|trips| *trips <= 8), "{people}: {trips:?}");
        }
    }
    world.is_sound();
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn what_a_set_knows_from_before_is_not_asked_for_again() {
    let mut world = World::on(Place::postgres());
    world.import(vec![Terms {
        seats: 100,
        ..terms("NW-1", Model::Floating)
    }]);
    for number in 0..50 {
        world.user(&format!("user{number}"), "/");
    }
    let mut set = WorkingSet::new(domain::Policy::default());
    let (ahead, commands) = sign_ins(50);
    let mut trips = Vec::new();
    for round in 0..3 {
        let (outcomes, of_ins) = batch_on(&mut world, &mut set, 2 * round, &ahead, &commands);
        set = set.settled().unwrap();
        let ids = sessions(outcomes);
        let ends: Vec<Command> = ids.iter().map(|id| sign_out(*id)).collect();
        let ahead = Ahead {
            sessions: ids,
            ..Ahead::default()
        };
        let (_, of_outs) = batch_on(&mut world, &mut set, 2 * round + 1, &ahead, &ends);
        set = set.settled().unwrap();
        trips.push((of_ins, of_outs));
    }
    // The turn, and what is saved; the first round also asks, and prepares statements.
    assert!(trips[0].0 > 2, "{trips:?}");
    assert_eq!(trips[1..], [(2, 2), (2, 2)]);
    world.is_sound();
}

#[test]
#[ignore = "slow: needs PostgreSQL"]
fn a_mark_lasts_until_somebody_else_carries_commands_out() {
    let mut world = World::on(Place::postgres());
    let other = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        database: world.place.options().database,
        ..StoreOptions::new(other.path())
    };
    let (_store, mut others) = Store::open(&options).unwrap();
    let now = world.now;
    let save = |writer: &mut Writer| {
        let mut transaction = writer.begin().unwrap();
        let set = WorkingSet::new(domain::Policy::default());
        transaction.save(&set.changes(), now).unwrap();
        let mark = transaction.mark();
        transaction.commit().unwrap();
        mark
    };
    let found = |writer: &mut Writer| writer.begin().unwrap().mark();

    let left = save(&mut world.writer);
    assert_eq!(found(&mut world.writer), left);
    // What was taken back was never there.
    let mut dropped = world.writer.begin().unwrap();
    let set = WorkingSet::new(domain::Policy::default());
    dropped.save(&set.changes(), now).unwrap();
    assert_ne!(dropped.mark(), left);
    drop(dropped);
    assert_eq!(found(&mut world.writer), left);

    save(&mut others);
    assert_ne!(found(&mut world.writer), left);
    let left = save(&mut world.writer);
    assert_eq!(found(&mut world.writer), left);
    // Another connection may lead to a server that never heard of what this one was told.
    world.writer.stays_here().unwrap();
    assert_ne!(found(&mut world.writer), left);
}

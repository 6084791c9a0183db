//! Lists in every order, page by page.

use crate::world::{BEGIN, World, agreement, new_user, of_product, terms};
use domain::{AccessLevel, Command, LicenseId, Millis, Model, State, Terms, UserId};
use store::query::{LicenseFilter, LicenseSort, Paging, UserFilter, UserSort};

/// Licenses in each state that time brings, of several products, models and sizes.
fn world() -> World {
    let mut world = World::new();
    let term = |serial: &str, model, from: i64, until: i64, seats| Terms {
        starts_at: BEGIN.plus(Millis::days(from)),
        expires_at: BEGIN.plus(Millis::days(until)),
        seats,
        ..terms(serial, model)
    };
    world.import(vec![
        term("A-1", Model::Dedicated, -9, -1, 3),
        term("B-1", Model::Floating, -9, 5, 7),
        of_product("wiki", term("C-1", Model::Dedicated, 3, 90, 2)),
        Terms {
            grace: Millis::days(9),
            ..term("D-1", Model::Floating, -9, -1, 2)
        },
        Terms {
            access: AccessLevel::Read,
            ..term("E-1", Model::Dedicated, -9, 400, 1)
        },
        Terms {
            agreement: Some(agreement("Be kind.")),
            ..term("F-1", Model::Floating, -9, 400, 2)
        },
        of_product("wiki", terms("G-1", Model::Site)),
        term("A-1b", Model::Dedicated, -9, -2, 1),
    ]);
    let names = ["zoe", "Adam", "bela", "émil", "carla"];
    for (n, name) in names.into_iter().enumerate() {
        let folder = ["/b", "/a/x", "", "/a"][n % 4];
        let mut user = new_user(name, folder);
        user.active = n % 2 == 0;
        user.name = (n > 0).then(|| domain::PersonName::parse(&format!("P {}", 9 - n)).unwrap());
        world.run(Command::CreateUser(user));
    }
    world
}

fn licenses(world: &World, sort: LicenseSort, limit: u32) -> Vec<(LicenseId, State)> {
    those(world, &LicenseFilter::default(), sort, limit)
}

fn those(
    world: &World,
    filter: &LicenseFilter,
    sort: LicenseSort,
    limit: u32,
) -> Vec<(LicenseId, State)> {
    let (now, warn) = (world.now, Millis::days(30));
    let mut paging = Paging::first(limit);
    let mut found = Vec::new();
    loop {
        let page = world.read(|reader| reader.licenses(filter, sort, now, warn, &paging));
        found.extend(page.items.iter().map(|item| {
            let license = &item.license;
            (license.id, license.state(now, warn))
        }));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return found,
        }
    }
}

fn users(world: &World, sort: UserSort, limit: u32) -> Vec<(UserId, String)> {
    let mut paging = Paging::first(limit);
    let mut found = Vec::new();
    loop {
        let page = world.read(|reader| reader.users_by(&UserFilter::default(), sort, &paging));
        found.extend(page.items.into_iter().map(|item| {
            let user = item.user;
            (user.id, format!("{} {}", item.path, user.username))
        }));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return found,
        }
    }
}

#[test]
fn licenses_come_in_every_order_whatever_the_length_of_a_page() {
    let world = world();
    for sorts in LicenseSort::ALL.chunks(2) {
        let [up, down] = sorts else {
            panic!("two ways")
        };
        let all = licenses(&world, *up, 100);
        assert_eq!(all.len(), 8, "{up:?}");
        for limit in [1, 3] {
            assert_eq!(licenses(&world, *up, limit), all, "{up:?}");
        }
        let mut back = licenses(&world, *down, 2);
        back.reverse();
        assert_eq!(back, all, "{down:?}");
    }
}

#[test]
fn removed_licenses_have_their_place_in_every_order_and_one_state_is_in_order_too() {
    let mut world = world();
    for (license, _) in licenses(&world, LicenseSort::Serial, 2) {
        world.run(Command::RemoveLicense(license));
    }
    world.import(vec![
        terms("H-1", Model::Dedicated),
        of_product("crm", terms("H-2", Model::Floating)),
        of_product("wiki", terms("H-3", Model::Floating)),
    ]);
    for state in [None, Some(State::Active), Some(State::Removed)] {
        let filter = LicenseFilter {
            removed: true,
            state,
            ..LicenseFilter::default()
        };
        let length = match state {
            None => 11,
            Some(State::Active) => 3,
            Some(_) => 8,
        };
        for sort in LicenseSort::ALL {
            let all = those(&world, &filter, *sort, 100);
            assert_eq!(all.len(), length, "{sort:?} {state:?}");
            for limit in [1, 2, 3] {
                let paged = those(&world, &filter, *sort, limit);
                assert_eq!(paged, all, "{sort:?} {state:?} {limit}");
            }
        }
    }
}

#[test]
fn what_needs_somebody_comes_first_l2() {
    let world = world();
    let states: Vec<State> = licenses(&world, LicenseSort::State, 100)
        .into_iter()
        .map(|(_, state)| state)
        .collect();
    assert_eq!(
        states,
        [
            State::Expired,
            State::Expired,
            State::Grace,
            State::Expiring,
            State::AwaitingAgreement,
            State::Scheduled,
            State::Active,
            State::Active,
        ]
    );
    let now = world.now;
    let counts = world.read(|reader| reader.count_states(State::ALL, now, Millis::days(30)));
    for (state, count) in counts {
        let seen = states.iter().filter(|one| **one == state).count() as u64;
        assert_eq!(count, seen, "{state:?}");
    }
}

#[test]
fn people_come_in_every_order_whatever_the_length_of_a_page() {
    let world = world();
    for sorts in UserSort::ALL.chunks(2) {
        let [up, down] = sorts else {
            panic!("two ways")
        };
        let all = users(&world, *up, 100);
        assert_eq!(all.len(), 5, "{up:?}");
        for limit in [1, 2] {
            assert_eq!(users(&world, *up, limit), all, "{up:?}");
        }
        if !matches!(up, UserSort::Folder) {
            let mut back = users(&world, *down, 2);
            back.reverse();
            assert_eq!(back, all, "{down:?}");
        }
    }
    let told = |sort| -> Vec<String> {
        let found = users(&world, sort, 2).into_iter();
        found.map(|(_, told)| told).collect()
    };
    let by_folder = ["/ bela", "/a émil", "/a/x Adam", "/b carla", "/b zoe"];
    assert_eq!(told(UserSort::Folder), by_folder);
    let by_name = ["/b zoe", "/b carla", "/a émil", "/ bela", "/a/x Adam"];
    assert_eq!(told(UserSort::Name), by_name);
}

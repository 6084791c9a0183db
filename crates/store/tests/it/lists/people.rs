//! Users, sessions, tokens, issuers.

use domain::license::{Model, Terms};
use domain::{Command, Millis, UserId};
use store::query::{Paging, SessionFilter, UserFilter, UserSort};

use super::all;
use crate::world::{World, grant, new_user, of_product, put, terms};

#[test]
fn users_are_filtered_and_the_same_filter_gives_ids_and_count() {
    // S7
    let mut world = World::new();
    let ids = world.import(vec![
        terms("NW-d", Model::Dedicated),
        terms("NW-f", Model::Floating),
    ]);
    let made: Vec<UserId> = [
        ("dora", "/Sales"),
        ("Änne", "/Sales/EMEA"),
        ("bob", "/"),
        ("cleo", "/Sales"),
    ]
    .map(|(name, folder)| world.user(name, folder))
    .into();
    world.run(put(domain::command::NewUser {
        active: false,
        ..new_user("cleo", "/Sales")
    }));
    world.grant("dora", ids[0]);
    world.sign_in("bob", "esm");
    let sales = world.read(|reader| reader.find_folder_by_path("/sales"));
    let esm = world.read(|reader| reader.find_product("esm", world.now));
    let esm = Some(esm.unwrap().product.id);
    let none = UserFilter::default;
    let below = |below| UserFilter {
        folder: sales,
        below,
        ..none()
    };
    for (filter, expected) in [
        (none(), &["bob", "cleo", "dora", "Änne"][..]),
        (
            UserFilter {
                q: Some("ÄNNE@".into()),
                ..none()
            },
            &["Änne"],
        ),
        (
            UserFilter {
                q: Some("bob example".into()),
                ..none()
            },
            &["bob"],
        ),
        (below(false), &["cleo", "dora"]),
        (below(true), &["cleo", "dora", "Änne"]),
        (
            UserFilter {
                folder: Some(domain::FolderId::ROOT),
                below: true,
                ..none()
            },
            &["bob", "cleo", "dora", "Änne"],
        ),
        (
            UserFilter {
                active: Some(false),
                ..none()
            },
            &["cleo"],
        ),
        (
            UserFilter {
                product: esm,
                ..none()
            },
            &["dora"],
        ),
        (
            UserFilter {
                unlicensed: esm,
                active: Some(true),
                ..none()
            },
            &["Änne"],
        ),
    ] {
        let (items, _) = all(&world, |reader, paging| reader.users(&filter, paging));
        let names: Vec<_> = items
            .iter()
            .map(|item| item.user.username.as_str())
            .collect();
        assert_eq!(names, expected, "{filter:?}");
        let count = world.read(|reader| reader.count_users(&filter));
        assert_eq!(count, expected.len() as u64);
        let mut walked = Vec::new();
        loop {
            let after = walked.last().copied();
            let part = world.read(|reader| reader.user_ids(&filter, after, 1));
            if part.is_empty() {
                break;
            }
            walked.extend(part);
        }
        let of = |id: &UserId| items.iter().any(|item| item.user.id == *id);
        let expected: Vec<UserId> = made.iter().copied().filter(of).collect();
        assert_eq!(walked, expected, "in the order in which they were made");
    }
    assert_eq!(
        world
            .read(|reader| reader.users(&below(true), &Paging::first(1)))
            .items[0]
            .path,
        "/Sales"
    );
}

#[test]
fn sessions_are_filtered_latest_first() {
    let mut world = World::new();
    let ids = world.import(vec![
        terms("NW-d", Model::Dedicated),
        terms("NW-f", Model::Floating),
        of_product("crm", terms("NW-c", Model::Floating)),
    ]);
    for user in ["anna", "bob"] {
        world.user(user, "/");
    }
    world.grant("anna", ids[0]);
    let first = world.sign_in("anna", "esm");
    world.sign_out(first.session);
    let lapsed = world.sign_in("bob", "crm").session;
    world.after(Millis::days(1));
    let live = [
        world.sign_in("anna", "esm").session,
        world.sign_in("bob", "esm").session,
        world.sign_in("anna", "esm").session,
    ];
    let esm = world.read(|reader| reader.find_product("esm", world.now));
    let none = SessionFilter::default;
    for (filter, expected) in [
        (none(), vec![live[2], live[1], live[0]]),
        (
            SessionFilter {
                live: false,
                ..none()
            },
            vec![lapsed, first.session],
        ),
        (
            SessionFilter {
                user: Some(first.user),
                ..none()
            },
            vec![live[2], live[0]],
        ),
        (
            SessionFilter {
                product: Some(esm.unwrap().product.id),
                license: Some(ids[1]),
                ..none()
            },
            vec![live[1]],
        ),
        (
            SessionFilter {
                user: Some(first.user),
                live: false,
                ..none()
            },
            vec![first.session],
        ),
    ] {
        let (items, _) = all(&world, |reader, paging| {
            reader.sessions(&filter, world.now, paging)
        });
        let found: Vec<_> = items.iter().map(|item| item.session.id).collect();
        assert_eq!(found, expected, "{filter:?}");
    }
    let item = world.read(|reader| reader.find_session(live[1])).unwrap();
    assert_eq!(item.username.unwrap().as_str(), "bob");
    assert_eq!(item.product.unwrap().code.as_str(), "esm");
    assert_eq!(item.serial.unwrap().as_str(), "NW-f");
    // The sessions of who was deleted stay, without a name.
    world.run(Command::DeleteUser(first.user));
    let item = world.read(|reader| reader.find_session(first.session));
    assert_eq!(item.unwrap().username, None);
}

#[test]
fn a_grant_to_everyone_finds_them_in_pages_while_it_writes() {
    // S7: the walk by id is not disturbed by what the work changes.
    let mut world = World::new();
    let [license] = world.import(vec![Terms {
        seats: 10,
        ..terms("NW-1", Model::Dedicated)
    }])[..] else {
        panic!("one license")
    };
    let names = ["anna", "bob", "cleo", "dora", "emil"];
    for user in names {
        world.user(user, "/");
    }
    let esm = world.read(|reader| reader.find_product("esm", world.now));
    let filter = UserFilter {
        unlicensed: Some(esm.unwrap().product.id),
        ..UserFilter::default()
    };
    let mut after = None;
    loop {
        let part = world.read(|reader| reader.user_ids(&filter, after, 2));
        let Some(last) = part.last() else { break };
        after = Some(*last);
        let name = |id: &UserId| world.read(|reader| reader.find_user(*id)).unwrap().username;
        let commands: Vec<_> = part
            .iter()
            .map(|id| grant(name(id).as_str(), license))
            .collect();
        world.batch(&commands);
    }
    let found = world.read(|reader| reader.find_license(license)).unwrap();
    assert_eq!(found.seats.occupied, 5);
    assert_eq!(world.read(|reader| reader.count_users(&filter)), 0);
}

#[test]
fn tokens_and_issuers_are_listed_and_found() {
    let mut world = World::new();
    let hash = "ab".repeat(32);
    let outcome = world.run(Command::CreateToken {
        name: domain::names::TokenName::parse("me").unwrap(),
        role: domain::Role::Auditor,
        reach: domain::Reach::Everything,
        hash: hash.clone(),
        expires_at: None,
    });
    let domain::Outcome::Token(id) = outcome else {
        panic!("{outcome:?}")
    };
    let found = world.read(|reader| reader.find_token_by_hash(&hash));
    assert_eq!(found.unwrap().id, id);
    world.run(Command::RevokeToken(id));
    let tokens = world.read(|reader| reader.tokens());
    assert_eq!(tokens[0].revoked_at, Some(world.now));
    assert_eq!(world.read(|reader| reader.find_token_by_hash("x")), None);
    world.run(Command::TrustIssuer {
        key: "k".into(),
        name: domain::names::Title::parse("Northwind Software").unwrap(),
        kind: domain::IssuerKind::Seatkeeper,
        public_key: "x".into(),
        period: None,
    });
    let issuers = world.read(|reader| reader.issuers());
    assert_eq!(
        world.read(|reader| reader.find_issuer("k")),
        issuers.into_iter().next()
    );
}

#[test]
fn among_many_a_text_is_found_where_something_begins_with_it_best_match_first() {
    let mut world = World::new();
    let named = |username: &str, name: &str, email: &str| domain::command::NewUser {
        name: Some(domain::PersonName::parse(name).unwrap()),
        email: Some(domain::Email::parse(email).unwrap()),
        ..new_user(username, "/")
    };
    let mut commands = vec![
        Command::CreateUser(named("zoe", "Anna Berg", "zoe@example.test")),
        Command::CreateUser(named("annalena", "Lena Chan", "lena@example.test")),
        Command::CreateUser(named("bob", "Bob Annan", "bob@example.test")),
        Command::CreateUser(named("cleo", "Cleo Diaz", "ANNE@example.test")),
        Command::CreateUser(named("anna", "Anna Annan", "anna@example.test")),
        Command::CreateUser(named("joanna", "Jo", "jo@example.test")),
    ];
    let ask = |world: &World, sort, limit| {
        let filter = UserFilter {
            q: Some("Ann".into()),
            ..UserFilter::default()
        };
        let mut paging = Paging::first(limit);
        let mut found = Vec::new();
        loop {
            let page = world.read(|reader| reader.users_by(&filter, sort, &paging));
            let names = page.items.into_iter().map(|item| item.user.username);
            found.extend(names.map(|name| name.as_str().to_owned()));
            match page.next {
                Some(next) => paging.after = Some(next),
                None => break,
            }
        }
        let count = world.read(|reader| reader.count_users(&filter));
        let few = world.read(|reader| reader.count_users_up_to(&filter, 2));
        let ids = world.read(|reader| reader.user_ids(&filter, None, 100));
        assert_eq!(
            (count, ids.len(), few),
            (found.len() as u64, found.len(), 2)
        );
        found
    };
    assert!(world.batch(&commands).iter().all(Result::is_ok));
    let few = ["anna", "annalena", "bob", "cleo", "joanna", "zoe"];
    assert_eq!(ask(&world, UserSort::Username, 10), few);

    commands = (0..10_000)
        .map(|number| Command::CreateUser(named(&format!("u{number}"), "Kim", "kim@example.test")))
        .collect();
    assert!(world.batch(&commands).iter().all(Result::is_ok));
    let many = ["anna", "annalena", "zoe", "bob", "cleo"];
    for limit in [1, 2, 10] {
        assert_eq!(ask(&world, UserSort::Username, limit), many, "{limit}");
    }
    let by_name = ["anna", "zoe", "bob", "cleo", "annalena"];
    assert_eq!(ask(&world, UserSort::Name, 2), by_name);
    let by_folder = ["anna", "annalena", "bob", "cleo", "zoe"];
    assert_eq!(ask(&world, UserSort::Folder, 2), by_folder);
    // So many begin like this that they are walked through.
    let common = UserFilter {
        q: Some("k".into()),
        ..UserFilter::default()
    };
    let first = Paging::first(2);
    let page = world.read(|reader| reader.users_by(&common, UserSort::UsernameDown, &first));
    let names = page.items.iter().map(|item| item.user.username.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["u9999", "u9998"]);
}

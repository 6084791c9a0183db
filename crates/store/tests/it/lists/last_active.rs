//! When people were last active, and lists in that order.

use crate::world::{World, new_user, of_product, sign_in, terms};
use domain::{Command, FolderId, Millis, Model, Reach, Terms};
use store::query::{Paging, UserFilter, UserSort};

/// Writes down who signed in; how many it were.
fn write_down(world: &mut World) -> usize {
    let mut written = 0;
    while let Some(seen) = world.read(|reader| reader.next_seen()) {
        let mut transaction = world.writer.begin().unwrap();
        transaction.note_active(&seen.accounts).unwrap();
        transaction.note_seen(seen.upto).unwrap();
        transaction.commit().unwrap();
        written += seen.accounts.len();
    }
    written
}

/// Usernames in an order, in pages of this length.
fn listed(world: &World, reach: Reach, filter: &UserFilter, sort: UserSort, limit: u32) -> String {
    let mut paging = Paging::first(limit);
    let mut found = Vec::new();
    loop {
        let page = world.read(|reader| {
            reader.limit_to(reach);
            reader.users_by(filter, sort, &paging)
        });
        let names = page.items.into_iter().map(|item| item.user.username);
        found.extend(names.map(|name| name.as_str().to_owned()));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return found.join(" "),
        }
    }
}

/// In any length of page, and backwards the other way round.
fn by_last_active(world: &World, reach: Reach, filter: &UserFilter) -> String {
    let all = listed(world, reach, filter, UserSort::LastActive, 1000);
    for limit in [1, 2, 5] {
        let paged = listed(world, reach, filter, UserSort::LastActive, limit);
        assert_eq!(paged, all, "{filter:?}");
        let down = listed(world, reach, filter, UserSort::LastActiveDown, limit);
        let mut back: Vec<&str> = down.split(' ').collect();
        back.reverse();
        assert_eq!(back.join(" "), all, "{filter:?}");
    }
    all
}

/// Seats for everybody, floating ones and a site license.
fn world() -> World {
    let mut world = World::new();
    world.import(vec![
        Terms {
            seats: 100,
            ..terms("F-1", Model::Floating)
        },
        of_product("wiki", terms("S-1", Model::Site)),
    ]);
    world
}

#[test]
fn a_sign_in_to_any_product_is_written_down_afterwards_and_not_again_soon() {
    let mut world = world();
    let user = world.user("anna", "/");
    world.user("bob", "/");
    assert_eq!(world.read(|reader| reader.last_active(user)), None);
    let first = world.now;
    world.sign_in("anna", "esm");
    world.after(Millis::seconds(60));
    world.sign_in("anna", "wiki");
    assert_eq!(world.read(|reader| reader.last_active(user)), None);
    // Of several sign-ins the last one counts.
    assert_eq!(write_down(&mut world), 1);
    let last = first.plus(Millis::seconds(60));
    assert_eq!(world.read(|reader| reader.last_active(user)), Some(last));
    // Within ten minutes of what is kept nothing is written.
    world.after(Millis::seconds(599));
    world.sign_in("anna", "esm");
    assert_eq!(write_down(&mut world), 0);
    assert_eq!(world.read(|reader| reader.last_active(user)), Some(last));
    world.after(Millis::seconds(1));
    world.sign_in("anna", "esm");
    assert_eq!(write_down(&mut world), 1);
    let now = world.now;
    assert_eq!(world.read(|reader| reader.last_active(user)), Some(now));
    let page = world.read(|reader| {
        let filter = UserFilter::default();
        reader.users_by(&filter, UserSort::LastActiveDown, &Paging::first(5))
    });
    let told = page.items.iter().map(|item| item.last_active);
    assert_eq!(told.collect::<Vec<_>>(), [Some(now), None]);
    // A change of the account leaves it alone.
    world.run(crate::world::put(new_user("anna", "/Sales")));
    assert_eq!(world.read(|reader| reader.last_active(user)), Some(now));
    assert_eq!(write_down(&mut world), 0);
}

#[test]
fn what_two_nodes_write_down_at_once_is_the_same_as_once() {
    let mut world = world();
    let user = world.user("anna", "/");
    world.sign_in("anna", "esm");
    let one = world.read(|reader| reader.next_seen()).unwrap();
    world.after(Millis::days(1));
    world.sign_in("anna", "esm");
    let two = world.read(|reader| reader.next_seen()).unwrap();
    for seen in [two, one] {
        let mut transaction = world.writer.begin().unwrap();
        transaction.note_active(&seen.accounts).unwrap();
        transaction.note_seen(seen.upto).unwrap();
        transaction.commit().unwrap();
    }
    let now = world.now;
    assert_eq!(world.read(|reader| reader.last_active(user)), Some(now));
    assert_eq!(world.read(|reader| reader.next_seen()), None);
}

#[test]
fn people_come_by_their_last_sign_in_who_never_came_first() {
    let mut world = world();
    for (name, folder) in [
        ("zoe", "/a"),
        ("adam", "/a/x"),
        ("bela", "/b"),
        ("carla", "/a/x"),
        ("dora", "/a"),
        ("emil", "/a/y"),
        ("frida", "/"),
    ] {
        world.user(name, folder);
    }
    for name in ["carla", "zoe", "bela", "emil", "frida"] {
        world.after(Millis::seconds(60));
        world.run(sign_in(name, "esm"));
    }
    write_down(&mut world);
    let [a, x] = ["/a", "/a/x"].map(|path| {
        let found = world.read(|reader| reader.find_folder_by_path(path));
        found.unwrap()
    });
    let none = UserFilter::default;
    let of = |folder, below| UserFilter {
        folder: Some(folder),
        below,
        ..none()
    };
    let everything = Reach::Everything;
    for (reach, filter, expected) in [
        (everything, none(), "adam dora carla zoe bela emil frida"),
        (everything, of(a, true), "adam dora carla zoe emil"),
        (everything, of(a, false), "dora zoe"),
        (everything, of(FolderId::ROOT, false), "frida"),
        (
            everything,
            of(FolderId::ROOT, true),
            "adam dora carla zoe bela emil frida",
        ),
        (Reach::Folder(a), none(), "adam dora carla zoe emil"),
        (
            Reach::Folder(a),
            of(FolderId::ROOT, true),
            "adam dora carla zoe emil",
        ),
        (Reach::Folder(a), of(x, true), "adam carla"),
        (Reach::Folder(x), of(a, true), "adam carla"),
        (Reach::Folder(x), of(a, false), ""),
        (
            everything,
            UserFilter {
                q: Some("a@".into()),
                ..none()
            },
            "dora carla bela frida",
        ),
    ] {
        assert_eq!(
            by_last_active(&world, reach, &filter),
            expected,
            "{filter:?}"
        );
        let mut names: Vec<&str> = expected.split(' ').collect();
        names.sort_unstable();
        let by_name = listed(&world, reach, &filter, UserSort::Username, 2);
        assert_eq!(by_name, names.join(" "), "{filter:?}");
        let count = world.read(|reader| {
            reader.limit_to(reach);
            reader.count_users_up_to(&filter, 100)
        });
        let count = usize::try_from(count).unwrap();
        assert_eq!(count, expected.split_whitespace().count(), "{filter:?}");
    }
}

#[test]
fn among_many_people_texts_and_folders_narrow_every_order_the_same_way() {
    // More than are fetched and sorted, and more than live in a small folder.
    const MANY: usize = 10_600;
    let mut world = world();
    let commands: Vec<Command> = (0..MANY)
        .map(|n| {
            let folder = if n % 1_000 == 7 {
                "/all/few"
            } else {
                "/all/many"
            };
            let name = if n % 500 == 7 { "rare" } else { "often" };
            Command::CreateUser(new_user(&format!("{name}{n:05}"), folder))
        })
        .collect();
    assert!(world.batch(&commands).iter().all(Result::is_ok));
    for n in [2_007, 507, 1_007] {
        world.after(Millis::seconds(60));
        world.sign_in(&format!("rare{n:05}"), "wiki");
    }
    for n in [9_000, 3] {
        world.after(Millis::seconds(60));
        world.sign_in(&format!("often{n:05}"), "wiki");
    }
    assert_eq!(write_down(&mut world), 5);
    let [all, few] = ["/all", "/all/few"].map(|path| {
        let found = world.read(|reader| reader.find_folder_by_path(path));
        found.unwrap()
    });
    let filter = |q: &str, folder| UserFilter {
        q: Some(q.into()),
        folder,
        below: true,
        ..UserFilter::default()
    };
    let first = |reach, filter: &UserFilter, sort, after: Option<String>| {
        let paging = Paging { limit: 4, after };
        let page = world.read(|reader| {
            reader.limit_to(reach);
            reader.users_by(filter, sort, &paging)
        });
        let names = page.items.into_iter().map(|item| item.user.username);
        let names: Vec<String> = names.map(|name| name.as_str().to_owned()).collect();
        (names.join(" "), page.next)
    };
    let down = UserSort::LastActiveDown;
    for reach in [Reach::Everything, Reach::Folder(all)] {
        for folder in [None, Some(all)] {
            for (q, one, two) in [
                (
                    "rare",
                    "rare01007 rare00507 rare02007 rare10507",
                    "rare10007 rare09507 rare09007 rare08507",
                ),
                (
                    "often",
                    "often00003 often09000 often10599 often10598",
                    "often10597 often10596 often10595 often10594",
                ),
            ] {
                let filter = filter(q, folder);
                let (names, next) = first(reach, &filter, down, None);
                assert_eq!(names, one, "{reach:?} {folder:?}");
                assert_eq!(
                    first(reach, &filter, down, next).0,
                    two,
                    "{reach:?} {folder:?}"
                );
                let counted = world.read(|reader| {
                    reader.limit_to(reach);
                    reader.count_users_up_to(&filter, 20)
                });
                assert_eq!(counted, 20);
            }
            // By folder: of the rare ones every other lives in the small folder, which is first.
            let by_folder = first(reach, &filter("rare", folder), UserSort::Folder, None);
            assert_eq!(by_folder.0, "rare00007 rare01007 rare02007 rare03007");
            let by_folder = first(reach, &filter("rare", folder), UserSort::FolderDown, None);
            assert_eq!(by_folder.0, "rare10507 rare09507 rare08507 rare07507");
            let by_folder = first(reach, &filter("often", folder), UserSort::Folder, None);
            assert_eq!(by_folder.0, "often00000 often00001 often00002 often00003");
        }
    }
    let in_few = first(Reach::Everything, &filter("rare", Some(few)), down, None);
    assert_eq!(in_few.0, "rare01007 rare02007 rare10007 rare09007");
    let in_few = first(Reach::Folder(few), &filter("o", None), down, None);
    assert_eq!(in_few, (String::new(), None));
    let in_few = first(
        Reach::Folder(few),
        &filter("r", None),
        UserSort::Username,
        None,
    );
    assert_eq!(in_few.0, "rare00007 rare01007 rare02007 rare03007");
}

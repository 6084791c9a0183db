//! Licenses by where their seats stand, for everyone and for whose rights end at a folder (R1).

use crate::world::{World, import, of_product, terms};
use domain::{Command, FolderId, LicenseId, Millis, Model, Reach};
use store::query::{LicenseFilter, LicenseSort, Paging};

const WARN: Millis = Millis::days(30);

fn move_seats(world: &mut World, license: LicenseId, from: FolderId, to: FolderId, count: u32) {
    world.run(Command::MoveSeats {
        license,
        from,
        to,
        count,
    });
}

/// The serials of a list in an order, and its total.
fn serials(
    world: &World,
    reach: Reach,
    filter: &LicenseFilter,
    sort: LicenseSort,
    limit: u32,
) -> (Vec<String>, u64) {
    let now = world.now;
    let mut paging = Paging::first(limit);
    let mut found = Vec::new();
    loop {
        let page = world.read(|reader| {
            reader.limit_to(reach);
            reader.licenses(filter, sort, now, WARN, &paging)
        });
        let serial = |item: &store::query::LicenseItem| item.license.terms.serial.to_string();
        found.extend(page.items.iter().map(serial));
        match page.next {
            Some(next) => paging.after = Some(next),
            None => return (found, page.total.unwrap()),
        }
    }
}

/// In any length of page, and backwards the other way round.
fn by_folder(world: &World, reach: Reach, filter: &LicenseFilter) -> String {
    let ask = |sort, limit| serials(world, reach, filter, sort, limit);
    let (all, total) = ask(LicenseSort::Folder, 100);
    assert_eq!(total, all.len() as u64, "{filter:?}");
    for limit in [1, 2, 3] {
        let paged = ask(LicenseSort::Folder, limit);
        assert_eq!(paged, (all.clone(), total), "{filter:?}");
        let (mut back, _) = ask(LicenseSort::FolderDown, limit);
        back.reverse();
        assert_eq!(back, all, "{filter:?}");
    }
    all.join(" ")
}

/// `/b`: C, E; `/b/x`: A; the root: B; several: D (root and `/b`), F (`/b` and `/b/x`); none: G.
fn world() -> (World, [FolderId; 2]) {
    let mut world = World::new();
    let folders = [world.folder("/b"), world.folder("/b/x")];
    let [b, x] = folders;
    let ids = world.import(vec![
        terms("A", Model::Floating),
        terms("B", Model::Dedicated),
        of_product("wiki", terms("C", Model::Dedicated)),
        terms("D", Model::Floating),
        terms("E", Model::Floating),
        of_product("wiki", terms("F", Model::Floating)),
        terms("G", Model::Site),
    ]);
    move_seats(&mut world, ids[0], FolderId::ROOT, x, 3);
    move_seats(&mut world, ids[2], FolderId::ROOT, b, 3);
    move_seats(&mut world, ids[3], FolderId::ROOT, b, 1);
    move_seats(&mut world, ids[4], FolderId::ROOT, b, 3);
    move_seats(&mut world, ids[5], FolderId::ROOT, b, 2);
    move_seats(&mut world, ids[5], FolderId::ROOT, x, 1);
    (world, folders)
}

#[test]
fn licenses_come_folder_by_folder_those_in_several_or_none_last() {
    let (mut world, [b, x]) = world();
    let none = LicenseFilter::default;
    let wiki = world.read(|reader| reader.find_product("wiki", world.now));
    let wiki = wiki.unwrap().product.id;
    for (filter, expected) in [
        (none(), "B C E A D F G"),
        (
            LicenseFilter {
                folder: Some(b),
                ..none()
            },
            "C E D F",
        ),
        (
            LicenseFilter {
                folder: Some(x),
                ..none()
            },
            "A F",
        ),
        (
            LicenseFilter {
                product: Some(wiki),
                ..none()
            },
            "C F",
        ),
        (
            LicenseFilter {
                q: Some("service".into()),
                ..none()
            },
            "B E A D G",
        ),
        (
            LicenseFilter {
                q: Some("service".into()),
                folder: Some(b),
                ..none()
            },
            "E D",
        ),
        (
            LicenseFilter {
                model: Some(Model::Site),
                ..none()
            },
            "G",
        ),
    ] {
        assert_eq!(by_folder(&world, Reach::Everything, &filter), expected);
    }
    // Where a folder is, and where seats stand, is looked at anew.
    let name = domain::FolderName::parse("a").unwrap();
    world.run(Command::CreateFolder {
        parent: FolderId::ROOT,
        name,
    });
    let a = world.folder("/a");
    world.run(Command::UpdateFolder {
        folder: x,
        name: None,
        parent: Some(a),
        version: None,
    });
    assert_eq!(
        by_folder(&world, Reach::Everything, &none()),
        "B A C E D F G"
    );
    world.is_sound();
}

#[test]
fn whose_rights_end_at_a_folder_sees_the_order_of_what_stands_there_r1() {
    let (world, [b, x]) = world();
    let none = LicenseFilter::default;
    let of = |folder| LicenseFilter {
        folder: Some(folder),
        ..none()
    };
    let text = LicenseFilter {
        q: Some("service".into()),
        ..none()
    };
    for (reach, filter, expected) in [
        (b, none(), "C E A D F"),
        (x, none(), "A F"),
        (b, of(x), "A F"),
        (x, of(b), ""),
        (x, of(FolderId::ROOT), ""),
        (b, text.clone(), "E A D"),
        (x, text, "A"),
    ] {
        let reach = Reach::Folder(reach);
        assert_eq!(by_folder(&world, reach, &filter), expected, "{reach:?}");
        for sort in [
            LicenseSort::Serial,
            LicenseSort::State,
            LicenseSort::Product,
        ] {
            let (listed, total) = serials(&world, reach, &filter, sort, 2);
            let mut sorted: Vec<&str> = expected.split(' ').filter(|one| !one.is_empty()).collect();
            assert_eq!(total, sorted.len() as u64, "{filter:?}");
            let mut found: Vec<&str> = listed.iter().map(String::as_str).collect();
            sorted.sort_unstable();
            found.sort_unstable();
            assert_eq!(found, sorted, "{sort:?} {filter:?}");
        }
    }
}

#[test]
fn where_seats_stand_is_known_whatever_became_of_them() {
    // P1, L7, L9: every way in which a pool comes or goes.
    let (mut world, [b, x]) = world();
    world.user("anna", "/b");
    let [license] = world.import(vec![terms("H", Model::Dedicated)])[..] else {
        panic!("one license")
    };
    world.grant("anna", license);
    world.run(Command::MoveSeat {
        user: crate::world::user_ref("anna"),
        license,
        to: b,
    });
    world.is_sound();
    move_seats(&mut world, license, FolderId::ROOT, b, 2);
    world.is_sound();
    let all = by_folder(&world, Reach::Everything, &LicenseFilter::default());
    assert_eq!(all, "B C E H A D F G");
    // In one batch, both pools of a license change.
    let outcomes = world.batch(&[
        Command::MoveSeats {
            license,
            from: b,
            to: x,
            count: 2,
        },
        Command::RemoveLicense(license),
        import(vec![terms("I", Model::Floating)]),
    ]);
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
    world.is_sound();
    world.run(Command::DeleteAll {
        confirmation: Command::DELETE_ALL_CONFIRMATION.to_owned(),
    });
    world.is_sound();
    let removed = LicenseFilter {
        removed: true,
        ..LicenseFilter::default()
    };
    let all = by_folder(&world, Reach::Everything, &removed);
    assert_eq!(all, "A B C D E F G H I");
}

#[test]
fn many_licenses_are_listed_as_few_are() {
    // More than are fetched and sorted, and more pools than are asked one by one.
    const MANY: usize = 2_600;
    let mut world = World::new();
    let folders = [
        world.folder("/all"),
        world.folder("/all/x"),
        world.folder("/all/y"),
    ];
    let [all, x, y] = folders;
    let many = (0..MANY).map(|n| terms(&format!("N-{n:04}"), Model::Floating));
    let Command::ImportLicenses {
        licenses,
        customers,
        ..
    } = import(many.collect())
    else {
        panic!("an import")
    };
    world.trust();
    world.run(Command::ImportLicenses {
        licenses,
        customers,
        folder: all,
    });
    let now = world.now;
    let every = LicenseFilter::default();
    let ids: Vec<LicenseId> = [None, Some(1_000), Some(2_000)]
        .into_iter()
        .scan(None, |after: &mut Option<String>, _| {
            let paging = Paging {
                limit: 1_000,
                after: after.take(),
            };
            let page = world
                .read(|reader| reader.licenses(&every, LicenseSort::Serial, now, WARN, &paging));
            *after = page.next;
            Some(page.items.into_iter().map(|item| item.license.id))
        })
        .flatten()
        .collect();
    assert_eq!(ids.len(), MANY);
    // Every 700th in /all/x, the one after it in several, the next in /all/y.
    for n in (0..MANY).step_by(700) {
        move_seats(&mut world, ids[n], all, x, 3);
        move_seats(&mut world, ids[n + 1], all, y, 1);
        move_seats(&mut world, ids[n + 2], all, y, 3);
    }
    let home = |n: usize| match n % 700 {
        0 => 1,
        1 => 3,
        2 => 2,
        _ => 0,
    };
    let mut expected: Vec<usize> = (0..MANY).collect();
    expected.sort_by_key(|n| (home(*n), *n));
    let named = |numbers: &[usize]| -> Vec<String> {
        let named = numbers.iter().map(|n| format!("N-{n:04}"));
        named.collect()
    };
    let text = LicenseFilter {
        q: Some("n-".into()),
        ..LicenseFilter::default()
    };
    let below_all = Reach::Folder(all);
    let of_all = LicenseFilter {
        folder: Some(all),
        ..LicenseFilter::default()
    };
    let here: Vec<usize> = expected
        .iter()
        .copied()
        .filter(|n| [0, 3].contains(&home(*n)))
        .collect();
    for (reach, filter, expected) in [
        (Reach::Everything, &every, &expected),
        (Reach::Everything, &text, &expected),
        (below_all, &every, &expected),
        (below_all, &text, &expected),
        (Reach::Everything, &of_all, &here),
        (below_all, &of_all, &here),
    ] {
        let total = expected.len() as u64;
        let (up, counted) = serials(&world, reach, filter, LicenseSort::Folder, 999);
        assert_eq!(
            (up, counted),
            (named(expected), total),
            "{reach:?} {filter:?}"
        );
        let (mut down, _) = serials(&world, reach, filter, LicenseSort::FolderDown, 1_000);
        down.reverse();
        assert_eq!(down, named(expected), "{reach:?} {filter:?}");
        let (listed, counted) = serials(&world, reach, filter, LicenseSort::Serial, 1_000);
        let mut by_serial = expected.clone();
        by_serial.sort_unstable();
        assert_eq!(
            (listed, counted),
            (named(&by_serial), total),
            "{reach:?} {filter:?}"
        );
    }
    // The few with a text, and those of a folder with few pools.
    let few = LicenseFilter {
        q: Some("n-070".into()),
        ..LicenseFilter::default()
    };
    let (found, total) = serials(&world, below_all, &few, LicenseSort::Folder, 4);
    let ordered = [703, 704, 705, 706, 707, 708, 709, 700, 702, 701];
    assert_eq!((found, total), (named(&ordered), 10));
    let (found, total) = serials(&world, Reach::Folder(y), &every, LicenseSort::Folder, 3);
    assert_eq!(
        (found, total),
        (named(&[2, 702, 1_402, 2_102, 1, 701, 1_401, 2_101]), 8)
    );
}

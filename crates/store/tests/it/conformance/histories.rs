//! Random histories: kept counts against counting.

use domain::license::{Model, Terms};
use domain::{Command, CountedBy, EndReason, FolderId, Ids, Millis, Outcome, UserId};
use uuid::Uuid;

use crate::world::{World, grant, import, new_user, of_product, put, sign_in, terms, user_ref};

#[test]
fn random_histories_leave_a_sound_store() {
    // S1, P2, S2, L9: kept counts against counting, after every kind of command.
    for seed in 0..6 {
        let mut world = World::new();
        let mut random = Ids::new(world.now, seed);
        let mut pick = move |most: usize| usize::try_from(random.random() % most as u64).unwrap();
        let users = ["anna", "bob", "cleo", "dora", "emil"];
        let mut licenses = Vec::new();
        for code in ["esm", "crm"] {
            let of =
                |serial: &str, model| of_product(code, terms(&format!("{code}-{serial}"), model));
            let by_session = Terms {
                counted_by: CountedBy::Session,
                ..of("f2", Model::Floating)
            };
            licenses.extend(world.import(vec![
                of("d", Model::Dedicated),
                of("d2", Model::Dedicated),
                of("f", Model::Floating),
                by_session,
            ]));
        }
        let sales = world.folder("/Sales");
        let (mut sessions, mut replacements) = (Vec::new(), Vec::new());
        for step in 0..150 {
            let user = users[pick(users.len())];
            let license = licenses[pick(licenses.len())];
            let code = ["esm", "crm"][pick(2)];
            let command = match pick(20) {
                0..=4 => sign_in(user, code),
                5 | 6 if !sessions.is_empty() => Command::EndSession {
                    session: sessions[pick(sessions.len())],
                    reason: EndReason::SignedOut,
                },
                7 | 8 => grant(user, license),
                9 => Command::Recall {
                    user: user_ref(user),
                    target: domain::Target::License(license),
                    source: None,
                    now: pick(2) == 0,
                },
                10 => Command::MoveSeats {
                    license,
                    from: FolderId::ROOT,
                    to: sales,
                    count: 1,
                },
                11 => Command::MoveSeat {
                    user: user_ref(user),
                    license,
                    to: [sales, FolderId::ROOT][pick(2)],
                },
                12 => import(vec![of_product(
                    code,
                    Terms {
                        revision: 2 + step,
                        seats: 1 + u32::try_from(pick(4)).unwrap(),
                        ..terms(&format!("{code}-d"), Model::Dedicated)
                    },
                )]),
                13 if pick(4) == 0 => Command::RemoveLicense(license),
                16 => Command::LinkUser {
                    user: id_of(&world, user),
                    with: id_of(&world, users[pick(users.len())]),
                },
                17 => Command::UnlinkUser(id_of(&world, user)),
                18 if pick(4) == 0 => Command::ReplaceLicenses {
                    old: vec![license],
                    new: vec![licenses[pick(licenses.len())]],
                    partly: true,
                },
                18 if !replacements.is_empty() => {
                    Command::UndoReplacement(replacements[pick(replacements.len())])
                }
                19 if pick(4) == 0 => match pick(3) {
                    0 => Command::RevokeLicense(license),
                    1 => Command::DeleteUser(id_of(&world, user)),
                    _ => Command::RemoveExpired,
                },
                14 => put(new_user(user, ["/", "/Sales"][pick(2)])),
                _ => put(domain::command::NewUser {
                    active: false,
                    ..new_user(user, "/")
                }),
            };
            match &world.batch(&[command])[..] {
                [Ok(Outcome::SignedIn(access))] => sessions.push(access.session),
                [Ok(Outcome::Replaced { replacement, .. })] => replacements.extend(*replacement),
                _ => {}
            }
            world.after(Millis::seconds(i64::try_from(pick(200)).unwrap()));
            if step % 25 == 0 {
                world.is_sound();
            }
        }
        world.is_sound();
    }
}

fn id_of(world: &World, name: &str) -> UserId {
    let user = world.read(|reader| reader.find_username(name));
    user.map_or(UserId(Uuid::max()), |user| user.id)
}

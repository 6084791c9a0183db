//! Checks and dry runs answer as the real thing would, and change nothing (A10).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::command::UserPatch;
use domain::{
    AccessLevel, Ask, AutoAssign, Command, LicenseId, Outcome, Policy, ProductCode, Refusal,
    SessionId, UserId,
};
use license_file::document::Model;
use proptest::prelude::*;
use tokio::runtime::Runtime;

use crate::world::{World, administrator, grant, new_user, recall_now, sign_in, sign_out, terms};

/// What people do in a small world; numbers name users, licenses, sessions.
#[derive(Clone, Debug)]
enum Deed {
    SignIn(usize, bool),
    SignOut(usize),
    Grant(usize),
    Recall(usize),
    Activate(usize, bool),
    AutoAssign(usize, AutoAssign),
    Remove(usize),
    Renewals(bool),
    Pass(i64),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let user = 0..4_usize;
    let auto_assign = prop_oneof![Just(AutoAssign::Off), Just(AutoAssign::AsNeeded)];
    let deed = prop_oneof![
        6 => (user.clone(), any::<bool>()).prop_map(|(u, write)| Deed::SignIn(u, write)),
        4 => (0..8_usize).prop_map(Deed::SignOut),
        2 => user.clone().prop_map(Deed::Grant),
        2 => user.clone().prop_map(Deed::Recall),
        1 => (user, any::<bool>()).prop_map(|(u, active)| Deed::Activate(u, active)),
        1 => (0..3_usize, auto_assign).prop_map(|(l, how)| Deed::AutoAssign(l, how)),
        1 => (0..3_usize).prop_map(Deed::Remove),
        1 => any::<bool>().prop_map(Deed::Renewals),
        1 => (1..900_i64).prop_map(Deed::Pass),
    ];
    prop::collection::vec(deed, 1..40)
}

/// The world as far as the deeds name it.
struct Names {
    users: Vec<UserId>,
    licenses: Vec<LicenseId>,
    sessions: Vec<SessionId>,
}

impl Names {
    async fn make(world: &World) -> Self {
        let mut ending = terms("NW-2", Model::Floating, 1);
        ending.expires_at = Some("2026-01-01T12:15:00Z".parse().unwrap());
        let licenses = vec![
            terms("NW-1", Model::Dedicated, 1),
            ending,
            terms("NW-3", Model::Floating, 1),
        ];
        let answers = world.import(licenses).await.unwrap();
        let mut users = Vec::new();
        for n in 0..4 {
            let made = world.run(Command::CreateUser(new_user(&format!("user-{n}"))));
            match made.await.unwrap() {
                Outcome::User { user, .. } => users.push(user),
                other => panic!("{other:?}"),
            }
        }
        Self {
            users,
            licenses: answers.iter().filter_map(|a| a.license).collect(),
            sessions: Vec::new(),
        }
    }

    fn command(&self, world: &World, deed: &Deed) -> Option<Command> {
        Some(match deed {
            Deed::SignIn(user, write) => {
                let mut command = sign_in(&format!("user-{user}"));
                if let (Command::SignIn { ask, .. }, true) = (&mut command, *write) {
                    *ask = Ask {
                        access: Some(AccessLevel::Write),
                        modules: Vec::new(),
                    };
                }
                command
            }
            Deed::SignOut(at) => sign_out(*self.sessions.get(*at)?),
            Deed::Grant(user) => grant(&format!("user-{user}")),
            Deed::Recall(user) => recall_now(&format!("user-{user}")),
            Deed::Activate(user, active) => Command::UpdateUser {
                user: self.users[*user],
                patch: UserPatch {
                    active: Some(*active),
                    ..UserPatch::default()
                },
                version: None,
            },
            Deed::AutoAssign(at, auto_assign) => Command::SetAutoAssign {
                license: self.licenses[*at],
                auto_assign: *auto_assign,
                version: None,
            },
            Deed::Remove(at) => Command::RemoveLicense(self.licenses[*at]),
            Deed::Renewals(on) => Command::SetPolicy {
                policy: Policy {
                    renew_at_sign_in: *on,
                    ..world.engine.policy().as_ref().clone()
                },
                version: None,
            },
            Deed::Pass(_) => return None,
        })
    }
}

/// What an answer says, without the ids and times that are new each time.
fn told(answer: &Result<Outcome, Refusal>) -> String {
    match answer {
        Ok(Outcome::SignedIn(access)) => format!(
            "in: {} {:?} {:?} {:?} {:?}",
            access.via, access.license, access.access, access.modules, access.expires_at
        ),
        Ok(Outcome::Grant(grant)) => format!("{:?} {:?}", grant.code, grant.license),
        other => format!("{other:?}"),
    }
}

/// The same of a command that was run.
fn as_run(answer: Result<Outcome, engine::EngineError>) -> Result<Outcome, Refusal> {
    match answer {
        Ok(outcome) => Ok(outcome),
        Err(engine::EngineError::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn a_preview_says_what_then_happens_a10(deeds in deeds()) {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let mut names = Names::make(&world).await;
            for deed in &deeds {
                if let Deed::Pass(seconds) = deed {
                    world.pass(*seconds);
                }
                let Some(command) = names.command(&world, deed) else {
                    continue;
                };
                let root = administrator();
                let twice = [
                    world.engine.preview(&root, vec![command.clone()]).await.unwrap(),
                    world.engine.preview(&root, vec![command.clone()]).await.unwrap(),
                ];
                if let Deed::SignIn(..) = deed {
                    let (checked, steps) = world.engine.check(&root, command.clone(), true).await.unwrap();
                    prop_assert_eq!(told(&Ok(checked)), told(&twice[0][0]));
                    prop_assert!(!steps.is_empty());
                }
                let answer = as_run(world.run(command).await);
                prop_assert_eq!(told(&twice[0][0]), told(&answer), "{:?}", deed);
                prop_assert_eq!(told(&twice[1][0]), told(&answer), "{:?}", deed);
                if let Ok(Outcome::SignedIn(access)) = answer {
                    names.sessions.push(access.session);
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn a_preview_of_many_says_what_then_happens_to_each_a10(deeds in deeds()) {
        let runtime = Runtime::new().unwrap();
        runtime.block_on(async {
            let world = World::new();
            let mut names = Names::make(&world).await;
            for user in 0..3 {
                let access = world.granted(&format!("user-{user}")).await;
                names.sessions.push(access.session);
            }
            let commands = deeds.iter().filter_map(|deed| names.command(&world, deed));
            let commands: Vec<_> = commands.collect();
            let root = administrator();
            let preview = world.engine.preview(&root, commands.clone()).await.unwrap();
            for (command, foreseen) in commands.into_iter().zip(&preview) {
                let answer = as_run(world.run(command.clone()).await);
                prop_assert_eq!(told(foreseen), told(&answer), "{:?}", command);
            }
            Ok(())
        })?;
    }
}

#[tokio::test]
async fn a_check_names_its_steps_only_when_asked_a10() {
    let world = World::new();
    world.license(Model::Floating, 1).await;
    let root = administrator();
    let explained = world
        .engine
        .check(&root, sign_in("anna"), true)
        .await
        .unwrap();
    let plain = world
        .engine
        .check(&root, sign_in("anna"), false)
        .await
        .unwrap();
    assert!(!explained.1.is_empty() && plain.1.is_empty());
    // Nobody got the seat.
    world.granted("ben").await;
}

#[tokio::test]
async fn a_check_sees_each_change_of_licenses_at_once_a10() {
    let world = World::new();
    let license = world.license(Model::Site, 0).await;
    let root = administrator();
    let via = |outcome: &Outcome| match outcome {
        Outcome::SignedIn(access) => access.via.clone(),
        Outcome::Denied(denial) => denial.code.code().to_owned(),
        other => panic!("{other:?}"),
    };
    let check = async || {
        let checked = world.engine.check(&root, sign_in("anna"), false).await;
        via(&checked.unwrap().0)
    };
    // Twice, so that it is remembered.
    assert_eq!([check().await, check().await], ["site", "site"]);
    world.run(Command::RemoveLicense(license)).await.unwrap();
    assert_ne!(check().await, "site");
    world
        .import(vec![terms("NW-2", Model::Floating, 1)])
        .await
        .unwrap();
    assert_eq!([check().await, check().await], ["floating", "floating"]);
    let session = world.granted("ben").await.session;
    assert_eq!(check().await, "no_free_seat");
    world.run(sign_out(session)).await.unwrap();
    assert_eq!(check().await, "floating");
}

#[tokio::test]
async fn checks_on_demo_seats_count_none_a2_a10() {
    let world = World::new();
    let policy = Policy {
        demo_seats: 1,
        ..world.engine.policy().as_ref().clone()
    };
    let version = None;
    let set = world.run(Command::SetPolicy { policy, version });
    set.await.unwrap();
    let first = world.granted("anna").await;
    world.run(sign_out(first.session)).await.unwrap();
    for _ in 0..3 {
        let root = administrator();
        let (outcome, _) = world
            .engine
            .check(&root, sign_in("ben"), false)
            .await
            .unwrap();
        assert!(matches!(outcome, Outcome::SignedIn(_)), "{outcome:?}");
    }
}

fn sign_in_elsewhere(user: &str) -> Command {
    let mut command = sign_in(user);
    if let Command::SignIn { product, .. } = &mut command {
        *product = ProductCode::parse("crm").unwrap();
    }
    command
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_check_knows_of_whatever_was_answered_while_others_come_and_go_a10() {
    let world = World::new();
    let mut elsewhere = terms("NW-2", Model::Floating, 50);
    elsewhere.product = "crm".into();
    let few = terms("NW-1", Model::Floating, 1);
    world.import(vec![few, elsewhere]).await.unwrap();
    let over = Arc::new(AtomicBool::new(false));
    let mut others = Vec::new();
    for n in 0..4 {
        let (engine, over) = (world.engine.clone(), Arc::clone(&over));
        others.push(tokio::spawn(async move {
            let root = administrator();
            while !over.load(Ordering::Relaxed) {
                let come = sign_in_elsewhere(&format!("user-{n}"));
                let (foreseen, _) = engine.check(&root, come.clone(), false).await.unwrap();
                let came = engine.run(&root, come, None).await.unwrap();
                assert!(matches!(foreseen, Outcome::SignedIn(_)), "{foreseen:?}");
                let Outcome::SignedIn(access) = came else {
                    panic!("{came:?}")
                };
                let go = sign_out(access.session);
                engine.run(&root, go, None).await.unwrap();
            }
        }));
    }
    let root = administrator();
    let may_anna = async || {
        let checked = world.engine.check(&root, sign_in("anna"), false).await;
        checked.unwrap().0
    };
    for _ in 0..100 {
        let session = world.granted("ben").await.session;
        assert!(matches!(may_anna().await, Outcome::Denied(_)));
        world.run(sign_out(session)).await.unwrap();
        assert!(matches!(may_anna().await, Outcome::SignedIn(_)));
    }
    over.store(true, Ordering::Relaxed);
    for other in others {
        other.await.unwrap();
    }
}

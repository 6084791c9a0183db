//! R1: accounts of the console.

use domain::{
    Account, AccountId, AccountPatch, Actor, EventKind, Millis, NewAccount, PasswordHash,
    Permission, Role, Username,
};

use crate::world::prelude::*;

fn new(name: &str, role: Role) -> NewAccount {
    NewAccount {
        name: Username::parse(name).unwrap(),
        full_name: None,
        role,
        reach: domain::Reach::Everything,
        password: PasswordHash::new("$argon2id$1"),
        invited: false,
    }
}

fn create(name: &str, role: Role) -> Command {
    Command::CreateAccount {
        account: new(name, role),
        first: false,
    }
}

fn made(world: &mut World, command: &Command) -> AccountId {
    match world.run(command) {
        Outcome::Account(id) => id,
        other => panic!("{other:?}"),
    }
}

fn patch(account: AccountId, patch: AccountPatch) -> Command {
    Command::UpdateAccount {
        account,
        patch,
        version: None,
    }
}

fn sign_in(account: AccountId, hash: &str) -> Command {
    Command::OpenConsole {
        account,
        hash: hash.into(),
        from: None,
    }
}

#[test]
fn the_first_account_is_made_once_r1() {
    let mut world = world();
    let first = Command::CreateAccount {
        account: new("anna", Role::Administrator),
        first: true,
    };
    made(&mut world, &first);
    assert_eq!(world.refused(&first), Refusal::AlreadySetUp);
    let same = create("ANNA", Role::Auditor);
    assert_eq!(world.refused(&same), Refusal::UsernameTaken("ANNA".into()));
    let program = create("till", Role::Application);
    let refusal = Refusal::NotAnAccountRole(Role::Application);
    assert_eq!(world.refused(&program), refusal);
}

#[test]
fn the_last_active_administrator_stays_r1() {
    let mut world = world();
    let anna = made(&mut world, &create("anna", Role::Administrator));
    let ben = made(&mut world, &create("ben", Role::Manager));
    let demoted = AccountPatch {
        role: Some(Role::Auditor),
        ..AccountPatch::default()
    };
    let gone = AccountPatch {
        active: Some(false),
        ..AccountPatch::default()
    };
    for command in [
        Command::DeleteAccount(anna),
        patch(anna, demoted.clone()),
        patch(anna, gone.clone()),
    ] {
        assert_eq!(world.refused(&command), Refusal::LastAdministrator);
    }
    let promoted = AccountPatch {
        role: Some(Role::Administrator),
        ..AccountPatch::default()
    };
    world.run(&patch(ben, promoted));
    world.run(&patch(anna, demoted));
    world.run(&Command::DeleteAccount(anna));
    assert_eq!(world.refused(&patch(ben, gone)), Refusal::LastAdministrator);
    assert_eq!(world.rows.accounts.len(), 1);
}

#[test]
fn another_password_or_deactivation_ends_every_sign_in_r1() {
    let mut world = world();
    made(&mut world, &create("anna", Role::Administrator));
    let ben = made(&mut world, &create("ben", Role::Auditor));
    world.run(&sign_in(ben, "a"));
    let carries = |world: &World, later| {
        let account: &Account = &world.rows.accounts[&ben];
        account.carries(&world.rows.console_sessions["a"], world.now.plus(later))
    };
    assert!(carries(&world, Millis::ZERO));
    assert!(!carries(&world, Account::SIGNED_IN_FOR));
    let promoted = AccountPatch {
        role: Some(Role::Manager),
        ..AccountPatch::default()
    };
    world.run(&patch(ben, promoted));
    assert!(carries(&world, Millis::ZERO));
    let password = AccountPatch {
        password: Some(PasswordHash::new("$argon2id$2")),
        ..AccountPatch::default()
    };
    world.run(&patch(ben, password));
    assert!(!carries(&world, Millis::ZERO));
    world.run(&sign_in(ben, "b"));
    let gone = AccountPatch {
        active: Some(false),
        ..AccountPatch::default()
    };
    world.run(&patch(ben, gone));
    assert_eq!(world.refused(&sign_in(ben, "c")), Refusal::UnknownAccount);
}

#[test]
fn a_sign_in_to_the_console_is_on_record_and_ends_once_r3() {
    let mut world = world();
    let anna = made(&mut world, &create("anna", Role::Administrator));
    world.run(&sign_in(anna, "a"));
    let close = Command::CloseConsole("a".into());
    assert_eq!(world.run(&close), Outcome::Done(true));
    assert_eq!(world.run(&close), Outcome::Done(false));
    let kinds: Vec<_> = world.rows.events.iter().map(|event| event.kind).collect();
    assert!(kinds.ends_with(&[EventKind::AccountSignedIn, EventKind::AccountSignedOut]));
    assert!(
        world
            .rows
            .events
            .iter()
            .all(|event| !format!("{event:?}").contains("argon2"))
    );
}

#[test]
fn only_who_manages_settings_makes_accounts_r1() {
    let manager = Actor::new("ben", Role::Manager);
    let command = create("anna", Role::Auditor);
    assert_eq!(command.permission(), Permission::ManageSettings);
    assert!(!manager.may(command.permission()));
}

#[test]
fn a_link_works_once_for_three_days_and_only_for_its_own_account_r1() {
    let mut world = world();
    let mut invited = new("user", Role::User);
    invited.invited = true;
    let first = false;
    let account = invited;
    let user = made(&mut world, &Command::CreateAccount { account, first });
    let choose = |version| Command::ChoosePassword {
        account: user,
        password: PasswordHash::new("$argon2id$2"),
        version,
    };
    assert_eq!(choose(1).permission(), Permission::ViewOwn);
    assert_eq!(world.refused(&choose(1)), Refusal::InvitationOver);
    world.act_as(Role::User);
    assert_eq!(world.refused(&choose(2)), Refusal::InvitationOver);
    let mut late = world.clone();
    late.wait(Account::INVITED_FOR);
    assert_eq!(late.refused(&choose(1)), Refusal::InvitationOver);
    world.run(&choose(1));
    let account = &world.rows.accounts[&user];
    assert_eq!((account.invited_until, account.generation), (None, 2));
    assert_eq!(account.password, PasswordHash::new("$argon2id$2"));
    assert_eq!(world.refused(&choose(2)), Refusal::InvitationOver);
    let last = world.rows.events.last().unwrap();
    assert_eq!(last.kind, EventKind::AccountUpdated);
}

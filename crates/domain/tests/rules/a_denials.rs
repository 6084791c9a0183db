//! A9 and A10: why not, and would I.

use domain::{AutoAssign, Command, DenialCode, Millis, Role, UserId};

use crate::world::prelude::*;

/// Every denial code with a world in which Anna meets it.
fn every_denial() -> Vec<(DenialCode, World)> {
    let anna = || world().user("anna");
    let inactive = {
        let mut world = anna().license(site("X-1"));
        world.set_active("anna", false);
        world
    };
    let over_allocated = {
        let mut world = anna().license(dedicated("S-1"));
        world.grant("anna", "esm");
        world.remove("S-1");
        world
    };
    let stale = {
        let mut world = anna().license(floating("F-1").revalidated(1, 1));
        world.wait_days(2);
        world
    };
    let releasing = {
        let mut world = anna().license(dedicated("S-1"));
        world.grant("anna", "esm");
        world.sign_in("anna", "esm");
        world.recall("anna", "esm");
        world
    };
    let full = {
        let mut world = anna().license(floating("F-1"));
        world.sign_in("bob", "esm");
        world
    };
    let unknown = world().policy(|policy| policy.auto_add_users = false);
    vec![
        (DenialCode::UnknownUser, unknown),
        (DenialCode::UserInactive, inactive),
        (DenialCode::NotLicensed, anna()),
        (DenialCode::OverAllocated, over_allocated),
        (
            DenialCode::LicenseExpired,
            anna().license(floating("F-1").expires(0)),
        ),
        (DenialCode::LicenseStale, stale),
        (
            DenialCode::NotStarted,
            anna().license(floating("F-1").starts(1)),
        ),
        (
            DenialCode::ModuleNotLicensed,
            anna().license(floating("F-1").modules(&["flows"])),
        ),
        (DenialCode::ReleasePending, releasing),
        (DenialCode::NoFreeSeat, full),
    ]
}

#[test]
fn a9_every_code_has_a_sentence_for_the_user_and_one_for_the_administrator() {
    let mut met = Vec::new();
    for (code, mut world) in every_denial() {
        let access = world.sign_in_for("anna", "esm", ask().module("cmdb"));
        let denial = access.denial();
        assert_eq!(denial.code, code, "{denial:?}");
        let (user, administrator) = (&denial.user_message, &denial.admin_message);
        for message in [user, administrator] {
            assert!(message.ends_with('.') && message.len() > 20, "{message}");
        }
        assert_ne!(user, administrator);
        assert!(user.to_lowercase().contains("your administrator"), "{user}");
        met.push(code);
    }
    assert_eq!(met, DenialCode::ALL);
}

#[test]
fn a9_what_has_not_started_says_whether_a_date_or_an_agreement_is_waited_for() {
    let scheduled = || floating("F-1").starts(31);
    let agreement = || floating("F-2").agreement("be kind");
    let later = || floating("F-3").starts(60);
    let messages = |specs: Vec<LicenseSpec>| {
        let mut world = world().user("anna");
        for spec in specs {
            world = world.license(spec);
        }
        let denial = world.sign_in("anna", "esm").denial().clone();
        assert_eq!(denial.code, DenialCode::NotStarted);
        (denial.user_message, denial.admin_message)
    };
    let (user, admin) = messages(vec![later(), scheduled()]);
    assert!(user.contains("in force from 2026-02-01 on"), "{user}");
    assert!(
        admin.contains("F-1") && admin.contains("starts on 2026-02-01"),
        "{admin}"
    );
    assert!(!admin.contains("agreement"), "{admin}");
    let (user, admin) = messages(vec![agreement()]);
    assert!(user.contains("agreement"), "{user}");
    assert!(
        admin.contains("F-2") && admin.contains("waits to be accepted"),
        "{admin}"
    );
    assert!(!admin.contains("starts"), "{admin}");
    let (_, admin) = messages(vec![agreement(), scheduled()]);
    assert!(admin.contains("F-1") && admin.contains("F-2"), "{admin}");
}

#[test]
fn a9_a_denial_is_counted_with_who_what_when_and_why() {
    for (code, mut world) in every_denial() {
        let known: Option<UserId> = world.is_user("anna").then(|| world.user_id("anna"));
        let before = world.rows.denials.len();
        let access = world.sign_in_for("Anna", "esm", ask().module("cmdb"));
        let [record] = &world.rows.denials[before..] else {
            panic!("not counted once: {code}");
        };
        assert_eq!(record.at, world.now);
        assert_eq!(record.code, code);
        assert_eq!(record.user, known);
        assert_eq!((&*record.username, &*record.product), ("Anna", "esm"));
        assert_eq!(record.admin_message, access.denial().admin_message);
    }
}

#[test]
fn a9_a_denied_user_gets_nothing() {
    for (code, mut world) in every_denial() {
        let before = world.rows.clone();
        world.sign_in_for("anna", "esm", ask().module("cmdb"));
        assert_eq!(world.rows.seats, before.seats, "{code}");
        assert_eq!(world.rows.sessions, before.sessions, "{code}");
        assert_eq!(world.rows.pools, before.pools, "{code}");
    }
}

#[test]
fn a9_the_users_own_seat_explains_more_than_the_products_other_licenses() {
    // A free seat of some modules is there, yet Anna's own scheduled seat is what matters.
    let mut world = world()
        .user("anna")
        .license(dedicated("S-1").starts(5).modules(&["cmdb"]))
        .license(floating("F-1").modules(&["cmdb"]));
    world.grant_license("anna", "S-1");
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().module("cmdb")),
        "not_started"
    );
    assert_eq!(
        world.sign_in_for("bob", "esm", ask().module("cmdb")),
        "no_free_seat"
    );
}

#[test]
fn a9_a_license_in_force_explains_more_than_one_that_is_over() {
    let mut world = world()
        .license(floating("F-1").modules(&["cmdb"]).expires(0))
        .license(floating("F-2").modules(&["flows"]));
    assert_eq!(
        world.sign_in_for("anna", "esm", ask().module("cmdb")),
        "module_not_licensed"
    );
}

#[test]
fn a9_the_administrator_reads_whether_seats_are_full_or_may_not_be_given() {
    let mut world = world().license_in("/Support", floating("F-1").seats(2));
    let message = world.sign_in("anna", "esm").denial().admin_message.clone();
    assert!(
        message.starts_with("2 of 2 seats of esm are free, but none"),
        "{message}"
    );
    let mut world = world.user_in("bob", "/Support").user_in("carl", "/Support");
    world.sign_in("bob", "esm");
    world.sign_in("carl", "esm");
    let message = world.sign_in("anna", "esm").denial().admin_message.clone();
    assert!(
        message.starts_with("All 2 seats of esm are occupied. Recall"),
        "{message}"
    );
}

#[test]
fn a9_the_administrator_reads_why_no_free_seat_may_be_given_and_what_to_do() {
    let mut world = world()
        .license_in("/Support", floating("F-1").seats(2))
        .license(dedicated("S-1").seats(3))
        .license(dedicated("S-2").modules(&["cmdb"]).seats(4))
        .license(floating("F-2").modules(&["cmdb"]).seats(5))
        .license(dedicated("S-3").not_assignable().seats(6))
        .license(dedicated("S-4").not_assignable().seats(1));
    world.set_auto_assign("S-1", AutoAssign::Off);
    let message = world.sign_in("anna", "esm").denial().admin_message.clone();
    assert_eq!(
        message,
        "21 of 21 seats of esm are free, but none may be given to anna at sign-in: \
         2 are in other folders (F-1): move free seats; \
         3 are not given automatically (S-1): assign one by hand; \
         4 are for certain modules only (S-2): assign one by hand; \
         5 are floating and for certain modules only, which nobody is given (F-2): \
         ask the vendor for one with all modules; \
         7 are not to be assigned by the license's terms (S-3 and 1 more): ask the vendor."
    );
}

#[test]
fn a9_the_administrator_reads_that_the_policy_has_no_step_for_free_seats() {
    let mut world = world()
        .license(floating("F-1").seats(1))
        .policy(|policy| policy.auto_allocation.clear());
    let message = world.sign_in("anna", "esm").denial().admin_message.clone();
    assert!(
        message.ends_with("1 is of a kind that the policy auto_allocation leaves out (F-1): add a step, or assign one by hand."),
        "{message}"
    );
}

/// What the administrator reads when somebody is denied.
fn told(world: &mut World, username: &str) -> String {
    let access = world.sign_in(username, "esm");
    access.denial().admin_message.clone()
}

#[test]
fn a3_the_administrator_reads_of_which_license_a_seat_is_unbacked_and_what_helps() {
    let mut world = world()
        .license(dedicated("S-1").seats(2))
        .user("anna")
        .user("bob");
    world.grant_license("anna", "S-1");
    world.wait_s(1);
    world.grant_license("bob", "S-1");
    world.revise(dedicated("S-1").seats(1).revision(2));
    assert_eq!(
        told(&mut world, "bob"),
        "bob's seat of esm is beyond the 1 that the license S-1 has. Add seats of esm, or recall \
         seats of S-1 that were assigned earlier."
    );
    world.import(&[dedicated("S-2").seats(3)]);
    assert_eq!(
        told(&mut world, "bob"),
        "bob's seat of esm is beyond the 1 that the license S-1 has. Grant bob one of the 3 that \
         other licenses have free, or recall seats of S-1 that were assigned earlier."
    );
}

#[test]
fn a9_the_administrator_reads_that_a_license_was_revoked_or_removed() {
    let mut world = world().license(dedicated("S-1")).user("anna").user("bob");
    world.grant_license("anna", "S-1");
    world.revoke("S-1");
    assert_eq!(
        told(&mut world, "anna"),
        "anna's seat of esm is of the license S-1, which was revoked, and no other had room for \
         it. Add seats of esm."
    );
    assert_eq!(
        told(&mut world, "bob"),
        "The license S-1 of esm was revoked, and there is no other. Import one."
    );
    world.remove("S-1");
    assert_eq!(
        told(&mut world, "bob"),
        "There is no license for esm any more: those that there were are removed. Import one."
    );
}

#[test]
fn a9_the_administrator_reads_which_license_has_expired_and_when() {
    let mut world = world()
        .license(floating("F-1").expires(1))
        .license(floating("F-2").expires(2).grace_days(3));
    world.wait_days(10);
    let message = told(&mut world, "anna");
    assert!(
        message.starts_with(
            "The license F-2 of esm that anna would use has expired: its last day was 2"
        ),
        "{message}"
    );
}

#[test]
fn a9_the_administrator_reads_that_seats_are_out_on_loan_h5() {
    let mut world = world()
        .policy(|policy| policy.borrow_days = 10)
        .license(floating("F-1").seats(1));
    let session = world.sign_in("bob", "esm").session();
    let until = world.now.plus(Millis::days(3));
    world.run(&Command::Borrow { session, until });
    assert_eq!(
        told(&mut world, "anna"),
        "The only seat of esm is occupied, and one session is borrowed, whose seat has to be \
         returned first. Recall a seat, end a session, or buy more."
    );
}

#[test]
fn a9_the_administrator_reads_what_was_asked() {
    let mut world = world().license(floating("F-1").modules(&["flows"]).read_only());
    let asking = ask().write().module("cmdb");
    let message = world
        .sign_in_for("anna", "esm", asking)
        .denial()
        .admin_message
        .clone();
    assert!(
        message.contains("write access and the module cmdb"),
        "{message}"
    );
}

#[test]
fn a10_a_check_answers_the_same_and_changes_nothing() {
    let mut worlds: Vec<World> = every_denial().into_iter().map(|(_, world)| world).collect();
    worlds.push(world().user("anna").license(floating("F-1")));
    worlds.push(world().user("anna").license(dedicated("S-1")));
    worlds.push(world().license(site("X-1").modules(&["cmdb"])));
    worlds.push(world().policy(|policy| policy.demo_seats = 1));
    for mut world in worlds {
        let command = signing_in("anna", "esm", &ask().module("cmdb"));
        let before = world.rows.clone();
        let (check, _) = world.dry_run(&command);
        assert_eq!(world.rows, before);
        assert_eq!(check, world.answer(&command));
    }
}

#[test]
fn a10_a_check_names_the_steps_up_to_the_one_that_answered() {
    let world = world().user("anna").license(floating("F-1"));
    let (_, steps) = world.dry_run(&signing_in("anna", "esm", &ask()));
    let rules: Vec<&str> = steps.iter().map(|step| step.rule).collect();
    assert_eq!(rules, ["A1", "A4", "A8"]);
    let (_, steps) = world.dry_run(&signing_in("anna", "crm", &ask()));
    let rules: Vec<&str> = steps.iter().map(|step| step.rule).collect();
    assert_eq!(rules, ["A1", "A2", "A9"]);
}

#[test]
fn r6_permission_and_license_are_told_apart() {
    let mut world = world()
        .license(floating("F-1"))
        .policy(|policy| policy.demo_seats = 0);
    world.act_as(Role::Auditor);
    let refusal = world.refused(&signing_in("anna", "esm", &ask()));
    assert_eq!(refusal.code(), "forbidden");
    world.act_as(Role::Application);
    assert_eq!(world.sign_in("anna", "crm"), "not_licensed");
    // Whoever works on a floating seat is licensed, and by which license is said.
    let access = world.sign_in("anna", "esm");
    assert_eq!(access, "floating F-1");
    assert_eq!(access.granted().license.as_ref().unwrap().1.as_str(), "F-1");
}

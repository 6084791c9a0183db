//! `seatkeeper policy`: what is decided once for all.

mod value;

use serde_json::{Map, Value as Json};
use wire::policy::Policy;

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::printer::Printer;
use crate::table::facts;

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show the policy.
    Show,
    /// Change the policy.
    Set(Set),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// As in warning_days=60, folder_search=user_folder,root or auto_allocation=floating:root,dedicated:root. Empty
    /// lists and texts are left empty.
    #[arg(required = true, value_name = "KEY=VALUE", value_parser = assignment)]
    assignments: Vec<(String, String)>,
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let mut policy = client.get_policy()?;
        if let Self::Set(set) = self {
            policy = client.set_policy(&changed(&policy, &set.assignments)?)?;
        }
        context
            .printer
            .show(&policy, |printer| describe(&policy, printer));
        Ok(Verdict::Done)
    }
}

/// The values of a policy, as they are typed. An absent company is there, so that it can be set.
fn fields(policy: &Policy) -> Map<String, Json> {
    let mut fields = match serde_json::to_value(policy) {
        Ok(Json::Object(fields)) => fields,
        _ => Map::new(),
    };
    fields.entry("company").or_insert(Json::Null);
    fields
}

fn changed(policy: &Policy, assignments: &[(String, String)]) -> Result<Policy, Failure> {
    let mut fields = fields(policy);
    for (key, text) in assignments {
        let known: Vec<&str> = fields
            .keys()
            .map(String::as_str)
            .filter(|key| *key != "version")
            .collect();
        if !known.contains(&key.as_str()) {
            let detail = format!("the policy has no {key:?}");
            let hint = format!("it has {}", known.join(", "));
            return Err(Failure::input("unknown_key", detail).hint(hint));
        }
        let value = value::parse(key, text)
            .map_err(|expected| Failure::input("invalid_value", expected))?;
        fields.insert(key.clone(), value);
    }
    serde_json::from_value(Json::Object(fields)).map_err(|error| {
        let keys: Vec<&str> = assignments.iter().map(|(key, _)| key.as_str()).collect();
        Failure::input("invalid_value", format!("{}: {error}", keys.join(", ")))
    })
}

fn describe(policy: &Policy, printer: &mut Printer) {
    let steps: Vec<String> = policy
        .auto_allocation
        .iter()
        .map(|step| format!("{}:{}", step.model, step.place))
        .collect();
    let places: Vec<&str> = policy
        .folder_search
        .iter()
        .map(|place| place.code())
        .collect();
    let company = policy.company.clone().unwrap_or_default();
    printer.table(facts([
        ("auto_add_users", policy.auto_add_users.to_string().into()),
        ("demo_seats", policy.demo_seats.to_string().into()),
        ("over_allocation", policy.over_allocation.to_string().into()),
        ("folder_search", places.join(",").into()),
        ("auto_allocation", steps.join(",").into()),
        (
            "renew_at_sign_in",
            policy.renew_at_sign_in.to_string().into(),
        ),
        (
            "auto_assign_default",
            policy.auto_assign_default.to_string().into(),
        ),
        ("warning_days", policy.warning_days.to_string().into()),
        (
            "session_timeout_s",
            policy.session_timeout_s.to_string().into(),
        ),
        ("internet", policy.internet.to_string().into()),
        ("borrow_days", policy.borrow_days.to_string().into()),
        ("borrow_at_most", policy.borrow_at_most.to_string().into()),
        ("company", company.into()),
    ]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::printer::testing::printed;
    use wire::policy::AllocationStep;
    use wire::{AutoAssign, Model, OverAllocation, Place};

    fn policy() -> Policy {
        Policy {
            auto_add_users: true,
            demo_seats: 0,
            over_allocation: OverAllocation::LockUnbacked,
            folder_search: vec![Place::UserFolder, Place::Root],
            auto_allocation: vec![AllocationStep {
                model: Model::Floating,
                place: Place::Root,
            }],
            renew_at_sign_in: false,
            auto_assign_default: AutoAssign::AsNeeded,
            warning_days: 30,
            session_timeout_s: 600,
            borrow_days: 0,
            borrow_at_most: 10,
            company: None,
            internet: true,
            version: Some(4),
        }
    }

    fn set(words: &[&str]) -> Result<Policy, Failure> {
        let assignments: Vec<_> = words.iter().map(|word| assignment(word).unwrap()).collect();
        changed(&policy(), &assignments)
    }

    #[test]
    fn only_what_is_named_changes_and_the_version_says_what_was_meant() {
        let changed = set(&["warning_days=60", "company=007", "renew_at_sign_in=true"]).unwrap();
        let expected = Policy {
            warning_days: 60,
            company: Some("007".into()),
            renew_at_sign_in: true,
            ..policy()
        };
        assert_eq!(changed, expected);
    }

    #[test]
    fn lists_are_typed_with_commas_and_can_be_emptied() {
        let changed = set(&[
            "folder_search=root",
            "auto_allocation=dedicated:root,floating:user_folder",
        ])
        .unwrap();
        assert_eq!(changed.folder_search, [Place::Root]);
        assert_eq!(changed.auto_allocation[0].model, Model::Dedicated);
        assert!(
            set(&["auto_allocation="])
                .unwrap()
                .auto_allocation
                .is_empty()
        );
    }

    #[test]
    fn a_wrong_key_or_value_is_named() {
        let failure = set(&["warnings=60"]).unwrap_err();
        assert!(failure.hint.as_ref().unwrap().contains("warning_days"));
        for (wrong, sentence) in [
            (
                "warning_days=soon",
                "warning_days must be a whole number from 0 to 65535, not soon",
            ),
            (
                "borrow_days=-1",
                "borrow_days must be a whole number from 0 to 366, not -1",
            ),
            (
                "session_timeout_s=1",
                "session_timeout_s must be a whole number from 30 to 604800, not 1",
            ),
            (
                "auto_add_users=perhaps",
                "auto_add_users must be on or off, not perhaps",
            ),
            (
                "over_allocation=maybe",
                "over_allocation must be one of: lock_unbacked, lock_product; not maybe",
            ),
            (
                "folder_search=root,user",
                "folder_search must be made of: user_folder, root; not user",
            ),
            (
                "auto_allocation=root",
                "auto_allocation must be made of steps MODEL:PLACE, as in floating:root; not root",
            ),
            (
                "auto_allocation=floating:moon",
                "auto_allocation must be made of steps MODEL:PLACE, as in floating:root; not floating:moon",
            ),
        ] {
            let failure = set(&[wrong]).unwrap_err();
            assert_eq!(failure.exit_code(), 2, "{wrong}");
            assert_eq!(failure.detail, sentence, "{wrong}");
        }
        assert_eq!(set(&["version=1"]).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn yes_and_no_are_typed_as_people_say_them() {
        for key in ["auto_add_users", "renew_at_sign_in", "internet"] {
            for (word, meant) in [
                ("on", true),
                ("YES", true),
                ("true", true),
                ("off", false),
                ("no", false),
                ("false", false),
            ] {
                let changed = set(&[&format!("{key}={word}")]).unwrap();
                let changed = serde_json::to_value(changed).unwrap();
                assert_eq!(changed[key], meant, "{key}={word}");
            }
        }
    }

    #[test]
    fn what_is_shown_can_be_typed() {
        let (out, _) = printed(false, |printer| describe(&policy(), printer));
        let words: Vec<String> = out
            .lines()
            .map(|line| {
                let (key, value) = line.split_once(' ').unwrap_or((line, ""));
                format!("{key}={}", value.trim())
            })
            .collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(set(&words).unwrap(), policy());
    }
}

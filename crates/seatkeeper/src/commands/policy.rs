//! `seatkeeper policy`: what is decided once for all.

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
        let value = parse(key, text)?;
        fields.insert(key.clone(), value);
    }
    serde_json::from_value(Json::Object(fields)).map_err(|error| {
        let keys: Vec<&str> = assignments.iter().map(|(key, _)| key.as_str()).collect();
        Failure::input("invalid_value", format!("{}: {error}", keys.join(", ")))
    })
}

fn parse(key: &str, text: &str) -> Result<Json, Failure> {
    let items = || {
        text.split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
    };
    Ok(match key {
        "folder_search" => items().collect(),
        "auto_allocation" => {
            let mut steps = Vec::new();
            for item in items() {
                let Some((model, place)) = item.split_once(':') else {
                    let detail = format!(
                        "{item:?} is not a step: expected MODEL:PLACE, as in floating:root"
                    );
                    return Err(Failure::input("invalid_value", detail));
                };
                steps.push(serde_json::json!({"model": model, "place": place}));
            }
            Json::Array(steps)
        }
        "internet" if matches!(text, "on" | "off") => (text == "on").into(),
        "company" if text.is_empty() => Json::Null,
        // A company id may look like a number, and is a text all the same.
        "company" => text.into(),
        _ => serde_json::from_str(text).unwrap_or_else(|_| text.into()),
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
        for wrong in [
            "warning_days=soon",
            "over_allocation=maybe",
            "auto_allocation=root",
            "version=1",
        ] {
            let failure = set(&[wrong]).unwrap_err();
            assert_eq!(failure.exit_code(), 2, "{wrong}");
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

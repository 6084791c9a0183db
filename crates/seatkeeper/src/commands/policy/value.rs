//! What a value of the policy looks like when it is typed, and what to say of one that does not.

use std::ops::RangeInclusive;

use domain::Policy;
use serde_json::{Value as Json, json};
use wire::{AutoAssign, Model, OverAllocation, Place};

/// Reads the value of a key that the policy has. The error says what the value must be.
pub(super) fn parse(key: &str, text: &str) -> Result<Json, String> {
    let must = |expected: &str| Err(format!("{key} must be {expected}"));
    let whole = |range: RangeInclusive<u32>| match text.parse::<u32>() {
        Ok(number) if range.contains(&number) => Ok(number.into()),
        _ => {
            let (from, to) = range.into_inner();
            must(&format!("a whole number from {from} to {to}, not {text}"))
        }
    };
    let one_of = |words: Vec<&str>| {
        if words.contains(&text) {
            Ok(text.into())
        } else {
            must(&format!("one of: {}; not {text}", words.join(", ")))
        }
    };
    match key {
        "auto_add_users" | "renew_at_sign_in" | "internet" => match switch(text) {
            Some(is_on) => Ok(is_on.into()),
            None => must(&format!("on or off, not {text}")),
        },
        "demo_seats" | "borrow_at_most" => whole(0..=u32::MAX),
        "warning_days" => whole(0..=u16::MAX.into()),
        "borrow_days" => whole(0..=Policy::MOST_BORROW_DAYS.into()),
        "session_timeout_s" => whole(Policy::TIMEOUT_RANGE),
        "over_allocation" => one_of(OverAllocation::ALL.iter().map(|word| word.code()).collect()),
        "auto_assign_default" => one_of(AutoAssign::ALL.iter().map(|word| word.code()).collect()),
        "folder_search" => match items(text).find(|item| Place::from_code(item).is_none()) {
            None => Ok(items(text).collect()),
            Some(wrong) => {
                let places: Vec<&str> = Place::ALL.iter().map(|place| place.code()).collect();
                must(&format!("made of: {}; not {wrong}", places.join(", ")))
            }
        },
        "auto_allocation" => {
            let mut steps = Vec::new();
            for item in items(text) {
                match step(item) {
                    Some(step) => steps.push(step),
                    None => {
                        let expected = "made of steps MODEL:PLACE, as in floating:root";
                        return must(&format!("{expected}; not {item}"));
                    }
                }
            }
            Ok(Json::Array(steps))
        }
        "company" if text.is_empty() => Ok(Json::Null),
        // A company id may look like a number, and is a text all the same.
        _ => Ok(text.into()),
    }
}

/// The items of a list.
fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

/// On or off, in any words for it.
fn switch(text: &str) -> Option<bool> {
    match text.to_lowercase().as_str() {
        "on" | "true" | "yes" => Some(true),
        "off" | "false" | "no" => Some(false),
        _ => None,
    }
}

/// One step of the allocation at sign-in.
fn step(item: &str) -> Option<Json> {
    let (model, place) = item.split_once(':')?;
    let (model, place) = (Model::from_code(model)?, Place::from_code(place)?);
    Some(json!({"model": model, "place": place}))
}

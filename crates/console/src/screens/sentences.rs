//! Events as sentences: who did what to whom, and what changed (R3).

use std::collections::HashMap;

use domain::{LicenseId, Timestamp, UserId};
use serde_json::Value;
use store::query::EventItem;
use store::{Reader, StoreError};

use crate::texts::Texts;

/// An event that can be read.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) at: Timestamp,
    pub(crate) sentence: String,
    pub(crate) why: String,
    pub(crate) changes: Vec<Change>,
}

/// One field, before and after.
#[derive(Clone, Debug)]
pub(crate) struct Change {
    pub(crate) field: String,
    pub(crate) before: String,
    pub(crate) after: String,
}

/// Tells events; names that are not in them are looked up, as they are now.
pub(crate) fn tell(
    reader: &mut Reader<'_>,
    t: &Texts,
    items: Vec<EventItem>,
) -> Result<Vec<Told>, StoreError> {
    let mut names = Names::default();
    items
        .into_iter()
        .map(|item| names.told(reader, t, item))
        .collect()
}

#[derive(Default)]
struct Names {
    users: HashMap<UserId, String>,
    licenses: HashMap<LicenseId, String>,
}

impl Names {
    fn user(&mut self, reader: &mut Reader<'_>, id: UserId) -> Result<String, StoreError> {
        if let Some(name) = self.users.get(&id) {
            return Ok(name.clone());
        }
        let found = reader.find_user(id)?;
        let name = found.map_or_else(|| id.to_string(), |user| user.username.as_str().to_owned());
        self.users.insert(id, name.clone());
        Ok(name)
    }

    fn license(&mut self, reader: &mut Reader<'_>, id: LicenseId) -> Result<String, StoreError> {
        if let Some(name) = self.licenses.get(&id) {
            return Ok(name.clone());
        }
        let found = reader.find_license(id)?;
        let name = found.map_or_else(
            || id.to_string(),
            |detail| detail.license.terms.serial.as_str().to_owned(),
        );
        self.licenses.insert(id, name.clone());
        Ok(name)
    }

    fn told(
        &mut self,
        reader: &mut Reader<'_>,
        t: &Texts,
        item: EventItem,
    ) -> Result<Told, StoreError> {
        let event = item.event;
        let read = |text: &Option<String>| {
            text.as_deref()
                .and_then(|text| serde_json::from_str::<Value>(text).ok())
                .unwrap_or(Value::Null)
        };
        let (before, after) = (read(&event.before), read(&event.after));
        let in_facts = |field: &str| {
            [&after, &before]
                .iter()
                .find_map(|facts| facts[field].as_str().map(str::to_owned))
        };
        let user = match (in_facts("username"), event.subject.user) {
            (Some(name), _) => name,
            (None, Some(id)) => self.user(reader, id)?,
            (None, None) => String::new(),
        };
        let license = match (in_facts("serial"), event.subject.license) {
            (Some(serial), _) => serial,
            (None, Some(id)) => self.license(reader, id)?,
            (None, None) => String::new(),
        };
        let name = in_facts("name")
            .or_else(|| in_facts("path"))
            .unwrap_or_default();
        let product = in_facts("product")
            .or_else(|| in_facts("code"))
            .unwrap_or_default();
        let sentence = t.event(event.kind);
        let sentence = fill(
            sentence,
            &[
                ("who", t.actor(&event.actor)),
                ("user", &user),
                ("license", &license),
                ("name", &name),
                ("product", &product),
            ],
        );
        Ok(Told {
            at: event.at,
            sentence,
            why: event.why.map(|why| t.reason(&why)).unwrap_or_default(),
            changes: changes(t, &before, &after),
        })
    }
}

/// Puts names into the places of a sentence, in one pass.
fn fill(sentence: &str, names: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let Some((place, after)) = after.split_once('}') else {
            rest = after;
            continue;
        };
        let found = names.iter().find(|(name, _)| *name == place);
        text.push_str(found.map_or("", |(_, name)| name));
        rest = after;
    }
    text.push_str(rest);
    text
}

/// What differs between before and after; nothing for what is only new or only gone.
fn changes(t: &Texts, before: &Value, after: &Value) -> Vec<Change> {
    let (Value::Object(before), Value::Object(after)) = (before, after) else {
        return Vec::new();
    };
    let fields = after
        .keys()
        .chain(before.keys().filter(|key| !after.contains_key(*key)));
    fields
        .filter(|field| {
            before.get(*field).unwrap_or(&Value::Null) != after.get(*field).unwrap_or(&Value::Null)
        })
        .filter(|field| *field != "version")
        .map(|field| Change {
            field: field.replace('_', " "),
            before: shown(t, field, before.get(field)),
            after: shown(t, field, after.get(field)),
        })
        .collect()
}

fn shown(t: &Texts, field: &str, value: Option<&Value>) -> String {
    let is_time = ["_at", "_from", "_until"]
        .iter()
        .any(|end| field.ends_with(end));
    match value {
        Some(Value::Number(at)) if is_time => at.as_i64().map_or_else(
            || at.to_string(),
            |at| told_time(t, Timestamp::from_millis(at)),
        ),
        Some(Value::Bool(true)) => t.words.yes.to_lowercase(),
        Some(Value::Bool(false)) => t.words.no.to_lowercase(),
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => {
            let items: Vec<String> = items
                .iter()
                .map(|item| shown(t, field, Some(item)))
                .collect();
            items.join(", ")
        }
        Some(other) => other.to_string(),
    }
}

/// A moment as text, in UTC like the rest of the record.
fn told_time(t: &Texts, at: Timestamp) -> String {
    if at == Timestamp::FOREVER {
        return t.licenses.perpetual.to_owned();
    }
    let known = jiff::Timestamp::from_millisecond(at.as_millis());
    known.map_or_else(
        |_| "–".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_put_into_their_places_once() {
        let filled = fill(
            "{who} gave {user} a seat",
            &[("who", "{user}"), ("user", "anna")],
        );
        assert_eq!(filled, "{user} gave anna a seat");
    }

    #[test]
    fn times_are_shown_as_such() {
        let before = serde_json::json!({"expires_at": 1_767_225_600_000_i64, "seats": 1_767_225_600_000_i64});
        let after = serde_json::json!({"expires_at": Timestamp::FOREVER.as_millis(), "seats": 2});
        let found = changes(&crate::texts::EN, &before, &after);
        assert_eq!(
            (&*found[0].before, &*found[0].after),
            ("2026-01-01 00:00 UTC", "No end")
        );
        assert_eq!(found[1].before, "1767225600000");
    }

    #[test]
    fn only_what_differs_is_shown() {
        let before = serde_json::json!({"a": 1, "b": [1, 2], "d": false, "version": 1});
        let after = serde_json::json!({"a": 1, "b": [2], "c": null, "d": true, "version": 2});
        let found = changes(&crate::texts::EN, &before, &after);
        let fields: Vec<_> = found.iter().map(|change| &*change.field).collect();
        assert_eq!(fields, ["b", "d"]);
        assert_eq!((&*found[0].before, &*found[0].after), ("1, 2", "2"));
        assert_eq!((&*found[1].before, &*found[1].after), ("no", "yes"));
    }
}

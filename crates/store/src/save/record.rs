//! The record and the denials.

use std::collections::BTreeMap;

use domain::Event;
use domain::names::fold;
use domain::set::DenialRecord;

use super::{Save, sql};
use crate::error::StoreError;
use crate::meta;
use crate::sql::{Value, ms, opt_id, opt_text};

impl Save<'_> {
    /// Appends entries to the record, numbered on from the last one (R3).
    pub(super) fn events(self, events: &[Event]) -> Result<(), StoreError> {
        if events.is_empty() {
            return Ok(());
        }
        let mut seq = meta::last_event(self.link)?;
        for event in events {
            seq += 1;
            let values = [
                seq.into(),
                ms(event.at),
                (&*event.actor).into(),
                event.kind.code().into(),
                opt_id(event.subject.user),
                opt_id(event.subject.product),
                opt_id(event.subject.license),
                opt_id(event.subject.session),
                opt_text(event.why.as_deref()),
                opt_text(event.before.as_deref()),
                opt_text(event.after.as_deref()),
                event.kind.is_sign_in().into(),
            ];
            self.link.put_many(&sql::INSERT_EVENT, &values)?;
        }
        meta::save_last_event(self.link, seq)
    }

    /// Counts denials, one row a user, product, code and UTC day (A9).
    pub(super) fn denials(self, denials: &[DenialRecord]) -> Result<(), StoreError> {
        let mut counted: BTreeMap<_, Vec<&DenialRecord>> = BTreeMap::new();
        for denial in denials {
            let names = (fold(&denial.username), fold(&denial.product));
            let key = (denial.at.day(), names, denial.code.code());
            counted.entry(key).or_default().push(denial);
        }
        for ((day, (username, product), code), same) in &counted {
            let (Some(first), Some(last)) = (same.first(), same.last()) else {
                continue;
            };
            let values = [
                Value::Int(*day),
                username.as_str().into(),
                product.as_str().into(),
                (*code).into(),
                last.username.as_str().into(),
                opt_id(last.user),
                last.product.as_str().into(),
                last.admin_message.as_str().into(),
                ms(first.at),
                ms(last.at),
                Value::Int(i64::try_from(same.len()).unwrap_or(i64::MAX)),
            ];
            self.link.put_many(&sql::COUNT_DENIAL, &values)?;
        }
        Ok(())
    }
}

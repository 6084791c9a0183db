//! Wrong passwords, counted by name and by address, so that guessing is slow. In the memory of
//! this process: after a restart counting begins anew.

use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::set::Map;
use domain::{Account, Millis, Timestamp};

use crate::error::SignInError;

/// Wrong passwords of late.
#[derive(Debug, Default)]
pub(crate) struct Attempts {
    counted: Mutex<Map<String, Count>>,
}

#[derive(Clone, Copy, Debug)]
struct Count {
    failures: u32,
    last: Timestamp,
}

impl Attempts {
    /// After so long without a further one, wrong passwords are forgotten.
    const FORGOTTEN_AFTER: Millis = Millis::seconds(3600);
    /// So many names and addresses are remembered.
    const MOST: usize = 20_000;
    /// An address may stand for a whole office: so many times more is allowed of it.
    const ADDRESS_SHARE: u32 = 6;

    fn counted(&self) -> MutexGuard<'_, Map<String, Count>> {
        self.counted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether another attempt may be made now.
    pub(crate) fn admit(
        &self,
        name: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), SignInError> {
        let counted = self.counted();
        let wait = [
            (by_name(name), 1),
            (by_address(address), Self::ADDRESS_SHARE),
        ]
        .into_iter()
        .filter_map(|(key, share)| {
            let count = counted.get(&key)?;
            let until = count.last.plus(Account::wait_after(count.failures / share));
            (now < until).then(|| until.since(now))
        })
        .max();
        match wait {
            Some(wait) => Err(SignInError::Wait(wait)),
            None => Ok(()),
        }
    }

    /// Counts a wrong password.
    pub(crate) fn failed(&self, name: &str, address: &str, now: Timestamp) {
        let mut counted = self.counted();
        if counted.len() >= Self::MOST {
            counted.retain(|_, count| now < count.last.plus(Self::FORGOTTEN_AFTER));
        }
        if counted.len() >= Self::MOST {
            counted.clear();
        }
        for key in [by_name(name), by_address(address)] {
            let count = counted.entry(key).or_insert(Count {
                failures: 0,
                last: now,
            });
            if count.last.plus(Self::FORGOTTEN_AFTER) <= now {
                count.failures = 0;
            }
            count.failures = count.failures.saturating_add(1);
            count.last = now;
        }
    }

    /// The right password: what was counted against the name is forgotten. Not what was counted
    /// against the address, which a guesser with an account of their own could clear.
    pub(crate) fn succeeded(&self, name: &str) {
        self.counted().remove(&by_name(name));
    }
}

fn by_name(name: &str) -> String {
    // Nobody needs a long name to be told apart.
    let short: String = name.chars().take(200).collect();
    format!("name {}", domain::names::fold(&short))
}

fn by_address(address: &str) -> String {
    format!("from {address}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_slowed_down_from_wherever_and_freed_by_the_right_password() {
        let attempts = Attempts::default();
        let now = Timestamp::from_millis(1_000_000);
        for n in 0..5 {
            attempts.admit("anna", "a", now).unwrap();
            attempts.failed("Anna", &format!("{n}"), now);
        }
        assert!(matches!(
            attempts.admit("ANNA", "b", now),
            Err(SignInError::Wait(_))
        ));
        attempts.admit("ben", "b", now).unwrap();
        attempts
            .admit("anna", "b", now.plus(Millis::seconds(2)))
            .unwrap();
        attempts.succeeded("anna");
        attempts.admit("anna", "b", now).unwrap();
    }

    #[test]
    fn an_address_is_slowed_down_whatever_the_names() {
        let attempts = Attempts::default();
        let now = Timestamp::from_millis(1_000_000);
        for n in 0..30 {
            attempts.failed(&format!("user{n}"), "a", now);
        }
        assert!(attempts.admit("anna", "a", now).is_err());
        attempts.admit("anna", "b", now).unwrap();
    }
}

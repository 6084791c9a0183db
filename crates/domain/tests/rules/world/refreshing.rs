//! What license services say, with answers in words.

use domain::outcome::RefreshAnswer;
use domain::refresh::{Fault, Refresh, Word};
use domain::{Command, Outcome};

use super::{LicenseSpec, World};

/// What is here is what was issued.
pub(crate) const fn current(revision: u64) -> Word {
    Word::Current { revision }
}

/// The issuer withdraws it.
pub(crate) fn withdrawn(revision: u64) -> Word {
    Word::Withdrawn {
        revision,
        why: Some("not paid".into()),
    }
}

/// Something newer.
pub(crate) fn renewed(spec: &LicenseSpec) -> Word {
    Word::Renewed {
        license: Box::new(spec.build()),
        customer: None,
    }
}

/// Nothing of use.
pub(crate) fn silence(fault: Fault) -> Word {
    Word::Failed {
        fault,
        detail: "nothing came back".into(),
    }
}

impl World {
    /// What the word of a service comes to.
    pub(crate) fn refresh(&mut self, serial: &str, word: Word) -> RefreshAnswer {
        let license = self.license_id(serial);
        match self.run(&Command::TakeRefresh { license, word }) {
            Outcome::Refreshed(answer) => answer,
            other => panic!("expected a refresh, got {other:?}"),
        }
    }

    /// The same as `CODE`, or the code of the fault.
    pub(crate) fn refresh_code(&mut self, serial: &str, word: Word) -> &'static str {
        let answer = self.refresh(serial, word);
        match answer.fault {
            Some(fault) => fault.code(),
            None => answer.code.code(),
        }
    }

    /// How the refreshing of a license stands.
    pub(crate) fn refresh_row(&self, serial: &str) -> &Refresh {
        &self.rows.refreshes[&self.license_id(serial)]
    }
}

//! Replacements, and requests to issuers.

use domain::Changes;
use domain::names::Title;
use domain::set::Change;

use super::{Save, sql};
use crate::error::StoreError;
use crate::rows::{ReplacedLicenses, json};
use crate::sql::{ms, opt_ms, opt_text};

impl Save<'_> {
    pub(super) fn replacements(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.replacements() {
            match change {
                Change::Insert(replacement) => {
                    let licenses = ReplacedLicenses {
                        old: replacement.old.clone(),
                        new: replacement.new.clone(),
                        moved: replacement.moved.clone(),
                    };
                    let holders = u32::try_from(replacement.carried.len()).unwrap_or(u32::MAX);
                    let values = [
                        replacement.id.into(),
                        ms(replacement.at),
                        replacement.by.as_str().into(),
                        json("replacement.licenses", &licenses)?.into(),
                        json("replacement.carried", &replacement.carried)?.into(),
                        holders.into(),
                        replacement.left_out.into(),
                        opt_ms(replacement.undone_at),
                    ];
                    self.link.run(&sql::INSERT_REPLACEMENT, &values)?;
                }
                Change::Update(replacement) => {
                    let values = [replacement.id.into(), opt_ms(replacement.undone_at)];
                    self.over(&sql::UPDATE_REPLACEMENT, "replacement", id, &values)?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }
    pub(super) fn requests(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.requests() {
            let answered = |request: &domain::LicenseRequest| match &request.answered {
                Some((at, by)) => (Some(*at), Some(by.clone())),
                None => (None, None),
            };
            match change {
                Change::Insert(request) => {
                    let (at, by) = answered(request);
                    let values = [
                        request.id.into(),
                        ms(request.at),
                        request.by.as_str().into(),
                        request.company.as_str().into(),
                        request.version.to_string().into(),
                        opt_text(request.issuer.as_ref().map(Title::as_str)),
                        opt_ms(at),
                        opt_text(by.as_deref()),
                    ];
                    self.link.run(&sql::INSERT_REQUEST, &values)?;
                }
                Change::Update(request) => {
                    let (at, by) = answered(request);
                    let values = [request.id.into(), opt_ms(at), opt_text(by.as_deref())];
                    self.over(&sql::UPDATE_REQUEST, "license_request", id, &values)?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }
}

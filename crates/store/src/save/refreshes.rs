//! How licenses are refreshed, and where.

use domain::Changes;
use domain::refresh::{LicenseService, Refresh};
use domain::set::Change;

use super::{Save, sql};
use crate::error::StoreError;
use crate::rows::json;
use crate::sql::{Value, ms, opt_ms};

impl Save<'_> {
    pub(super) fn refreshes(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.refreshes() {
            match change {
                Change::Insert(refresh) => {
                    self.link.put(&sql::INSERT_REFRESH, &of_refresh(refresh)?)?;
                }
                Change::Update(refresh) => {
                    let values = of_refresh(refresh)?;
                    self.over(&sql::UPDATE_REFRESH, "license_refresh", id, &values)?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }

    pub(super) fn license_services(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (key, change) in changes.license_services() {
            let of = |service| of_service(key, service);
            match change {
                Change::Insert(service) => {
                    self.link.put(&sql::INSERT_LICENSE_SERVICE, &of(service))?;
                }
                Change::Update(service) => {
                    let statement = &sql::UPDATE_LICENSE_SERVICE;
                    self.over(statement, "license_service", key, &of(service))?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }
}

fn of_refresh(refresh: &Refresh) -> Result<[Value<'_>; 5], StoreError> {
    let trouble = match &refresh.trouble {
        Some(trouble) => json("license_refresh.trouble", trouble)?.into(),
        None => Value::Null,
    };
    Ok([
        refresh.license.into(),
        opt_ms(refresh.attempted_at),
        opt_ms(refresh.succeeded_at),
        opt_ms(refresh.next_at),
        trouble,
    ])
}

fn of_service<'a>(key: &'a str, service: &'a LicenseService) -> [Value<'a>; 4] {
    [
        key.into(),
        service.issuer.as_str().into(),
        service.url.as_str().into(),
        ms(service.set_at),
    ]
}

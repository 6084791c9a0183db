//! Products, licenses, pools.

use domain::names::fold;
use domain::set::Change;
use domain::{Changes, FolderId, License, LicenseId, Pool, Product, Timestamp};
use foldhash::HashMap;

use super::{Save, sql};
use crate::error::StoreError;
use crate::rows::json;
use crate::sql::{Row, Value, ms, opt_id, opt_ms};

impl Save<'_> {
    pub(super) fn products(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        for (id, change) in changes.products() {
            match change {
                Change::Insert(product) => {
                    self.link.put(&sql::INSERT_PRODUCT, &of_product(product)?)?;
                }
                Change::Update(product) => {
                    self.over(&sql::UPDATE_PRODUCT, "product", id, &of_product(product)?)?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }

    pub(super) fn licenses(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        let homes = homes_of_new(changes);
        for (id, change) in changes.licenses() {
            match change {
                Change::Insert(license) => {
                    let mut values = of_license(license)?.to_vec();
                    values.push(opt_id(homes.get(id).copied().flatten()));
                    self.link.put_many(&sql::INSERT_LICENSE, &values)?;
                }
                Change::Update(license) => {
                    self.over(&sql::UPDATE_LICENSE, "license", id, &of_license(license)?)?;
                    let [model, expires_at, serial, usable_until, assignable] = repeated(license);
                    let values = [
                        license.id.into(),
                        model,
                        expires_at,
                        serial,
                        usable_until,
                        assignable,
                    ];
                    self.link.put(&sql::REPEAT_IN_POOLS, &values)?;
                }
                Change::Delete => {}
            }
        }
        Ok(())
    }

    pub(super) fn pools(self, changes: &Changes<'_>) -> Result<(), StoreError> {
        let mut moved = Vec::new();
        for (id, change) in changes.pools() {
            match change {
                Change::Insert(pool) => {
                    let license =
                        changes
                            .license_of(pool)
                            .ok_or_else(|| StoreError::Unstorable {
                                column: "pool.license_id",
                                why: format!(
                                    "the license {} of pool {id} is not there",
                                    pool.license
                                ),
                            })?;
                    self.link
                        .put_many(&sql::INSERT_POOL, &of_pool(pool, license))?;
                    moved.push(pool.license);
                }
                Change::Update(pool) => {
                    let values = [pool.id.into(), pool.size.into(), pool.occupied.into()];
                    let row = Row { table: "pool", id };
                    self.link.over_many(&sql::UPDATE_POOL, row, &values)?;
                }
                Change::Delete => {}
            }
        }
        if moved.is_empty() {
            return Ok(());
        }
        let known = homes_of_new(changes);
        moved.retain(|license| !known.contains_key(license));
        moved.sort_unstable();
        moved.dedup();
        for license in moved {
            self.link.put(&sql::HOME_OF_LICENSE, &[license.into()])?;
        }
        Ok(())
    }
}

/// New licenses, each with the folder in which all its seats stand, if it is one.
fn homes_of_new(changes: &Changes<'_>) -> HashMap<LicenseId, Option<FolderId>> {
    let new = changes.licenses().filter_map(|(id, change)| match change {
        Change::Insert(_) => Some((*id, Vec::new())),
        Change::Update(_) | Change::Delete => None,
    });
    let mut folders: HashMap<LicenseId, Vec<FolderId>> = new.collect();
    if !folders.is_empty() {
        for (_, change) in changes.pools() {
            if let Change::Insert(pool) = change
                && let Some(folders) = folders.get_mut(&pool.license)
            {
                folders.push(pool.folder);
            }
        }
    }
    let home = |folders: Vec<FolderId>| match folders[..] {
        [one] => Some(one),
        _ => None,
    };
    let homes = folders.into_iter();
    homes.map(|(id, folders)| (id, home(folders))).collect()
}

fn of_product(product: &Product) -> Result<[Value<'_>; 8], StoreError> {
    Ok([
        product.id.into(),
        product.code.as_str().into(),
        product.code.key().into(),
        product.name.as_str().into(),
        json("product.modules", &product.modules)?.into(),
        product.ever_licensed.into(),
        product.demo_in_use.into(),
        fold(&format!("{}\n{}", product.code, product.name)).into(),
    ])
}

fn of_license(license: &License) -> Result<[Value<'_>; 25], StoreError> {
    let terms = &license.terms;
    let accepted = match &license.accepted {
        Some(acceptance) => json("license.accepted", acceptance)?.into(),
        None => Value::Null,
    };
    let stood = match license.stood.as_slice() {
        [] => Value::Null,
        stood => json("license.stood", &stood)?.into(),
    };
    Ok([
        license.id.into(),
        license.product.into(),
        json("license.terms", &**terms)?.into(),
        license.issuer.as_str().into(),
        license.key.as_str().into(),
        license.auto_assign.code().into(),
        ms(license.imported_at),
        ms(license.validated_at),
        accepted,
        opt_id(license.replaced_by),
        opt_ms(license.revoked_at),
        opt_ms(license.removed_at),
        license.version.into(),
        terms.reference.key().into(),
        terms.serial.as_str().into(),
        terms.model.code().into(),
        ms(terms.starts_at),
        ms(terms.expires_at),
        ms(terms.expires_at.plus(terms.grace)),
        ms(stale_at(license)),
        awaits_agreement(license).into(),
        search_text(license).into(),
        stood,
        terms.access.code().into(),
        terms.seats.into(),
    ])
}

/// When its revalidation and the offline grace after it are over (I3).
pub(crate) fn stale_at(license: &License) -> Timestamp {
    match license.terms.revalidate_every {
        Some(every) => license
            .validated_at
            .plus(every)
            .plus(license.terms.offline_grace),
        None => Timestamp::FOREVER,
    }
}

/// Whether its agreement, in its present text, was not accepted yet (L8).
pub(crate) fn awaits_agreement(license: &License) -> bool {
    let accepted = license.accepted.as_ref().map(|accepted| &accepted.hash);
    match &license.terms.agreement {
        Some(agreement) => accepted != Some(&agreement.hash),
        None => false,
    }
}

/// What a search for licenses looks through.
fn search_text(license: &License) -> String {
    let terms = &license.terms;
    fold(&format!(
        "{}\n{}\n{}\n{}",
        terms.serial, terms.reference, terms.product, terms.product_name
    ))
}

fn of_pool<'a>(pool: &'a Pool, license: &'a License) -> [Value<'a>; 11] {
    let [model, expires_at, serial, usable_until, assignable] = repeated(license);
    [
        pool.id.into(),
        pool.license.into(),
        pool.product.into(),
        pool.folder.into(),
        pool.size.into(),
        pool.occupied.into(),
        model,
        expires_at,
        serial,
        usable_until,
        assignable,
    ]
}

/// What pools repeat of their license, so that open ones are found in one index.
fn repeated(license: &License) -> [Value<'_>; 5] {
    let (_, usable_until) = license.usable_window();
    [
        license.terms.model.code().into(),
        ms(license.terms.expires_at),
        license.terms.serial.as_str().into(),
        ms(usable_until),
        license.is_offered().into(),
    ]
}

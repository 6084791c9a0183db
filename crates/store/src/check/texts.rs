//! Folded names are those of the names beside them, and every row can be read.

use domain::{Folder, Product, User};

use super::Findings;
use crate::error::StoreError;
use crate::query::trust::{ISSUERS, TOKENS};
use crate::rows::{
    self, folder_columns, product_columns, replacement_columns, replacement_head_columns,
    request_columns, seat_columns, session_columns, user_columns,
};
use crate::sql::{Columns, Link, statements};

statements! {
    EVERY_USER = concat!("SELECT ", user_columns!(), ", u.username_key FROM app_user u");
    EVERY_FOLDER = concat!("SELECT ", folder_columns!(), ", f.name_key FROM folder f");
    EVERY_PRODUCT = concat!("SELECT ", product_columns!(), ", p.code_key FROM product p");
    EVERY_SEAT = concat!("SELECT ", seat_columns!(), " FROM seat s");
    EVERY_SESSION = concat!("SELECT ", session_columns!(), " FROM session x");
    EVERY_REQUEST = concat!("SELECT ", request_columns!(), " FROM license_request w");
    EVERY_REPLACEMENT = concat!("SELECT ", replacement_columns!(), " FROM replacement r");
}

pub(super) fn check(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    link.each(&EVERY_USER, &[], |row| {
        let compared = user(row, found);
        found.tolerate(compared)
    })?;
    link.each(&EVERY_FOLDER, &[], |row| {
        let compared = folder(row, found);
        found.tolerate(compared)
    })?;
    link.each(&EVERY_PRODUCT, &[], |row| {
        let compared = product(row, found);
        found.tolerate(compared)
    })?;
    link.each(&EVERY_SEAT, &[], |row| {
        found.tolerate(rows::seat(row).map(drop))
    })?;
    link.each(&EVERY_SESSION, &[], |row| {
        found.tolerate(rows::session(row).map(drop))
    })?;
    link.each(&EVERY_REQUEST, &[], |row| {
        found.tolerate(rows::request(row).map(drop))
    })?;
    link.each(&EVERY_REPLACEMENT, &[], |row| {
        found.tolerate(rows::replacement(row).map(drop))
    })?;
    link.each(&ISSUERS, &[], |row| {
        found.tolerate(rows::issuer(row).map(drop))
    })?;
    link.each(&TOKENS, &[], |row| {
        found.tolerate(rows::token(row).map(drop))
    })?;
    found.tolerate(crate::meta::policy(link).map(drop))
}

fn user(row: &mut Columns<'_, '_>, found: &mut Findings) -> Result<(), StoreError> {
    let User { id, username, .. } = rows::user(row)?;
    let kept = row.text("username_key")?;
    compare("app_user", &id, kept, &username.key(), found);
    Ok(())
}

fn folder(row: &mut Columns<'_, '_>, found: &mut Findings) -> Result<(), StoreError> {
    let Folder { id, name, .. } = rows::folder(row)?;
    compare("folder", &id, row.text("name_key")?, &name.key(), found);
    Ok(())
}

fn product(row: &mut Columns<'_, '_>, found: &mut Findings) -> Result<(), StoreError> {
    let Product { id, code, .. } = rows::product(row)?;
    compare("product", &id, row.text("code_key")?, &code.key(), found);
    Ok(())
}

fn compare(
    table: &'static str,
    id: &dyn std::fmt::Display,
    kept: &str,
    right: &str,
    found: &mut Findings,
) {
    if kept != right {
        let detail = format!("its folded name is kept as {kept:?}; it is {right:?}");
        found.add("folded", table, id, detail);
    }
}

//! Folded names are those of the names beside them, and every row can be read.

use domain::{Folder, Product, User};

use super::Findings;
use crate::error::StoreError;
use crate::rows::{
    self, folder_columns, product_columns, replacement_columns, replacement_head_columns,
    seat_columns, session_columns, user_columns,
};
use crate::sql::{Link, statements};

statements! {
    EVERY_USER = concat!("SELECT ", user_columns!(), ", u.username_key FROM app_user u");
    EVERY_FOLDER = concat!("SELECT ", folder_columns!(), ", f.name_key FROM folder f");
    EVERY_PRODUCT = concat!("SELECT ", product_columns!(), ", p.code_key FROM product p");
    EVERY_SEAT = concat!("SELECT ", seat_columns!(), " FROM seat s");
    EVERY_SESSION = concat!("SELECT ", session_columns!(), " FROM session x");
    EVERY_REPLACEMENT = concat!("SELECT ", replacement_columns!(), " FROM replacement r");
}

pub(super) fn check(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    link.each(&EVERY_USER, &[], |row| {
        let User { id, username, .. } = rows::user(row)?;
        compare(
            "app_user",
            &id,
            row.text("username_key")?,
            &username.key(),
            found,
        );
        Ok(())
    })?;
    link.each(&EVERY_FOLDER, &[], |row| {
        let Folder { id, name, .. } = rows::folder(row)?;
        compare("folder", &id, row.text("name_key")?, &name.key(), found);
        Ok(())
    })?;
    link.each(&EVERY_PRODUCT, &[], |row| {
        let Product { id, code, .. } = rows::product(row)?;
        compare("product", &id, row.text("code_key")?, &code.key(), found);
        Ok(())
    })?;
    link.each(&EVERY_SEAT, &[], |row| rows::seat(row).map(drop))?;
    link.each(&EVERY_SESSION, &[], |row| rows::session(row).map(drop))?;
    link.each(&EVERY_REPLACEMENT, &[], |row| {
        rows::replacement(row).map(drop)
    })
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

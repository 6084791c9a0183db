//! `folder` and `product`.

use super::{Admin, has, row};
use crate::support::license;

#[test]
fn folders_are_made_renamed_moved_and_deleted() {
    let admin = Admin::of("");
    has(
        &admin.types("folder add /Sales/EMEA").good(),
        &["/Sales/EMEA"],
    );
    has(
        &admin.types("folder add /sales/emea").good(),
        &["already there: /Sales/EMEA"],
    );
    admin.types("folder add /Old").exits(0);
    has(
        &admin.types("folder rename /Sales Vertrieb").good(),
        &["/Vertrieb"],
    );
    has(
        &admin.types("folder move /Vertrieb /Old").good(),
        &["/Old/Vertrieb"],
    );
    // P3: all below moves along.
    let table = admin.types("folder list").good();
    row(&table, "/Old/Vertrieb/EMEA");
    admin.types("folder delete /Old/Vertrieb/EMEA").exits(0);
    let found = admin.asks("folder list --search Vertrieb");
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[test]
fn what_breaks_the_tree_is_refused() {
    // P3
    let admin = Admin::of("");
    admin.types("user add anna --folder /Sales/EMEA").exits(0);
    admin.types("folder add /Old").exits(0);
    for (line, code) in [
        ("folder move /Sales /Sales/EMEA", "folder_cycle"),
        ("folder delete /Sales/EMEA", "folder_not_empty"),
        ("folder delete /Sales", "folder_not_empty"),
        ("folder delete /", "root_folder"),
        ("folder rename /Old SALES", "folder_name_taken"),
        ("folder delete /Nowhere", "unknown_folder"),
    ] {
        admin.types(line).exits(1).complains(&[code]);
    }
    assert_eq!(admin.asks("user show anna")["path"], "/Sales/EMEA");
}

#[test]
fn a_product_shows_exact_counts() {
    // R4
    let admin = Admin::of(&(license("dedicated", "esm", 2) + &license("floating", "crm", 3)));
    admin.types("grant --product esm --user anna").exits(1);
    admin.house.add_users(["anna", "boris"]);
    admin.types("grant --product esm --user anna").exits(0);
    admin
        .types("session start --user boris --product crm")
        .exits(0);
    let table = admin.types("product list").good();
    assert_eq!(
        row(&table, "esm")[row(&table, "esm").len() - 7..],
        ["2", "1", "0", "0", "1", "0", "ok"]
    );
    assert_eq!(
        row(&table, "crm")[row(&table, "crm").len() - 7..],
        ["3", "0", "1", "0", "2", "0", "ok"]
    );
    assert_eq!(
        admin
            .asks("product list --search crm")
            .as_array()
            .unwrap()
            .len(),
        1
    );
    has(
        &admin.types("product show CRM").good(),
        &["The crm suite", "in use", "free"],
    );
    admin
        .types("product show nothing")
        .exits(1)
        .complains(&["unknown_product"]);
}

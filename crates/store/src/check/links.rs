//! Every row names only rows that are there.

use uuid::Uuid;

use super::Findings;
use crate::error::StoreError;
use crate::sql::{Link, Statement, statements};

statements! {
    USER_FOLDER = "SELECT u.id, u.folder_id FROM app_user u WHERE u.folder_id <> $1 \
        AND NOT EXISTS (SELECT 1 FROM folder f WHERE f.id = u.folder_id)";
    FOLDER_PARENT = "SELECT f.id, f.parent_id FROM folder f WHERE f.parent_id <> $1 \
        AND NOT EXISTS (SELECT 1 FROM folder g WHERE g.id = f.parent_id)";
    /// P3: every folder is reached from the root; what is in a cycle is not.
    FOLDER_CYCLE = "WITH RECURSIVE tree (id) AS (\
            SELECT f.id FROM folder f WHERE f.parent_id = $1 \
            UNION ALL SELECT f.id FROM folder f JOIN tree t ON f.parent_id = t.id\
        ) SELECT f.id, f.parent_id FROM folder f \
        WHERE NOT EXISTS (SELECT 1 FROM tree t WHERE t.id = f.id)";
    LICENSE_PRODUCT = "SELECT l.id, l.product_id FROM license l \
        WHERE NOT EXISTS (SELECT 1 FROM product p WHERE p.id = l.product_id)";
    LICENSE_REPLACED_BY = "SELECT l.id, l.replaced_by FROM license l \
        WHERE l.replaced_by IS NOT NULL \
        AND NOT EXISTS (SELECT 1 FROM license n WHERE n.id = l.replaced_by)";
    POOL_LICENSE = "SELECT q.id, q.license_id FROM pool q WHERE NOT EXISTS \
        (SELECT 1 FROM license l WHERE l.id = q.license_id AND l.product_id = q.product_id)";
    POOL_FOLDER = "SELECT q.id, q.folder_id FROM pool q WHERE q.folder_id <> $1 \
        AND NOT EXISTS (SELECT 1 FROM folder f WHERE f.id = q.folder_id)";
    SEAT_POOL = "SELECT s.id, s.pool_id FROM seat s WHERE NOT EXISTS \
        (SELECT 1 FROM pool q WHERE q.id = s.pool_id AND q.license_id = s.license_id \
            AND q.product_id = s.product_id AND q.model = 'dedicated')";
    SEAT_USER = "SELECT s.id, s.user_id FROM seat s WHERE NOT EXISTS \
        (SELECT 1 FROM app_user u WHERE u.id = s.user_id)";
    SEAT_PERSON = "SELECT s.id, s.person_id FROM seat s WHERE NOT EXISTS \
        (SELECT 1 FROM app_user u WHERE u.person_id = s.person_id)";
    CHANGE_JOB = "SELECT c.user_id, c.job_id FROM job_change c WHERE NOT EXISTS \
        (SELECT 1 FROM job j WHERE j.id = c.job_id)";
    SESSION_USER = "SELECT x.id, x.user_id FROM session x WHERE x.ended_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM app_user u \
            WHERE u.id = x.user_id AND u.person_id = x.person_id)";
    SESSION_PRODUCT = "SELECT x.id, x.product_id FROM session x WHERE x.ended_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM product p WHERE p.id = x.product_id)";
    SESSION_LICENSE = "SELECT x.id, x.license_id FROM session x WHERE x.ended_at IS NULL \
        AND x.license_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM license l \
            WHERE l.id = x.license_id AND l.product_id = x.product_id AND l.model = x.via)";
    SESSION_POOL = "SELECT x.id, x.pool_id FROM session x WHERE x.ended_at IS NULL \
        AND x.pool_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM pool q \
            WHERE q.id = x.pool_id AND q.license_id = x.license_id)";
}

/// One kind of link: the statement that finds what dangles, whether it knows the root, and
/// the words for it.
type Kind = (&'static Statement, bool, &'static str, &'static str);

static KINDS: &[Kind] = &[
    (&USER_FOLDER, true, "app_user", "lives in the folder"),
    (&FOLDER_PARENT, true, "folder", "lies in the folder"),
    (
        &FOLDER_CYCLE,
        true,
        "folder",
        "can't be reached from the root; it lies in",
    ),
    (&LICENSE_PRODUCT, false, "license", "is for the product"),
    (
        &LICENSE_REPLACED_BY,
        false,
        "license",
        "was replaced by the license",
    ),
    (
        &POOL_LICENSE,
        false,
        "pool",
        "has, for its product, seats of the license",
    ),
    (&POOL_FOLDER, true, "pool", "stands in the folder"),
    (
        &SEAT_POOL,
        false,
        "seat",
        "is, for its license and product, in the dedicated pool",
    ),
    (&SEAT_USER, false, "seat", "was assigned for the user"),
    (
        &SEAT_PERSON,
        false,
        "seat",
        "belongs to, with any account, the person",
    ),
    (
        &SESSION_USER,
        false,
        "session",
        "is of, with its person, the user",
    ),
    (&CHANGE_JOB, false, "job_change", "was changed by the job"),
    (&SESSION_PRODUCT, false, "session", "is in the product"),
    (
        &SESSION_LICENSE,
        false,
        "session",
        "is carried by, for its product and model, the license",
    ),
    (
        &SESSION_POOL,
        false,
        "session",
        "takes, of its license, a seat of the pool",
    ),
];

pub(super) fn check(link: Link<'_>, found: &mut Findings) -> Result<(), StoreError> {
    let root = [domain::FolderId::ROOT.into()];
    for &(statement, knows_root, table, words) in KINDS {
        let values = if knows_root { &root[..] } else { &[] };
        link.each(statement, values, |row| {
            let id: Uuid = row.of(table).id("id")?;
            let named: Uuid = row.id("link")?;
            found.add(
                "link",
                table,
                id,
                format!("it {words} {named}, which is not there"),
            );
            Ok(())
        })?;
    }
    Ok(())
}

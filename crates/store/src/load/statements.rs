//! What the loader asks. Each is one probe or one range of an index; a test proves it.
//!
//! `x.expires_at > 0`, which every session fulfills, says that the sessions of a product are meant,
//! whoever has them: on PostgreSQL `session_lapse` serves nothing else.

use crate::rows::{
    account_columns, console_session_columns, folder_columns, issuer_columns, license_columns,
    license_service_columns, pool_columns, product_columns, refresh_columns, replacement_columns,
    replacement_head_columns, request_columns, seat_columns, session_columns, token_columns,
    user_columns,
};
use crate::sql::statements;

statements! {
    USER = concat!("SELECT ", user_columns!(), " FROM app_user u WHERE u.id = $1");
    USERNAME = concat!("SELECT ", user_columns!(), " FROM app_user u WHERE u.username_key = $1");
    ACCOUNTS = concat!("SELECT ", user_columns!(),
        " FROM app_user u WHERE u.person_id = $1 ORDER BY u.id");

    PRODUCT = concat!("SELECT ", product_columns!(), " FROM product p WHERE p.id = $1");
    PRODUCT_CODE = concat!("SELECT ", product_columns!(), " FROM product p WHERE p.code_key = $1");

    FOLDER = concat!("SELECT ", folder_columns!(), " FROM folder f WHERE f.id = $1");
    FOLDER_NAME = concat!("SELECT ", folder_columns!(),
        " FROM folder f WHERE f.parent_id = $1 AND f.name_key = $2");
    FOLDERS_IN = concat!("SELECT ", folder_columns!(), " FROM folder f WHERE f.parent_id = $1");
    FOLDER_CONTENTS = "SELECT (SELECT count(*) FROM app_user u WHERE u.folder_id = $1), \
        (SELECT count(*) FROM pool q WHERE q.folder_id = $1), \
        (SELECT count(*) FROM folder f WHERE f.parent_id = $1)";

    LICENSE = concat!("SELECT ", license_columns!(), " FROM license l WHERE l.id = $1");
    LICENSE_REF = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.reference_key = $1");
    LICENSES_OF = "SELECT l.id FROM license l \
        WHERE l.product_id = $1 AND l.removed_at IS NULL ORDER BY l.id";
    SITE_LICENSES = "SELECT l.id FROM license l \
        WHERE l.product_id = $1 AND l.model = 'site' AND l.removed_at IS NULL ORDER BY l.id";
    NEW_USER_LICENSES = "SELECT l.id FROM license l \
        WHERE l.auto_assign = 'new_users' AND l.removed_at IS NULL ORDER BY l.id";
    LICENSES_OF_KEY = concat!("SELECT ", license_columns!(),
        " FROM license l WHERE l.key_id = $1 AND l.removed_at IS NULL ORDER BY l.id");
    ENDED_LICENSES = "SELECT l.id FROM license l \
        WHERE l.removed_at IS NULL AND l.ends_at <= $1 ORDER BY l.ends_at, l.id";

    POOL = concat!("SELECT ", pool_columns!(), " FROM pool q WHERE q.id = $1");
    POOLS_OF = concat!("SELECT ", pool_columns!(),
        " FROM pool q WHERE q.license_id = $1 ORDER BY q.folder_id");
    OPEN_POOLS = concat!("SELECT ", pool_columns!(),
        " FROM pool q WHERE q.product_id = $1 AND q.model = $2 AND q.folder_id = $3 \
          AND q.occupied < q.size AND q.assignable AND q.usable_until > $4 \
          ORDER BY q.expires_at, q.serial, q.id LIMIT $5");
    OVER_ALLOCATED = "SELECT count(*) FROM pool q \
        WHERE q.product_id = $1 AND q.occupied > q.size";

    SEATS = concat!("SELECT ", seat_columns!(),
        " FROM seat s WHERE s.person_id = $1 AND s.product_id = $2 ORDER BY s.id");
    SESSIONS = concat!("SELECT ", session_columns!(),
        " FROM session x WHERE x.person_id = $1 AND x.product_id = $2 AND x.ended_at IS NULL \
          ORDER BY x.id");
    SESSION = concat!("SELECT ", session_columns!(), " FROM session x WHERE x.id = $1");
    PRODUCTS_HELD = "SELECT s.product_id FROM seat s WHERE s.person_id = $1 \
        UNION ALL SELECT x.product_id FROM session x WHERE x.person_id = $1 AND x.ended_at IS NULL";
    SEAT_HOLDERS = "SELECT s.person_id FROM seat s WHERE s.license_id = $1 ORDER BY s.person_id";
    FLOATING_HOLDERS = "SELECT DISTINCT x.person_id FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.expires_at > 0 \
          AND x.license_id = $2 AND x.via = 'floating'";
    LAPSED = "SELECT x.id, x.person_id FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.expires_at > 0 \
          AND x.expires_at <= $2 \
        ORDER BY x.expires_at LIMIT $3";
    NEXT_LAPSE = "SELECT x.expires_at FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.expires_at > 0 \
        ORDER BY x.expires_at LIMIT 1";
    BORROWED = "SELECT count(*) FROM session x \
        WHERE x.product_id = $1 AND x.ended_at IS NULL AND x.borrowed_until > $2";
    UNBACKED = "SELECT s.id, s.person_id FROM seat s WHERE s.pool_id = $1 AND s.unbacked \
        ORDER BY s.assigned_at, s.id LIMIT $2";
    POOL_PRODUCT = "SELECT q.id, q.product_id FROM pool q WHERE q.id = $1";

    ISSUER = concat!("SELECT ", issuer_columns!(), " FROM issuer i WHERE i.key_id = $1");
    TOKENS_LIMITED_TO = concat!("SELECT ", token_columns!(),
        " FROM token t WHERE t.folder_id = $1");
    TOKEN = concat!("SELECT ", token_columns!(), " FROM token t WHERE t.id = $1");

    REFRESH = concat!("SELECT ", refresh_columns!(),
        " FROM license_refresh r WHERE r.license_id = $1");
    LICENSE_SERVICE = concat!("SELECT ", license_service_columns!(),
        " FROM license_service v WHERE v.issuer_key = $1");
    REQUEST = concat!("SELECT ", request_columns!(), " FROM license_request w WHERE w.id = $1");
    LICENSE_ISSUERS = "SELECT DISTINCT l.issuer FROM license l WHERE l.removed_at IS NULL \
        ORDER BY l.issuer";
    REPLACEMENT = concat!("SELECT ", replacement_columns!(),
        " FROM replacement r WHERE r.id = $1");
    CONSOLE_ACCOUNTS = concat!("SELECT ", account_columns!(),
        " FROM account a ORDER BY a.name_key");
    CONSOLE_SESSION = concat!("SELECT ", console_session_columns!(),
        " FROM account_session c WHERE c.hash = $1");

    COUNT_LICENSES = "SELECT count(*) FROM license l WHERE l.removed_at IS NULL";
    COUNT_SEATS = "SELECT count(*) FROM seat s";
    COUNT_SESSIONS = "SELECT count(*) FROM session x WHERE x.ended_at IS NULL";
}

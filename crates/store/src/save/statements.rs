//! What is written. Values stand in the order of the columns; updates have the id first.

use crate::sql::statements;

statements! {
    INSERT_FOLDER = "INSERT INTO folder (id, parent_id, name, name_key, version) \
        VALUES ($1, $2, $3, $4, $5)";
    UPDATE_FOLDER = "UPDATE folder SET parent_id = $2, name = $3, name_key = $4, version = $5 \
        WHERE id = $1";
    DELETE_FOLDER = "DELETE FROM folder WHERE id = $1";

    INSERT_USER = "INSERT INTO app_user (id, person_id, username, username_key, name, email, \
        folder_id, active, created_at, version, search_text, name_key, \
        last_key, email_key) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    UPDATE_USER = "UPDATE app_user SET person_id = $2, username = $3, username_key = $4, \
        name = $5, email = $6, folder_id = $7, active = $8, created_at = $9, version = $10, \
        search_text = $11, name_key = $12, last_key = $13, email_key = $14 WHERE id = $1";
    DELETE_USER = "DELETE FROM app_user WHERE id = $1";

    INSERT_PRODUCT = "INSERT INTO product (id, code, code_key, name, modules, ever_licensed, \
        demo_in_use, search_text) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE_PRODUCT = "UPDATE product SET code = $2, code_key = $3, name = $4, modules = $5, \
        ever_licensed = $6, demo_in_use = $7, search_text = $8 WHERE id = $1";
    DELETE_PRODUCT = "DELETE FROM product WHERE id = $1";

    INSERT_LICENSE = "INSERT INTO license (id, product_id, terms, issuer, key_id, auto_assign, \
        imported_at, validated_at, accepted, replaced_by, revoked_at, removed_at, version, \
        reference_key, serial, model, starts_at, expires_at, ends_at, stale_at, \
        awaits_agreement, search_text, stood, access, seats, home_id) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
        $18, $19, $20, $21, $22, $23, $24, $25, $26)";
    UPDATE_LICENSE = "UPDATE license SET product_id = $2, terms = $3, issuer = $4, key_id = $5, \
        auto_assign = $6, imported_at = $7, validated_at = $8, accepted = $9, replaced_by = $10, \
        revoked_at = $11, removed_at = $12, version = $13, reference_key = $14, serial = $15, \
        model = $16, starts_at = $17, expires_at = $18, ends_at = $19, stale_at = $20, \
        awaits_agreement = $21, search_text = $22, stood = $23, access = $24, seats = $25 \
        WHERE id = $1";
    DELETE_LICENSE = "DELETE FROM license WHERE id = $1";

    INSERT_POOL = "INSERT INTO pool (id, license_id, product_id, folder_id, size, occupied, \
        model, expires_at, serial, usable_until, assignable) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// What never changes of a pool, and what it repeats of its license, is left alone.
    UPDATE_POOL = "UPDATE pool SET size = $2, occupied = $3 WHERE id = $1";
    /// What the pools of a license repeat of it, where that changed.
    REPEAT_IN_POOLS = "UPDATE pool SET model = $2, expires_at = $3, serial = $4, \
        usable_until = $5, assignable = $6 WHERE license_id = $1 AND (model <> $2 \
        OR expires_at <> $3 OR serial <> $4 OR usable_until <> $5 OR assignable <> $6)";
    DELETE_POOL = "DELETE FROM pool WHERE id = $1";
    /// In which folder all seats of a license stand once this pool is gone, if it is one.
    LEAVE_HOME = "UPDATE license SET home_id = (SELECT q.folder_id FROM pool q \
        WHERE q.license_id = license.id AND q.id <> $1 AND NOT EXISTS (SELECT 1 FROM pool o \
        WHERE o.license_id = q.license_id AND o.id <> $1 AND o.folder_id <> q.folder_id)) \
        WHERE id = (SELECT p.license_id FROM pool p WHERE p.id = $1)";
    /// In which folder all seats of a license stand, if it is one.
    HOME_OF_LICENSE = "UPDATE license SET home_id = (SELECT q.folder_id FROM pool q \
        WHERE q.license_id = $1 AND NOT EXISTS (SELECT 1 FROM pool o \
        WHERE o.license_id = $1 AND o.folder_id <> q.folder_id)) WHERE id = $1";

    INSERT_SEAT = "INSERT INTO seat (id, pool_id, license_id, product_id, person_id, user_id, \
        assigned_at, sources, releasing_since, unbacked) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    UPDATE_SEAT = "UPDATE seat SET pool_id = $2, license_id = $3, product_id = $4, \
        person_id = $5, user_id = $6, assigned_at = $7, sources = $8, releasing_since = $9, \
        unbacked = $10 WHERE id = $1";
    DELETE_SEAT = "DELETE FROM seat WHERE id = $1";
    /// Notes that a person works on the dedicated seats of a product.
    TOUCH_SEATS = "UPDATE seat SET last_active_at = $3 WHERE person_id = $1 AND product_id = $2";

    INSERT_SESSION = "INSERT INTO session (id, user_id, person_id, product_id, via, license_id, \
        pool_id, ask_access, ask_modules, client, started_at, expires_at, ended_at, end_reason) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
    UPDATE_SESSION = "UPDATE session SET person_id = $2, via = $3, license_id = $4, \
        pool_id = $5, expires_at = $6, ended_at = $7, end_reason = $8 WHERE id = $1";
    /// Few sessions are ever borrowed; the others do not write these columns.
    UPDATE_LOAN = "UPDATE session SET borrowed_until = $2, closed_at = $3, close_reason = $4 \
        WHERE id = $1";
    DELETE_SESSION = "DELETE FROM session WHERE id = $1";

    INSERT_ISSUER = "INSERT INTO issuer (key_id, name, kind, public_key, valid_from, valid_until, \
        introduced_by, trusted_at, distrusted_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    UPDATE_ISSUER = "UPDATE issuer SET name = $2, kind = $3, public_key = $4, valid_from = $5, \
        valid_until = $6, introduced_by = $7, trusted_at = $8, distrusted_at = $9 \
        WHERE key_id = $1";
    DELETE_ISSUER = "DELETE FROM issuer WHERE key_id = $1";

    INSERT_TOKEN = "INSERT INTO token (id, name, role, hash, created_at, expires_at, revoked_at, \
        folder_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE_TOKEN = "UPDATE token SET name = $2, role = $3, hash = $4, created_at = $5, \
        expires_at = $6, revoked_at = $7, folder_id = $8 WHERE id = $1";
    DELETE_TOKEN = "DELETE FROM token WHERE id = $1";

    INSERT_REFRESH = "INSERT INTO license_refresh (license_id, attempted_at, succeeded_at, \
        next_at, trouble) VALUES ($1, $2, $3, $4, $5)";
    UPDATE_REFRESH = "UPDATE license_refresh SET attempted_at = $2, succeeded_at = $3, \
        next_at = $4, trouble = $5 WHERE license_id = $1";
    DELETE_REFRESH = "DELETE FROM license_refresh WHERE license_id = $1";

    INSERT_LICENSE_SERVICE = "INSERT INTO license_service (issuer_key, issuer, url, set_at) \
        VALUES ($1, $2, $3, $4)";
    UPDATE_LICENSE_SERVICE = "UPDATE license_service SET issuer = $2, url = $3, set_at = $4 \
        WHERE issuer_key = $1";
    DELETE_LICENSE_SERVICE = "DELETE FROM license_service WHERE issuer_key = $1";
    INSERT_REPLACEMENT = "INSERT INTO replacement (id, at, actor, licenses, carried, holders, \
        left_out, undone_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    INSERT_REQUEST = "INSERT INTO license_request (id, at, actor, company, version, issuer, \
        answered_at, answered_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    UPDATE_REQUEST = "UPDATE license_request SET answered_at = $2, answered_by = $3 WHERE id = $1";
    UPDATE_REPLACEMENT = "UPDATE replacement SET undone_at = $2 WHERE id = $1";

    INSERT_ACCOUNT = "INSERT INTO account (id, name, name_key, full_name, role, password, active, \
        generation, created_at, version, folder_id, invited_until) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    UPDATE_ACCOUNT = "UPDATE account SET name = $2, name_key = $3, full_name = $4, role = $5, \
        password = $6, active = $7, generation = $8, created_at = $9, version = $10, \
        folder_id = $11, invited_until = $12 WHERE id = $1";
    DELETE_ACCOUNT = "DELETE FROM account WHERE id = $1";
    DELETE_SESSIONS_OF_ACCOUNT = "DELETE FROM account_session WHERE account_id = $1";
    INSERT_CONSOLE_SESSION = "INSERT INTO account_session (hash, account_id, generation, \
        started_at, expires_at) VALUES ($1, $2, $3, $4, $5)";
    DELETE_CONSOLE_SESSION = "DELETE FROM account_session WHERE hash = $1";
    DELETE_CONSOLE_SESSIONS_OVER = "DELETE FROM account_session WHERE expires_at <= $1";

    INSERT_EVENT = "INSERT INTO event (seq, at, actor, kind, user_id, product_id, license_id, \
        session_id, why, before_json, after_json, sign_in) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    COUNT_DENIAL = "INSERT INTO denial (day, username_key, product_key, code, username, user_id, \
        product, admin_message, first_at, last_at, count) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
        ON CONFLICT (day, username_key, product_key, code) DO UPDATE SET \
        username = excluded.username, user_id = excluded.user_id, product = excluded.product, \
        admin_message = excluded.admin_message, last_at = excluded.last_at, \
        count = denial.count + excluded.count";

    WIPE_SESSIONS = "UPDATE session SET ended_at = $1, end_reason = $2 WHERE ended_at IS NULL";
    WIPE_SEATS = "DELETE FROM seat";
    WIPE_POOLS = "DELETE FROM pool";
    WIPE_HOMES = "UPDATE license SET home_id = NULL WHERE home_id IS NOT NULL";
    WIPE_LICENSES = "UPDATE license SET removed_at = $1, version = version + 1 \
        WHERE removed_at IS NULL";
    WIPE_DEMOS = "UPDATE product SET demo_in_use = 0 WHERE demo_in_use > 0";
}

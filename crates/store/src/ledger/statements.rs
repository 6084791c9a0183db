//! Every statement of the ledger.

use crate::sql::{statements, statements_of_postgres};

/// Licenses with how many installations they are active on.
macro_rules! licenses {
    ($which:literal) => {
        concat!(
            "SELECT l.id, l.customer, l.terms, l.key_shown, l.installations, \
             (SELECT count(*) FROM activation a WHERE a.license_id = l.id AND a.released_at IS NULL), \
             l.issued_at, l.changed_at, l.withdrawn_at, l.withdrawn_why FROM license l ",
            $which
        )
    };
}

/// Activations with their licenses' serials.
macro_rules! activations {
    ($which:literal) => {
        concat!(
            "SELECT a.license_id, l.serial, a.installation, a.company, a.activated_at, a.seen_at, \
             a.revision, a.released_at FROM activation a JOIN license l ON l.id = a.license_id ",
            $which,
            " ORDER BY l.serial, a.activated_at, a.installation"
        )
    };
}

statements! {
    LEDGER_LICENSES = licenses!("ORDER BY l.serial");
    LEDGER_LICENSE = licenses!("WHERE l.id = $1");
    LEDGER_LICENSE_BY_SERIAL = licenses!("WHERE l.serial = $1");
    LEDGER_LICENSE_BY_KEY = licenses!("WHERE l.key_hash = $1");
    LEDGER_IS_TAKEN = "SELECT l.id FROM license l WHERE l.id = $1 OR l.serial = $2";
    LEDGER_ADD_LICENSE = "INSERT INTO license (id, serial, customer, terms, key_hash, key_shown, \
        installations, issued_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)";
    /// One that was withdrawn is back by it.
    LEDGER_REISSUE = "UPDATE license SET terms = $2, serial = $3, changed_at = $4, \
        withdrawn_at = NULL, withdrawn_why = NULL WHERE id = $1";
    LEDGER_WITHDRAW = "UPDATE license SET withdrawn_at = $2, withdrawn_why = $3 \
        WHERE id = $1 AND withdrawn_at IS NULL";
    LEDGER_REKEY = "UPDATE license SET key_hash = $2, key_shown = $3 WHERE id = $1";
    LEDGER_REVISIONS = "SELECT r.license_id, r.at, r.terms FROM revision r \
        WHERE r.license_id = $1 ORDER BY r.revision";
    LEDGER_ADD_REVISION =
        "INSERT INTO revision (license_id, revision, terms, at) VALUES ($1, $2, $3, $4)";
    LEDGER_ACTIVATIONS = activations!("");
    LEDGER_ACTIVATIONS_OF = activations!("WHERE a.license_id = $1");
    LEDGER_ACTIVATION = "SELECT a.license_id, a.public_key, a.released_at FROM activation a \
        WHERE a.license_id = $1 AND a.installation = $2";
    LEDGER_ACTIVATE = "INSERT INTO activation (license_id, installation, public_key, company, \
        activated_at, seen_at, revision) VALUES ($1, $2, $3, $4, $5, $5, $6) \
        ON CONFLICT (license_id, installation) DO UPDATE SET public_key = excluded.public_key, \
        company = excluded.company, seen_at = excluded.seen_at, revision = excluded.revision, \
        released_at = NULL";
    /// An installation may come to know its company only by its first license.
    LEDGER_SEEN = "UPDATE activation SET seen_at = $3, revision = $4, company = coalesce($5, company) \
        WHERE license_id = $1 AND installation = $2";
    LEDGER_RELEASE = "UPDATE activation SET released_at = $3 \
        WHERE license_id = $1 AND installation = $2 AND released_at IS NULL";
    LEDGER_ADD_TOKEN = "INSERT INTO token (name, hash, made_at) VALUES ($1, $2, $3) \
        ON CONFLICT (name) DO NOTHING";
    LEDGER_TOKEN = "SELECT t.name FROM token t WHERE t.hash = $1";
    LEDGER_ANY_TOKEN = "SELECT t.name FROM token t LIMIT 1";
}

/// What only PostgreSQL is asked.
pub(crate) mod of_postgres {
    use super::statements_of_postgres;

    statements_of_postgres! {
        LEDGER_IS_EMPTY = "SELECT to_regclass('ledger') IS NULL";
        LEDGER_VERSION = "SELECT m.name, m.number FROM ledger m WHERE m.name = $1";
        LEDGER_PUT_VERSION = "INSERT INTO ledger (name, number) VALUES ($1, $2) \
            ON CONFLICT (name) DO UPDATE SET number = excluded.number";
        LEDGER_HEAD = "SELECT m.name, m.number, pg_is_in_recovery() FROM ledger m";
    }
}

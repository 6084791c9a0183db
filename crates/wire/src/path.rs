//! Every address of the interface and every header of ours, once.

use std::fmt::Display;

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $path:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $path;)*

        /// All of them.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

paths! {
    /// Sign in; list sessions.
    SESSIONS = "/v1/sessions";
    /// One session; signing out.
    SESSION = "/v1/sessions/{id}";
    /// The application is still there.
    SESSION_HEARTBEAT = "/v1/sessions/{id}/heartbeat";
    /// Take its seat offline.
    SESSION_BORROW = "/v1/sessions/{id}/borrow";
    /// Give a borrowed seat back.
    SESSION_RETURN = "/v1/sessions/{id}/return";
    /// An administrator ends it.
    SESSION_END = "/v1/sessions/{id}/end";
    /// What a sign-in would come to.
    ACCESS_CHECK = "/v1/access/check";
    /// List licenses.
    LICENSES = "/v1/licenses";
    /// Take in a license file.
    LICENSE_IMPORT = "/v1/licenses/import";
    /// Exchange a license key for its license.
    LICENSE_ADD = "/v1/licenses/add";
    /// Refresh licenses at their issuers' services.
    LICENSE_REFRESH = "/v1/licenses/refresh";
    /// Remove every expired license.
    LICENSE_REMOVE_EXPIRED = "/v1/licenses/remove-expired";
    /// Remove every license.
    LICENSE_DELETE_ALL = "/v1/licenses/delete-all";
    /// Make a request to an issuer.
    LICENSE_REQUEST = "/v1/licenses/request";
    /// What issuers were asked for.
    LICENSE_REQUESTS = "/v1/license-requests";
    /// Have licenses take over the holders of others.
    LICENSES_REPLACE = "/v1/licenses/replace";
    /// One license.
    LICENSE = "/v1/licenses/{id}";
    /// Accept its agreement.
    LICENSE_ACCEPT_AGREEMENT = "/v1/licenses/{id}/accept-agreement";
    /// Move its seats to another folder.
    LICENSE_MOVE = "/v1/licenses/{id}/move";
    /// Have another license take its holders over.
    LICENSE_REPLACE = "/v1/licenses/{id}/replace";
    /// Which licenses took over from which.
    REPLACEMENTS = "/v1/replacements";
    /// Give holders their old seats back.
    REPLACEMENT_UNDO = "/v1/replacements/{id}/undo";
    /// Who holds its seats.
    LICENSE_SEATS = "/v1/licenses/{id}/seats";
    /// Give everyone a seat of it.
    LICENSE_ASSIGN_ALL = "/v1/licenses/{id}/assign-all";
    /// Give a seat of it to everyone who has none of its product.
    LICENSE_ASSIGN_MISSING = "/v1/licenses/{id}/assign-missing";
    /// Take its seats from everyone.
    LICENSE_CLEAR_ALL = "/v1/licenses/{id}/clear-all";
    /// Keep a seat of it that is being released.
    LICENSE_CANCEL_RELEASE = "/v1/licenses/{id}/cancel-release";
    /// List products.
    PRODUCTS = "/v1/products";
    /// One product.
    PRODUCT = "/v1/products/{code}";
    /// List or make folders.
    FOLDERS = "/v1/folders";
    /// One folder.
    FOLDER = "/v1/folders/{id}";
    /// List or make users.
    USERS = "/v1/users";
    /// Take in users from a CSV file.
    USER_IMPORT = "/v1/users/import";
    /// Move users to another folder.
    USERS_MOVE = "/v1/users/move";
    /// Let users work again.
    USERS_ACTIVATE = "/v1/users/activate";
    /// Let users work no longer.
    USERS_DEACTIVATE = "/v1/users/deactivate";
    /// One user.
    USER = "/v1/users/{id}";
    /// The seats and live sessions of its person.
    USER_SEATS = "/v1/users/{id}/seats";
    /// Make it one person with another account.
    USER_LINK = "/v1/users/{id}/link";
    /// Give it a person of its own again.
    USER_UNLINK = "/v1/users/{id}/unlink";
    /// Give seats to users.
    GRANT = "/v1/grant";
    /// Take seats from users.
    RECALL = "/v1/recall";
    /// Long work, of now and before.
    JOBS = "/v1/jobs";
    /// Long work: look at it, or cancel it.
    JOB = "/v1/jobs/{id}";
    /// Take back what it did.
    JOB_UNDO = "/v1/jobs/{id}/undo";
    /// Who was denied what.
    DENIALS = "/v1/denials";
    /// What happened.
    EVENTS = "/v1/events";
    /// How much of each product was in use.
    REPORT_USE = "/v1/reports/use";
    /// Dedicated seats that nobody uses.
    REPORT_IDLE_SEATS = "/v1/reports/idle-seats";
    /// Licenses that end, and who will be without.
    REPORT_ENDING = "/v1/reports/ending";
    /// Who used what.
    REPORT_PEOPLE = "/v1/reports/people";
    /// Whether the record is whole.
    AUDIT_VERIFY = "/v1/audit/verify";
    /// The policy of the installation.
    POLICY = "/v1/policy";
    /// The trusted issuers' keys.
    ISSUERS = "/v1/issuers";
    /// Trust a further key, on the word of one that is trusted.
    ISSUER_INTRODUCE = "/v1/issuers/introduce";
    /// One trusted key.
    ISSUER = "/v1/issuers/{kid}";
    /// Where its issuer's license service is.
    ISSUER_SERVICE = "/v1/issuers/{kid}/service";
    /// List or make API tokens.
    TOKENS = "/v1/tokens";
    /// One API token.
    TOKEN = "/v1/tokens/{id}";
    /// Take a backup.
    BACKUP = "/v1/backup";
    /// Put on record a backup that was read off the data folder.
    BACKUP_NOTE = "/v1/backup/note";
    /// List or make accounts of the web console.
    ACCOUNTS = "/v1/accounts";
    /// One account of the web console.
    ACCOUNT = "/v1/accounts/{id}";
    /// Who the caller is.
    ME = "/v1/me";
    /// What the caller may work with.
    MY_LICENSES = "/v1/me/licenses";
    /// Whether the process runs.
    HEALTHZ = "/healthz";
    /// Whether it can answer requests.
    READYZ = "/readyz";
    /// Numbers for Prometheus.
    METRICS = "/metrics";
    /// The public keys of session tokens.
    JWKS = "/.well-known/jwks.json";
    /// The OpenAPI document.
    OPENAPI = "/openapi.json";
    /// The OpenAPI document, to read.
    DOCS = "/docs";
    /// The style sheet of the pages.
    STYLE = "/docs/style.css";
}

/// The longest `Idempotency-Key` that is taken, in characters.
pub const MAX_IDEMPOTENCY_KEY: usize = 255;

/// Names of headers, in lower case.
pub mod header {
    /// Makes a POST that creates safe to repeat: the same key gives the same answer.
    pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
    /// The id under which the server's log has a request.
    pub const REQUEST_ID: &str = "x-request-id";
    /// The version that a change means.
    pub const IF_MATCH: &str = "if-match";
    /// The version of what is answered.
    pub const ETAG: &str = "etag";
}

/// A template of this module with its `{placeholder}` filled in, escaped as one path segment (RFC 3986).
/// A template without a placeholder stays as it is.
pub fn fill(template: &str, value: impl Display) -> String {
    let Some((before, rest)) = template.split_once('{') else {
        return template.to_owned();
    };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    let mut path = before.to_owned();
    escape_into(&mut path, &value.to_string());
    path.push_str(after);
    path
}

/// Appends `text` with everything escaped that RFC 3986 does not call unreserved.
pub fn escape_into(out: &mut String, text: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_placeholder_is_filled_with_one_segment() {
        assert_eq!(fill(SESSION_HEARTBEAT, "7"), "/v1/sessions/7/heartbeat");
        assert_eq!(fill(PRODUCT, "a/b ü"), "/v1/products/a%2Fb%20%C3%BC");
        assert_eq!(fill(SESSIONS, "7"), "/v1/sessions");
    }

    #[test]
    fn no_address_is_there_twice() {
        for (index, path) in ALL.iter().enumerate() {
            assert!(!ALL[..index].contains(path), "{path}");
            assert!(path.matches('{').count() <= 1, "{path}");
        }
    }
}

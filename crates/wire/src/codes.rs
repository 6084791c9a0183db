//! Codes of problems that come from the interface itself. Further codes are those of refused commands, of denied
//! sign-ins ([`crate::DenialCode`]), of ended sessions ([`crate::EndReason`]) and of license files.

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $code;)*

        /// All of them.
        pub const ALL: &[&str] = &[$($name),*];
    };
}

codes! {
    /// 400: the body is not JSON.
    INVALID_JSON = "invalid_json";
    /// 400: the body, a parameter or a header is not as documented; names the field.
    INVALID_REQUEST = "invalid_request";
    /// 401: no token, or one that is unknown, revoked or expired.
    UNAUTHORIZED = "unauthorized";
    /// 403: the token's role does not include the permission.
    FORBIDDEN = "forbidden";
    /// 404: nothing is at this address.
    NOT_FOUND = "not_found";
    /// 405: the address does not know this method.
    METHOD_NOT_ALLOWED = "method_not_allowed";
    /// 408: the body took too long to arrive.
    TIMEOUT = "timeout";
    /// 412: it was changed in between (`If-Match`).
    VERSION_MISMATCH = "version_mismatch";
    /// 413: the body is larger than allowed.
    TOO_LARGE = "too_large";
    /// 415: the body is of a kind that is not read here.
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type";
    /// 422: the `Idempotency-Key` was used before, for something else.
    IDEMPOTENCY_MISMATCH = "idempotency_mismatch";
    /// 422: the CSV file has rows that can't be taken in; names them.
    INVALID_CSV = "invalid_csv";
    /// 503: too much at once, or starting or stopping; try again.
    BUSY = "busy";
    /// 503: the server can't answer requests now, for the reason given.
    NOT_READY = "not_ready";
    /// 500: a fault of the server; its log has the details under the request id.
    INTERNAL = "internal";
    /// 404: no session has this id.
    UNKNOWN_SESSION = "unknown_session";
}

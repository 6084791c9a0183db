//! What to do about a failure, by its code. Whoever reads this has just typed a command.

use client::Unreachable;

/// Nothing listens there.
pub(crate) const REFUSED: &str =
    "start it with `seatkeeper serve`, or set SEATKEEPER_URL to where it runs";
/// No such host.
pub(crate) const UNKNOWN_HOST: &str = "check the name in SEATKEEPER_URL or --url";
/// No answer.
pub(crate) const NO_ANSWER: &str = "repeat the command; if it stays so, look at the server's log, or whether a firewall is between";
/// No encryption.
pub(crate) const TLS: &str = "check whether the address should begin with http://, and whether this machine trusts the certificate";
/// Some other address problem.
pub(crate) const ADDRESS: &str = "check the address in SEATKEEPER_URL or --url";

/// Something else is at the address of a license service.
const SERVICE_ADDRESS: &str = "check the address in SEATKEEPER_VENDOR_URL or --service";

/// What to do when a license service does not answer its administrator.
pub(crate) const fn of_silence(why: &Unreachable) -> &'static str {
    match why {
        Unreachable::Refused => {
            "start it with `seatkeeper vendor serve`, or set SEATKEEPER_VENDOR_URL to where it runs"
        }
        Unreachable::UnknownHost => "check the name in SEATKEEPER_VENDOR_URL or --service",
        Unreachable::TimedOut | Unreachable::Lost => {
            "repeat the command; if it stays so, look at the service's log, or whether a firewall is between"
        }
        Unreachable::Tls(_) => TLS,
        Unreachable::Other(_) => SERVICE_ADDRESS,
    }
}

/// What to do about a failure of this code that a license service sent to its administrator.
pub(crate) fn of_license_service(code: &str) -> Option<&'static str> {
    Some(match code {
        "protocol" | "invalid_url" | "not_found" => SERVICE_ADDRESS,
        "unauthorized" => {
            "check SEATKEEPER_VENDOR_TOKEN or --service-token; it may be of another service"
        }
        "unknown_license" => "`seatkeeper vendor license list` shows what was issued",
        "not_activated" => "`seatkeeper vendor activations` shows which installations have what",
        "serial_taken" => "`seatkeeper vendor license reissue` issues it again with other terms",
        "too_many_requests" | "ledger_unavailable" => "repeat the command in a moment",
        _ => return None,
    })
}

/// What to do about a failure of this code.
pub(crate) fn of(code: &str) -> Option<&'static str> {
    Some(match code {
        "no_token" => {
            "set SEATKEEPER_TOKEN or pass --token; on the server's machine, `seatkeeper token create --data DIR --name me --role administrator` makes one"
        }
        "no_store" => {
            "check the name of the folder or the database; `seatkeeper serve --data DIR` makes a store when it first runs"
        }
        "unauthorized" | "invalid_token" => {
            "check SEATKEEPER_TOKEN or --token; it may be revoked, expired, or of another server"
        }
        "forbidden" => {
            "use a token with another role; an administrator makes one with `seatkeeper token create`"
        }
        "busy" => "repeat the command in a moment",
        "internal" => "look into the server's log for the request id",
        "version_mismatch" => "look at it again, then repeat the command",
        "unknown_license" => "`seatkeeper license list` shows what there is",
        "unknown_user" => "`seatkeeper user list` shows who there is",
        "unknown_product" => "`seatkeeper product list` shows what there is",
        "unknown_folder" => "`seatkeeper folder list` shows what there is",
        "unknown_issuer" => "`seatkeeper issuer list` shows whose keys are trusted",
        "unknown_token" => "`seatkeeper token list` shows what there is",
        "unknown_session" => "`seatkeeper session list` shows who is signed in",
        "unknown_key" => {
            "make sure whose key it is, then trust it: `seatkeeper issuer trust FILE.pub`, or --trust where a file is inspected"
        }
        "tampered" | "bad_signature" | "truncated" => {
            "ask the vendor for the file again, and copy it as a whole"
        }
        "not_a_license_file" => "`seatkeeper license inspect FILE` says what can be read of it",
        "wrong_company" => {
            "`seatkeeper policy show` has this installation's company id; ask the vendor for a file with it"
        }
        "wrong_installation" => {
            "ask the vendor for a file for this installation; `seatkeeper doctor` shows its id"
        }
        "response_for_another_installation" => {
            "take it in on the installation that made the request; `seatkeeper doctor` shows this one's id"
        }
        "response_replayed" => "make a new request with `seatkeeper license request`",
        "unknown_request" => {
            "it was made by another installation, or before a backup was restored: make a new one with `seatkeeper license request`"
        }
        "company_missing" => "--company ID",
        "issuer_ambiguous" => "--issuer NAME",
        "is_a_request" => "`seatkeeper vendor answer` makes the response, on the vendor's side",
        "confirmation_mismatch" => "--confirm \"delete all licenses\"",
        "too_few_seats" => {
            "--partly does what fits, and --partly --dry-run lists everyone in order first"
        }
        "unknown_replacement" => "a replacement can be undone for 24 hours",
        "folder_not_empty" => "move what is in it to another folder first",
        "not_removable" => "the vendor allows its removal only after it has expired",
        "invalid_license_key" => "compare the key with what the vendor sent, group by group",
        "unknown_license_key" | "already_activated" | "license_withdrawn" => {
            "ask the vendor; `seatkeeper doctor` shows this installation's id"
        }
        "internet_off" => {
            "`seatkeeper policy set internet=true` allows it; a license file from the vendor needs no internet"
        }
        "no_license_service" => {
            "`seatkeeper issuer service NAME URL` names it; the vendor knows the address"
        }
        "which_issuer" => "--issuer NAME says whose key it is",
        "service_unreachable" | "service_busy" => {
            "try again later; people keep working meanwhile, and a license file from the vendor does as well"
        }
        "service_unknown_key" => {
            "ask the vendor whether the key changed, then trust it: `seatkeeper issuer trust FILE.pub`"
        }
        "store_exists" => "name another folder, or move that store away first",
        "already_open" => "stop the server that works on the folder first",
        "file_exists" => "name a file that is not there yet",
        "another_key" => {
            "name an empty folder; this one has the key of another installation in installation.key"
        }
        "unsound_backup" => {
            "take an earlier backup; with --despite-findings it is restored as it is"
        }
        "not_a_store" => "name a data folder, or a file that `seatkeeper backup` wrote",
        "target_not_empty" => "name a place where no server ever ran",
        "newer_schema" => "use the newer program",
        "older_schema" => {
            "the server brings its own store up to date when it starts; `seatkeeper restore` does that with a backup"
        }
        "invalid_csv" => "correct these rows; nothing was changed",
        _ => return None,
    })
}

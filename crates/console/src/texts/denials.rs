//! Denied sign-ins.

use super::texts;

texts! {
    /// Denied sign-ins.
    Denials {
        title: S = "Denials";
        lead: S = "Who was turned away, why, and what to do about it. Counted per person, product, reason and day.";
        export: S = "Export CSV";
        user: S = "Whole username";
        reason: S = "Reason";
        any_reason: S = "Any reason";
        remedy: S = "What to do";
        times: S = "Times";
        last: S = "Last";
        none: S = "Nobody was turned away";
        none_lead: S = "Whenever somebody is not let in, it is counted here with the reason.";

        unknown_user: S = "Not known here";
        user_inactive: S = "Deactivated";
        not_licensed: S = "No license for the product";
        over_allocated: S = "More people than seats";
        license_expired: S = "The license has expired";
        license_stale: S = "The license was not confirmed in time";
        not_started: S = "The license has not begun";
        module_not_licensed: S = "Not covered by any license";
        release_pending: S = "The seat is being released";
        no_free_seat: S = "No free seat";
    }
}

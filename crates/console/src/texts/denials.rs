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

        unknown_user: S = "not known here";
        user_inactive: S = "deactivated";
        not_licensed: S = "no license for the product";
        over_allocated: S = "more people than seats";
        license_expired: S = "the license has expired";
        license_stale: S = "the license was not confirmed in time";
        not_started: S = "the license has not begun";
        module_not_licensed: S = "not covered by any license";
        release_pending: S = "the seat is being released";
        no_free_seat: S = "no free seat";
    }
}

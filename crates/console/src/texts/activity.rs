//! The record.

use super::texts;

texts! {
    /// The record.
    Activity {
        title: S = "Activity";
        lead: S = "Everything that was done, by whom, and what changed. Nothing here can be altered: “seatkeeper audit verify” proves it.";
        export: S = "Export CSV";
        actor: S = "By whom, as written here";
        any_kind: S = "Anything";
        kind: S = "What happened";
        sign_ins: S = "With daily sign-ins";
        none: S = "Nothing matches";
        none_lead: S = "What is done from now on appears here.";
    }
}

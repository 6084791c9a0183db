//! Who works just now.

use super::{N, texts};

texts! {
    /// Who works just now.
    InUse {
        title: S = "In use now";
        lead: S = "Who works on what, just now. A session without a sign of life ends by itself.";
        who: S = "Who";
        product: S = "Product";
        on: S = "On";
        from: S = "From";
        since: S = "Since";
        until: S = "Holds until";
        any_product: S = "Any product";
        only: S = "Only on";
        none: S = "Nobody works just now";
        none_lead: S = "As soon as an application signs somebody in, they appear here.";
        sign_out: S = "Sign out";
        choose: S = "Choose this session";
        ended: N = N("{n} session ended. Its application is told at its next sign of life.", "{n} sessions ended. Their applications are told at their next sign of life.");
        ended_none: S = "No session was chosen, or they had ended already.";
    }
}

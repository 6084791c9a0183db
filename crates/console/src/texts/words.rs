//! Words of the field, as people read them.

use super::{F, texts};

texts! {
    /// Words of the field, as people read them.
    Words {
        administrator: S = "Administrator";
        manager: S = "License manager";
        auditor: S = "Auditor";
        application: S = "Application";
        user: S = "User";

        awaiting_agreement: S = "Agreement open";
        scheduled: S = "Scheduled";
        active: S = "Active";
        expiring: S = "Ends soon";
        grace: S = "In grace";
        expired: S = "Expired";
        stale: S = "Stale";
        revoked: S = "Revoked";
        removed: S = "Removed";

        dedicated: S = "Dedicated";
        floating: S = "Floating";
        site: S = "Site";
        demo: S = "Demo";
        read: S = "read";
        write: S = "write";
        all_modules: S = "All modules";
        system: S = "Seatkeeper";
        data_folder: S = "The command line";
        never: S = "Never";
        root: S = "Root";

        save: S = "Save";
        cancel: S = "Cancel";
        close: S = "Close";
        copy: S = "Copy";
        copied: S = "Copied";
        search: S = "Search";
        show: S = "Show";
        more: S = "More";
        next: S = "Next page";
        first: S = "First page";
        and_more: F = F("… and {0} more");
        yes: S = "Yes";
        no: S = "No";
        all: S = "All";
    }
}

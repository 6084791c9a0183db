//! Work on many people: how far it is and what came of it; and people from a file.

use super::{F, N, texts};

texts! {
    /// Work on many people: how far it is and what came of it; and people from a file.
    Jobs {
        title: S = "Jobs";
        lead: S = "Work on many people goes on here, whoever looks. What a job did stays done when it is stopped, and most of it can be undone for a week.";
        none: S = "No job yet";
        none_lead: S = "What is done to several people at once is listed here, with what came of it and a way to undo it. Work on more than a thousand can be followed and stopped.";
        what: S = "What";
        state: S = "State";
        by: S = "By";
        started: S = "Started";
        took: S = "Ended";
        running: S = "At work";
        done: S = "Done";
        failed: S = "Stopped by a failure";
        cancelled: S = "Cancelled";
        user_import: S = "Import of people";
        grant: S = "Grant";
        recall: S = "Recall";
        assign_all: S = "Assign all";
        assign_missing: S = "Assign missing";
        clear_all: S = "Clear all";
        user_move: S = "Move of people";
        user_activate: S = "Activation";
        user_deactivate: S = "Deactivation";
        undo: S = "Undo";
        of: F = F("{0}: {1}");
        progress: F = F("{0} of {1}");
        progress_label: S = "How far it is";
        look_again: S = "See how far it is now";
        cancel: S = "Stop this job";
        cancel_title: S = "Stop this job?";
        cancel_lead: S = "It stops after the people at work. What it did stays done, unless you undo it then; the same work can be begun again, and leaves out what is done already.";
        cancelled_now: S = "The job stops.";
        refused: S = "What could not be done";
        refused_none: S = "Everything could be done.";
        refused_more: F = F("The first {0} are shown; the file has all that were kept.");
        row: S = "Row";
        person: S = "Person";
        why: S = "Why";
        export: S = "Export CSV";
        record: S = "The record has every single change:";

        // Taking back what a job did
        undo_of: F = F("Undo of “{0}”");
        undo_do: S = "Undo this job";
        undo_title: F = F("Undo “{0}”?");
        undo_lead: S = "What this job changed is taken back, of exactly those whom it changed. What others did since then stays. It can be done once.";
        undo_button: S = "Undo";
        undo_hint: S = "Can be undone for 7 days after its end.";
        takes_back: S = "Takes back";
        undone: S = "Undone";
        undone_part: S = "Undone in part";
        undone_by: S = "What this job did was taken back.";
        undone_part_by: S = "The undoing was stopped before its end. What is left can still be undone.";
        look_or_undo: S = "Look closer, or undo it";
        see_undo: S = "See what came of it";
        moved_back: S = "back in their folder";
        active_again: S = "active again";
        inactive_again: S = "deactivated again";
        given_back: S = "with their seat again";
        back_already: S = "as before already";
        moved_since: S = "moved since then, left alone";
        folder_gone: S = "their folder is gone";
        recalled_since: S = "lost the seat since then";
        no_seat_back: S = "no seat left for them";
        license_over: S = "license not in force any more";
        inactive_now: S = "not active, no seat back";
        account_gone: S = "account is gone";
        looking: S = "Counting what it would come to. You can wait for the end, or confirm right away: it runs as a job, and you can follow and stop it.";

        granted: S = "got a seat";
        already_held: S = "had one already";
        no_free_seat: S = "found no free seat";
        user_inactive: S = "deactivated, left out";
        not_licensed: S = "not covered by any license";
        released: S = "free at once";
        releasing: S = "free at sign-out";
        borrowed: S = "free when the loan ends";
        still_held: S = "kept by a rule";
        not_held: S = "held none";
        created: S = "new";
        updated: S = "changed";
        unchanged: S = "as they were";
        moved: S = "moved";
        lived_there: S = "lived there already";
        activated: S = "activated";
        was_active: S = "were active already";
        deactivated: S = "deactivated";
        was_inactive: S = "were deactivated already";
        would_move: S = "move";
        moves: S = "moves";
        lives_there: S = "lives there already";
        is_active: S = "is active already";
        is_inactive: S = "is deactivated already";
        live_there: S = "live there already";
        would_activate: S = "would be activated";
        are_active: S = "are active already";
        would_deactivate: S = "would be deactivated";
        are_inactive: S = "are deactivated already";

        // People from a file
        import: S = "Import CSV";
        import_title: S = "Import people from a file";
        import_lead: S = "A CSV file, as spreadsheets save it. You see what it would do, row by row, before anything changes.";
        drop: S = "Drop a CSV file here, or choose it";
        drop_anywhere: S = "Drop the CSV file to look into it";
        columns: S = "The first row names the columns, in any order:";
        column_username: S = "needed: what they sign in with";
        column_name: S = "full name";
        column_email: S = "e-mail address";
        column_folder: S = "a path such as /Sales/EMEA; what is missing is made";
        column_active: S = "true or false; empty changes nothing";
        columns_hint: S = "A column that is left out changes nothing. An empty field in a column that is there takes the value away.";
        look: S = "Look into it";
        nothing_sent: S = "Choose a file first.";
        preview_title: F = F("What {0} would do");
        preview_lead: S = "Whoever is there already becomes what the file says; nobody is removed.";
        refused_file: S = "The file is refused whole, since rows of it can't be read. Correct them and choose it again.";
        import_do: N = N("Import {n} person", "Import {n} people");
        would_create: S = "new";
        would_change: S = "change";
        would_stay: S = "stay as they are";
        would_refuse: S = "refused";
        row_of: F = F("Row {0}");
        row_and: F = F("Row {0} · {1}");
    }
}

//! Licenses: the list, one license, import, and what is done to them.

use super::{F, N, texts};

texts! {
    /// Licenses: the list, one license, import, and what is done to them.
    Licenses {
        title: S = "Licenses";
        import: S = "Import";
        more: S = "More";
        remove_expired: S = "Remove expired licenses";
        delete_all: S = "Delete all licenses";
        folders: S = "Folders";
        all_folders: S = "All licenses";
        search: S = "Search serial or product";
        any_state: S = "Any state";
        any_model: S = "Any model";
        any_product: S = "Any product";

        state: S = "State";
        serial: S = "Serial";
        product: S = "Product";
        model: S = "Model";
        access: S = "Access";
        modules: S = "Modules";
        seats: S = "Seats";
        folder: S = "Folder";
        issuer: S = "Issuer";
        expires: S = "Last day";
        unlimited: S = "no limit";
        free: S = "Free";
        several: N = N("{n} folder", "{n} folders");
        found: N = N("{n} license", "{n} licenses");
        choose: F = F("Choose {0}");
        choose_all: S = "Choose all of this page";

        none: S = "No license matches";
        none_lead: S = "Nothing here has all of what you ask for.";
        clear: S = "Clear the filters";

        care_title: S = "Something needs you";
        care: S = "A license has expired, was not confirmed in time, or has more people than seats. Whoever is affected can't work. Choose the marked licenses: import the next term and replace them, free seats, or remove them.";

        chosen: S = "chosen";
        move_to: S = "Move free seats to";
        move_do: S = "Move";
        release: S = "Release all seats";
        remove: S = "Remove";
        replace: S = "Replace";
        none_chosen: S = "Choose at least one license first.";

        // Import
        import_title: S = "Import licenses";
        import_lead: S = "Take the file that the vendor sent. You see what it would do before anything is kept; a file is taken in whole or not at all.";
        drop: S = "Drop license files here, or choose them";
        drop_anywhere: S = "Drop the license files to look into them";
        file: S = "License files";
        paste: S = "Or paste the text of a license file";
        into: S = "Seats go to";
        into_hint: S = "You can move them later.";
        look: S = "Look into it";
        nothing_sent: S = "Choose a file or paste a license first.";
        preview_title: S = "What these files would do";
        confirm: S = "Import";
        back: S = "Choose other files";
        whats_in: F = F("In {0}");
        pasted: S = "the pasted text";
        added: S = "new";
        updated: S = "updated";
        extended: S = "extended";
        shrunk: S = "made smaller";
        withdrawn: S = "withdrawn by the vendor";
        borrowed: F = F("borrowed until {0}");
        unchanged: S = "unchanged";
        refused: S = "refused";
        refused_file: S = "This file can't be taken in";
        refused_trust: S = "If you know this vendor, an administrator can trust its key under Settings, Issuers: the vendor sends it along as a .pub file.";
        preview_tag: S = "preview";
        imported: N = N("{n} license imported.", "{n} licenses imported.");
        imported_none: S = "Everything in it was here already. Nothing changed.";
        loses: F = F("{0} {1}");
        would_lose: N = N("{n} person is affected by fewer seats:", "{n} people are affected by fewer seats:");
        fate_moved: S = "moves to another license";
        fate_unbacked: S = "keeps a seat that does not exist any more, and can't work";
        fate_releasing: S = "keeps the old seat until sign-out";
        fate_left_out: S = "is left without a seat";

        // One license
        terms: S = "Terms";
        starts: S = "First day";
        grace: S = "Days of grace";
        assignable: S = "Can be assigned";
        removable: S = "Can be removed";
        removable_always: S = "at any time";
        removable_after: S = "after it has expired";
        counted: S = "Counted";
        counted_user: S = "per person";
        counted_session: S = "per session";
        revision: S = "Revision";
        reference: S = "Vendor's id";
        key: S = "Signed with the key";
        imported_at: S = "Imported";
        perpetual: S = "No end";
        auto_assign: S = "Assigned automatically";
        auto_off: S = "Never";
        auto_new_users: S = "To each new account";
        auto_as_needed: S = "At sign-in, when needed";
        pools: S = "Where the seats stand";
        pool_size: S = "Seats";
        pool_used: S = "Occupied";
        pool_free: S = "Free";
        pool_over: S = "Too many";
        holders: S = "Who holds seats";
        holders_none: S = "Nobody holds a seat";
        holders_none_lead: S = "Assign people below, or let seats be given at sign-in.";
        holders_floating: S = "Floating seats are taken while people work";
        holders_floating_lead: S = "Who works on them just now is under In use now.";
        since: S = "Since";
        last_active: S = "Last active";
        source: S = "How";
        source_hand: S = "by hand";
        source_auto_assign: S = "new account";
        source_sign_in: S = "at sign-in";
        source_rule: S = "rule";
        releasing: S = "Releasing";
        unbacked: S = "No seat left";
        release_one: S = "Release";
        keep: S = "Keep";
        assign: S = "Assign people";
        assign_search: S = "Find people by name, address or username";
        assign_one: S = "Assign";
        assign_holds: S = "holds a seat";
        assign_covered: F = F("has {0}");
        assign_inactive: S = "deactivated";
        assign_none: S = "Nobody matches.";
        assign_all: S = "Assign all";
        assign_missing: S = "Assign missing";
        clear_all: S = "Clear all";
        history: S = "History";
        history_none: S = "Nothing was done to it yet.";
        site_seats: S = "A site license has no seats: everybody may work while it is in force.";
        covered: S = "next term covers everybody";
        without: N = N("{n} person would be without a seat", "{n} people would be without a seat");
        replaced_by: S = "Replaced by";

        why_awaiting: S = "It takes effect once an administrator accepts its agreement.";
        why_scheduled: S = "It has not begun yet. Until then nobody can work on it.";
        why_active: S = "It is in force.";
        why_expiring: S = "It is in force and ends soon. Import the next term and replace this one, so that nobody is interrupted.";
        why_grace: S = "Its term is over. People go on working for its days of grace; then they can't.";
        why_expired: S = "Its term and its days of grace are over. Nobody can work on it. Replace it, or remove it.";
        why_stale: S = "Its vendor did not confirm it in time. Import a fresh file of it; people work again at once.";
        why_revoked: S = "Its vendor withdrew it. Nobody can work on it.";
        why_removed: S = "It was removed here.";

        agreement: S = "Agreement";
        accept: S = "Accept the agreement";
        accepted: F = F("Accepted by {0}");

        // What is done
        type_this: S = "To go on, type";
        remove_title: N = N("Remove this license?", "Remove {n} licenses?");
        remove_lead: S = "Holders move to free seats of other licenses of the same product where there are any. Whoever finds none can't work until there is a seat.";
        remove_button: N = N("Remove the license", "Remove {n} licenses");
        removed: N = N("{n} license removed.", "{n} licenses removed.");
        expired_title: S = "Remove all expired licenses?";
        expired_lead: S = "Licenses in their days of grace stay.";
        expired_none: S = "No license has expired. There is nothing to remove.";
        delete_title: S = "Delete every license?";
        delete_lead: S = "Every license is removed, every seat freed, every session ended. Nobody can work until licenses are imported again. People, folders and the record stay.";
        delete_button: S = "Delete everything";
        deleted: F = F("{0} licenses and {1} seats were deleted.");
        move_title: N = N("Move the free seats of this license?", "Move the free seats of {n} licenses?");
        move_lead: F = F("Free seats go to {0}. Seats that are taken stay with their holders.");
        move_button: S = "Move";
        move_none: S = "No license that you chose has free seats anywhere else.";
        moved: N = N("{n} seat moved.", "{n} seats moved.");
        release_title: N = N("Release all seats of this license?", "Release all seats of {n} licenses?");
        release_lead: S = "Whoever works goes on until signing out; then the seat is free. Nobody is thrown out, unless you say so.";
        release_now: S = "At once";
        release_now_hint: S = "Also end the sessions of whoever works on these seats just now.";
        release_button: S = "Release";
        released: N = N("{n} seat is free now.", "{n} seats are free now.");
        will_release: N = N("{n} seat will be free at sign-out.", "{n} seats will be free at sign-out.");
        replace_title: F = F("Replace {0}");
        replace_lead: S = "Everybody who holds a seat of the old license gets one of the new license in the same folder. Whoever works goes on.";
        replace_none: S = "There is no other license of this product and model. Import the next term first.";
        replace_option: F = F("{0} ({1} free)");
        go_on: S = "Go on";
        replace_partly: S = "Do what fits";
        replace_partly_hint: S = "If the new license has too few seats, those who held theirs longest go first; the others keep what they have.";
        replace_button: S = "Replace";
        replaced: N = N("{n} person moved to the new license.", "{n} people moved to the new license.");
        would_move: S = "move";
        assign_all_title: F = F("Assign {0} to everybody?");
        assign_all_lead: S = "Every active person gets a seat, while there are any. Whoever has one keeps it.";
        assign_missing_title: F = F("Assign {0} to everybody without a seat?");
        assign_missing_lead: S = "Everybody who has no seat of this product, on any license, gets one, while there are any.";
        assign_button: S = "Assign";
        assigned: N = N("{n} seat assigned.", "{n} seats assigned.");
        auto_saved: S = "Saved: how seats of this license are given.";
        accepted_now: S = "The agreement is accepted. The license is in force.";
        keep_all: S = "Keep all";
        keep_all_hint: S = "Until their holders sign out, releases can be taken back.";
        kept: N = N("{n} release was taken back: the seat stays.", "{n} releases were taken back: the seats stay.");
        seat_kept: S = "The release was taken back: the seat stays.";
        seat_released: S = "The seat is free.";
        seat_releasing: S = "The seat is free as soon as its holder signs out.";

        has_already: S = "They hold a seat of this license already.";
        no_free_seat: S = "No seat of this license is free. Release one, move one here, or import more.";
        no_free_seat_of_product: S = "No dedicated seat of this product is free where they may look. Release one, or import more.";
        is_inactive: S = "That account is deactivated. Activate it first.";
        not_in_force: S = "The license is not in force, so nobody could work on it.";
        cannot_be_assigned: S = "Seats of this license can't be assigned by hand.";
        still_held: S = "A rule still gives them this seat.";
        not_held: S = "They hold no such seat any more.";

        tally_granted: S = "get a seat";
        tally_held: S = "have one already";
        tally_no_seat: S = "find no free seat";
        tally_inactive: S = "are deactivated, and left out";
        tally_other: S = "can't get one";
        tally_released: S = "are free at once";
        tally_releasing: S = "are free at sign-out";
        tally_not_held: S = "hold none";
    }
}

//! People: the list, one person, and what is done to them.

use super::{F, N, texts};

texts! {
    /// People: the list, one person, and what is done to them.
    People {
        title: S = "People";
        add: S = "Add a person";
        search: S = "Search name, username or address";
        search_begins: S = "Name, username or address begins with…";
        any: S = "Active or not";
        active: S = "Active";
        inactive: S = "Deactivated";
        any_product: S = "Any product";
        holds: F = F("holds {0}");
        folder: S = "Folder";
        licenses: S = "Seats";
        last_active: S = "Last active";
        found: N = N("{n} person", "{n} people");
        none: S = "Nobody matches";
        none_lead: S = "Nobody here has all of what you ask for.";
        empty: S = "Nobody is here yet";
        empty_lead: S = "Add people by hand, import them from a CSV file, or let them appear when they first sign in to a product.";
        choose: F = F("Choose {0}");
        found_more: F = F("More than {0} people");
        more_than: F = F("more than {0}");
        everyone: F = F("Everybody who matches ({0})");
        grant: S = "Grant";
        recall: S = "Recall";
        move_to: S = "Move to";
        deactivate: S = "Deactivate";
        activate: S = "Activate";
        product: S = "Product";
        none_chosen: S = "Choose at least one person first.";

        add_lead: S = "Whoever signs in to a product for the first time is added by itself, if the policy says so. Here you do it beforehand.";
        username: S = "Username";
        username_hint: S = "What they sign in with to the products.";
        name: S = "Name";
        email: S = "E-mail address";
        save: S = "Save";
        added: F = F("{0} was added.");
        saved: S = "Saved.";

        tab_licenses: S = "Licenses";
        tab_sessions: S = "At work";
        tab_why: S = "Why can't they get in?";
        tab_history: S = "History";
        tab_edit: S = "Edit";
        available: F = F("{0} of {1} free");
        no_products: S = "There is no product yet. Import a license first.";
        works_floating: S = "Works on a floating seat";
        no_seat: S = "No seat of their own";
        may_float: S = "may work on a floating seat or a site license";
        assign: S = "Assign";
        release: S = "Release";
        at_work_none: S = "Not signed in to anything just now.";
        history_none: S = "Nothing was done to this account yet.";
        why_lead: S = "Asks what a sign-in would be answered, and shows each step of the reasoning. Nothing is changed.";
        why_do: S = "Ask";
        would: S = "Would get in";
        would_not: S = "Would not get in";
        on: F = F("on {0}");
        user_reads: S = "What they read";
        steps: S = "Step by step";

        grant_title: N = N("Grant a seat to {n} person?", "Grant seats to {n} people?");
        grant_lead: F = F("Each gets a seat of {0}, from their own folder first, then from the root.");
        grant_button: S = "Grant";
        recall_title: N = N("Recall the seat of {n} person?", "Recall the seats of {n} people?");
        recall_lead: F = F("Their seats of {0} become free. Whoever works goes on until signing out.");
        recall_button: S = "Recall";
        move_title: N = N("Move {n} person?", "Move {n} people?");
        move_lead: F = F("They will live in {0}. Their seats stay as they are.");
        move_button: S = "Move";
        moved: N = N("{n} person moved.", "{n} people moved.");
        deactivate_title: N = N("Deactivate {n} person?", "Deactivate {n} people?");
        deactivate_lead: S = "Their sessions end and their seats are free at once. Activating them again gives no seats; undoing this within a week does, where seats are free.";
        deactivated: N = N("{n} person deactivated.", "{n} people deactivated.");
        activate_title: N = N("Activate {n} person?", "Activate {n} people?");
        activated: N = N("{n} person activated.", "{n} people activated.");
    }
}

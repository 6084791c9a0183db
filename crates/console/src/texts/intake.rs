//! How licenses come and are renewed: by key, by request, by refresh, by replacement.

use super::{F, N, texts};

texts! {
    /// How licenses come and are renewed: by key, by request, by refresh, by replacement.
    Intake {
        ways: S = "Ways to get a license";
        way_files: S = "Files";
        way_key: S = "License key";
        way_request: S = "Without a network";

        // By key
        add_title: S = "Add a license by its key";
        add_lead: S = "The vendor's license service says what the key brings. Nothing is taken in before you confirm it.";
        key: S = "License key";
        key_hint: S = "As the vendor sent it, such as SK-XXXXX-XXXXX. Capitals, spaces and hyphens don't matter; a typing error is told at once.";
        whose: S = "Whose key it is";
        look: S = "See what it brings";
        brings: S = "What this key brings";
        brings_lead: F = F("Offered by {0}. Once you confirm, the license is bound to this installation.");
        refreshed_every: S = "Confirmed with the vendor";
        every_days: N = N("every day", "every {n} days");
        agreement_first: S = "It has an agreement, which you accept after it is here. Until then nobody can work on it.";
        take: S = "Take it in";
        other_key: S = "Another key";
        taken: F = F("{0} is here.");
        internet_off: S = "This server is kept off the internet";
        internet_off_lead: S = "The policy does not let it talk to license services, so keys can't be exchanged. Import a license file, or make a request for the vendor.";
        no_service: S = "No license service is known";
        no_service_lead: S = "An administrator says under Settings, Issuers, where the vendor's license service is. Until then licenses come as files.";
        to_policy: S = "Open the policy";
        to_issuers: S = "Open the issuers";
        to_files: S = "Import a file";

        // By request
        request_title: S = "Get licenses without a network";
        request_lead: S = "Make a request file, take it to the vendor by any way there is, and upload the response that comes back.";
        step_request: S = "1. Make the request";
        step_request_lead: S = "It is signed by this installation, and says what you own of this vendor and how much of it is used.";
        step_answer: S = "2. Send it to the vendor";
        step_answer_lead: S = "The vendor answers with a response file (.tls), made for this request and this installation alone.";
        step_upload: S = "3. Upload the response";
        company: S = "Company id";
        company_hint: S = "As agreed with the vendor. It is remembered.";
        version: S = "Version that will run here";
        version_hint: S = "Three numbers with dots between, such as 8.3.0.";
        vendor: S = "Vendor";
        make: S = "Make and download";
        no_vendor: S = "No vendor is trusted yet. An administrator adds one under Settings, Issuers.";
        requests: S = "Requests so far";
        request_of: F = F("{0}, version {1}");
        requested: S = "made";
        answered: S = "answered";
        open: S = "open";
        response: S = "Drop the response here, or choose it";

        // Refresh
        refresh: S = "Refresh";
        refresh_all: S = "Refresh all now";
        refreshed_title: S = "Refreshed at the vendor's service";
        refreshed_lead: S = "What each license service said just now. Where one said nothing of use, nothing has changed and people work on.";
        refreshed_none: S = "No license can be refreshed";
        refreshed_none_lead: S = "None has a license service, and none must be confirmed. New terms come as files.";
        result: S = "Result";
        confirmed: S = "confirmed";
        updated: S = "new terms";
        withdrawn: S = "withdrawn";
        failed: S = "no answer of use";
        next_refresh: S = "Next by itself";
        usable_for: S = "Usable without it";
        days_left: N = N("{n} day left", "{n} days left");
        always: S = "no limit";
        renewal: S = "Renewal";
        service: S = "License service";
        service_none: S = "none is known; import a file to renew it";
        confirmed_at: S = "Last confirmed";
        not_needed: S = "not needed";
        stale_in: N = N("Stops in {n} day unless it is confirmed", "Stops in {n} days unless it is confirmed");
        trouble: N = N("{n} attempt failed", "{n} attempts failed");
        trouble_since: S = "since";
        trouble_calm: S = "Nobody loses anything yet. It is tried again by itself; a fresh license file does as well.";
        unconfirmed: N = N("{n} license could not be refreshed.", "{n} licenses could not be refreshed.");
        first_stops: N = N("It works for {n} day more without.", "The first one works for {n} days more without.");
        unconfirmed_do: S = "See why, or import a file";
        refresh_now: S = "Refresh now";

        // Replacements
        replacements: S = "Replacements";
        replacements_lead: S = "Which licenses took over from which. Within 24 hours a replacement can be undone.";
        replacements_none: S = "No license was replaced in the last days";
        replacements_none_lead: S = "Choose licenses in the list and replace them by others; it is shown here, and can be taken back.";
        replaced_what: F = F("{0} by {1}");
        replaced_people: N = N("{n} person carried over", "{n} people carried over");
        left_out: N = N("{n} left out", "{n} left out");
        undo: S = "Undo";
        undo_until: S = "can be undone until";
        undone: S = "undone";
        too_late: S = "can't be undone any more";
        undo_title: F = F("Undo the replacement of {0}?");
        undo_lead: S = "Everybody goes back to the license they held before, with their old place in the order. Whoever works on the new seat keeps it until signing out.";
        undo_button: S = "Undo the replacement";
        undone_now: N = N("{n} person holds the old seat again.", "{n} people hold their old seats again.");
        replaced_hint: S = "It can be undone for 24 hours, under Licenses, More, Replacements.";
        moves_to: F = F("moves to {0}");
        releasing_to: F = F("gets {0}, and keeps the old seat until sign-out");
        without: S = "left without a seat";
        order: F = F("{0}. {1}");
        chosen_new: S = "Licenses that take over; the first is filled first";
        restored: S = "holds the old seat again";
        unknown_user: S = "was deleted";
        user_inactive: S = "is deactivated, and gets none";
        recalled_since: S = "lost the new seat since, and gets none back";
        not_usable: S = "keeps the new seat: the old license is not in force";
        no_free_seat: S = "keeps the new seat: the old license has none left";

        // Borrowed seats
        borrowed_title: S = "Borrowed seats";
        borrowed_lead: S = "Seats that were taken along offline. What was signed holds until then, whatever happens; a lost device's seat comes back by itself at that moment.";
        borrowed_none: S = "Nobody has a seat with them";
        borrowed_none_lead: S = "People take seats along from within the application, where the policy allows it.";
        borrowed_off: S = "The policy lets nobody borrow. Set the days under Settings.";
        back_at: S = "Comes back";
        closed: S = "signed out; held until then";
        give_back: S = "Return now";
        give_back_title: F = F("Return the seat that {0} borrowed?");
        give_back_lead: S = "Only do this when the application on that device is signed out or removed: it could go on working offline until its time is over, and the seat would be used twice.";
        given_back: S = "The seat is back.";
        nothing_borrowed: S = "Nothing is borrowed there any more.";
        all_sessions: S = "All sessions";
        borrowed: S = "Borrowed";
    }
}

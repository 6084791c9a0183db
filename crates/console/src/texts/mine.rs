//! My licenses, and the page for the person denied.

use super::{F, texts};

texts! {
    /// My licenses, and the page for the person denied.
    Mine {
        title: S = "My licenses";
        lead: S = "What you may work with, and whether you do just now.";
        not_known: F = F("No user of the products is called {0}, so there is nothing to show. Your account looks after licenses; it needs none.");
        none: S = "You hold no seat of your own";
        none_lead: S = "You may still work on floating seats and site licenses: sign in to the product and see.";
        held_since: S = "Yours since";
        last_day: S = "Last day";
        modules: S = "Modules";
        at_work: S = "At work now";

        denied_title: S = "You can't work in this product just now";
        denied_lead: S = "The application asked whether there is a license for you, and was told no.";
        denied_do: S = "What you can do";
        denied_ask: S = "Ask whoever looks after licenses in your company. Tell them your username and the product.";
        denied_word: S = "Tell them this word, too:";
        no_free_seat: S = "No seat could be given to you: all are taken, or those that are free are meant for others. Try again when somebody has finished, or ask for a seat of your own.";
        user_inactive: S = "Your account is deactivated. If you should be able to work, ask for it to be activated.";
        unknown_user: S = "Nobody knows your username here yet. Ask for an account.";
        not_licensed: S = "Your company has no license for this product, or none is left.";
        over_allocated: S = "More people have a seat than there are seats. Somebody must free one first.";
        license_expired: S = "The license has run out. It must be renewed.";
        license_stale: S = "The license must be confirmed with its vendor before anybody can work.";
        not_started: S = "The license has not begun yet, or its agreement was not accepted.";
        module_not_licensed: S = "What you asked for is not part of what your company bought.";
        release_pending: S = "Your seat is being given to somebody else. Ask for another one.";
        unknown: S = "The application did not say why.";
    }
}

//! Users of the products who sign in to the console, and the one-time links for that.

use super::{F, texts};

texts! {
    /// Users of the products who sign in to the console, and the one-time links for that.
    Access {
        title: S = "Console access";
        none: S = "Cannot sign in here. With access they see their own licenses, and nothing else.";
        own: S = "Signs in here and sees their own licenses, and nothing else.";
        staff: F = F("Signs in here as {0}.");
        inactive: S = "Has an account here that is deactivated.";
        invited: S = "Was given a one-time link and has not chosen a password yet. It works until";
        over: S = "Was given a one-time link, which is over.";
        allow: S = "Let them see their licenses";
        again: S = "Make a new link";
        again_hint: S = "Their password and earlier links stop working at once.";
        accounts: S = "All accounts";

        made_title: F = F("A link for {0}");
        made_lead: S = "Hand it to them and to nobody else. It works once, for three days, and is shown only now.";
        link: S = "One-time link";
        back: S = "Back to the person";

        choose_title: S = "Choose your password";
        choose_lead: F = F("You sign in as {0}. From then on you can see which licenses you hold, and until when.");
        choose: S = "Save and sign in";
    }
}

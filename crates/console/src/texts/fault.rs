//! When something can't be done.

use super::texts;

texts! {
    /// When something can't be done.
    Fault {
        not_found_title: S = "There is nothing here";
        not_found: S = "This page does not exist, or what it showed is gone.";
        forbidden_title: S = "That is not yours to do";
        refused_title: S = "That can't be done";
        internal_title: S = "Something went wrong";
        internal: S = "The server could not do that. Nothing was changed. Its log says why; try again, and tell whoever runs the server if it happens again.";
        busy: S = "The server has too much to do just now, or is stopping. Nothing was changed; try again in a moment.";
        stale_form: S = "This form is too old, or was not sent from a page of this console. Nothing was changed. Go back, load the page again and send it once more.";
        home: S = "To the overview";
    }
}

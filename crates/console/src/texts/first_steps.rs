//! The first steps of a new installation.

use super::{F, texts};

texts! {
    /// The first steps of a new installation.
    FirstSteps {
        title: S = "First steps";
        account: S = "Account";
        license: S = "First license";
        agreement: S = "Agreement";
        done: S = "done";
        import_title: S = "Import your first license";
        import_lead: S = "Take the license file of your software's vendor. You see what is in it before anything is kept.";
        later: S = "Later";
        agreement_next: F = F("{0} Read the agreement and accept it: people can work from then on.");
    }
}

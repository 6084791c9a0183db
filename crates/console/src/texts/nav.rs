//! The frame around every page.

use super::texts;

texts! {
    /// The frame around every page.
    Nav {
        product: S = "Seatkeeper";
        skip: S = "Skip to the page";
        menu: S = "Main menu";
        overview: S = "Overview";
        licenses: S = "Licenses";
        people: S = "People";
        in_use: S = "In use now";
        denials: S = "Denials";
        activity: S = "Activity";
        reports: S = "Reports";
        jobs: S = "Jobs";
        settings: S = "Settings";
        mine: S = "My licenses";
        sign_out: S = "Sign out";
        light: S = "Light";
        dark: S = "Dark";
        auto: S = "As the system";
        live: S = "Live";
        notices: S = "Notices of third parties";
        api: S = "API documentation";
    }
}

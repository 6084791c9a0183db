//! Every word of the console, one file per screen, one constant per language.
//!
//! To add a language: a constant beside each `EN` (the compiler names the texts that are
//! missing), one of [`Texts`] here, and its code in [`Texts::for_reader`].

mod access;
mod activity;
mod denials;
mod events;
mod fault;
mod first_steps;
mod folders;
mod in_use;
mod intake;
mod jobs;
mod licenses;
mod mine;
mod nav;
mod overview;
mod people;
mod reports;
mod settings;
mod sign_in;
mod trust;
mod words;
mod words_of;

use std::fmt::Display;

use axum::http::HeaderMap;

/// A text.
pub(crate) type S = &'static str;

/// A text with `{0}`, `{1}`, … for what is put in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct F(pub(crate) &'static str);

impl F {
    /// With one thing put in.
    pub(crate) fn of(&self, one: impl Display) -> String {
        self.0.replace("{0}", &one.to_string())
    }

    /// With two things put in.
    pub(crate) fn of2(&self, one: impl Display, two: impl Display) -> String {
        // In one pass, so that what is put in is never taken for a place.
        let mut text = String::with_capacity(self.0.len() + 32);
        let mut rest = self.0;
        while let Some(at) = rest.find('{') {
            text.push_str(&rest[..at]);
            let (thing, after): (&dyn Display, _) = match &rest[at..] {
                place if place.starts_with("{0}") => (&one, &rest[at + 3..]),
                place if place.starts_with("{1}") => (&two, &rest[at + 3..]),
                place => (&"{", &place[1..]),
            };
            text.push_str(&thing.to_string());
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

/// A text for one and a text for several, with `{n}` for the number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct N(pub(crate) &'static str, pub(crate) &'static str);

impl N {
    /// The text for so many, with the number as it is written in texts.
    pub(crate) fn n(&self, count: impl crate::ui::Count) -> String {
        let count = count.count();
        let text = if count == 1 { self.0 } else { self.1 };
        text.replace("{n}", &crate::ui::grouped(count))
    }
}

/// Declares the texts of a screen, and what they are in English.
macro_rules! texts {
    ($(#[$doc:meta])* $name:ident { $($text:ident: $kind:ident = $value:expr;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name { $(pub(crate) $text: $crate::texts::$kind),* }

        /// In English.
        pub(crate) static EN: $name = $name { $($text: $value),* };
    };
}
pub(crate) use texts;

/// Every word, in one language.
#[derive(Debug)]
pub(crate) struct Texts {
    /// The language, as in the `lang` of a page.
    pub(crate) lang: &'static str,
    pub(crate) access: &'static access::Access,
    pub(crate) activity: &'static activity::Activity,
    pub(crate) denials: &'static denials::Denials,
    pub(crate) events: events::Sentences,
    pub(crate) fault: &'static fault::Fault,
    pub(crate) first_steps: &'static first_steps::FirstSteps,
    pub(crate) folders: &'static folders::Folders,
    pub(crate) in_use: &'static in_use::InUse,
    pub(crate) intake: &'static intake::Intake,
    pub(crate) jobs: &'static jobs::Jobs,
    pub(crate) licenses: &'static licenses::Licenses,
    pub(crate) mine: &'static mine::Mine,
    pub(crate) nav: &'static nav::Nav,
    pub(crate) overview: &'static overview::Overview,
    pub(crate) people: &'static people::People,
    pub(crate) reports: &'static reports::Reports,
    pub(crate) settings: &'static settings::Settings,
    pub(crate) sign_in: &'static sign_in::SignIn,
    pub(crate) trust: &'static trust::Trust,
    pub(crate) words: &'static words::Words,
}

/// English.
pub(crate) static EN: Texts = Texts {
    lang: "en",
    access: &access::EN,
    activity: &activity::EN,
    denials: &denials::EN,
    events: events::en,
    fault: &fault::EN,
    first_steps: &first_steps::EN,
    folders: &folders::EN,
    in_use: &in_use::EN,
    intake: &intake::EN,
    jobs: &jobs::EN,
    licenses: &licenses::EN,
    mine: &mine::EN,
    nav: &nav::EN,
    overview: &overview::EN,
    people: &people::EN,
    reports: &reports::EN,
    settings: &settings::EN,
    sign_in: &sign_in::EN,
    trust: &trust::EN,
    words: &words::EN,
};

impl Texts {
    /// The language that a reader wants, of those there are.
    pub(crate) fn for_reader(_headers: &HeaderMap) -> &'static Self {
        &EN
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_in_is_not_taken_for_a_place() {
        assert_eq!(F("{0} of {1}").of2("{1}", "x"), "{1} of x");
        assert_eq!(F("{ {0}").of2(1, 2), "{ 1");
        assert_eq!(N("{n} seat", "{n} seats").n(1_u64), "1 seat");
        assert_eq!(N("{n} seat", "{n} seats").n(1200_u64), "1,200 seats");
    }
}

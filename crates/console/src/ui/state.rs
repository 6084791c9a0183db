//! The state of a license as a badge: a word, and a color that says the same.

use std::fmt::{Display, Formatter, Result};

use askama::filters::HtmlSafe;
use domain::State;

use crate::page::Tone;
use crate::texts::Texts;

/// A word in its color. The word is always one of our own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Badge {
    pub(crate) tone: Tone,
    pub(crate) word: &'static str,
}

impl Display for Badge {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(
            f,
            "<span class=\"badge {}\">{}</span>",
            self.tone, self.word
        )
    }
}

impl HtmlSafe for Badge {}

/// The badge of a state.
pub(crate) fn state_badge(t: &Texts, state: State) -> Badge {
    let tone = match state {
        State::Active => Tone::Good,
        State::Scheduled | State::AwaitingAgreement => Tone::Info,
        State::Expiring | State::Grace => Tone::Warn,
        State::Expired | State::Stale | State::Revoked => Tone::Bad,
        State::Removed => Tone::Plain,
    };
    Badge {
        tone,
        word: t.state(state),
    }
}

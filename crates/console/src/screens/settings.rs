//! Settings: policy, issuers, tokens, accounts.

pub(crate) mod accounts;
pub(crate) mod issuers;
pub(crate) mod policy;
pub(crate) mod tokens;

use crate::texts::Texts;

/// One of the pages of the settings.
pub(crate) struct Tab {
    pub(crate) path: &'static str,
    pub(crate) name: &'static str,
    pub(crate) here: bool,
}

/// The pages of the settings.
fn tabs(t: &Texts, here: &str) -> Vec<Tab> {
    let s = t.settings;
    [
        ("/settings", s.policy),
        ("/settings/issuers", s.issuers),
        ("/settings/tokens", s.tokens),
        ("/settings/accounts", s.accounts),
    ]
    .into_iter()
    .map(|(path, name)| Tab {
        path,
        name,
        here: path == here,
    })
    .collect()
}

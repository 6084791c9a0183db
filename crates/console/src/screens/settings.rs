//! Settings: policy, issuers, tokens, accounts.

pub(crate) mod accounts;
pub(crate) mod issuers;
pub(crate) mod policy;
pub(crate) mod tokens;

use domain::Reach;
use store::{Reader, StoreError};

use crate::app::App;
use crate::caller::Signed;
use crate::fault::Fault;
use crate::fields::Fields;
use crate::screens::folders;
use crate::texts::Texts;

/// The path of the folder at which rights end; empty where they do not, or it is gone.
fn limit_of(reader: &mut Reader<'_>, reach: Reach) -> Result<String, StoreError> {
    let found = match reach.folder() {
        Some(folder) => reader.find_folder(folder)?,
        None => None,
    };
    Ok(found.map_or_else(String::new, |folder| folder.path))
}

/// How far rights are to go, as a form says by a folder's path.
async fn wanted_reach<P>(me: &Signed<P>, app: &App, fields: &Fields) -> Result<Reach, Fault> {
    match fields.filled("folder") {
        Some(path) => Ok(Reach::of_folder(Some(folders::find(me, app, path).await?))),
        None => Ok(Reach::Everything),
    }
}

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

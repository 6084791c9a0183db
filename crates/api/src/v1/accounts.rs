//! `/v1/accounts`

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod patch;

use domain::{AccountId, Refusal};
use store::Reader;

use crate::convert::settings;
use crate::problem::{Problem, refusal_problem};
use crate::resolve;

/// The account with an id, as it travels.
fn found(reader: &mut Reader<'_>, id: AccountId) -> Result<wire::account::Account, Problem> {
    let account = reader.find_account(id)?;
    let account = account.ok_or_else(|| refusal_problem(Refusal::UnknownAccount))?;
    let path = resolve::limit_of(reader, account.reach)?;
    Ok(settings::account(account, path))
}

//! From what a request names (a code, a username, a path) to what the store calls it.

use std::collections::HashMap;

use domain::command::{FolderRef, UserRef};
use domain::outcome::Displaced;
use domain::{
    FolderId, LicenseId, ProductCode, ProductId, Reach, Refusal, Timestamp, User, UserId,
};
use store::Reader;
use store::query::{LicenseDetail, Paging, ProductItem, UserFilter};

use crate::convert::license::Usernames;
use crate::convert::names::{field, folder_ref, user_ref};
use crate::problem::{Problem, refusal_problem};

/// The page that a request asks for.
pub(crate) fn paging(limit: Option<u32>, after: Option<String>) -> Result<Paging, Problem> {
    let limit = limit.unwrap_or(wire::page::DEFAULT_LIMIT);
    if limit == 0 || limit > wire::page::MAX_LIMIT {
        let detail = format!(
            "limit is {limit}; it must be from 1 to {}",
            wire::page::MAX_LIMIT
        );
        return Err(Problem::invalid_field("limit", detail));
    }
    Ok(Paging { limit, after })
}

/// The product with a code.
pub(crate) fn product(
    reader: &mut Reader<'_>,
    pointer: &str,
    code: &str,
    now: Timestamp,
) -> Result<ProductItem, Problem> {
    let code = field(pointer, ProductCode::parse(code))?;
    reader
        .find_product(&code.key(), now)?
        .ok_or_else(|| refusal_problem(Refusal::UnknownProduct(code.into())))
}

/// The id of the product with a code, where one is given.
pub(crate) fn product_id(
    reader: &mut Reader<'_>,
    pointer: &str,
    code: Option<&str>,
    now: Timestamp,
) -> Result<Option<ProductId>, Problem> {
    code.map(|code| product(reader, pointer, code, now).map(|item| item.product.id))
        .transpose()
}

/// The account with an id or a username.
pub(crate) fn user(reader: &mut Reader<'_>, pointer: &str, text: &str) -> Result<User, Problem> {
    let found = match user_ref(pointer, text)? {
        UserRef::Id(id) => reader.find_user(id)?,
        UserRef::Name(name) => reader.find_username(&name.key())?,
    };
    found.ok_or_else(|| refusal_problem(Refusal::UnknownUser))
}

/// The id of an account that may have been deleted, by id, or by the username of one that is there.
pub(crate) fn user_id(
    reader: &mut Reader<'_>,
    pointer: &str,
    text: Option<&str>,
) -> Result<Option<UserId>, Problem> {
    match text {
        Some(text) => match user_ref(pointer, text)? {
            UserRef::Id(id) => Ok(Some(id)),
            UserRef::Name(_) => user(reader, pointer, text).map(|user| Some(user.id)),
        },
        None => Ok(None),
    }
}

/// The folder with an id or a path. A path that leads elsewhere than a limited actor's rights is refused
/// with the folder where these end, whether there is such a folder or not (R1).
pub(crate) fn folder(
    reader: &mut Reader<'_>,
    pointer: &str,
    text: &str,
) -> Result<FolderId, Problem> {
    let found = match folder_ref(pointer, text)? {
        FolderRef::Id(FolderId::ROOT) => Some(FolderId::ROOT),
        FolderRef::Id(id) => reader.find_folder(id)?.map(|folder| folder.id),
        FolderRef::Path(_) => {
            if let Some(limit) = reader.limit_that_leaves_out(text)? {
                return Err(refusal_problem(Refusal::OutsideYourFolder(limit)));
            }
            reader.find_folder_by_path(text)?
        }
    };
    found.ok_or_else(|| refusal_problem(Refusal::UnknownFolder))
}

/// The path of a folder, if it is there.
pub(crate) fn path_of(reader: &mut Reader<'_>, id: FolderId) -> Result<Option<String>, Problem> {
    Ok(reader.find_folder(id)?.map(|folder| folder.path))
}

/// The path of the folder at which rights end, if they do and it is there.
pub(crate) fn limit_of(reader: &mut Reader<'_>, reach: Reach) -> Result<Option<String>, Problem> {
    match reach.folder() {
        Some(folder) => path_of(reader, folder),
        None => Ok(None),
    }
}

/// How far rights go that end at a folder, given by id or path, or nowhere.
pub(crate) fn reach(reader: &mut Reader<'_>, text: Option<&str>) -> Result<Reach, Problem> {
    let limit = text
        .map(|text| folder(reader, "/folder", text))
        .transpose()?;
    Ok(Reach::of_folder(limit))
}

/// The license with an id.
pub(crate) fn license(reader: &mut Reader<'_>, id: LicenseId) -> Result<LicenseDetail, Problem> {
    reader
        .find_license(id)?
        .ok_or_else(|| refusal_problem(Refusal::UnknownLicense))
}

/// The accounts that match; `at` is where the filter stands: `/everyone/`, or nothing for parameters.
pub(crate) fn user_filter(
    reader: &mut Reader<'_>,
    at: &str,
    filter: &wire::user::UserFilter,
    now: Timestamp,
) -> Result<UserFilter, Problem> {
    if filter.below.is_some() && filter.folder.is_none() {
        let detail = "`below` says nothing without `folder`";
        return Err(Problem::invalid_field(format!("{at}below"), detail));
    }
    Ok(UserFilter {
        q: filter.q.clone(),
        folder: match &filter.folder {
            Some(path) => Some(folder(reader, &format!("{at}folder"), path)?),
            None => None,
        },
        below: filter.below.unwrap_or_default(),
        active: filter.active,
        product: product_id(
            reader,
            &format!("{at}product"),
            filter.product.as_deref(),
            now,
        )?,
        unlicensed: product_id(
            reader,
            &format!("{at}unlicensed"),
            filter.unlicensed.as_deref(),
            now,
        )?,
    })
}

/// The usernames of whoever is displaced (S13).
pub(crate) fn usernames<'d>(
    reader: &mut Reader<'_>,
    displaced: impl IntoIterator<Item = &'d Displaced>,
) -> Result<Usernames, Problem> {
    usernames_of(reader, displaced.into_iter().map(|one| one.holder.user))
}

/// The usernames of accounts, those that are there.
pub(crate) fn usernames_of(
    reader: &mut Reader<'_>,
    users: impl IntoIterator<Item = UserId>,
) -> Result<Usernames, Problem> {
    let mut usernames = HashMap::new();
    for id in users {
        if let std::collections::hash_map::Entry::Vacant(place) = usernames.entry(id)
            && let Some(user) = reader.find_user(id)?
        {
            place.insert(user.username.into());
        }
    }
    Ok(usernames)
}

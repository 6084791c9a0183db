//! Texts that must pass their checks, and references by id or name.

use domain::command::{FolderRef, UserRef};
use domain::folder::parse_path;
use domain::{FolderName, NameError, Username};
use uuid::Uuid;

use crate::problem::{Problem, name_problem};

/// The name, or a problem that says where in the request it is wrong.
pub(crate) fn field<T>(pointer: &str, parsed: Result<T, NameError>) -> Result<T, Problem> {
    parsed.map_err(|error| name_problem(pointer, &error))
}

/// A user by id, or else by username.
pub(crate) fn user_ref(pointer: &str, text: &str) -> Result<UserRef, Problem> {
    match id(text) {
        Some(id) => Ok(UserRef::Id(id.into())),
        None => field(pointer, Username::parse(text)).map(UserRef::Name),
    }
}

/// A folder by id, or else by path.
pub(crate) fn folder_ref(pointer: &str, text: &str) -> Result<FolderRef, Problem> {
    match id(text) {
        Some(id) => Ok(FolderRef::Id(id.into())),
        None => folder_path(text)
            .map(FolderRef::Path)
            .map_err(|detail| Problem::invalid_field(pointer, detail)),
    }
}

/// The names of a path such as `/Sales/EMEA`; none for the root, `/`.
pub(crate) fn folder_path(text: &str) -> Result<Vec<FolderName>, String> {
    parse_path(text).map_err(|error| error.to_string())
}

/// An id, in the one form in which ids are written.
fn id(text: &str) -> Option<Uuid> {
    // `Uuid` also reads forms without hyphens, which might be somebody's username.
    (text.len() == 36)
        .then(|| Uuid::try_parse(text).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_written_form_of_an_id_is_one() {
        let id = "019aab12-3c4d-7000-8000-00000000002a";
        assert!(matches!(user_ref("/user", id), Ok(UserRef::Id(_))));
        assert!(matches!(
            user_ref("/user", &id.replace('-', "")),
            Ok(UserRef::Name(_))
        ));
        assert!(matches!(folder_ref("/folder", id), Ok(FolderRef::Id(_))));
        assert_eq!(
            user_ref("/user", "a\u{7}").unwrap_err().items()[0]
                .pointer
                .as_deref(),
            Some("/user")
        );
    }
}

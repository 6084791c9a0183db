//! `/v1/users`.

use uuid::Uuid;
use wire::grant::BulkQuery;
use wire::path;
use wire::user::{
    ActivateRequest, LinkRequest, MoveUsersRequest, NewUser, User, UserImportQuery, UserPage,
    UserPatch, UserQuery, UserSeats, UsersChanged, UsersImported,
};

use crate::{Answer, Client, Error};

impl Client {
    /// Lists users by username.
    ///
    /// # Errors
    /// [`Error`].
    pub fn list_users(&self, query: &UserQuery) -> Result<UserPage, Error> {
        self.get(path::USERS).query(query).answer()
    }

    /// One user.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_user(&self, user: Uuid) -> Result<User, Error> {
        self.get_at(path::USER, user).answer()
    }

    /// The user with this username, compared without case.
    ///
    /// # Errors
    /// [`Error`].
    pub fn find_user(&self, username: &str) -> Result<Option<User>, Error> {
        let query = UserQuery {
            username: Some(username.to_owned()),
            ..UserQuery::default()
        };
        Ok(self.list_users(&query)?.items.into_iter().next())
    }

    /// Makes a user.
    ///
    /// # Errors
    /// [`Error`].
    pub fn create_user(&self, user: &NewUser) -> Result<User, Error> {
        self.post(path::USERS).json(user).keyed().answer()
    }

    /// Changes a user, if it is still at `version`, where one is given.
    ///
    /// # Errors
    /// [`Error`].
    pub fn update_user(
        &self,
        user: Uuid,
        patch: &UserPatch,
        version: Option<u32>,
    ) -> Result<User, Error> {
        self.patch_at(path::USER, user)
            .json(patch)
            .version(version)
            .answer()
    }

    /// Deletes a user; ends the sessions and frees the seats (S8).
    ///
    /// # Errors
    /// [`Error`].
    pub fn delete_user(&self, user: Uuid) -> Result<(), Error> {
        self.delete_at(path::USER, user).done()
    }

    /// The seats and live sessions of the user's person.
    ///
    /// # Errors
    /// [`Error`].
    pub fn get_user_seats(&self, user: Uuid) -> Result<UserSeats, Error> {
        self.get_at(path::USER_SEATS, user).answer()
    }

    /// Makes the user one person with another account, named by username or id (S12).
    ///
    /// # Errors
    /// [`Error`].
    pub fn link_user(&self, user: Uuid, with: &str) -> Result<(), Error> {
        let with = with.to_owned();
        self.post_at(path::USER_LINK, user)
            .json(&LinkRequest { with })
            .done()
    }

    /// Gives the user a person of its own again (S12).
    ///
    /// # Errors
    /// [`Error`].
    pub fn unlink_user(&self, user: Uuid) -> Result<(), Error> {
        self.post_at(path::USER_UNLINK, user).done()
    }

    /// Moves users to another folder; their seats stay (P4).
    ///
    /// # Errors
    /// [`Error`]; that somebody could not be moved is in the answer.
    pub fn move_users(
        &self,
        request: &MoveUsersRequest,
        query: BulkQuery,
    ) -> Result<Answer<UsersChanged>, Error> {
        self.post(path::USERS_MOVE)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Lets users work again, or no longer: then their sessions end and their seats are free (S8).
    ///
    /// # Errors
    /// [`Error`]; that somebody could not be changed is in the answer.
    pub fn set_users_active(
        &self,
        request: &ActivateRequest,
        active: bool,
        query: BulkQuery,
    ) -> Result<Answer<UsersChanged>, Error> {
        let path = if active {
            path::USERS_ACTIVATE
        } else {
            path::USERS_DEACTIVATE
        };
        self.post(path)
            .query(&query)
            .json(request)
            .long()
            .keyed()
            .answer_or_job()
    }

    /// Takes in users from a CSV file (`username,name,email,folder,active`). `progress` is told how many bytes have
    /// been sent.
    ///
    /// # Errors
    /// [`Error::Problem`] when the file is refused; its `errors` name the rows.
    pub fn import_users(
        &self,
        csv: &[u8],
        query: &UserImportQuery,
        progress: &mut dyn FnMut(u64),
    ) -> Result<Answer<UsersImported>, Error> {
        self.post(path::USER_IMPORT)
            .query(query)
            .file(csv, "text/csv", progress)
            .keyed()
            .answer_or_job()
    }
}

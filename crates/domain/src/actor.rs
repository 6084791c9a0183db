//! Who commands, and what they may do (R1).

use std::sync::Arc;

use crate::ids::FolderId;
use crate::license::codes;
use crate::refusal::Refusal;

codes! {
    /// A bundle of permissions (R1).
    Role {
        /// Everything.
        Administrator = "administrator",
        /// Licenses and the people who hold them.
        Manager = "manager",
        /// Looks at everything, changes nothing.
        Auditor = "auditor",
        /// Signs users in and out.
        Application = "application",
        /// Looks at the licenses of the user of the same name, and at nothing else.
        User = "user",
    }
    /// What an operation needs (R1).
    Permission {
        /// See licenses, seats, sessions, products, folders, users.
        ViewLicenses = "view_licenses",
        /// Import, distribute, recall, remove.
        ManageLicenses = "manage_licenses",
        /// Create, change, delete accounts and folders.
        ManageUsers = "manage_users",
        /// Policy, issuers, tokens.
        ManageSettings = "manage_settings",
        /// See events and denials.
        ViewAudit = "view_audit",
        /// Sign users in and out, and check access.
        UseAccess = "use_access",
        /// See one's own licenses.
        ViewOwn = "view_own",
    }
}

impl Role {
    /// Whether this role has a permission.
    pub const fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Administrator => true,
            Self::Manager => matches!(
                permission,
                P::ViewLicenses
                    | P::ManageLicenses
                    | P::ManageUsers
                    | P::ViewAudit
                    | P::UseAccess
                    | P::ViewOwn
            ),
            Self::Auditor => matches!(permission, P::ViewLicenses | P::ViewAudit | P::ViewOwn),
            Self::User => matches!(permission, P::ViewOwn),
            Self::Application => matches!(permission, P::UseAccess),
        }
    }
}

/// How far somebody's rights go (R1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Over the whole installation.
    #[default]
    Everything,
    /// Over this folder and what is below it, wherever it is moved. Never the root.
    Folder(FolderId),
}

impl Reach {
    /// Over a folder and what is below it; none, and the root, which is above all: everything.
    pub fn of_folder(folder: Option<FolderId>) -> Self {
        match folder {
            Some(folder) if folder != FolderId::ROOT => Self::Folder(folder),
            _ => Self::Everything,
        }
    }

    /// The folder beyond which they end.
    pub const fn folder(self) -> Option<FolderId> {
        match self {
            Self::Everything => None,
            Self::Folder(folder) => Some(folder),
        }
    }
}

/// Who commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// How the record names them: a token's name, a user's name, `system`, `vendor demo`.
    pub name: Arc<str>,
    /// What they may do.
    pub role: Role,
    /// How far that goes.
    pub reach: Reach,
}

impl Actor {
    /// Somebody whose role counts everywhere.
    pub fn new(name: impl Into<Arc<str>>, role: Role) -> Self {
        Self {
            name: name.into(),
            role,
            reach: Reach::Everything,
        }
    }

    /// What the record calls the server itself.
    pub const SYSTEM: &str = "system";
    /// What it calls whoever commands from the machine of the data folder, without an account.
    pub const DATA_FOLDER: &str = "data folder";

    /// The server itself: lapsed sessions, jobs.
    pub fn system() -> Self {
        Self::new(Self::SYSTEM, Role::Administrator)
    }

    /// Whoever can read the data folder: that is the right to everything.
    pub fn of_data_folder() -> Self {
        Self::new(Self::DATA_FOLDER, Role::Administrator)
    }

    /// Whether they may do it.
    pub fn may(&self, permission: Permission) -> bool {
        self.role.may(permission)
    }

    /// Refuses whoever may not do it.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn must(&self, permission: Permission) -> Result<(), Refusal> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(Refusal::Forbidden(permission))
        }
    }
}

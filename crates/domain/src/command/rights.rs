//! What a command asks for beside its rules: a permission, and a transaction to itself or shared.

use super::Command;
use crate::actor::Permission;
use crate::session::EndReason;
use crate::undo::Changed;

impl Command {
    /// What the actor must be allowed (R1).
    pub const fn permission(&self) -> Permission {
        match self {
            // Seats that it gives back as well take one permission more.
            Self::TakeBack(change) => match change.what.as_slice() {
                [Changed::Folder { .. } | Changed::Active { .. }, ..] => Permission::ManageUsers,
                _ => Permission::ManageLicenses,
            },
            Self::SignIn { .. }
            | Self::Heartbeat(_)
            | Self::Borrow { .. }
            | Self::ReturnBorrowed(_)
            | Self::EndSession {
                reason: EndReason::SignedOut,
                ..
            } => Permission::UseAccess,
            Self::EndSession { .. }
            | Self::Reclaim { .. }
            | Self::Grant { .. }
            | Self::Recall { .. }
            | Self::CancelRelease { .. }
            | Self::ImportLicenses { .. }
            | Self::RequestLicenses { .. }
            | Self::TakeResponse { .. }
            | Self::RemoveLicense(_)
            | Self::RemoveExpired
            | Self::DeleteAll { .. }
            | Self::RevokeLicense(_)
            | Self::ReplaceLicenses { .. }
            | Self::UndoReplacement(_)
            | Self::AcceptAgreement(_)
            | Self::SetAutoAssign { .. }
            | Self::TakeRefresh { .. }
            | Self::MoveSeats { .. }
            | Self::MoveSeat { .. } => Permission::ManageLicenses,
            Self::CreateFolder { .. }
            | Self::EnsureFolder(_)
            | Self::UpdateFolder { .. }
            | Self::DeleteFolder(_)
            | Self::CreateUser(_)
            | Self::PutUser { .. }
            | Self::UpdateUser { .. }
            | Self::DeleteUser(_)
            | Self::LinkUser { .. }
            | Self::UnlinkUser(_) => Permission::ManageUsers,
            Self::SetPolicy { .. }
            | Self::TrustIssuer { .. }
            | Self::IntroduceIssuer(_)
            | Self::DistrustIssuer { .. }
            | Self::SetLicenseService { .. }
            | Self::CreateToken { .. }
            | Self::RevokeToken(_)
            | Self::NoteBackup { .. }
            | Self::CreateAccount { .. }
            | Self::UpdateAccount { .. }
            | Self::DeleteAccount(_) => Permission::ManageSettings,
            // Whoever has an account may at least look at what is theirs.
            Self::OpenConsole { .. } | Self::CloseConsole(_) | Self::ChoosePassword { .. } => {
                Permission::ViewOwn
            }
        }
    }

    /// Whether many of these share a transaction. The others each have one of their own, so
    /// that whole lists can be read from the store as they stand.
    pub fn shares_a_batch(&self) -> bool {
        match self {
            Self::SignIn { .. }
            | Self::Heartbeat(_)
            | Self::EndSession { .. }
            | Self::Reclaim { .. }
            | Self::Grant { .. }
            | Self::Recall { .. }
            | Self::CancelRelease { .. } => true,
            Self::CreateUser(user) => user.active,
            Self::PutUser { patch, .. } => patch.active != Some(false),
            Self::UpdateUser { patch, .. } => {
                patch.active != Some(false) && patch.username.is_none()
            }
            Self::TakeBack(change) => !change.what.contains(&Changed::Active { was: false }),
            _ => false,
        }
    }
}

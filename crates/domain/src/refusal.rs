//! Why a command was refused. A refused command changes nothing.

use thiserror::Error;

use crate::actor::{Permission, Role};
use crate::ids::{FolderId, JobId};
use crate::license::Model;
use crate::names::{Serial, Title, Username};
use crate::outcome::ImportAnswer;
use crate::session::EndReason;

mod sentence;
mod shortage;

use sentence::{are, contents, import_sentence, titles};
pub use shortage::{LeftOut, Shortage};

/// Why a command was refused: a sentence for people, and a stable [`Refusal::code`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// The actor may not (R1).
    #[error("your role does not include the permission {}", .0.code())]
    Forbidden(Permission),
    /// The actor's rights end at a folder (R1); its path.
    #[error("this reaches beyond the folder {0}, to which your rights are limited")]
    OutsideYourFolder(String),
    /// Only a license manager's rights can end at a folder (R1).
    #[error("only a license manager can be limited to a folder, and the role {0} can't")]
    NotLimitable(Role),
    /// There is no such user.
    #[error("there is no such user")]
    UnknownUser,
    /// There is no such product.
    #[error("there is no product {0:?}")]
    UnknownProduct(String),
    /// There is no such license.
    #[error("there is no such license")]
    UnknownLicense,
    /// There is no such folder.
    #[error("there is no such folder")]
    UnknownFolder,
    /// There is no such session.
    #[error("there is no such session")]
    UnknownSession,
    /// There is no such trusted key.
    #[error("no issuer's key {} is trusted", crate::names::quoted(.0))]
    UnknownIssuer(String),
    /// The key that should introduce another is not believed at that time.
    #[error("the key of {0} is not in force: its period is over, or has not begun")]
    KeyNotInForce(Title),
    /// A key that was distrusted comes back only by hand.
    #[error("the key {0:?} was distrusted here; only a person can trust it again, no document")]
    KeyDistrusted(String),
    /// The key is that of another issuer, or not one that can be introduced.
    #[error("the key {key:?} can't be introduced: {why}")]
    CannotIntroduce {
        /// The new key.
        key: String,
        /// Why not.
        why: &'static str,
    },
    /// A key that is believed at no time.
    #[error("the end of the key's period must be after its beginning")]
    EmptyPeriod,
    /// There is no such token.
    #[error("there is no such token")]
    UnknownToken,
    /// The username is taken, compared without case.
    #[error("the username {0:?} is taken")]
    UsernameTaken(String),
    /// The folder name is taken among its siblings, compared without case.
    #[error("there is a folder {0:?} there already")]
    FolderNameTaken(String),
    /// Somebody else changed it in between.
    #[error("it was changed in between: version {given} was meant, it is at version {actual}")]
    VersionMismatch {
        /// The version that was meant.
        given: u32,
        /// The version that it has.
        actual: u32,
    },
    /// The root can't be renamed, moved or deleted.
    #[error("the root folder can't be renamed, moved or deleted")]
    RootFolder,
    /// The move would put a folder below itself (P3).
    #[error("the folder can't be moved below itself")]
    FolderCycle,
    /// The tree would be too deep.
    #[error("folders can be nested {most} deep at most")]
    FolderTooDeep {
        /// The limit.
        most: usize,
    },
    /// Only empty folders can be deleted (P3).
    #[error("the folder is not empty: {} in it", contents(*users, *pools, *folders))]
    FolderNotEmpty {
        /// Which.
        folder: FolderId,
        /// Users in it.
        users: u64,
        /// Pools in it.
        pools: u64,
        /// Folders in it.
        folders: u64,
    },
    /// A folder to which somebody's rights are limited stays (P3, R1); who that is.
    #[error(
        "{} limited to this folder: give them another one first, so that their rights do not end nowhere", are(.0)
    )]
    FolderIsALimit(Vec<String>),
    /// The file as a whole was refused because of some of its licenses (I1).
    #[error("{}", import_sentence(.0))]
    ImportRefused(Vec<ImportAnswer>),
    /// The document is for another company (L5).
    #[error("the file is for the company id {theirs:?}, this installation's is {ours:?}")]
    WrongCompany {
        /// The document's.
        theirs: String,
        /// Ours.
        ours: String,
    },
    /// A request is for another company than ours (I4, L5).
    #[error(
        "this installation belongs to the company id {ours:?}, not to {given:?}: change the policy first if that is wrong"
    )]
    OtherCompany {
        /// What was given.
        given: String,
        /// Ours.
        ours: String,
    },
    /// A request needs a company id, and none was ever given (I4).
    #[error("no company id is known here yet: give the one that the issuer gave you")]
    CompanyMissing,
    /// A request tells of one issuer's licenses only (I4).
    #[error("licenses of several issuers are here ({}): say whose are meant", titles(.0))]
    WhichIssuer(Vec<Title>),
    /// A response answers no request that was made here (I4).
    #[error("the response answers a request that this installation has not made")]
    UnknownRequest,
    /// A response is taken once (I4).
    #[error("the response to this request was taken in before; each is taken once")]
    ResponseReplayed,
    /// A response is signed by another issuer than was asked (I4).
    #[error("{asked} was asked, and the response is signed by {answered}")]
    AnotherIssuer {
        /// Whose licenses the request was about.
        asked: String,
        /// Whose key signed the response.
        answered: String,
    },
    /// The license may be removed only once expired (L6).
    #[error("the license {0} can be removed only after it has expired")]
    NotRemovable(Serial),
    /// What was typed is not what must be typed (L7).
    #[error("to delete all licenses, type exactly: {expected}")]
    ConfirmationMismatch {
        /// What must be typed.
        expected: &'static str,
    },
    /// Both licenses of a replacement must be of one product and model (L10).
    #[error("{new} can't replace {old}: {why}")]
    CannotReplace {
        /// The one that should go.
        old: Serial,
        /// The one that should come.
        new: Serial,
        /// Why not.
        why: &'static str,
    },
    /// No license is named that should go, or none that should come (L10).
    #[error(
        "nothing to replace: name the licenses that go and those that come; a new license that says what it replaces names none that is here"
    )]
    NothingToReplace,
    /// The new licenses have too few seats (L10).
    #[error("{0}")]
    TooFewSeats(Box<Shortage>),
    /// There is no such replacement, or it is too long ago to be known.
    #[error("there is no such replacement")]
    UnknownReplacement,
    /// The replacement was undone before (L10).
    #[error("the replacement was undone already")]
    AlreadyUndone,
    /// A replacement can be undone for a day (L10).
    #[error("a replacement can be undone for 24 hours, and this one is older")]
    TooLateToUndo,
    /// What came was replaced itself since; that must be undone first (L10).
    #[error("{0} was replaced itself since then: undo that replacement first")]
    ReplacedSince(Serial),
    /// What this job does is not undone by a job (S7).
    #[error("this job can't be undone: {0}")]
    JobNotUndoable(&'static str),
    /// A preview, or a job that came to nothing (S7).
    #[error("the job changed nothing, so there is nothing to undo")]
    NothingToUndo,
    /// A job is undone after its end (S7).
    #[error("the job is still at work: stop it, or wait for its end, and undo it then")]
    JobRunning,
    /// A job is undone once (S7).
    #[error("the job was undone already, by the job {0}")]
    JobUndone(JobId),
    /// A job can be undone for a week (S7).
    #[error(
        "a job can be undone for 7 days after its end; what this one changed is not known any more"
    )]
    TooLateToUndoJob,
    /// There is no agreement to accept (L8).
    #[error("the license {0} has no agreement")]
    NoAgreement(Serial),
    /// Seats that are not there, or not free, can't be moved (P1).
    #[error("{wanted} free seats can't be moved: {free} are free in that folder")]
    NotEnoughFreeSeats {
        /// How many should move.
        wanted: u32,
        /// How many are free.
        free: u32,
    },
    /// Nothing to move.
    #[error("at least one seat must be moved")]
    NothingToMove,
    /// Site licenses have no seats.
    #[error("the license {0} is a site license and has no seats")]
    NoSeats(Serial),
    /// Only dedicated seats are assigned (S9, A8).
    #[error(
        "the license {serial} is a {} license: nobody is assigned a seat of it, so there is nothing to auto-assign",
        model.code()
    )]
    NoAutoAssign {
        /// Which.
        serial: Serial,
        /// Its model.
        model: Model,
    },
    /// The person holds no seat of that license.
    #[error("the user holds no seat of the license {0}")]
    NotHeld(Serial),
    /// An unbacked seat can't be moved.
    #[error("the seat is unbacked: there is no unit of the license to move")]
    SeatUnbacked,
    /// The session is over, or its seat was taken from it (H5).
    #[error("the session is over ({0}): sign in again")]
    SessionOver(EndReason),
    /// The policy lets nobody borrow (H5).
    #[error("borrowing is off: the policy's borrow_days is 0")]
    BorrowingOff,
    /// A loan ends in the future (H5).
    #[error("the moment until which to borrow is not ahead")]
    BorrowNotAhead,
    /// Longer than the policy allows (H5).
    #[error("a seat can be borrowed for {days} days at most")]
    BorrowTooLong {
        /// The policy's limit.
        days: u16,
    },
    /// What was signed can't be shortened, only returned (H5).
    #[error("it is borrowed for longer already: return it to end that early")]
    BorrowedForLonger,
    /// A loan ends with its license at the latest (H5).
    #[error("the license {0} ends before that: a seat of it can't be borrowed beyond its end")]
    BorrowBeyondLicense(Serial),
    /// As many are out as may be (H5).
    #[error(
        "the policy borrow_at_most lets {most} seats of a product be borrowed at once, and so many are"
    )]
    TooManyBorrowed {
        /// The policy's limit.
        most: u32,
    },
    /// Nothing that can go offline (H5).
    #[error("the seat can't be borrowed: {0}")]
    NotBorrowable(&'static str),
    /// An account can't go while a seat that it borrowed is out (H5).
    #[error(
        "{0} has a borrowed seat, which is held until the loan ends or it is returned: deactivate the account until then"
    )]
    SeatBorrowed(Username),
    /// Whoever is not active gets no seat back (S8).
    #[error("{0} is not active and gets no seat back: activate the account first")]
    UserInactive(Username),
    /// The policy's values can't be used.
    #[error("the policy can't be used: {0}")]
    InvalidPolicy(String),
    /// An account can't be linked to itself.
    #[error("the two accounts are one person already")]
    AlreadyLinked,
    /// The account has a person of its own already.
    #[error("the account is not linked to another")]
    NotLinked,
    /// There is no such account of the console.
    #[error("there is no such account")]
    UnknownAccount,
    /// A one-time link works once, for some days, and only the latest of an account.
    #[error("this link was used, is over, or was replaced by another; ask for a new one")]
    InvitationOver,
    /// The first account can be made only once.
    #[error("there are accounts already; sign in, or ask an administrator for an account")]
    AlreadySetUp,
    /// Somebody must be left who may manage settings.
    #[error(
        "this is the last active administrator; make another one first, so that somebody can \
         still manage settings"
    )]
    LastAdministrator,
    /// An account is for a person; that role is for programs.
    #[error("an account can't have the role {0}; it is for programs")]
    NotAnAccountRole(Role),
    /// The password can't be used.
    #[error("{0}")]
    BadPassword(&'static str),
}

impl Refusal {
    /// The stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::OutsideYourFolder(_) => "outside_your_folder",
            Self::NotLimitable(_) => "not_limitable",
            Self::UnknownUser => "unknown_user",
            Self::UnknownProduct(_) => "unknown_product",
            Self::UnknownLicense => "unknown_license",
            Self::UnknownFolder => "unknown_folder",
            Self::UnknownSession => "unknown_session",
            Self::UnknownIssuer(_) => "unknown_issuer",
            Self::KeyNotInForce(_) => "key_not_in_force",
            Self::KeyDistrusted(_) => "key_distrusted",
            Self::CannotIntroduce { .. } => "cannot_introduce",
            Self::EmptyPeriod => "empty_period",
            Self::UnknownToken => "unknown_token",
            Self::UsernameTaken(_) => "username_taken",
            Self::FolderNameTaken(_) => "folder_name_taken",
            Self::VersionMismatch { .. } => "version_mismatch",
            Self::RootFolder => "root_folder",
            Self::FolderCycle => "folder_cycle",
            Self::FolderTooDeep { .. } => "folder_too_deep",
            Self::FolderNotEmpty { .. } => "folder_not_empty",
            Self::FolderIsALimit(_) => "folder_is_a_limit",
            Self::ImportRefused(_) => "import_refused",
            Self::WrongCompany { .. } => "wrong_company",
            Self::OtherCompany { .. } => "other_company",
            Self::CompanyMissing => "company_missing",
            Self::WhichIssuer(_) => "issuer_ambiguous",
            Self::UnknownRequest => "unknown_request",
            Self::ResponseReplayed => "response_replayed",
            Self::AnotherIssuer { .. } => "another_issuer",
            Self::NotRemovable(_) => "not_removable",
            Self::ConfirmationMismatch { .. } => "confirmation_mismatch",
            Self::CannotReplace { .. } => "cannot_replace",
            Self::NothingToReplace => "nothing_to_replace",
            Self::TooFewSeats(_) => "too_few_seats",
            Self::UnknownReplacement => "unknown_replacement",
            Self::AlreadyUndone => "already_undone",
            Self::TooLateToUndo => "too_late_to_undo",
            Self::ReplacedSince(_) => "replaced_since",
            Self::JobNotUndoable(_) => "job_not_undoable",
            Self::NothingToUndo => "nothing_to_undo",
            Self::JobRunning => "job_running",
            Self::JobUndone(_) => "job_undone",
            Self::TooLateToUndoJob => "too_late_to_undo_job",
            Self::NoAgreement(_) => "no_agreement",
            Self::NotEnoughFreeSeats { .. } => "not_enough_free_seats",
            Self::NothingToMove => "nothing_to_move",
            Self::NoSeats(_) => "no_seats",
            Self::NoAutoAssign { .. } => "no_auto_assign",
            Self::NotHeld(_) => "not_held",
            Self::SeatUnbacked => "seat_unbacked",
            Self::SessionOver(_) => "session_over",
            Self::BorrowingOff => "borrowing_off",
            Self::BorrowNotAhead => "borrow_not_ahead",
            Self::BorrowTooLong { .. } => "borrow_too_long",
            Self::BorrowedForLonger => "borrowed_for_longer",
            Self::BorrowBeyondLicense(_) => "borrow_beyond_license",
            Self::TooManyBorrowed { .. } => "too_many_borrowed",
            Self::NotBorrowable(_) => "not_borrowable",
            Self::SeatBorrowed(_) => "seat_borrowed",
            Self::UserInactive(_) => "user_inactive",
            Self::InvalidPolicy(_) => "invalid_policy",
            Self::AlreadyLinked => "already_linked",
            Self::NotLinked => "not_linked",
            Self::UnknownAccount => "unknown_account",
            Self::InvitationOver => "invitation_over",
            Self::AlreadySetUp => "already_set_up",
            Self::LastAdministrator => "last_administrator",
            Self::NotAnAccountRole(_) => "not_an_account_role",
            Self::BadPassword(_) => "bad_password",
        }
    }
}

//! What can be commanded. Texts are already checked; ids may still point nowhere.

mod parts;
mod rights;

use crate::account::{AccountPatch, NewAccount, PasswordHash};
use crate::actor::{Reach, Role};
use crate::ids::{
    AccountId, FolderId, LicenseId, ProductId, ReplacementId, RequestId, SessionId, TokenId, UserId,
};
use crate::issuer::{IssuerKind, Period};
use crate::license::AutoAssign;
use crate::names::{ClientName, CompanyId, FolderName, ProductCode, Title, TokenName, Username};
use crate::policy::Policy;
use crate::refresh::{ServiceUrl, Word};
use crate::request::ProductVersion;
use crate::seat::Source;
use crate::session::{Ask, EndReason};
use crate::time::Timestamp;
use crate::undo::Change;

pub use parts::{
    FolderRef, Holder, Introduction, NewLicense, NewUser, Target, UserPatch, UserRef, Withdrawal,
};

/// Everything that can be commanded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// A user asks to work in a product (A1 to A9).
    SignIn {
        /// Who.
        user: Username,
        /// In what.
        product: ProductCode,
        /// With what.
        ask: Ask,
        /// From where.
        client: Option<ClientName>,
    },
    /// The application is still there (H1, H3, H6).
    Heartbeat(SessionId),
    /// End a session: sign-out, or an administrator. Harmless twice (H3).
    EndSession {
        /// Which.
        session: SessionId,
        /// `SignedOut` or `EndedByAdministrator`.
        reason: EndReason,
    },
    /// Take a session's seat offline until a moment (H5).
    Borrow {
        /// Which.
        session: SessionId,
        /// Until when (exclusive).
        until: Timestamp,
    },
    /// Give a borrowed seat back before its time (H5).
    ReturnBorrowed(SessionId),
    /// Write down that sessions of a product lapsed, up to this many (H2).
    Reclaim {
        /// The product.
        product: ProductId,
        /// How many at most.
        at_most: u32,
    },
    /// Give a user a dedicated seat (S3).
    Grant {
        /// Whom.
        user: UserRef,
        /// Of what.
        target: Target,
        /// Where the assignment comes from (S11).
        source: Source,
    },
    /// Take dedicated seats from a user (S4, S10, S11).
    Recall {
        /// From whom.
        user: UserRef,
        /// Of what.
        target: Target,
        /// Only this source; none: whatever the source.
        source: Option<Source>,
        /// End the sessions at once.
        now: bool,
    },
    /// Keep a seat that is being released (S4).
    CancelRelease {
        /// Whose.
        user: UserRef,
        /// On which license.
        license: LicenseId,
    },
    /// Take in the licenses of verified documents, all or none (L3 to L5, I1).
    ImportLicenses {
        /// The licenses.
        licenses: Vec<NewLicense>,
        /// The company ids in the documents.
        customers: Vec<CompanyId>,
        /// Where new seats stand.
        folder: FolderId,
    },
    /// Make a request to an issuer (I4).
    RequestLicenses {
        /// Our company id; none: the one that is remembered.
        company: Option<CompanyId>,
        /// The version that will run here.
        version: ProductVersion,
        /// Whose licenses are meant; none: those of the only issuer there is.
        issuer: Option<Title>,
    },
    /// Take in the response to a request, all of it or nothing, once (I4).
    TakeResponse {
        /// The request that it answers.
        request: RequestId,
        /// The issuer's name, as its key is trusted.
        issuer: Title,
        /// The id of the key that signed it.
        key: String,
        /// The company id in it.
        company: CompanyId,
        /// Licenses that come or change.
        licenses: Vec<NewLicense>,
        /// Licenses that are taken back.
        withdrawn: Vec<Withdrawal>,
        /// Where new seats stand.
        folder: FolderId,
    },
    /// Remove a license (L6, L7, L9).
    RemoveLicense(LicenseId),
    /// Remove every expired license (L7).
    RemoveExpired,
    /// Remove every license, end every session, free every seat (L7).
    DeleteAll {
        /// What was typed; must be [`Command::DELETE_ALL_CONFIRMATION`].
        confirmation: String,
    },
    /// Withdraw a license on its issuer's word (L9).
    RevokeLicense(LicenseId),
    /// Carry every holder and folder over to other licenses (L10).
    ReplaceLicenses {
        /// Those that go; when none is named, those that the new ones say they replace.
        old: Vec<LicenseId>,
        /// Those that come, the first to be filled first.
        new: Vec<LicenseId>,
        /// Whether to do what fits where not everyone does.
        partly: bool,
    },
    /// Give holders their old seats back after a replacement (L10).
    UndoReplacement(ReplacementId),
    /// Accept a license's agreement (L8).
    AcceptAgreement(LicenseId),
    /// Change when seats are given without a hand (S9).
    SetAutoAssign {
        /// On which license.
        license: LicenseId,
        /// To what.
        auto_assign: AutoAssign,
        /// The version that is meant.
        version: Option<u32>,
    },
    /// Move free seats of a license to another folder (P1).
    MoveSeats {
        /// Of which license.
        license: LicenseId,
        /// From where.
        from: FolderId,
        /// To where.
        to: FolderId,
        /// How many.
        count: u32,
    },
    /// Move a person's occupied seat to another folder (P1).
    MoveSeat {
        /// Whose.
        user: UserRef,
        /// Of which license.
        license: LicenseId,
        /// To where.
        to: FolderId,
    },
    /// Make a folder.
    CreateFolder {
        /// In what.
        parent: FolderId,
        /// Its name.
        name: FolderName,
    },
    /// Make what is missing of a path of folders, from the root down, all of it or nothing.
    EnsureFolder(Vec<FolderName>),
    /// Rename or move a folder (P3).
    UpdateFolder {
        /// Which.
        folder: FolderId,
        /// Its new name.
        name: Option<FolderName>,
        /// Its new parent.
        parent: Option<FolderId>,
        /// The version that is meant.
        version: Option<u32>,
    },
    /// Delete an empty folder (P3).
    DeleteFolder(FolderId),
    /// Make an account (S9 `new_users`).
    CreateUser(NewUser),
    /// Change the account with this username; if there is none, make it: active and in the
    /// root, unless the patch says otherwise.
    PutUser {
        /// Whose; written so from now on.
        username: Username,
        /// What; its own username does not count.
        patch: UserPatch,
    },
    /// Change an account.
    UpdateUser {
        /// Which.
        user: UserId,
        /// What.
        patch: UserPatch,
        /// The version that is meant.
        version: Option<u32>,
    },
    /// Take back what a job changed of an account (S7).
    TakeBack(Change),
    /// Delete an account (S8).
    DeleteUser(UserId),
    /// Link an account to the person of another (S12).
    LinkUser {
        /// The account that joins.
        user: UserId,
        /// An account of the person that it joins.
        with: UserId,
    },
    /// Give an account a person of its own again (S12).
    UnlinkUser(UserId),
    /// Change the policy.
    SetPolicy {
        /// All of it.
        policy: Policy,
        /// The version that is meant.
        version: Option<u32>,
    },
    /// Trust an issuer's key (L3).
    TrustIssuer {
        /// The key's id.
        key: String,
        /// The issuer's name.
        name: Title,
        /// What the key signs.
        kind: IssuerKind,
        /// The public key, base64url.
        public_key: String,
        /// When its signatures are believed; none: as it was, and always where the key is new.
        period: Option<Period>,
    },
    /// Trust a further key of an issuer, on the word of one that is trusted (L3).
    IntroduceIssuer(Introduction),
    /// Trust an issuer's key no longer.
    DistrustIssuer {
        /// The key's id.
        key: String,
        /// Whether the licenses that it signed are withdrawn with it.
        withdraw: bool,
    },
    /// Make a token.
    CreateToken {
        /// Its name.
        name: TokenName,
        /// What it may do.
        role: Role,
        /// How far that goes.
        reach: Reach,
        /// SHA-256 of its secret, lower-case hexadecimal.
        hash: String,
        /// From when it does not work any more.
        expires_at: Option<Timestamp>,
    },
    /// Revoke a token.
    RevokeToken(TokenId),
    /// Put on record that a backup was taken (R3).
    NoteBackup {
        /// How long its file is.
        bytes: u64,
    },
    /// Take the word of a license's service (I3).
    TakeRefresh {
        /// Of which license.
        license: LicenseId,
        /// What was said.
        word: Word,
    },
    /// Say where the license service of an issuer is (I2, I3).
    SetLicenseService {
        /// Whose, by name.
        issuer: Title,
        /// Where; nowhere when absent.
        url: Option<ServiceUrl>,
    },
    /// Make an account of the console (R1).
    CreateAccount {
        /// What it is to be.
        account: NewAccount,
        /// Only while there is none: the first administrator.
        first: bool,
    },
    /// Change an account of the console.
    UpdateAccount {
        /// Which.
        account: AccountId,
        /// What.
        patch: AccountPatch,
        /// The version that is meant.
        version: Option<u32>,
    },
    /// Choose the password of an account by its one-time link, whose code was right; in the
    /// account's own name.
    ChoosePassword {
        /// Whose.
        account: AccountId,
        /// The password, hashed.
        password: PasswordHash,
        /// The version of the account when its code was looked at: a link works once.
        version: u32,
    },
    /// Delete an account of the console.
    DeleteAccount(AccountId),
    /// Note that an account, whose password was right, signed in to the console.
    OpenConsole {
        /// Which.
        account: AccountId,
        /// SHA-256 of the sign-in's secret, lower-case hexadecimal.
        hash: String,
        /// From which address.
        from: Option<String>,
    },
    /// End a sign-in to the console, named by the hash of its secret.
    CloseConsole(String),
}

impl Command {
    /// What must be typed to remove everything (L7).
    pub const DELETE_ALL_CONFIRMATION: &str = "delete all licenses";
}

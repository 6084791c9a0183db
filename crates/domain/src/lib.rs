//! The rules of Seatkeeper, pure: state and a command in, a decision with its events out.
//!
//! No I/O, no async, no clock, no randomness: the time and the seed of new ids come in
//! with the [`Context`]. Everything that decides goes through [`decide()`], which works on a
//! [`WorkingSet`]: the rows that a batch of commands touches. What the set does not hold,
//! the decision asks for by a [`Need`]; the store loads it and the decision is made again.
//! A refused command changes nothing; a dry run is a decision on a set that is thrown away.
//!
//! To add a behavior: a variant of [`Command`] and of [`Outcome`], a function in the module
//! of `decide` that owns the matter, and a test that names the rule.

pub mod account;
pub mod actor;
pub mod coming;
pub mod command;
pub mod decide;
pub mod denial;
pub mod event;
pub mod folder;
pub mod ids;
pub mod issuer;
pub mod license;
pub mod names;
pub mod outcome;
pub mod policy;
pub mod pool;
pub mod product;
pub mod refresh;
pub mod refusal;
pub mod replacement;
pub mod request;
pub mod seat;
pub mod session;
pub mod set;
pub mod time;
pub mod undo;
pub mod usage;
pub mod user;

pub use account::{Account, AccountPatch, AccountSession, NewAccount, PasswordHash};
pub use actor::{Actor, Permission, Reach, Role};
pub use command::{Command, Target, UserRef};
pub use decide::{Context, Stop, decide, decide_noting, foresee};
pub use denial::{Denial, DenialCode};
pub use event::{Event, EventKind};
pub use folder::Folder;
pub use ids::{
    AccountId, FolderId, Ids, JobId, LicenseId, PersonId, PoolId, ProductId, ReplacementId,
    RequestId, SeatId, SessionId, TokenId, UserId,
};
pub use issuer::{Issuer, IssuerKind, Period, Standing};
pub use license::{
    AccessLevel, AutoAssign, CountedBy, License, Model, Modules, Removable, State, Terms,
};
pub use names::{
    Email, FolderName, LicenseRef, ModuleCode, NameError, PersonName, ProductCode, Serial, Username,
};
pub use outcome::Outcome;
pub use policy::Policy;
pub use pool::Pool;
pub use product::Product;
pub use refusal::Refusal;
pub use replacement::Replacement;
pub use request::{LicenseRequest, ProductVersion};
pub use seat::{Seat, Source, Sources};
pub use session::{Ask, EndReason, Loan, Session, Via};
pub use set::{Changes, Need, WorkingSet};
pub use time::{Millis, Timestamp};
pub use user::User;

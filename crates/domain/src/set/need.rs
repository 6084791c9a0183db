//! What a decision lacks, for the store to load.

use crate::ids::{
    FolderId, LicenseId, PersonId, PoolId, ProductId, ReplacementId, RequestId, SessionId, TokenId,
    UserId,
};
use crate::license::Model;

/// Something the working set does not hold. The store answers each with the `provide_*`
/// method of [`super::WorkingSet`] that its description names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Need {
    /// The account; `provide_user`.
    User(UserId),
    /// The account with this folded username; `provide_username`.
    Username(String),
    /// All accounts of a person; `provide_accounts`.
    Accounts(PersonId),
    /// The product; `provide_product`.
    Product(ProductId),
    /// The product with this folded code; `provide_product_code`.
    ProductCode(String),
    /// The folder; `provide_folder`.
    Folder(FolderId),
    /// The folder with this folded name in that parent; `provide_folder_name`.
    FolderName(FolderId, String),
    /// How much lies in a folder; `provide_folder_contents`.
    FolderContents(FolderId),
    /// The folders directly in a folder; `provide_folders_in`.
    FoldersIn(FolderId),
    /// The license; `provide_license`.
    License(LicenseId),
    /// The license with this id of its issuer's; `provide_license_ref`.
    LicenseRef(String),
    /// Every license of a product that was not removed; `provide_licenses_of`.
    LicensesOf(ProductId),
    /// The site licenses of a product that were not removed; `provide_site_licenses`.
    SiteLicenses(ProductId),
    /// The licenses that give seats to new accounts (S9); `provide_new_user_licenses`.
    NewUserLicenses,
    /// Every license that can be removed as expired; `provide_all_licenses`.
    AllLicenses,
    /// Every license that came with the key of this id and was not removed;
    /// `provide_licenses_of_key`.
    LicensesOfKey(String),
    /// The pool; `provide_pool`.
    Pool(PoolId),
    /// All pools of a license; `provide_pools_of`.
    PoolsOf(LicenseId),
    /// Pools of a product and model in a folder with free seats, in the order of [`super::Rank`],
    /// at least this many unless there are no more; `provide_open_pools`.
    OpenPools {
        /// The product.
        product: ProductId,
        /// Dedicated or floating.
        model: Model,
        /// The folder.
        folder: FolderId,
        /// How many are wanted.
        at_least: u32,
    },
    /// Seats and not-ended sessions of a person in a product; `provide_holding`.
    Holding(PersonId, ProductId),
    /// The products in which a person holds anything, and what; `provide_holdings_of`.
    HoldingsOf(PersonId),
    /// Everyone who holds a seat of a license, dedicated or floating, with their holdings;
    /// `provide_holders_of`.
    HoldersOf(LicenseId),
    /// The session; `provide_session`.
    Session(SessionId),
    /// Not-ended sessions of a product past their time-out, with their holdings, longest
    /// lapsed first, at least this many unless there are no more; `provide_lapsed`.
    Lapsed {
        /// The product.
        product: ProductId,
        /// How many are wanted.
        at_least: u32,
    },
    /// How many pools of a product are over-allocated; `provide_over_allocated`.
    OverAllocated(ProductId),
    /// Unbacked seats of a pool, longest held first, with their holdings, at least this many
    /// unless there are no more; `provide_unbacked`.
    Unbacked {
        /// The pool.
        pool: PoolId,
        /// How many are wanted.
        at_least: u32,
    },
    /// How many sessions of a product are borrowed now (H5); `provide_borrowed`.
    Borrowed(ProductId),
    /// The trusted key with this id; `provide_issuer`.
    Issuer(String),
    /// How the refreshing of a license stands; `provide_refresh`.
    Refresh(LicenseId),
    /// The license service of the issuer with this folded name; `provide_license_service`.
    LicenseService(String),
    /// The token; `provide_token`.
    Token(TokenId),
    /// The tokens whose rights end at a folder, revoked ones too; `provide_tokens_limited_to`.
    TokensLimitedTo(FolderId),
    /// The replacement with this id; `provide_replacement`.
    Replacement(ReplacementId),
    /// Every account of the console; `provide_console_accounts`.
    ConsoleAccounts,
    /// The sign-in to the console with this hash; `provide_console_session`.
    ConsoleSession(String),
    /// The request to an issuer with this id; `provide_request`.
    Request(RequestId),
    /// The names of the issuers of all licenses that were not removed; `provide_license_issuers`.
    LicenseIssuers,
    /// What a delete-all would take away, counted; `provide_totals`.
    Totals,
    /// Each of these, answered as it alone would be; never in one another.
    All(Vec<Need>),
}

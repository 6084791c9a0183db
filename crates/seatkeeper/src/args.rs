//! Arguments that several commands share.

use std::io::Read as _;
use std::path::Path;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use uuid::Uuid;
use wire::session::SignInRequest;
use wire::user::UserFilter;
use wire::{AccessLevel, AutoAssign, DenialCode, Model, Role, Source, State};

use crate::failure::Failure;

macro_rules! words {
    ($($name:ident: $type:ty;)*) => {$(
        /// Reads one of the type's words; help and errors list all of them.
        pub(crate) fn $name() -> impl TypedValueParser<Value = $type> {
            PossibleValuesParser::new(<$type>::ALL.iter().map(|word| word.code()))
                .try_map(|word| <$type>::from_code(&word).ok_or("not one of the words"))
        }
    )*};
}

words! {
    access: AccessLevel;
    auto_assign: AutoAssign;
    denial: DenialCode;
    license_sort: wire::license::LicenseSort;
    model: Model;
    role: Role;
    source: Source;
    state: State;
    user_sort: wire::user::UserSort;
}

/// Reads the role of an account of the console: any but the one of programs, which come with tokens.
pub(crate) fn account_role() -> impl TypedValueParser<Value = Role> {
    let roles = Role::ALL.iter().filter(|role| **role != Role::Application);
    PossibleValuesParser::new(roles.map(|role| role.code()))
        .try_map(|word| Role::from_code(&word).ok_or("not one of the words"))
}

/// Reads an id. Whoever types something else is told where ids are to be had.
pub(crate) fn id(
    whence: &'static str,
) -> impl Fn(&str) -> Result<Uuid, String> + Clone + Send + Sync + 'static {
    move |text| {
        text.parse()
            .map_err(|_| format!("{text:?} is not an id; {whence}"))
    }
}

/// Who asks for what.
#[derive(Debug, clap::Args)]
pub(crate) struct Asked {
    /// The username.
    #[arg(long, value_name = "USERNAME")]
    user: String,
    /// The product's code.
    #[arg(long, value_name = "CODE")]
    product: String,
    /// The lowest access level that will do; the best to be had when left out.
    #[arg(long, value_parser = access())]
    access: Option<AccessLevel>,
    /// A module that is needed; may be repeated.
    #[arg(long = "module", value_name = "CODE")]
    modules: Vec<String>,
}

impl Asked {
    /// As the API wants it.
    pub(crate) fn into_request(self, client: Option<String>) -> SignInRequest {
        SignInRequest {
            user: self.user,
            product: self.product,
            access: self.access,
            modules: self.modules,
            client,
        }
    }
}

/// Which users, of all.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Filter {
    /// Only who live in this folder: path or id.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// With --folder: also who live in folders below it.
    #[arg(long, requires = "folder")]
    below: bool,
    /// Only with this text in the username, the name or the address; among more than 10,000
    /// users only where one of them begins with it.
    #[arg(long, value_name = "TEXT")]
    search: Option<String>,
}

impl Filter {
    /// As the API wants it.
    pub(crate) fn into_wire(self) -> UserFilter {
        UserFilter {
            q: self.search,
            below: self.below.then_some(true),
            folder: self.folder,
            ..UserFilter::default()
        }
    }

    #[cfg(test)]
    pub(crate) fn of_folder(folder: &str) -> Self {
        Self {
            folder: Some(folder.to_owned()),
            ..Self::default()
        }
    }

    /// Whether nothing is said.
    pub(crate) fn is_empty(&self) -> bool {
        self.folder.is_none() && self.search.is_none()
    }
}

/// How many items to ask for at once when so many are wanted.
pub(crate) fn page_size(wanted: Option<usize>) -> u32 {
    let most = wire::page::MAX_LIMIT;
    wanted
        .and_then(|count| u32::try_from(count).ok())
        .map_or(most, |count| count.clamp(1, most))
}

/// Reads a file as a whole; `-` is stdin.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let read = if path.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(path)
    };
    read.map_err(|error| {
        let detail = format!("{} can't be read: {error}", path.display());
        Failure::input("file_unreadable", detail)
    })
}

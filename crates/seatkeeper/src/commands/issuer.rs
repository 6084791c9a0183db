//! `seatkeeper issuer`: whose licenses are taken (L3).

use std::path::PathBuf;

use license_file::key_file::PublicKeyFile;
use wire::issuer::{Issuer, TrustIssuerRequest};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, moment};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the trusted keys.
    List,
    /// Trust the key of an issuer from now on. Make sure first whose it is.
    Trust(Trust),
    /// Trust a key no longer. Licenses that came with it stay.
    Distrust(Distrust),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Trust {
    /// The issuer's public key file (.pub).
    #[arg(value_name = "PUB")]
    file: PathBuf,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Distrust {
    /// The key's id.
    kid: String,
}

impl Command {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        match self {
            Self::List => {
                let found = client.list_issuers()?.items;
                context.printer.list(&found, || table(&found));
            }
            Self::Trust(trust) => {
                let key = vendor::files::read_public_key(&trust.file)
                    .map_err(|error| Failure::input(error.code(), error.to_string()))?;
                let issuer = client.trust_issuer(&request(&key))?;
                context.printer.answer(&issuer, |issuer| {
                    format!("licenses of {} are taken (key {})", issuer.name, issuer.kid)
                });
            }
            Self::Distrust(distrust) => {
                client.distrust_issuer(&distrust.kid)?;
                context
                    .printer
                    .note(&format!("the key {} is not trusted any more", distrust.kid));
            }
        }
        Ok(Verdict::Done)
    }
}

fn request(file: &PublicKeyFile) -> TrustIssuerRequest {
    TrustIssuerRequest {
        name: file.name.clone(),
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        kid: Some(file.key.kid().to_owned()),
        x: file.key.to_base64url(),
    }
}

fn table(issuers: &[Issuer]) -> Table {
    Table::of(["name", "key", "trusted since"], issuers, |issuer| {
        [
            issuer.name.as_str().into(),
            issuer.kid.as_str().into(),
            moment(issuer.trusted_at),
        ]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_what_the_file_says() {
        let (_, public) = vendor::keys::keygen("Northwind Software").unwrap();
        let sent = serde_json::to_value(request(&public)).unwrap();
        let file: serde_json::Value = serde_json::from_str(&public.to_text()).unwrap();
        assert_eq!(sent, file);
    }
}

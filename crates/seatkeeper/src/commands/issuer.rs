//! `seatkeeper issuer`: whose licenses are taken (L3).

use std::path::PathBuf;

use client::Client;
use license_file::key_file::PublicKeyFile;
use license_file::keygen::key_from_hex;
use wire::issuer::{DistrustQuery, Distrusted, IntroduceRequest, Issuer, TrustIssuerRequest};
use wire::{IssuerKind, Standing, Time};

use crate::args::read_file;
use crate::commands::license::removal::{Serials, displaced_table};
use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::table::{Table, moment, plural};

/// The subcommands.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the trusted keys.
    List,
    /// Trust the key of an issuer from now on. Make sure first whose it is.
    Trust(Trust),
    /// Say where the license service of an issuer is: license keys are exchanged and licenses refreshed there.
    Service(Service),
    /// Trust a further key of an issuer, by a document that a trusted key of it signed.
    Introduce(Introduce),
    /// Trust a key no longer.
    Distrust(Distrust),
}

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("key").required(true))]
pub(crate) struct Trust {
    /// The issuer's public key file (.pub).
    #[arg(value_name = "PUB", group = "key")]
    file: Option<PathBuf>,
    /// Instead of a file: the public key of a vendor's Keygen account, 64 hexadecimal digits. Keygen's license files
    /// that it signs are taken from now on.
    #[arg(long, value_name = "HEX", group = "key", requires = "name")]
    keygen: Option<String>,
    /// With --keygen: whose account it is.
    #[arg(long, requires = "keygen")]
    name: Option<String>,
    /// From when the key's signatures are believed (RFC 3339).
    #[arg(long, value_name = "TIME")]
    valid_from: Option<Time>,
    /// From when they are not any more (RFC 3339).
    #[arg(long, value_name = "TIME")]
    valid_until: Option<Time>,
    /// The address of the issuer's license service.
    #[arg(long, value_name = "URL", conflicts_with = "keygen")]
    service: Option<String>,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
#[command(group = clap::ArgGroup::new("where").required(true))]
pub(crate) struct Service {
    /// The issuer's name, or the id of any key of it.
    #[arg(allow_hyphen_values = true)]
    issuer: String,
    /// The service's address.
    #[arg(id = "address", value_name = "URL", group = "where")]
    address: Option<String>,
    /// Forget it; licenses then come as files only.
    #[arg(long, group = "where")]
    none: bool,
}

impl Trust {
    fn request(self) -> Result<TrustIssuerRequest, Failure> {
        let request = match (&self.file, self.keygen) {
            (Some(file), _) => request(
                &vendor::files::read_public_key(file)
                    .map_err(|error| Failure::input(error.code(), error.to_string()))?,
            ),
            (None, hex) => TrustIssuerRequest {
                name: self.name.unwrap_or_default(),
                kty: "OKP".to_owned(),
                crv: "Ed25519".to_owned(),
                kid: None,
                x: keygen_key(&hex.unwrap_or_default())?,
                kind: Some(IssuerKind::Keygen),
                valid_from: None,
                valid_until: None,
            },
        };
        Ok(TrustIssuerRequest {
            valid_from: self.valid_from,
            valid_until: self.valid_until,
            ..request
        })
    }
}

/// The public key of a Keygen account, in base64url.
pub(crate) fn keygen_key(hex: &str) -> Result<String, Failure> {
    key_from_hex(hex).ok_or_else(|| {
        let detail = "the public key of a Keygen account has 64 hexadecimal digits; it is shown in the account's settings as the Ed25519 public key";
        Failure::input("invalid_key", detail)
    })
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Distrust {
    /// The key's id. One in 64 begins with a hyphen, and is an id all the same.
    #[arg(allow_hyphen_values = true)]
    kid: String,
    /// Withdraw the licenses that came with it, as when the key was stolen. Trusting it again gives them back.
    #[arg(long, conflicts_with = "keep_licenses")]
    withdraw_licenses: bool,
    /// Leave the licenses that came with it as they are.
    #[arg(long)]
    keep_licenses: bool,
    /// Only say what would happen; without --keep-licenses, what withdrawing its licenses would take away.
    #[arg(long)]
    dry_run: bool,
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Introduce {
    /// The document that the issuer sent; `-` is stdin.
    file: PathBuf,
}

impl Distrust {
    fn run(self, client: &Client, context: &mut Context) -> Result<Verdict, Failure> {
        let query = |withdraw, dry_run| DistrustQuery { withdraw, dry_run };
        let undecided = !self.withdraw_licenses && !self.keep_licenses;
        if self.dry_run || undecided {
            let withdraw = !self.keep_licenses;
            let would = client.distrust_issuer(&self.kid, &query(withdraw, true))?;
            if self.dry_run {
                show(client, &would, true, context);
                if self.keep_licenses {
                    let said = "the licenses that came with this key would stay";
                    context.printer.note(said);
                }
                return Ok(Verdict::Done);
            }
            if !would.withdrawn.is_empty() {
                let detail = format!(
                    "{} came with this key; nothing was changed",
                    plural(would.withdrawn.len(), "license", "licenses")
                );
                return Err(Failure::input("undecided", detail).hint(
                    "say --withdraw-licenses (--dry-run shows who loses what) or --keep-licenses",
                ));
            }
        }
        let gone = client.distrust_issuer(&self.kid, &query(self.withdraw_licenses, false))?;
        show(client, &gone, false, context);
        let said = format!("the key {} is not trusted any more", self.kid);
        context.printer.note(&said);
        Ok(Verdict::Done)
    }
}

fn show(client: &Client, gone: &Distrusted, dry_run: bool, context: &mut Context) {
    context.printer.show(gone, |printer| {
        let would = if dry_run { "would be " } else { "" };
        if dry_run || !gone.withdrawn.is_empty() {
            let count = plural(gone.withdrawn.len(), "license", "licenses");
            printer.line(&format!("{would}withdrawn: {count}"));
        }
        if !gone.displaced.is_empty() {
            let serials = Serials::of(client, &gone.displaced);
            printer.section("Affected:", displaced_table(&gone.displaced, &serials));
        }
        if !gone.introduced.is_empty() {
            printer.line(&format!(
                "still trusted, introduced by this key: {}",
                gone.introduced.join(", ")
            ));
        }
    });
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
                let service = trust.service.clone();
                let mut issuer = client.trust_issuer(&trust.request()?)?;
                if let Some(url) = &service {
                    issuer = client.set_issuer_service(&issuer.kid, Some(url))?;
                }
                trusted(&issuer, context);
            }
            Self::Service(service) => {
                let known = client.list_issuers()?.items;
                let kid = find(&known, &service.issuer)?;
                let issuer = client.set_issuer_service(kid, service.address.as_deref())?;
                context
                    .printer
                    .answer(&issuer, |issuer| match &issuer.service {
                        Some(url) => format!("the license service of {} is {url}", issuer.name),
                        None => format!("{} has no license service any more", issuer.name),
                    });
            }
            Self::Distrust(distrust) => {
                return distrust.run(&client, context);
            }
            Self::Introduce(introduce) => {
                let document = String::from_utf8_lossy(&read_file(&introduce.file)?).into_owned();
                let issuer = client.introduce_issuer(&IntroduceRequest { document })?;
                trusted(&issuer, context);
            }
        }
        Ok(Verdict::Done)
    }
}

fn trusted(issuer: &Issuer, context: &mut Context) {
    context.printer.answer(issuer, effect);
}

/// What it means that a key is trusted.
fn effect(issuer: &Issuer) -> String {
    let Issuer { kid, name, .. } = issuer;
    match out_of_force(issuer) {
        None => format!("licenses of {name} are taken (key {kid})"),
        Some(why) => format!(
            "the key {kid} of {name} is trusted, but {why}: no license that it signed is taken now"
        ),
    }
}

/// Why a key's signatures are not believed; nothing while they are.
pub(super) fn out_of_force(issuer: &Issuer) -> Option<String> {
    let on = |at: Option<Time>| at.map(|at| format!(" on {at}")).unwrap_or_default();
    match issuer.standing {
        Standing::NotBegun => Some(format!("its time begins{}", on(issuer.valid_from))),
        Standing::InForce => None,
        Standing::Over => Some(format!("its time ended{}", on(issuer.valid_until))),
    }
}

/// The id of a key of an issuer, by name or id.
fn find<'a>(issuers: &'a [Issuer], name_or_kid: &str) -> Result<&'a str, Failure> {
    let wanted = name_or_kid.to_lowercase();
    let is_meant =
        |issuer: &&Issuer| issuer.kid == name_or_kid || issuer.name.to_lowercase() == wanted;
    let found = issuers
        .iter()
        .find(is_meant)
        .map(|issuer| issuer.kid.as_str());
    found.ok_or_else(|| {
        let detail = format!("no key of an issuer {name_or_kid:?} is trusted");
        Failure::refused("unknown_issuer", detail)
    })
}

fn request(file: &PublicKeyFile) -> TrustIssuerRequest {
    TrustIssuerRequest {
        name: file.name.clone(),
        kty: "OKP".to_owned(),
        crv: "Ed25519".to_owned(),
        kid: Some(file.key.kid().to_owned()),
        x: file.key.to_base64url(),
        kind: None,
        valid_from: None,
        valid_until: None,
    }
}

fn table(issuers: &[Issuer]) -> Table {
    Table::of(
        [
            "name",
            "signs",
            "key",
            "trusted since",
            "from",
            "until",
            "license service",
        ],
        issuers,
        |issuer| {
            let signs = match issuer.kind {
                IssuerKind::Seatkeeper => "license files",
                IssuerKind::Keygen => "Keygen's files",
            };
            [
                issuer.name.as_str().into(),
                signs.into(),
                issuer.kid.as_str().into(),
                moment(issuer.trusted_at),
                moment(issuer.valid_from),
                moment(issuer.valid_until),
                issuer.service.as_deref().unwrap_or_default().into(),
            ]
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::license::samples;
    use clap::Parser as _;

    #[derive(clap::Parser)]
    struct Line {
        #[arg(short, global = true)]
        quiet: bool,
        #[command(subcommand)]
        command: Command,
    }

    fn parse(line: &str) -> Line {
        let words = std::iter::once("issuer").chain(line.split_whitespace());
        Line::try_parse_from(words).unwrap_or_else(|error| panic!("{line}: {error}"))
    }

    #[test]
    fn a_key_id_that_begins_with_a_hyphen_is_taken_as_it_is() {
        for id in ["-q3vT0x", "-_-", "--dry", "--9fWqLm"] {
            for line in [
                format!("distrust {id} --dry-run -q"),
                format!("distrust -q --dry-run {id}"),
            ] {
                let Line { quiet, command } = parse(&line);
                let Command::Distrust(distrust) = command else {
                    panic!("{line}")
                };
                assert_eq!(
                    (distrust.kid.as_str(), distrust.dry_run, quiet),
                    (id, true, true),
                    "{line}"
                );
            }
            for line in [
                format!("service {id} --none"),
                format!("service --none {id}"),
            ] {
                let Command::Service(service) = parse(&line).command else {
                    panic!("{line}")
                };
                assert_eq!(
                    (service.issuer.as_str(), service.none),
                    (id, true),
                    "{line}"
                );
            }
        }
    }

    #[test]
    fn l3_a_key_that_is_over_or_not_begun_is_not_said_to_work() {
        let said = |standing| effect(&samples::issuer("kid", standing));
        assert_eq!(
            said(Standing::InForce),
            "licenses of Northwind Software are taken (key kid)"
        );
        assert!(said(Standing::Over).contains("ended on 1970-01-01T00:00:06Z"));
        assert!(said(Standing::NotBegun).contains("begins on 1970-01-01T00:00:05Z"));
    }

    #[test]
    fn what_is_sent_is_what_the_file_says() {
        let (_, public) = vendor::keys::keygen("Northwind Software").unwrap();
        let sent = serde_json::to_value(request(&public)).unwrap();
        let file: serde_json::Value = serde_json::from_str(&public.to_text()).unwrap();
        assert_eq!(sent, file);
    }
}

//! The start: the store, the installation's identity, the keys to trust, the threads.

use std::sync::Arc;

use domain::names::Title;
use domain::{Actor, Command, Ids, IssuerKind, Policy, Timestamp};
use license_file::key_file::PublicKeyFile;
use store::{Store, StoreOptions, Transaction, Writer};
use uuid::Uuid;

use crate::decision::Bench;
use crate::error::StartError;
use crate::installation::{Age, Installation};
use crate::jobs::of_lost_server;
use crate::options::EngineOptions;
use crate::state::{Beginning, READERS, SHARED_READERS, Shared};
use crate::threads::Threads;
use crate::upkeep;
use crate::writer::Queue;

/// The name under which the store keeps the installation's id.
const INSTALLATION: &str = "installation";

/// The name under which a shared store keeps the installation's key file, so that the tokens of
/// one node are good at every other.
pub(crate) const INSTALLATION_KEY: &str = "installation_key";

/// Opens everything and starts the threads.
pub(crate) fn start(options: EngineOptions) -> Result<(Arc<Shared>, Threads), StartError> {
    let (store, mut writer) = Store::open(&StoreOptions {
        readers: match options.database {
            Some(_) => SHARED_READERS,
            None => READERS,
        },
        database: options.database.clone(),
        ..StoreOptions::new(&options.data)
    })?;
    let (installation, beginning) = prepare(&mut writer, &options)?;
    let shared = Arc::new(Shared::new(
        options.data.clone(),
        store,
        Queue::new(options.most_waiting),
        options.clock,
        installation,
        beginning,
    ));
    let threads = Threads::start(Arc::clone(&shared), writer, options.refreshes)?;
    Ok((shared, threads))
}

/// Makes what is missing and reads what is needed, in one transaction.
fn prepare(
    writer: &mut Writer,
    options: &EngineOptions,
) -> Result<(Installation, Beginning), StartError> {
    let mut transaction = writer.begin()?;
    let now = Timestamp::judged(options.clock.now(), transaction.latest_time()?);
    let (id, age) = match transaction.setting(INSTALLATION)? {
        Some(text) => {
            let id = Uuid::try_parse(&text).map_err(|_| StartError::Installation(text))?;
            (id, Age::Known)
        }
        None => {
            let id: Uuid = Ids::new(now, rand::random()).fresh();
            transaction.put_setting(INSTALLATION, &id.to_string())?;
            (id, Age::New)
        }
    };
    let node = Ids::new(now, rand::random()).fresh();
    let installation = if options.database.is_some() {
        let gone = now.minus(upkeep::GONE_AFTER);
        transaction.end_jobs_of_lost_nodes(now, gone, &of_lost_server)?;
        transaction.put_node(node, now, env!("CARGO_PKG_VERSION"))?;
        shared_installation(&mut transaction, options, id, age)?
    } else {
        transaction.end_running_jobs(now, &of_lost_server)?;
        Installation::open(&options.data, id, age)?
    };
    let policy = transaction.policy()?;
    let mut commands = Vec::new();
    for key in &options.trust {
        commands.push(trust(key)?);
    }
    if options.company.is_some() {
        let company = options.company.clone();
        commands.push(Command::SetPolicy {
            policy: Policy {
                company,
                ..policy.clone()
            },
            version: None,
        });
    }
    let mut bench = Bench::new(&mut transaction, policy, now);
    for command in &commands {
        // Harmless when it is so already.
        bench.decide(&Actor::system(), command, None)?;
    }
    let set = bench.set;
    transaction.save(&set.changes(), now)?;
    transaction.commit()?;
    let policy = set.policy().clone();
    Ok((
        installation,
        Beginning {
            policy,
            latest: now,
            line: Arc::clone(&options.line),
            node,
        },
    ))
}

/// The identity that all nodes share. A key file that lies in the data folder becomes it when
/// there is none yet, as when an installation moves to PostgreSQL.
fn shared_installation(
    transaction: &mut Transaction<'_>,
    options: &EngineOptions,
    id: Uuid,
    age: Age,
) -> Result<Installation, StartError> {
    if let Some(text) = transaction.setting(INSTALLATION_KEY)? {
        return Installation::parse(&text, id);
    }
    let text = Installation::key_text(&options.data, id, age)?;
    transaction.put_setting(INSTALLATION_KEY, &text)?;
    Installation::parse(&text, id)
}

fn trust(file: &PublicKeyFile) -> Result<Command, StartError> {
    Ok(Command::TrustIssuer {
        key: file.key.kid().to_owned(),
        name: Title::parse(&file.name)?,
        kind: IssuerKind::Seatkeeper,
        public_key: file.key.to_base64url(),
        period: None,
    })
}

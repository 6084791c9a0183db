//! Licenses are refreshed (I3): asked for together, judged one by one, by hand and by themselves.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::thread::Builder;
use std::time::Duration;

use domain::outcome::RefreshAnswer;
use domain::refresh::{Fault, LicenseService, Word};
use domain::{Actor, Command, License, LicenseId, Outcome, Refusal};
use license_file::exchange::{Answered, Held, MOST_LICENSES, REFRESH_PATH, Wish};
use line::Unreachable;

use super::aside::{self, Asked};
use super::line::{LineError, ServiceLine};
use super::speakers::Speakers;
use super::{sentence, signed};
use crate::error::EngineError;
use crate::intake;
use crate::state::Shared;

/// How often there is a look at what is due, and after how many looks again when one failed.
const TICK: Duration = Duration::from_secs(1);
const PAUSE: u32 = 60;

/// How many licenses are refreshed at once.
const AT_ONCE: u32 = 500;

/// Refreshes what is due, until the other end of `stop` is gone. Runs on a thread of its own: a service that is slow
/// must not hold up anything else.
pub(crate) fn run(shared: &Arc<Shared>, stop: &Receiver<()>) {
    let mut pause: u32 = 0;
    while stop.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        // Of several nodes one asks for all.
        if pause > 0 || !shared.nodes.does_upkeep() || shared.nodes.trouble().is_some() {
            pause = pause.saturating_sub(1);
            continue;
        }
        if !shared.nodes.does_upkeep() {
            continue;
        }
        match due(shared, stop) {
            Ok(()) | Err(EngineError::ShuttingDown) => {}
            Err(error) => {
                tracing::warn!(%error, "licenses could not be refreshed; it is tried again");
                pause = PAUSE;
            }
        }
    }
}

fn due(shared: &Shared, stop: &Receiver<()>) -> Result<(), EngineError> {
    let now = shared.now();
    let due = shared
        .store
        .read(|reader| reader.due_refreshes(now, AT_ONCE))?;
    if due.is_empty() {
        return Ok(());
    }
    let send = |url: &str, request: &str| interruptible(&shared.line, url, request, stop);
    for answer in refresh(shared, &Actor::system(), &due, Asked::WhenDue, &send)? {
        answer?;
    }
    Ok(())
}

/// Sends from a thread that is left behind when this server stops: a service that hangs must not keep it.
fn interruptible(
    line: &Arc<dyn ServiceLine>,
    url: &str,
    request: &str,
    stop: &Receiver<()>,
) -> Result<Vec<u8>, LineError> {
    let (answer, answered) = channel();
    let (line, url, request) = (Arc::clone(line), url.to_owned(), request.to_owned());
    let sender = Builder::new().name("license service".to_owned());
    let sending = sender.spawn(move || {
        // Whoever stopped in between does not need the answer.
        let _ = answer.send(line.send(&url, &request));
    });
    if let Err(error) = sending {
        let why = Unreachable::Other(format!("this machine has no thread for it ({error})"));
        return Err(LineError::Unreachable { why });
    }
    loop {
        match answered.recv_timeout(Duration::from_millis(50)) {
            Ok(reply) => return reply,
            Err(RecvTimeoutError::Timeout) if stop.try_recv() == Err(TryRecvError::Empty) => {}
            Err(RecvTimeoutError::Timeout) => return Err(LineError::Stopping),
            Err(RecvTimeoutError::Disconnected) => {
                let why = Unreachable::Other("asking was given up".to_owned());
                return Err(LineError::Unreachable { why });
            }
        }
    }
}

/// Refreshes these licenses now; or, when none are named, all whose issuer's service is known or that must be refreshed.
/// Must not be called from async code.
pub(crate) fn by_hand(
    shared: &Shared,
    actor: &Actor,
    named: &[LicenseId],
) -> Result<Vec<RefreshAnswer>, EngineError> {
    let asked = if named.is_empty() {
        Asked::WithOthers
    } else {
        Asked::ByName
    };
    let ids = if named.is_empty() {
        shared.store.read(|reader| {
            reader.limit_to(actor.reach);
            let services = reader.license_services()?;
            let mut ids = Vec::new();
            for id in reader.refreshable_licenses()? {
                let Some(found) = reader.find_license(id)? else {
                    continue;
                };
                let license = found.license;
                let issuer = license.issuer.key();
                let is_served = services.iter().any(|known| known.issuer.key() == issuer);
                if is_served || license.terms.revalidate_every.is_some() {
                    ids.push(id);
                }
            }
            Ok(ids)
        })?
    } else {
        refuse_out_of_reach(shared, actor, named)?;
        named.to_vec()
    };
    let send = |url: &str, request: &str| shared.line.send(url, request);
    refresh(shared, actor, &ids, asked, &send)?
        .into_iter()
        .collect()
}

/// Nobody learns by asking that there is what they don't see.
fn refuse_out_of_reach(
    shared: &Shared,
    actor: &Actor,
    named: &[LicenseId],
) -> Result<(), EngineError> {
    let missing = shared.store.read(|reader| {
        reader.limit_to(actor.reach);
        for id in named {
            if reader.find_license(*id)?.is_none() {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    if missing {
        return Err(Refusal::UnknownLicense.into());
    }
    Ok(())
}

type Send<'a> = dyn Fn(&str, &str) -> Result<Vec<u8>, LineError> + 'a;

/// Licenses of one issuer, and its service, if one is known.
#[derive(Default)]
struct Group {
    service: Option<LicenseService>,
    speakers: Speakers,
    licenses: Vec<License>,
}

fn refresh(
    shared: &Shared,
    actor: &Actor,
    ids: &[LicenseId],
    asked: Asked,
    send: &Send<'_>,
) -> Result<Vec<Result<RefreshAnswer, EngineError>>, EngineError> {
    let mut answers = Vec::with_capacity(ids.len());
    let internet = shared.policy().internet;
    for group in groups(shared, ids)? {
        for licenses in group.licenses.chunks(MOST_LICENSES) {
            let words = match &group.service {
                _ if !internet => all(licenses, Fault::InternetOff, INTERNET_OFF),
                None => all(licenses, Fault::NoService, NO_SERVICE),
                Some(service) => ask(shared, service, &group.speakers, licenses, send)?,
            };
            for (license, (id, word)) in licenses.iter().zip(words) {
                match aside::of(license, &word) {
                    Some(answer) if asked == Asked::ByName => answers.push(Ok(answer)),
                    Some(_) if asked == Asked::WithOthers => {}
                    _ => answers.extend(take(shared, actor, id, word)?),
                }
            }
        }
    }
    Ok(answers)
}

const INTERNET_OFF: &str =
    "the policy keeps this server off the internet; import a license file to renew it";
const NO_SERVICE: &str =
    "no license service of its issuer is known here; import a license file to renew it";

fn all(licenses: &[License], fault: Fault, detail: &str) -> Vec<(LicenseId, Word)> {
    let failed = || Word::Failed {
        fault,
        detail: detail.to_owned(),
    };
    licenses
        .iter()
        .map(|license| (license.id, failed()))
        .collect()
}

fn groups(shared: &Shared, ids: &[LicenseId]) -> Result<Vec<Group>, EngineError> {
    let found = shared.store.read(|reader| {
        let services = reader.license_services()?;
        let mut groups: BTreeMap<String, Group> = BTreeMap::new();
        for id in ids {
            let Some(found) = reader.find_license(*id)? else {
                return Ok(Err(Refusal::UnknownLicense));
            };
            let issuer = found.license.issuer.clone();
            let key = issuer.key();
            if !groups.contains_key(&key) {
                let service = services.iter().find(|known| known.issuer.key() == key);
                let group = Group {
                    service: service.cloned(),
                    speakers: Speakers::of(reader, &issuer, shared.now())?,
                    licenses: Vec::new(),
                };
                groups.insert(key.clone(), group);
            }
            groups.entry(key).or_default().licenses.push(found.license);
        }
        Ok(Ok(groups.into_values().collect()))
    })?;
    Ok(found?)
}

/// Asks a service of some licenses; one word for each.
fn ask(
    shared: &Shared,
    service: &LicenseService,
    speakers: &Speakers,
    licenses: &[License],
    send: &Send<'_>,
) -> Result<Vec<(LicenseId, Word)>, EngineError> {
    let held = licenses.iter().map(|license| Held {
        id: license.terms.reference.to_string(),
        revision: license.terms.revision,
    });
    let request = signed(shared, Wish::Refresh(held.collect()));
    let reply = send(&format!("{}{REFRESH_PATH}", service.url), &request);
    if reply == Err(LineError::Stopping) {
        return Err(EngineError::ShuttingDown);
    }
    let installation = &shared.installation.id_text;
    let answer = match speakers.understood(reply, &request, installation) {
        Ok((_, answer)) => answer,
        Err((fault, detail)) => return Ok(all(licenses, fault, &sentence(service, &detail))),
    };
    let mut words = Words::of(service);
    for answered in answer.licenses {
        words.note(answered, speakers, installation);
    }
    Ok(words.of_each(licenses))
}

/// What a service said, by the issuer's id of the license, folded.
struct Words<'a> {
    service: &'a LicenseService,
    said: BTreeMap<String, Word>,
    /// What is wrong with a document of which it can't be told whose it is.
    stray: Option<(Fault, String)>,
}

impl<'a> Words<'a> {
    const fn of(service: &'a LicenseService) -> Self {
        Self {
            service,
            said: BTreeMap::new(),
            stray: None,
        }
    }

    fn note(&mut self, answered: Answered, speakers: &Speakers, installation: &str) {
        let (id, word) = match answered {
            Answered::Current { id, revision } => (id, Word::Current { revision }),
            Answered::Withdrawn { id, revision, why } => (id, Word::Withdrawn { revision, why }),
            Answered::Unknown { id } => {
                let detail =
                    "it does not know this license, or did not issue it to this installation";
                (id, self.failed(Fault::NotKnown, detail))
            }
            Answered::Issued { document } => match renewed(&document, speakers, installation) {
                Ok(named) => named,
                Err(stray) => {
                    self.stray = Some(stray);
                    return;
                }
            },
            Answered::Offered { .. } => {
                let detail = "it offers a license that was not asked for";
                self.stray = Some((Fault::WrongAnswer, detail.to_owned()));
                return;
            }
        };
        self.said.insert(domain::names::fold(&id), word);
    }

    fn failed(&self, fault: Fault, detail: &str) -> Word {
        Word::Failed {
            fault,
            detail: sentence(self.service, detail),
        }
    }

    fn of_each(mut self, licenses: &[License]) -> Vec<(LicenseId, Word)> {
        let mut words = Vec::with_capacity(licenses.len());
        for license in licenses {
            let word = self.said.remove(&license.terms.reference.key());
            let word = word.unwrap_or_else(|| match &self.stray {
                Some((fault, detail)) => self.failed(*fault, detail),
                None => self.failed(Fault::WrongAnswer, "it said nothing of this license"),
            });
            words.push((license.id, word));
        }
        words
    }
}

/// The one license of a document, under the same rules as a file.
fn renewed(
    document: &str,
    speakers: &Speakers,
    installation: &str,
) -> Result<(String, Word), (Fault, String)> {
    let opened = speakers.opened(document, installation)?;
    let taken =
        intake::licenses(opened).map_err(|error| (Fault::Unacceptable, error.to_string()))?;
    let (mut licenses, customers) = taken;
    // A document is for one company at most.
    let customer = customers.into_iter().next();
    match (licenses.pop(), licenses.is_empty()) {
        (Some(license), true) => {
            let id = license.terms.reference.to_string();
            let license = Box::new(license);
            Ok((id, Word::Renewed { license, customer }))
        }
        _ => Err((
            Fault::WrongAnswer,
            "it sent a document of several licenses".to_owned(),
        )),
    }
}

/// Hands one word to the rules. Nothing is answered of a license that went in between.
fn take(
    shared: &Shared,
    actor: &Actor,
    license: LicenseId,
    word: Word,
) -> Result<Option<Result<RefreshAnswer, EngineError>>, EngineError> {
    let command = Command::TakeRefresh { license, word };
    let answer = shared.run_chunk(actor, vec![command])?.pop();
    Ok(match answer {
        Some(Ok(Outcome::Refreshed(answer))) => Some(Ok(answer)),
        Some(Ok(_)) | None => None,
        Some(Err(error)) => Some(Err(error)),
    })
}

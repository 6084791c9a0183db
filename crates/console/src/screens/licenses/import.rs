//! `/licenses/import`: files in, an account of each license, and only then the import (I1).
//!
//! Between the two the files travel in the page itself, with the license keys that open encrypted
//! ones: nothing lies around on the server.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use domain::FolderId;
use domain::Refusal;
use domain::command::FolderRef;
use domain::outcome::{Displaced, ImportAnswer, ImportCode};
use engine::{EngineError, Given, ImportError, Intake, LicenseKey};

use super::tree::{self, Branch};
use crate::app::App;
use crate::caller::{ManageLicenses, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields, SentFile};
use crate::page::{Answer, Flash, Section, Shell, Tone, framed, see_saying};
use crate::screens::first_steps::{self, FirstSteps};
use crate::texts::Texts;
use crate::ui::{Badge, Line};

#[derive(Template)]
#[template(path = "licenses/import.html")]
struct ImportPage {
    t: &'static Texts,
    shell: Shell,
    steps: Option<FirstSteps>,
    folders: Vec<Branch>,
    fault: Option<&'static str>,
    files: Vec<Looked>,
    /// The license keys that were given, for the next step; the server keeps none.
    keys: Vec<String>,
    /// Whether every file can be taken in.
    all_good: bool,
}

/// A file that was looked into.
struct Looked {
    name: String,
    content: String,
    refused: Option<String>,
    /// Whether it is refused because nobody trusts who signed it.
    untrusted: bool,
    /// Whether it is encrypted, and no license key that was given opens it.
    needs_key: bool,
    licenses: Vec<Seen>,
}

struct Seen {
    badge: Badge,
    serial: String,
    product: String,
    seats: u64,
    detail: Option<String>,
    loses: String,
    lines: Vec<Line>,
}

async fn form(
    me: &Signed<ManageLicenses>,
    app: &App,
    here: FolderId,
    fault: Option<&'static str>,
) -> Result<ImportPage, Fault> {
    let folders = app
        .ask(me, move |reader| tree::folders(reader, Some(here)))
        .await?;
    Ok(ImportPage {
        t: me.texts(),
        shell: me.shell(Section::Licenses),
        steps: first_steps::of(me, app).await?,
        folders,
        fault,
        files: Vec::new(),
        keys: Vec::new(),
        all_good: false,
    })
}

/// So many license keys are tried and sent along, the latest ones.
const MOST_KEYS: usize = 16;

/// The license keys that were given, each once.
fn keys(fields: &Fields) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    for key in fields.all("license_key").map(str::trim) {
        if !key.is_empty() && !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys.split_off(keys.len().saturating_sub(MOST_KEYS))
}

/// What opens encrypted files.
fn given(keys: &[String]) -> Given {
    Given {
        license_keys: keys.iter().map(|key| LicenseKey::new(key)).collect(),
        product: None,
    }
}

/// Files that the page of before had in it.
fn sent_again(fields: &Fields) -> Option<Vec<SentFile>> {
    let sent = fields.all("content").zip(fields.all("name"));
    let file = |(content, name): (&str, &str)| {
        Some(SentFile {
            name: name.to_owned(),
            content: STANDARD.decode(content).ok()?.into(),
        })
    };
    sent.map(file).collect()
}

/// Looks into one file, or takes it in.
async fn import(
    me: &Signed<ManageLicenses>,
    app: &App,
    file: Vec<u8>,
    (folder, keys): (FolderId, &[String]),
    dry_run: bool,
) -> Result<Vec<ImportAnswer>, ImportError> {
    let intake = Intake {
        files: vec![(None, file)],
        folder: Some(FolderRef::Id(folder)),
        given: given(keys),
    };
    let imported = app.engine.import_files(me.actor(), intake, dry_run, None);
    Ok(imported.await?.licenses)
}

/// The form.
pub(crate) async fn ask(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    asked: Asked,
) -> Answer {
    let page = form(&me, &app, asked.folder(), None).await?;
    Ok(framed(&page, &page.shell))
}

/// What the files would do.
pub(crate) async fn look(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let t = me.texts();
    let folder = fields.folder();
    let pasted = fields.filled("text").map(|text| SentFile {
        name: t.licenses.pasted.to_owned(),
        content: Bytes::copy_from_slice(text.as_bytes()),
    });
    let stale = || Fault::said(StatusCode::BAD_REQUEST, t.fault.stale_form);
    let again = sent_again(&fields).ok_or_else(stale)?;
    let keys = keys(&fields);
    let mut files = fields.into_files();
    files.extend(pasted);
    files.extend(again);
    let mut page = form(&me, &app, folder, None).await?;
    if files.is_empty() {
        page.fault = Some(t.licenses.nothing_sent);
        let mut response = framed(&page, &page.shell);
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(response);
    }
    for file in files {
        let content = file.content.to_vec();
        let answer = import(&me, &app, content, (folder, &keys), true).await;
        page.files.push(looked(&me, &app, file, answer).await?);
    }
    page.keys = keys;
    page.all_good = page.files.iter().all(|file| file.refused.is_none());
    Ok(framed(&page, &page.shell))
}

async fn looked(
    me: &Signed<ManageLicenses>,
    app: &App,
    file: SentFile,
    answer: Result<Vec<ImportAnswer>, ImportError>,
) -> Result<Looked, Fault> {
    let t = me.texts();
    let mut looked = Looked {
        name: file.name,
        content: STANDARD.encode(&file.content),
        refused: None,
        untrusted: false,
        needs_key: false,
        licenses: Vec::new(),
    };
    let answers = match answer {
        Ok(answers) => answers,
        Err(error) => {
            looked.untrusted = error.code() == "unknown_key";
            looked.needs_key = matches!(error.code(), "license_key_needed" | "wrong_license_key");
            looked.refused = Some(sentence(&error.to_string()));
            match error {
                ImportError::Engine(EngineError::Refused(Refusal::ImportRefused(answers))) => {
                    answers
                }
                ImportError::Engine(EngineError::Refused(_))
                | ImportError::File(_)
                | ImportError::Response(_)
                | ImportError::ResponseAmongOthers
                | ImportError::IsARequest
                | ImportError::Terms { .. } => Vec::new(),
                ImportError::Engine(error) => return Err(error.into()),
            }
        }
    };
    for answer in answers {
        let displaced = answer.displaced.clone();
        let names = app
            .ask(me, move |reader| names_of(reader, &displaced))
            .await?;
        looked.licenses.push(seen(t, answer, &names));
    }
    Ok(looked)
}

/// The usernames of those who are affected, in their order.
pub(crate) fn names_of(
    reader: &mut store::Reader<'_>,
    displaced: &[Displaced],
) -> Result<Vec<String>, store::StoreError> {
    displaced
        .iter()
        .map(|one| {
            let user = reader.find_user(one.holder.user)?;
            Ok(user.map_or_else(String::new, |user| user.username.as_str().to_owned()))
        })
        .collect()
}

/// What becomes of whom.
pub(crate) fn fates(t: &Texts, displaced: &[Displaced], names: &[String]) -> Vec<Line> {
    use domain::outcome::Fate;
    let lines = displaced.iter().zip(names).map(|(one, name)| Line {
        who: name.clone(),
        what: t.fate(one.fate).to_owned(),
        tone: match one.fate {
            Fate::Moved => Tone::Good,
            Fate::Releasing => Tone::Plain,
            Fate::Unbacked | Fate::LeftOut => Tone::Bad,
        },
    });
    lines.collect()
}

/// What became of a license, as a badge.
pub(super) fn came_to(t: &Texts, code: ImportCode) -> Badge {
    let (tone, word) = match code {
        ImportCode::Added => (Tone::Good, t.licenses.added),
        ImportCode::Updated => (Tone::Info, t.licenses.updated),
        ImportCode::Extended => (Tone::Info, t.licenses.extended),
        ImportCode::Shrunk => (Tone::Warn, t.licenses.shrunk),
        ImportCode::Withdrawn => (Tone::Bad, t.licenses.withdrawn),
        ImportCode::Unchanged => (Tone::Plain, t.licenses.unchanged),
        ImportCode::Refused => (Tone::Bad, t.licenses.refused),
    };
    Badge { tone, word }
}

fn seen(t: &'static Texts, answer: ImportAnswer, names: &[String]) -> Seen {
    Seen {
        badge: came_to(t, answer.code),
        serial: answer.serial.as_str().to_owned(),
        product: answer.product.as_str().to_owned(),
        seats: u64::from(answer.seats),
        detail: answer.detail.as_deref().map(sentence),
        loses: t.licenses.would_lose.n(answer.displaced.len()),
        lines: fates(t, &answer.displaced, names),
    }
}

/// The import itself, file by file; each whole or not at all.
pub(crate) async fn confirm(
    me: Signed<ManageLicenses>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let (folder, keys) = (fields.folder(), keys(&fields));
    let mut taken = 0;
    let mut licenses = Vec::new();
    for text in fields.all("content") {
        let Ok(file) = STANDARD.decode(text) else {
            return Err(Fault::said(
                StatusCode::BAD_REQUEST,
                me.texts().fault.stale_form,
            ));
        };
        let answers = import(&me, &app, file, (folder, &keys), false).await?;
        let is_new = |answer: &&ImportAnswer| answer.code != ImportCode::Unchanged;
        taken += answers.iter().filter(is_new).count();
        licenses.extend(answers.iter().filter_map(|answer| answer.license));
    }
    let t = me.texts();
    let mut text = match taken {
        0 => t.licenses.imported_none.to_owned(),
        taken => t.licenses.imported.n(taken),
    };
    let to = match first_steps::awaiting(&me, &app, licenses).await? {
        Some(license) => {
            text = t.first_steps.agreement_next.of(text);
            format!("/licenses/{license}")
        }
        None => "/licenses".to_owned(),
    };
    Ok(see_saying(&to, &Flash::good(text)))
}

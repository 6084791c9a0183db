//! License documents on their way in and out: files, introduced keys, requests to issuers.

use std::sync::Arc;

use domain::command::FolderRef;
use domain::names::{CompanyId, Title};
use domain::outcome::ImportAnswer;
use domain::{
    Actor, Command, FolderId, LicenseRequest, Outcome, Permission, ProductVersion, Reach,
};

use crate::engine::{Engine, contradiction};
use crate::error::{EngineError, ImportError, IntroduceError, given_up};
use crate::idempotency::IdempotencyKey;
use crate::intake::{self, Intake, Prepared};
use crate::introduce;
use crate::offline;

/// What files came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Each license, in the order of the files.
    pub licenses: Vec<ImportAnswer>,
    /// What was in archives beside license files, and not looked at.
    pub ignored: Vec<String>,
}

/// The folder of whoever names none: where somebody's rights end, there their root is (R1).
fn ground(actor: &Actor) -> FolderRef {
    match actor.reach.folder() {
        Some(limit) => FolderRef::Id(limit),
        None => FolderRef::Path(Vec::new()),
    }
}

/// The folder that is meant, the root being [`ground`].
pub(crate) fn grounded(actor: &Actor, folder: FolderRef) -> FolderRef {
    match folder {
        FolderRef::Id(FolderId::ROOT) => ground(actor),
        FolderRef::Path(names) if names.is_empty() => ground(actor),
        folder => folder,
    }
}

impl Engine {
    /// Takes in a license file, whole or not at all (L3 to L5, I1); with `dry_run` says what it
    /// would come to. What the rules refuse is [`domain::Refusal::ImportRefused`], per license. With a
    /// key, a repetition gets the answer that was kept; a dry run keeps none.
    pub async fn import(
        &self,
        actor: &Actor,
        file: Vec<u8>,
        folder: FolderRef,
        dry_run: bool,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<ImportAnswer>, ImportError> {
        let intake = Intake {
            files: vec![(None, file)],
            folder: Some(folder),
            ..Intake::default()
        };
        Ok(self
            .import_files(actor, intake, dry_run, key)
            .await?
            .licenses)
    }

    /// The same for several files at once, of any kind that is known (I1): all or nothing.
    pub async fn import_files(
        &self,
        actor: &Actor,
        mut intake: Intake,
        dry_run: bool,
        key: Option<IdempotencyKey>,
    ) -> Result<Imported, ImportError> {
        let folder = intake.folder.take();
        intake.folder =
            Some(folder.map_or_else(|| ground(actor), |folder| grounded(actor, folder)));
        actor
            .must(Permission::ManageLicenses)
            .map_err(EngineError::from)?;
        let shared = Arc::clone(&self.shared);
        let prepared = tokio::task::spawn_blocking(move || intake::prepare(&shared, &intake));
        let Prepared { command, ignored } = prepared.await.map_err(|_| given_up())??;
        let outcome = if dry_run {
            let mut answers = self.preview(actor, vec![command]).await?;
            answers.remove(0).map_err(EngineError::from)?
        } else {
            self.run(actor, command, key).await?
        };
        match outcome {
            Outcome::Imported(licenses) => Ok(Imported { licenses, ignored }),
            other => Err(contradiction(&other).into()),
        }
    }

    /// Trusts the key that a document introduces, if a trusted key of the issuer signed it (L3);
    /// answers the new key's id.
    pub async fn introduce(&self, actor: &Actor, text: String) -> Result<String, IntroduceError> {
        actor
            .must(Permission::ManageSettings)
            .map_err(EngineError::from)?;
        let shared = Arc::clone(&self.shared);
        let command = tokio::task::spawn_blocking(move || introduce::prepare(&shared, &text));
        let command = command.await.map_err(|_| given_up())??;
        let Command::IntroduceIssuer(introduction) = &command else {
            return Err(EngineError::internal("an introduction of another kind").into());
        };
        let key = introduction.key.clone();
        self.run(actor, command, None).await?;
        Ok(key)
    }

    /// Makes a request to an issuer: what is remembered of it, and the text of the `.tlr` file,
    /// signed by this installation (I4).
    pub async fn request_licenses(
        &self,
        actor: &Actor,
        company: Option<CompanyId>,
        version: ProductVersion,
        issuer: Option<Title>,
    ) -> Result<(LicenseRequest, String), EngineError> {
        let command = Command::RequestLicenses {
            company,
            version,
            issuer,
        };
        let request = match self.run(actor, command, None).await? {
            Outcome::Requested(request) => request,
            other => return Err(contradiction(&other)),
        };
        let (now, warn_before) = (self.now(), self.policy().warn_before());
        let issuer = request.issuer.clone();
        let licenses = self
            .read_settled(Reach::Everything, move |reader| {
                offline::owned(reader, issuer.as_ref(), now, warn_before)
            })
            .await?;
        let text = offline::write(&self.shared, &request, &licenses, now, warn_before)?;
        Ok((request, text))
    }
}

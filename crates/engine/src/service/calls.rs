//! What the interfaces call.

use std::sync::Arc;

use domain::command::FolderRef;
use domain::outcome::RefreshAnswer;
use domain::{Actor, LicenseId, Outcome, Permission};
use zeroize::Zeroizing;

use super::{KeyError, KeyLicense, activate, by_hand, preview};
use crate::engine::{Engine, contradiction};
use crate::error::{EngineError, given_up};

impl Engine {
    /// What a license key brings (I2): its issuer's service is asked, and what it would come to here is told. Only with
    /// `confirm` is the key exchanged for its license, and that taken in. `issuer` says whose key it is where several
    /// license services are known.
    pub async fn add_license(
        &self,
        actor: &Actor,
        key: &str,
        issuer: Option<&str>,
        folder: FolderRef,
        confirm: bool,
    ) -> Result<KeyLicense, KeyError> {
        actor
            .must(Permission::ManageLicenses)
            .map_err(EngineError::from)?;
        let folder = crate::documents::grounded(actor, folder);
        let (key, issuer) = (Zeroizing::new(key.to_owned()), issuer.map(str::to_owned));
        let ask = |activates: bool| {
            let (shared, key) = (Arc::clone(&self.shared), key.clone());
            let (issuer, folder) = (issuer.clone(), folder.clone());
            let ask = move || {
                let issuer = issuer.as_deref();
                if activates {
                    activate(&shared, &key, issuer, &folder)
                } else {
                    preview(&shared, &key, issuer, &folder)
                }
            };
            tokio::task::spawn_blocking(ask)
        };
        let mut brought = ask(false).await.map_err(|_| given_up())??;
        // A license that could not be taken in must not be bound to this installation.
        let mut answers = self.preview(actor, vec![brought.command]).await?;
        let mut outcome = answers.remove(0).map_err(EngineError::from)?;
        if confirm {
            brought = ask(true).await.map_err(|_| given_up())??;
            outcome = self.run(actor, brought.command, None).await?;
        }
        match outcome {
            Outcome::Imported(mut answers) if answers.len() == 1 => Ok(KeyLicense {
                issuer: brought.issuer,
                terms: brought.terms,
                answer: answers.remove(0),
                confirmed: confirm,
            }),
            other => Err(contradiction(&other).into()),
        }
    }

    /// Refreshes licenses at their issuers' services now (I3); all that can be, when none are named. What a service
    /// fails to say is an answer too, and changes nothing.
    pub async fn refresh(
        &self,
        actor: &Actor,
        licenses: Vec<LicenseId>,
    ) -> Result<Vec<RefreshAnswer>, EngineError> {
        actor.must(Permission::ManageLicenses)?;
        let (shared, actor) = (Arc::clone(&self.shared), actor.clone());
        self.blocking(move || by_hand(&shared, &actor, &licenses))
            .await
    }
}

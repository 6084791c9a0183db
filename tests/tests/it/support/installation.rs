//! A server with a vendor it trusts, licenses, and tokens to command it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{Answer, Call, Connection, Server, Start, Vendor};

/// A server with a vendor it trusts, licenses, and tokens to command it. All of it is gone when
/// this goes.
#[derive(Debug)]
pub(crate) struct Installation {
    // First, so that the server ends before its folder goes.
    server: Option<Server>,
    vendor: Vendor,
    admin: String,
    application: String,
    folder: TempDir,
}

impl Installation {
    /// A server with these `[[license]]` tables imported; none when the text is empty.
    #[track_caller]
    pub(crate) fn with(licenses: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is a folder for temporary files");
        let data = folder.path().join("data");
        Self::started(licenses, folder, Start::on(data))
    }

    /// As [`Self::with`], where and how the test says.
    #[track_caller]
    pub(crate) fn started(licenses: &str, folder: TempDir, start: Start) -> Self {
        let vendor = Vendor::new();
        let public = vendor.write_public(folder.path());
        let server = start.trust(&public).ready();
        let admin = server.quick_token("administrator");
        let application = server.quick_token("application");
        let installation = Self {
            server: Some(server),
            vendor,
            admin,
            application,
            folder,
        };
        if !licenses.is_empty() {
            installation.import(licenses).is(200);
        }
        installation
    }

    /// The running server.
    #[track_caller]
    pub(crate) fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// The vendor whose licenses are taken.
    pub(crate) fn vendor(&self) -> &Vendor {
        &self.vendor
    }

    /// A folder for the test's files, with the data folder in it.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file into the test's folder.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder().join(name);
        std::fs::write(&path, content).expect("the folder can be written to");
        path
    }

    /// An administrator's token.
    pub(crate) fn admin_token(&self) -> &str {
        &self.admin
    }

    /// A caller who may do everything.
    pub(crate) fn admin(&self) -> Connection {
        self.server().caller(&self.admin)
    }

    /// A caller who signs users in and out.
    pub(crate) fn application(&self) -> Connection {
        self.server().caller(&self.application)
    }

    /// A command line of the administrator.
    pub(crate) fn cli<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        self.server().cli(&self.admin, arguments)
    }

    /// Imports a license file with these tables.
    #[track_caller]
    pub(crate) fn import(&self, licenses: &str) -> Answer {
        let file = self.vendor.license_file(licenses);
        self.admin()
            .send(&Call::new("POST", "/v1/licenses/import").body("text/plain", file))
    }

    /// Makes accounts in the root folder.
    #[track_caller]
    pub(crate) fn add_users<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let rows: Vec<String> = names
            .into_iter()
            .map(|name| format!("{name},,,/,true\n"))
            .collect();
        let text = String::from("username,name,email,folder,active\n") + &rows.concat();
        let call = Call::new("POST", "/v1/users/import").body("text/csv", text);
        self.admin().send(&call).is(200);
    }

    /// Changes the policy's fields that are given.
    #[track_caller]
    pub(crate) fn change_policy(&self, changes: &[(&str, Value)]) {
        let mut admin = self.admin();
        let mut policy = admin.get("/v1/policy").is(200);
        for (name, value) in changes {
            assert!(
                !policy[*name].is_null(),
                "the policy has no {name}: {policy}"
            );
            policy[*name] = value.clone();
        }
        admin
            .send(&Call::new("PUT", "/v1/policy").json(&policy))
            .is(200);
    }

    /// The one license of a product.
    #[track_caller]
    pub(crate) fn license(&self, product: &str) -> Value {
        let mut found = self
            .admin()
            .list(&format!("/v1/licenses?product={product}"));
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    }

    /// The counts of a product.
    #[track_caller]
    pub(crate) fn product(&self, code: &str) -> Value {
        self.admin().get(&format!("/v1/products/{code}")).is(200)
    }

    /// A sign-in as the application asks for it.
    #[track_caller]
    pub(crate) fn sign_in(&self, user: &str, product: &str) -> Answer {
        let body = json!({"user": user, "product": product});
        self.application().post("/v1/sessions", &body)
    }

    /// Kills the server as the system does when it runs out of memory.
    #[track_caller]
    pub(crate) fn kill(&mut self) -> Start {
        self.server.take().expect("the server runs").kill()
    }

    /// Asks the server to end and waits for it.
    #[track_caller]
    pub(crate) fn stop(&mut self) -> Start {
        self.server.take().expect("the server runs").stop()
    }

    /// Starts the server again.
    #[track_caller]
    pub(crate) fn start(&mut self, start: Start) {
        self.server = Some(start.ready());
    }
}

//! `user add`, `set`, `delete`, `link`, `unlink`.

use wire::user::{NewUser, User, UserPatch};

use crate::context::Context;
use crate::failure::{Failure, Verdict};
use crate::resolve;

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Add {
    /// What the user signs in with.
    username: String,
    /// The person's full name.
    #[arg(long)]
    name: Option<String>,
    /// The person's address.
    #[arg(long)]
    email: Option<String>,
    /// Where the user lives: path or id; a path is made on demand. The root when left out.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
    /// Not active yet.
    #[arg(long)]
    inactive: bool,
}

impl Add {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let user = context.client()?.create_user(&NewUser {
            username: self.username,
            name: self.name,
            email: self.email,
            folder: self.folder,
            active: self.inactive.then_some(false),
        })?;
        show(&user, "created", context);
        Ok(Verdict::Done)
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Set {
    /// Username or id.
    user: String,
    /// A new username.
    #[arg(long)]
    username: Option<String>,
    /// A new name; empty: none.
    #[arg(long)]
    name: Option<String>,
    /// A new address; empty: none.
    #[arg(long)]
    email: Option<String>,
    /// Another folder: path or id. The user's seats stay as they are.
    #[arg(long, value_name = "FOLDER")]
    folder: Option<String>,
}

impl Set {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let changes = [&self.username, &self.name, &self.email, &self.folder];
        if changes.iter().all(|change| change.is_none()) {
            let detail = "say what is to change: --username, --name, --email or --folder";
            return Err(Failure::input("bad_usage", detail));
        }
        let client = context.client()?;
        let user = resolve::user(&client, &self.user)?;
        let user = client.update_user(user.id, &self.into_patch(), Some(user.version))?;
        show(&user, "changed", context);
        Ok(Verdict::Done)
    }

    fn into_patch(self) -> UserPatch {
        let emptied = |text: String| (!text.is_empty()).then_some(text);
        UserPatch {
            username: self.username,
            name: self.name.map(emptied),
            email: self.email.map(emptied),
            folder: self.folder,
            active: None,
        }
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// Username or id.
    user: String,
}

impl Named {
    pub(super) fn delete(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let user = resolve::user(&client, &self.user)?;
        client.delete_user(user.id)?;
        context.printer.note(&format!("deleted {}", user.username));
        Ok(Verdict::Done)
    }

    pub(super) fn unlink(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let user = resolve::user(&client, &self.user)?;
        client.unlink_user(user.id)?;
        context
            .printer
            .note(&format!("{} is a person of its own", user.username));
        Ok(Verdict::Done)
    }
}

/// What can be typed.
#[derive(Debug, clap::Args)]
pub(crate) struct Link {
    /// The account that joins: username or id.
    user: String,
    /// An account of the person that it joins: username or id.
    with: String,
}

impl Link {
    pub(super) fn run(self, context: &mut Context) -> Result<Verdict, Failure> {
        let client = context.client()?;
        let user = resolve::user(&client, &self.user)?;
        client.link_user(user.id, &self.with)?;
        context.printer.note(&format!(
            "{} and {} are one person",
            user.username, self.with
        ));
        Ok(Verdict::Done)
    }
}

fn show(user: &User, done: &str, context: &mut Context) {
    context.printer.answer(user, |user| {
        format!("{done} {} in {}", user.username, user.path)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_empties_and_an_absent_one_leaves() {
        let set = Set {
            user: "anna".into(),
            username: None,
            name: Some(String::new()),
            email: Some("a@b".into()),
            folder: None,
        };
        let json = serde_json::to_value(set.into_patch()).unwrap();
        assert_eq!(json, serde_json::json!({"name": null, "email": "a@b"}));
    }
}

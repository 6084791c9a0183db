//! `/people/new` and `POST /people/{id}`: an account, made or changed by hand.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::command::{FolderRef, NewUser, UserPatch};
use domain::{Command, Email, NameError, Outcome, PersonName, UserId, Username};

use crate::app::App;
use crate::caller::{ManageUsers, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::Fields;
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::screens::licenses::tree::{self, Branch};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "people/new.html")]
struct NewPage {
    t: &'static Texts,
    shell: Shell,
    folders: Vec<Branch>,
    fault: Option<String>,
    username: String,
    name: String,
    email: String,
}

async fn form(
    me: &Signed<ManageUsers>,
    app: &App,
    fields: &Fields,
    fault: Option<String>,
) -> Answer {
    let here = fields.folder();
    let folders = app
        .ask(me, move |reader| tree::folders(reader, Some(here)))
        .await?;
    let is_faulty = fault.is_some();
    let page = NewPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        folders,
        fault,
        username: fields.text("username").to_owned(),
        name: fields.text("name").to_owned(),
        email: fields.text("email").to_owned(),
    };
    let mut response = framed(&page, &page.shell);
    if is_faulty {
        *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    }
    Ok(response)
}

/// The form for somebody new.
pub(crate) async fn ask(me: Signed<ManageUsers>, State(app): State<App>) -> Answer {
    form(&me, &app, &Fields::default(), None).await
}

struct Wish {
    username: Username,
    name: Option<PersonName>,
    email: Option<Email>,
    folder: FolderRef,
}

fn wish(fields: &Fields) -> Result<Wish, NameError> {
    Ok(Wish {
        username: Username::parse(fields.text("username"))?,
        name: fields.filled("name").map(PersonName::parse).transpose()?,
        email: fields.filled("email").map(Email::parse).transpose()?,
        folder: FolderRef::Id(fields.folder()),
    })
}

/// Makes somebody.
pub(crate) async fn create(
    me: Signed<ManageUsers>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let wish = match wish(&fields) {
        Ok(wish) => wish,
        Err(error) => return form(&me, &app, &fields, Some(sentence(&error.to_string()))).await,
    };
    let said = me.texts().people.added.of(&wish.username);
    let command = Command::CreateUser(NewUser {
        username: wish.username,
        name: wish.name,
        email: wish.email,
        folder: wish.folder,
        active: true,
    });
    match app.engine.run(me.actor(), command, None).await {
        Ok(Outcome::User { user, .. }) => {
            Ok(see_saying(&format!("/people/{user}"), &Flash::good(said)))
        }
        Ok(other) => Err(Fault::unexpected(&other)),
        Err(error) => {
            let fault = Fault::from(error).sentence()?;
            form(&me, &app, &fields, Some(fault)).await
        }
    }
}

/// Changes somebody.
pub(crate) async fn save(
    me: Signed<ManageUsers>,
    State(app): State<App>,
    Path(id): Path<String>,
    fields: Fields,
) -> Answer {
    let user: UserId = id.parse().map_err(|_| Fault::not_found())?;
    let wish = wish(&fields).map_err(|error| {
        Fault::said(
            StatusCode::UNPROCESSABLE_ENTITY,
            sentence(&error.to_string()),
        )
    })?;
    let command = Command::UpdateUser {
        user,
        patch: UserPatch {
            username: Some(wish.username),
            name: Some(wish.name),
            email: Some(wish.email),
            folder: Some(wish.folder),
            active: None,
        },
        version: fields.text("version").parse().ok(),
    };
    app.engine.run(me.actor(), command, None).await?;
    let said = Flash::good(me.texts().people.saved);
    Ok(see_saying(&format!("/people/{user}"), &said))
}

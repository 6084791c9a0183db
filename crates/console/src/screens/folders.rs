//! `/folders`: the tree of folders, made and changed by hand (P3).

use askama::Template;
use axum::extract::State;
use domain::folder::FolderContents;
use domain::{Command, FolderId, FolderName, NameError, Outcome};
use store::query::{FolderItem, Paging};

use crate::app::App;
use crate::caller::{ManageUsers, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;

const PAGE: u32 = 100;
const HERE: &str = "/folders";

#[derive(Template)]
#[template(path = "folders.html")]
struct FoldersPage {
    t: &'static Texts,
    shell: Shell,
    q: String,
    rows: Vec<Row>,
    total: u64,
    next: Option<String>,
}

struct Row {
    id: FolderId,
    /// Empty for the root, which can't be changed.
    name: String,
    path: String,
    /// The path of the folder it is in.
    parent: String,
    contents: FolderContents,
}

impl Row {
    fn of(item: FolderItem) -> Self {
        let (parent, name) = item.path.rsplit_once('/').unwrap_or_default();
        Self {
            id: item.id,
            name: name.to_owned(),
            parent: if parent.is_empty() { "/" } else { parent }.to_owned(),
            path: item.path,
            contents: item.contents,
        }
    }

    fn is_empty(&self) -> bool {
        self.contents == FolderContents::default()
    }
}

/// The list.
pub(crate) async fn show(me: Signed<ManageUsers>, State(app): State<App>, asked: Asked) -> Answer {
    let q = asked.filled("q").map(domain::names::fold);
    let paging = Paging {
        limit: PAGE,
        after: asked.filled("after").map(str::to_owned),
    };
    let found = app
        .ask(&me, move |reader| reader.folders(q.as_deref(), &paging))
        .await?;
    let next = found.next.as_deref();
    let page = FoldersPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        q: asked.text("q").to_owned(),
        total: found.total.unwrap_or(0),
        next: next.map(|next| asked.address(HERE, &["q"], Some(next))),
        rows: found.items.into_iter().map(Row::of).collect(),
    };
    Ok(framed(&page, &page.shell))
}

/// The names in a path such as `/Sales/EMEA`.
fn names(path: &str) -> Result<Vec<FolderName>, NameError> {
    let parts = path.split('/').filter(|name| !name.trim().is_empty());
    parts.map(FolderName::parse).collect()
}

/// Makes, renames, moves or deletes one folder.
pub(crate) async fn change(
    me: Signed<ManageUsers>,
    State(app): State<App>,
    fields: Fields,
) -> Answer {
    let flash = match act(&me, &app, &fields).await {
        Ok(said) => Flash::good(said),
        Err(fault) => Flash::warn(fault.sentence()?),
    };
    Ok(see_saying(HERE, &flash))
}

async fn act(me: &Signed<ManageUsers>, app: &App, fields: &Fields) -> Result<String, Fault> {
    let t = me.texts();
    let said = |error: NameError| {
        let status = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
        Fault::said(status, sentence(&error.to_string()))
    };
    let command = match (fields.text("folder").parse(), fields.text("do")) {
        (Ok(folder), "delete") => Command::DeleteFolder(folder),
        (Ok(folder), "change") => Command::UpdateFolder {
            folder,
            name: Some(FolderName::parse(fields.text("name")).map_err(said)?),
            parent: Some(find(me, app, fields.text("parent")).await?),
            version: None,
        },
        _ => Command::EnsureFolder(names(fields.text("path")).map_err(said)?),
    };
    let deletes = matches!(command, Command::DeleteFolder(_));
    match app.engine.run(me.actor(), command, None).await? {
        Outcome::FolderEnsured { is_new: true, .. } => Ok(t.folders.made.to_owned()),
        Outcome::FolderEnsured { is_new: false, .. } => Ok(t.folders.there.to_owned()),
        _ if deletes => Ok(t.folders.deleted.to_owned()),
        _ => Ok(t.folders.saved.to_owned()),
    }
}

/// The folder with a path, which must be there.
async fn find(me: &Signed<ManageUsers>, app: &App, path: &str) -> Result<FolderId, Fault> {
    let wanted = path.to_owned();
    let found = app
        .ask(me, move |reader| reader.find_folder_by_path(&wanted))
        .await?;
    let unknown = || domain::Refusal::UnknownFolder.into();
    found.ok_or_else(unknown)
}

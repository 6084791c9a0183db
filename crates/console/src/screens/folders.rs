//! `/folders`: the tree of folders, made and changed by hand (P3).

use std::fmt::Display;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use domain::folder::{FolderContents, parse_path};
use domain::{Command, FolderId, FolderName, Outcome, Refusal};
use store::query::{FolderItem, Paging};

use crate::app::App;
use crate::caller::{ManageUsers, Signed};
use crate::fault::{Fault, sentence};
use crate::fields::{Asked, Fields};
use crate::page::{Answer, Flash, Section, Shell, framed, see_saying};
use crate::texts::Texts;
use crate::ui::grouped;

const PAGE: u32 = 100;
const HERE: &str = "/folders";
/// What lies in a folder is counted up to so many.
const COUNTED: u32 = 1_000;

#[derive(Template)]
#[template(path = "folders.html")]
struct FoldersPage {
    t: &'static Texts,
    shell: Shell,
    q: String,
    rows: Vec<Row>,
    /// What stands for more than are counted.
    more: String,
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
    /// None: more than are counted.
    people: Option<u64>,
    pools: Option<u64>,
    below: Option<u64>,
}

impl Row {
    fn of(item: FolderItem) -> Self {
        let (parent, name) = item.path.rsplit_once('/').unwrap_or_default();
        let few = |count: u64| (count <= u64::from(COUNTED)).then_some(count);
        let FolderContents {
            users,
            pools,
            folders,
        } = item.contents;
        Self {
            people: few(users),
            pools: few(pools),
            below: few(folders),
            id: item.id,
            name: name.to_owned(),
            parent: if parent.is_empty() { "/" } else { parent }.to_owned(),
            path: item.path,
            contents: item.contents,
        }
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
        .ask(&me, move |reader| {
            reader.folders_up_to(q.as_deref(), &paging, COUNTED + 1)
        })
        .await?;
    let next = found.next.as_deref();
    let page = FoldersPage {
        t: me.texts(),
        shell: me.shell(Section::People),
        q: asked.text("q").to_owned(),
        more: me.texts().folders.more_than.of(grouped(COUNTED.into())),
        total: found.total.unwrap_or(0),
        next: next.map(|next| asked.address(HERE, &["q"], Some(next))),
        rows: found.items.into_iter().map(Row::of).collect(),
    };
    Ok(framed(&page, &page.shell))
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
    let command = match (fields.text("folder").parse(), fields.text("do")) {
        (Ok(folder), "delete") => Command::DeleteFolder(folder),
        (Ok(folder), "change") => Command::UpdateFolder {
            folder,
            name: Some(FolderName::parse(fields.text("name")).map_err(unfit)?),
            parent: Some(find(me, app, fields.text("parent")).await?),
            version: None,
        },
        _ => {
            // Whoever leaves the first slash out, or adds a last one, means the same.
            let path = format!("/{}", fields.text("path").trim_matches('/'));
            Command::EnsureFolder(parse_path(&path).map_err(unfit)?)
        }
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
pub(crate) async fn find<P>(me: &Signed<P>, app: &App, path: &str) -> Result<FolderId, Fault> {
    let wanted = path.to_owned();
    let found = app
        .ask(me, move |reader| reader.find_folder_by_path(&wanted))
        .await?;
    found.ok_or_else(|| unfit(Refusal::UnknownFolder))
}

fn unfit(error: impl Display) -> Fault {
    Fault::said(
        StatusCode::UNPROCESSABLE_ENTITY,
        sentence(&error.to_string()),
    )
}

//! The words of codes: each value of the domain has its text.

use domain::outcome::Fate;
use domain::{
    AccessLevel, Actor, AutoAssign, DenialCode, Model, Modules, Role, Source, Sources, State, Via,
};

use super::{S, Texts};

impl Texts {
    /// A role.
    pub(crate) fn role(&self, role: Role) -> S {
        match role {
            Role::Administrator => self.words.administrator,
            Role::Manager => self.words.manager,
            Role::Auditor => self.words.auditor,
            Role::Application => self.words.application,
            Role::User => self.words.user,
        }
    }

    /// What a role may do.
    pub(crate) fn role_means(&self, role: Role) -> S {
        match role {
            Role::Administrator => self.settings.role_administrator,
            Role::Manager => self.settings.role_manager,
            Role::Auditor => self.settings.role_auditor,
            Role::Application => self.settings.role_application,
            Role::User => self.settings.role_user,
        }
    }

    /// A state of a license.
    pub(crate) fn state(&self, state: State) -> S {
        match state {
            State::AwaitingAgreement => self.words.awaiting_agreement,
            State::Scheduled => self.words.scheduled,
            State::Active => self.words.active,
            State::Expiring => self.words.expiring,
            State::Grace => self.words.grace,
            State::Expired => self.words.expired,
            State::Stale => self.words.stale,
            State::Revoked => self.words.revoked,
            State::Removed => self.words.removed,
        }
    }

    /// Why a license is in a state, and what to do about it.
    pub(crate) fn why(&self, state: State) -> S {
        let l = self.licenses;
        match state {
            State::AwaitingAgreement => l.why_awaiting,
            State::Scheduled => l.why_scheduled,
            State::Active => l.why_active,
            State::Expiring => l.why_expiring,
            State::Grace => l.why_grace,
            State::Expired => l.why_expired,
            State::Stale => l.why_stale,
            State::Revoked => l.why_revoked,
            State::Removed => l.why_removed,
        }
    }

    /// A model.
    pub(crate) fn model(&self, model: Model) -> S {
        match model {
            Model::Dedicated => self.words.dedicated,
            Model::Floating => self.words.floating,
            Model::Site => self.words.site,
        }
    }

    /// An access level.
    pub(crate) fn access(&self, access: AccessLevel) -> S {
        match access {
            AccessLevel::Read => self.words.read,
            AccessLevel::Write => self.words.write,
        }
    }

    /// The modules of a license.
    pub(crate) fn modules(&self, modules: &Modules) -> String {
        match modules {
            Modules::All => self.words.all_modules.to_owned(),
            Modules::Only(some) => {
                let codes: Vec<&str> = some.iter().map(domain::ModuleCode::as_str).collect();
                codes.join(", ")
            }
        }
    }

    /// What carries a session.
    pub(crate) fn via(&self, via: Via) -> S {
        match via {
            Via::Dedicated { .. } => self.words.dedicated,
            Via::Floating { .. } => self.words.floating,
            Via::Site { .. } => self.words.site,
            Via::Demo => self.words.demo,
        }
    }

    /// When seats are given without a hand.
    pub(crate) fn auto_assign(&self, auto_assign: AutoAssign) -> S {
        match auto_assign {
            AutoAssign::Off => self.licenses.auto_off,
            AutoAssign::NewUsers => self.licenses.auto_new_users,
            AutoAssign::AsNeeded => self.licenses.auto_as_needed,
        }
    }

    /// Where an assignment comes from.
    pub(crate) fn sources(&self, sources: Sources) -> String {
        let l = self.licenses;
        let words = sources.iter().map(|source| match source {
            Source::Hand => l.source_hand,
            Source::AutoAssign => l.source_auto_assign,
            Source::SignIn => l.source_sign_in,
            Source::Rule => l.source_rule,
        });
        words.collect::<Vec<_>>().join(", ")
    }

    /// Why something was done, as the record has it: a code in words, a sentence as it is.
    pub(crate) fn reason(&self, why: &str) -> String {
        match Source::from_code(why) {
            Some(source) => self.sources(Sources::of(source)),
            None if why.contains(' ') => why.to_owned(),
            None => why.replace('_', " "),
        }
    }

    /// Who did something, as the record names them; in words where that is no name.
    pub(crate) fn actor<'a>(&self, name: &'a str) -> &'a str {
        match name {
            Actor::SYSTEM => self.words.system,
            Actor::DATA_FOLDER => self.words.data_folder,
            name => name,
        }
    }

    /// What becomes of a holder.
    pub(crate) fn fate(&self, fate: Fate) -> S {
        match fate {
            Fate::Moved => self.licenses.fate_moved,
            Fate::Unbacked => self.licenses.fate_unbacked,
            Fate::Releasing => self.licenses.fate_releasing,
            Fate::LeftOut => self.licenses.fate_left_out,
        }
    }

    /// What somebody who was turned away can do.
    pub(crate) fn denied(&self, code: Option<DenialCode>) -> S {
        let m = self.mine;
        let Some(code) = code else { return m.unknown };
        match code {
            DenialCode::UnknownUser => m.unknown_user,
            DenialCode::UserInactive => m.user_inactive,
            DenialCode::NotLicensed => m.not_licensed,
            DenialCode::OverAllocated => m.over_allocated,
            DenialCode::LicenseExpired => m.license_expired,
            DenialCode::LicenseStale => m.license_stale,
            DenialCode::NotStarted => m.not_started,
            DenialCode::ModuleNotLicensed => m.module_not_licensed,
            DenialCode::ReleasePending => m.release_pending,
            DenialCode::NoFreeSeat => m.no_free_seat,
        }
    }

    /// Why somebody was turned away.
    pub(crate) fn denial(&self, code: DenialCode) -> S {
        let d = self.denials;
        match code {
            DenialCode::UnknownUser => d.unknown_user,
            DenialCode::UserInactive => d.user_inactive,
            DenialCode::NotLicensed => d.not_licensed,
            DenialCode::OverAllocated => d.over_allocated,
            DenialCode::LicenseExpired => d.license_expired,
            DenialCode::LicenseStale => d.license_stale,
            DenialCode::NotStarted => d.not_started,
            DenialCode::ModuleNotLicensed => d.module_not_licensed,
            DenialCode::ReleasePending => d.release_pending,
            DenialCode::NoFreeSeat => d.no_free_seat,
        }
    }
}

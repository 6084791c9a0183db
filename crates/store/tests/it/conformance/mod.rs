//! Every entity, every need, every kind of change, on a store of whatever database.

mod entities;
mod histories;
mod holdings;
mod needs;

use domain::license::Model;
use domain::{LicenseId, Need, PersonId, Policy, ProductId, WorkingSet};

use crate::world::{World, terms};

/// A fresh set with the answer to one need.
pub(super) fn loaded(world: &World, need: Need) -> WorkingSet {
    let mut set = WorkingSet::new(Policy::default());
    world.read(|reader| reader.load(&mut set, &need, world.now));
    set
}

pub(super) fn product(world: &World, code: &str) -> ProductId {
    let found = world.read(|reader| reader.find_product(code, world.now));
    found.unwrap().product.id
}

pub(super) fn person(world: &World, name: &str) -> PersonId {
    let user = world.read(|reader| reader.find_username(name));
    user.unwrap().person
}

/// One dedicated, one floating and one site license of `esm`.
pub(super) fn three_licenses(world: &mut World) -> [LicenseId; 3] {
    let ids = world.import(vec![
        terms("NW-D", Model::Dedicated),
        terms("NW-F", Model::Floating),
        terms("NW-S", Model::Site),
    ]);
    ids.try_into().unwrap()
}

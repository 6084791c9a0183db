//! What every test starts from: the real program, a server of its own on a data folder of its
//! own, licenses signed on the spot, requests over a socket, and patience.

mod http;
mod installation;
mod license_service;
mod postgres;
mod program;
mod random;
mod server;
mod store;
mod vendor;
mod wait;

pub(crate) use http::{Answer, Call, Connection, read_answer};
pub(crate) use installation::Installation;
pub(crate) use license_service::LicenseService;
pub(crate) use postgres::fresh_schema;
pub(crate) use program::{Ran, path as program, seatkeeper, without_settings};
pub(crate) use random::Random;
pub(crate) use server::{Server, Start};
pub(crate) use store::{alter_store, assert_sound};
pub(crate) use vendor::{Vendor, license};
pub(crate) use wait::{LIMIT, until};

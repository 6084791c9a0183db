//! The REST interface, in the order of its addresses: one file per group. The server runs within
//! the test, on a data folder and a clock of its own, and is asked over a socket.

mod bad_bodies;
mod bad_requests;
mod borrowing;
mod folders;
mod license_files;
mod license_forms;
mod license_requests;
mod licenses;
mod limited;
mod many;
mod permissions;
mod record;
mod seats;
mod server;
mod sessions;
mod settings;
mod users;
mod users_import;
mod world;

use world::World;

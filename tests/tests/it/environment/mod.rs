//! Disks, files, sockets and clocks that are not as they should be: each has an error of its
//! own that says what to do, and nothing that was answered is lost.

mod clock;
mod contents;
mod disk;
mod files;
mod mount;
mod settings;
mod socket;
mod startup;
mod stop;

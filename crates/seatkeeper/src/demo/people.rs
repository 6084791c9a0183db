//! The demo's people: neutral names, in a few departments.

use std::fmt::Write as _;

const FIRST: [&str; 16] = [
    "Anna", "Bela", "Carla", "Deniz", "Emil", "Fatima", "Goran", "Hana", "Ivo", "Jana", "Karim",
    "Lena", "Milo", "Nora", "Oskar", "Paula",
];
const LAST: [&str; 10] = [
    "Adler", "Berg", "Costa", "Dahl", "Evers", "Fontana", "Grau", "Holm", "Imhof", "Jansen",
];
const FOLDERS: [&str; 6] = [
    "/Sales/EMEA",
    "/Sales/Americas",
    "/Engineering/Platform",
    "/Engineering/Design",
    "/Service Desk",
    "/Finance",
];

/// How many there are.
pub(super) const COUNT: usize = FIRST.len() * LAST.len();

/// The username of person number `n`.
pub(super) fn username(n: usize) -> String {
    let (first, last) = names(n);
    format!("{}.{}", first.to_lowercase(), last.to_lowercase())
}

fn names(n: usize) -> (&'static str, &'static str) {
    (FIRST[n % FIRST.len()], LAST[n / FIRST.len() % LAST.len()])
}

/// The folder of person number `n`.
fn folder(n: usize) -> &'static str {
    FOLDERS[n * 7 % FOLDERS.len()]
}

/// All of them as the CSV that `user import` takes. Every fortieth has left.
pub(super) fn csv() -> String {
    let mut csv = String::from("username,name,email,folder,active\n");
    for n in 0..COUNT {
        let (first, last) = names(n);
        let (user, folder) = (username(n), folder(n));
        let active = n % 40 != 39;
        let _ = writeln!(
            csv,
            "{user},{first} {last},{user}@example.org,{folder},{active}"
        );
    }
    csv
}

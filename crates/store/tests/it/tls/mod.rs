//! TLS to PostgreSQL, as its URL asks for it, against a server with certificates of our own.

mod authority;
mod server;

use domain::Timestamp;
use store::{Database, Store, StoreOptions, Watcher};
use tempfile::TempDir;

use authority::{Authority, option};
use server::Server;

/// A store that is open, with connections that were used.
struct Open {
    _store: Store,
    _watcher: Watcher,
    _folder: TempDir,
}

/// Opens the database of a URL, reads and looks; the error is what people are told.
fn open(url: &str) -> Result<Open, String> {
    let database = Database::parse(url, None).map_err(|e| e.to_string())?;
    let folder = tempfile::tempdir().unwrap();
    let options = StoreOptions {
        database: Some(database),
        ..StoreOptions::new(folder.path())
    };
    let (store, _) = Store::open(&options).map_err(|e| e.to_string())?;
    store.read(|reader| reader.policy()).unwrap();
    let mut watcher = store.watcher().unwrap();
    assert!(watcher.look().unwrap().latest_time >= Timestamp::NEVER);
    Ok(Open {
        _store: store,
        _watcher: watcher,
        _folder: folder,
    })
}

/// What is said where the database must not be opened.
#[track_caller]
fn refused(url: &str) -> String {
    let opened = open(url).map(drop);
    opened.expect_err(url)
}

/// The server's own word on the program's connections: how many, and whether all are encrypted.
fn encrypted(server: &Server) -> String {
    server.sql(
        "SELECT count(*), bool_and(ssl), string_agg(DISTINCT coalesce(client_dn, ''), '') \
         FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
         WHERE application_name = 'seatkeeper'",
    )
}

#[test]
#[ignore = "slow: starts a PostgreSQL of its own"]
fn every_connection_is_encrypted_in_each_mode_but_disable() {
    let authority = Authority::new("Authority");
    let server = Server::with_tls(&authority.certifies("localhost"), &authority);
    let roots = option("sslrootcert", &authority.file());
    for (host, options) in [
        ("localhost", String::new()),
        ("localhost", "sslmode=prefer".to_owned()),
        ("localhost", "sslmode=require".to_owned()),
        ("127.0.0.1", format!("sslmode=require{roots}")),
        ("127.0.0.1", format!("sslmode=verify-ca{roots}")),
        ("localhost", format!("sslmode=verify-full{roots}")),
    ] {
        let opened = open(&server.url(host, &options)).unwrap_or_else(|e| panic!("{options}: {e}"));
        assert_eq!(encrypted(&server), "2|t|", "{host} {options}");
        drop(opened);
        while encrypted(&server) != "0||" {
            std::thread::yield_now();
        }
    }
    let said = refused(&server.url("localhost", "sslmode=disable"));
    assert!(said.contains("no encryption"), "{said}");
}

#[test]
#[ignore = "slow: starts a PostgreSQL of its own"]
fn another_hosts_certificate_and_a_stranger_s_are_refused_with_the_reason() {
    let authority = Authority::new("Authority");
    let server = Server::with_tls(&authority.certifies("localhost"), &authority);
    let roots = option("sslrootcert", &authority.file());
    let said = refused(&server.url("127.0.0.1", &format!("sslmode=verify-full{roots}")));
    assert!(
        said.contains("certificate is not for 127.0.0.1: it is for localhost"),
        "{said}"
    );
    for (name, why) in [
        ("Stranger", "no authority that is trusted"),
        ("Authority", "signed with another key"),
    ] {
        let stranger = Authority::new(name);
        let strange = option("sslrootcert", &stranger.file());
        for mode in ["require", "verify-ca", "verify-full"] {
            let said = refused(&server.url("localhost", &format!("sslmode={mode}{strange}")));
            assert!(said.contains(why), "{mode}: {said}");
        }
    }
    assert_eq!(encrypted(&server), "0||");
}

#[test]
#[ignore = "slow: starts a PostgreSQL of its own"]
fn an_expired_certificate_is_refused_by_whoever_asks_for_proof() {
    let authority = Authority::new("Authority");
    let server = Server::with_tls(&authority.certified_once("localhost"), &authority);
    let roots = option("sslrootcert", &authority.file());
    for mode in ["verify-ca", "verify-full"] {
        let said = refused(&server.url("localhost", &format!("sslmode={mode}{roots}")));
        assert!(said.contains("has expired"), "{mode}: {said}");
    }
    open(&server.url("localhost", "sslmode=require"))
        .map(drop)
        .unwrap();
}

#[test]
#[ignore = "slow: starts two PostgreSQLs of its own"]
fn certificates_that_prove_nothing_encrypt_all_the_same() {
    let authority = Authority::new("Authority");
    let roots = option("sslrootcert", &authority.file());
    for (certificate, why) in [
        (authority.certifies_as_of_old("localhost"), "version 1"),
        (authority.own(), "an authority's certificate"),
    ] {
        let server = Server::with_tls(&certificate, &authority);
        let opened = open(&server.url("localhost", "sslmode=require")).unwrap();
        assert_eq!(encrypted(&server), "2|t|");
        drop(opened);
        let said = refused(&server.url("localhost", &format!("sslmode=verify-full{roots}")));
        assert!(said.contains(why), "{said}");
    }
}

#[test]
#[ignore = "slow: starts a PostgreSQL of its own"]
fn a_client_s_certificate_signs_in_and_nobody_does_without() {
    let (authority, stranger) = (Authority::new("Authority"), Authority::new("Stranger"));
    let server = Server::with_tls(&authority.certifies("localhost"), &authority);
    let shown = |by: &Authority| {
        let certificate = by.certifies("holder");
        let file = option("sslcert", &certificate.file);
        server.url_of_holder(&format!(
            "sslmode=require{file}{}",
            option("sslkey", &certificate.key)
        ))
    };
    let opened = open(&shown(&authority)).unwrap();
    assert_eq!(encrypted(&server), "2|t|/CN=holder");
    drop(opened);
    let said = refused(&server.url_of_holder("sslmode=require"));
    assert!(said.contains("valid client certificate"), "{said}");
    let said = refused(&shown(&stranger));
    assert!(said.contains("UnknownCA"), "{said}");
}

#[test]
#[ignore = "slow: starts a PostgreSQL of its own"]
fn what_can_t_be_encrypted_is_only_where_the_mode_allows_it() {
    let server = Server::without_tls();
    let said = refused(&server.url("localhost", "sslmode=require"));
    assert!(said.contains("does not support TLS"), "{said}");
    for url in [server.url("localhost", ""), server.url_of_socket()] {
        let opened = open(&url).unwrap_or_else(|e| panic!("{url}: {e}"));
        assert_eq!(encrypted(&server), "2|f|");
        drop(opened);
        while encrypted(&server) != "0||" {
            std::thread::yield_now();
        }
    }
}

//! License services: keys become licenses (I2), licenses are refreshed (I3), and what lies changes nothing.

use std::sync::{Arc, Mutex};

use domain::command::FolderRef;
use domain::event::EventKind;
use domain::names::Title;
use domain::outcome::{ImportCode, RefreshAnswer, RefreshCode};
use domain::refresh::ServiceUrl;
use domain::{Actor, Command, Millis, Outcome, Policy, Role};
use engine::{Engine, EngineOptions, KeyError, KeyLicense, LineError, ServiceLine, SetClock};
use license_file::document::{Document, FORMAT, LicenseTerms, Model};
use license_file::exchange::{self, Answer, Answered, Held, Wish, open_request};
use license_file::jws::SigningKey;
use license_file::license_key::LicenseKey;
use store::query::{EventFilter, Paging};

use crate::place::Place;
use crate::world::{NOON, administrator, grant, issuer, new_user, sign_in, terms};

/// A service within the test: one license, and a way to answer.
#[derive(Debug)]
struct Office {
    way: Mutex<Way>,
    terms: Mutex<LicenseTerms>,
    withdrawn: Mutex<bool>,
    asked: Mutex<Vec<String>>,
    /// The last true answer, to be given again.
    last: Mutex<Option<String>>,
}

/// How the service answers.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Honest,
    Away,
    Busy,
    Garbage,
    /// Signed by somebody else, under the issuer's key id.
    Forged,
    /// Signed by a key that nobody trusts.
    Stranger,
    /// An honest answer of the past.
    Replay,
    /// For another installation.
    Misdirected,
    /// Of another license.
    OtherLicense,
    /// With the license that it had before.
    Old,
    /// Says nothing of what was asked.
    Nothing,
}

fn key() -> LicenseKey {
    LicenseKey::from_random(&[42; 13])
}

impl Office {
    fn open() -> Arc<Self> {
        let mut terms = terms("NW-1", Model::Dedicated, 2);
        terms.revision = 3;
        terms.revalidate_days = Some(10);
        terms.offline_grace_days = Some(20);
        Arc::new(Self {
            way: Mutex::new(Way::Honest),
            terms: Mutex::new(terms),
            withdrawn: Mutex::new(false),
            asked: Mutex::default(),
            last: Mutex::default(),
        })
    }

    fn answers(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    fn reissues(&self, change: impl FnOnce(&mut LicenseTerms)) {
        let mut terms = self.terms.lock().unwrap();
        terms.revision += 1;
        change(&mut terms);
    }

    fn document(&self, terms: &LicenseTerms, installation: &str) -> String {
        let document = Document {
            format: FORMAT,
            issuer: "Northwind Software".into(),
            customer: None,
            issued_at: "2026-01-01T00:00:00Z".parse().unwrap(),
            licenses: vec![LicenseTerms {
                installation: Some(installation.to_owned()),
                ..terms.clone()
            }],
        };
        document.sign(&issuer()).unwrap()
    }

    /// Of one license that is held.
    fn answered(&self, way: Way, held: &Held, installation: &str) -> Vec<Answered> {
        let terms = self.terms.lock().unwrap().clone();
        let (id, revision) = (held.id.clone(), terms.revision);
        vec![match way {
            Way::Nothing => return Vec::new(),
            Way::Old => Answered::Issued {
                document: self.document(
                    &LicenseTerms {
                        revision: 1,
                        seats: Some(1),
                        ..terms
                    },
                    installation,
                ),
            },
            Way::OtherLicense => Answered::Withdrawn {
                id: "NW-2".into(),
                revision: 9,
                why: None,
            },
            _ if *self.withdrawn.lock().unwrap() => Answered::Withdrawn {
                id,
                revision,
                why: Some("not paid".into()),
            },
            _ if revision > held.revision => Answered::Issued {
                document: self.document(&terms, installation),
            },
            _ => Answered::Current { id, revision },
        }]
    }
}

impl ServiceLine for Office {
    fn send(&self, url: &str, request: &str) -> Result<Vec<u8>, LineError> {
        let way = *self.way.lock().unwrap();
        self.asked.lock().unwrap().push(url.to_owned());
        let signed = open_request(request).expect("an installation signs what it asks");
        match way {
            Way::Away => return Err(LineError::Unreachable("nothing listens".into())),
            Way::Busy => return Err(LineError::Busy("status 503".into())),
            Way::Garbage => return Ok(b"<html>Welcome to our airport</html>".to_vec()),
            Way::Replay => {
                let last = self.last.lock().unwrap().clone();
                return Ok(last.expect("there was an answer before").into_bytes());
            }
            _ => {}
        }
        let installation = signed.request.installation.clone();
        let licenses = match &signed.request.wish {
            Wish::Preview(asked) if *asked == key() => vec![Answered::Offered {
                terms: Box::new(LicenseTerms {
                    installation: Some(installation.clone()),
                    ..self.terms.lock().unwrap().clone()
                }),
            }],
            Wish::Activate(asked) if *asked == key() => {
                let terms = self.terms.lock().unwrap().clone();
                vec![Answered::Issued {
                    document: self.document(&terms, &installation),
                }]
            }
            Wish::Preview(_) | Wish::Activate(_) => {
                return Err(LineError::Refused {
                    code: "unknown_license_key".into(),
                    detail: "no license has this key".into(),
                });
            }
            Wish::Refresh(held) => held
                .iter()
                .flat_map(|held| self.answered(way, held, &installation))
                .collect(),
        };
        let answer = Answer {
            format: exchange::FORMAT,
            request: signed.fingerprint,
            installation: match way {
                Way::Misdirected => "another".into(),
                _ => installation,
            },
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            licenses,
        };
        let text = match way {
            Way::Stranger => answer.sign(&SigningKey::from_seed(&[9; 32])),
            Way::Forged => {
                let forged = answer.sign(&SigningKey::from_seed(&[9; 32]));
                let honest = answer.sign(&issuer());
                // Its header with the signature of another key.
                let (signed, _) = honest.rsplit_once('.').unwrap();
                let (_, signature) = forged.rsplit_once('.').unwrap();
                format!("{signed}.{signature}")
            }
            _ => answer.sign(&issuer()),
        };
        if way == Way::Honest {
            *self.last.lock().unwrap() = Some(text.clone());
        }
        Ok(text.into_bytes())
    }
}

/// An engine that knows the office.
struct House {
    _place: Place,
    clock: SetClock,
    engine: Engine,
    office: Arc<Office>,
}

impl House {
    async fn new() -> Self {
        Self::with(false).await
    }

    async fn with(refreshes: bool) -> Self {
        let place = Place::of_this_run();
        let (clock, office) = (SetClock::new(NOON), Office::open());
        let options = EngineOptions {
            line: office.clone(),
            refreshes,
            ..place.options(&clock)
        };
        let engine = Engine::start(options).unwrap();
        let house = Self {
            _place: place,
            clock,
            engine,
            office,
        };
        house.knows("Northwind Software").await;
        house
    }

    async fn knows(&self, issuer: &str) {
        self.run(Command::SetLicenseService {
            issuer: Title::parse(issuer).unwrap(),
            url: Some(ServiceUrl::parse("https://licenses.example.org").unwrap()),
        })
        .await;
    }

    async fn run(&self, command: Command) -> Outcome {
        self.engine
            .run(&administrator(), command, None)
            .await
            .unwrap()
    }

    async fn add(&self, text: &str, confirm: bool) -> Result<KeyLicense, KeyError> {
        let root = FolderRef::Path(Vec::new());
        self.engine
            .add_license(&administrator(), text, None, root, confirm)
            .await
    }

    /// With the license of the key, and Anna on a seat of it.
    async fn furnished() -> Self {
        let house = Self::new().await;
        house.add(&key().reveal(), true).await.unwrap();
        house.run(Command::CreateUser(new_user("anna"))).await;
        house.run(grant("anna")).await;
        house
    }

    async fn refresh(&self) -> RefreshAnswer {
        let mut answers = self
            .engine
            .refresh(&administrator(), Vec::new())
            .await
            .unwrap();
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }

    fn wait_days(&self, days: i64) {
        self.clock.set(self.clock.now().plus(Millis::days(days)));
    }

    async fn anna_gets_in(&self) -> bool {
        matches!(self.run(sign_in("anna")).await, Outcome::SignedIn(_))
    }

    async fn events(&self, kind: EventKind) -> usize {
        let filter = EventFilter {
            kind: Some(kind),
            ..EventFilter::default()
        };
        let paging = Paging::first(1000);
        let found = self
            .engine
            .read(move |reader| reader.events(&filter, &paging))
            .await;
        found.unwrap().items.len()
    }

    async fn license(&self) -> domain::License {
        let ids = self
            .engine
            .read(|reader| reader.refreshable_licenses())
            .await
            .unwrap();
        let found = self
            .engine
            .read(move |reader| reader.find_license(ids[0]))
            .await;
        found.unwrap().unwrap().license
    }
}

#[tokio::test]
async fn a_key_shows_what_it_brings_before_it_is_confirmed_i2() {
    let house = House::new().await;
    let shown = house
        .add(&key().reveal().to_lowercase(), false)
        .await
        .unwrap();
    assert_eq!(shown.issuer.as_str(), "Northwind Software");
    assert_eq!(
        (shown.terms.seats, shown.answer.code),
        (2, ImportCode::Added)
    );
    assert!(!shown.confirmed);
    let none = house
        .engine
        .read(|reader| reader.refreshable_licenses())
        .await
        .unwrap();
    assert!(none.is_empty(), "a look changes nothing");

    let added = house.add(&key().reveal(), true).await.unwrap();
    assert!(added.confirmed);
    let license = house.license().await;
    assert_eq!(
        license.terms.installation,
        Some(house.engine.installation().to_string())
    );
    let again = house.add(&key().reveal(), true).await.unwrap();
    assert_eq!(again.answer.code, ImportCode::Unchanged);
    let asked = house.office.asked.lock().unwrap();
    assert_eq!(asked[0], "https://licenses.example.org/v1/exchange/preview");
}

#[tokio::test]
async fn a_key_that_can_bring_nothing_says_why_i2() {
    let house = House::new().await;
    let code = |result: Result<KeyLicense, KeyError>| result.unwrap_err().code().to_owned();
    let mistyped = key().reveal().replace("SK-", "SK-Z");
    assert_eq!(
        code(house.add(&mistyped[..31], true).await),
        "invalid_license_key"
    );
    assert!(
        house.office.asked.lock().unwrap().is_empty(),
        "a typing error is told offline"
    );
    let other = LicenseKey::from_random(&[43; 13]);
    assert_eq!(
        code(house.add(&other.reveal(), true).await),
        "unknown_license_key"
    );
    for (way, expected) in [
        (Way::Away, "service_unreachable"),
        (Way::Busy, "service_busy"),
        (Way::Garbage, "service_garbage"),
        (Way::Stranger, "service_unknown_key"),
        (Way::Forged, "service_bad_signature"),
        (Way::Misdirected, "service_wrong_answer"),
    ] {
        house.office.answers(way);
        assert_eq!(code(house.add(&key().reveal(), true).await), expected);
    }
    house.office.answers(Way::Honest);
    let manager = Actor {
        name: "app".into(),
        role: Role::Application,
    };
    let root = FolderRef::Path(Vec::new());
    let refused = house
        .engine
        .add_license(&manager, &key().reveal(), None, root, true)
        .await;
    assert_eq!(refused.unwrap_err().code(), "forbidden");

    house.knows("Contoso").await;
    assert_eq!(code(house.add(&key().reveal(), true).await), "which_issuer");
    let root = FolderRef::Path(Vec::new());
    let (theirs, admin, text) = (Some("contoso"), administrator(), key().reveal());
    // No key of Contoso's is trusted: Northwind can't speak for it.
    let refused = house.engine.add_license(&admin, &text, theirs, root, true);
    assert_eq!(refused.await.unwrap_err().code(), "service_unknown_key");
}

#[tokio::test]
async fn without_internet_only_files_work_and_the_message_says_so_i2() {
    let house = House::furnished().await;
    let policy = Policy {
        internet: false,
        ..house.engine.policy().as_ref().clone()
    };
    let version = None;
    house.run(Command::SetPolicy { policy, version }).await;
    let asked = house.office.asked.lock().unwrap().len();
    let error = house.add(&key().reveal(), false).await.unwrap_err();
    assert_eq!(error.code(), "internet_off");
    assert!(error.to_string().contains("license file"), "{error}");
    let answer = house.refresh().await;
    assert_eq!(answer.fault.map(|fault| fault.code()), Some("internet_off"));
    assert!(answer.detail.unwrap().contains("license file"));
    assert_eq!(
        house.office.asked.lock().unwrap().len(),
        asked,
        "nobody was asked"
    );
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn whatever_a_service_says_wrongly_changes_nothing_i3() {
    let house = House::furnished().await;
    house.refresh().await;
    house.wait_days(1);
    for (way, fault) in [
        (Way::Away, "service_unreachable"),
        (Way::Busy, "service_busy"),
        (Way::Garbage, "service_garbage"),
        (Way::Stranger, "service_unknown_key"),
        (Way::Forged, "service_bad_signature"),
        (Way::Replay, "service_wrong_answer"),
        (Way::Misdirected, "service_wrong_answer"),
        (Way::OtherLicense, "service_wrong_answer"),
        (Way::Nothing, "service_wrong_answer"),
        (Way::Old, "older_revision"),
    ] {
        let before = house.license().await;
        house.office.answers(way);
        let answer = house.refresh().await;
        assert_eq!(answer.code, RefreshCode::Failed, "{way:?}");
        assert_eq!(
            answer.fault.map(|fault| fault.code()),
            Some(fault),
            "{way:?}"
        );
        assert_eq!(house.license().await, before, "{way:?}");
        assert!(house.anna_gets_in().await, "{way:?}");
    }
    // The outage, and once that waiting does not help.
    assert_eq!(house.events(EventKind::LicenseRefreshFailed).await, 2);
    house.office.answers(Way::Honest);
    assert_eq!(house.refresh().await.code, RefreshCode::Confirmed);
    assert_eq!(house.events(EventKind::LicenseRefreshRecovered).await, 1);
}

#[tokio::test]
async fn a_replayed_confirmation_does_not_keep_a_license_alive_i3() {
    let house = House::furnished().await;
    house.refresh().await;
    house.office.answers(Way::Replay);
    house.wait_days(29);
    house.refresh().await;
    assert!(house.anna_gets_in().await);
    house.wait_days(1);
    house.refresh().await;
    assert!(
        !house.anna_gets_in().await,
        "nobody confirmed it for 30 days"
    );
    house.office.answers(Way::Honest);
    house.refresh().await;
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn more_seats_new_dates_and_withdrawal_arrive_i3() {
    let house = House::furnished().await;
    house.office.reissues(|terms| {
        terms.seats = Some(50);
        terms.expires_at = Some("2030-01-01T00:00:00Z".parse().unwrap());
    });
    let answer = house.refresh().await;
    assert_eq!((answer.code, answer.seats), (RefreshCode::Updated, 50));
    *house.office.withdrawn.lock().unwrap() = true;
    assert_eq!(house.refresh().await.code, RefreshCode::Withdrawn);
    assert!(!house.anna_gets_in().await);
    *house.office.withdrawn.lock().unwrap() = false;
    house.office.reissues(|_| {});
    assert_eq!(house.refresh().await.code, RefreshCode::Updated);
    assert!(house.anna_gets_in().await);
}

#[tokio::test]
async fn a_license_is_refreshed_by_itself_when_it_is_due_i3() {
    let house = House::with(true).await;
    house.add(&key().reveal(), true).await.unwrap();
    let asked = house.office.asked.lock().unwrap().len();
    house.office.reissues(|terms| terms.seats = Some(7));
    house.wait_days(10);
    // However long a loaded machine takes.
    for _ in 0..6000 {
        if house.license().await.terms.seats == 7 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(house.license().await.terms.seats, 7);
    assert!(house.office.asked.lock().unwrap().len() > asked);
    house.engine.shutdown().await.unwrap();
}

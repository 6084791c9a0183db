//! A license service within the test that answers as it is told to, and an engine that knows it.

use std::sync::{Arc, Mutex};

use domain::command::FolderRef;
use domain::event::EventKind;
use domain::names::Title;
use domain::outcome::RefreshAnswer;
use domain::refresh::ServiceUrl;
use domain::{Command, Millis, Outcome};
use engine::{Engine, EngineOptions, KeyError, KeyLicense, LineError, ServiceLine, SetClock};
use license_file::document::{Document, FORMAT, LicenseTerms, Model};
use license_file::exchange::{self, Answer, Answered, Held, Wish, open_request};
use license_file::jws::SigningKey;
use license_file::license_key::LicenseKey;
use line::Unreachable;
use store::query::{EventFilter, Paging};

use crate::place::Place;
use crate::world::{NOON, administrator, grant, issuer, new_user, sign_in, terms};

/// A service within the test: one license, and a way to answer.
#[derive(Debug)]
pub(crate) struct Office {
    way: Mutex<Way>,
    terms: Mutex<LicenseTerms>,
    pub(crate) withdrawn: Mutex<bool>,
    pub(crate) asked: Mutex<Vec<String>>,
    /// The last true answer, to be given again.
    last: Mutex<Option<String>>,
}

/// How the service answers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Way {
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

pub(crate) fn key() -> LicenseKey {
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

    pub(crate) fn answers(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }

    pub(crate) fn reissues(&self, change: impl FnOnce(&mut LicenseTerms)) {
        let mut terms = self.terms.lock().unwrap();
        terms.revision += 1;
        change(&mut terms);
    }

    /// Of one license that is held.
    fn answered(&self, way: Way, held: &Held, installation: &str) -> Vec<Answered> {
        let terms = self.terms.lock().unwrap().clone();
        let (id, revision) = (held.id.clone(), terms.revision);
        vec![match way {
            // Who sold it has no office.
            _ if held.id != terms.id => Answered::Unknown { id },
            Way::Nothing => return Vec::new(),
            Way::Old => Answered::Issued {
                document: document(
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
                document: document(&terms, installation),
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
            Way::Away => {
                let why = Unreachable::Refused;
                return Err(LineError::Unreachable { why });
            }
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
                    document: document(&terms, &installation),
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

/// The text of a license file with these terms for an installation.
fn document(terms: &LicenseTerms, installation: &str) -> String {
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

/// An engine that knows the office.
pub(crate) struct House {
    _place: Place,
    clock: SetClock,
    pub(crate) engine: Engine,
    pub(crate) office: Arc<Office>,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with(false).await
    }

    pub(crate) async fn with(refreshes: bool) -> Self {
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

    pub(crate) async fn knows(&self, issuer: &str) {
        self.run(Command::SetLicenseService {
            issuer: Title::parse(issuer).unwrap(),
            url: Some(ServiceUrl::parse("https://licenses.example.org").unwrap()),
        })
        .await;
    }

    pub(crate) async fn run(&self, command: Command) -> Outcome {
        self.engine
            .run(&administrator(), command, None)
            .await
            .unwrap()
    }

    pub(crate) async fn add(&self, text: &str, confirm: bool) -> Result<KeyLicense, KeyError> {
        let root = FolderRef::Path(Vec::new());
        self.engine
            .add_license(&administrator(), text, None, root, confirm)
            .await
    }

    /// With the license of the key, and Anna on a seat of it.
    pub(crate) async fn furnished() -> Self {
        let house = Self::new().await;
        house.add(&key().reveal(), true).await.unwrap();
        house.run(Command::CreateUser(new_user("anna"))).await;
        house.run(grant("anna")).await;
        house
    }

    pub(crate) async fn refresh(&self) -> RefreshAnswer {
        let mut answers = self
            .engine
            .refresh(&administrator(), Vec::new())
            .await
            .unwrap();
        assert_eq!(answers.len(), 1);
        answers.remove(0)
    }

    pub(crate) fn wait_days(&self, days: i64) {
        self.clock.set(self.clock.now().plus(Millis::days(days)));
    }

    pub(crate) async fn anna_gets_in(&self) -> bool {
        matches!(self.run(sign_in("anna")).await, Outcome::SignedIn(_))
    }

    pub(crate) async fn events(&self, kind: EventKind) -> usize {
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

    pub(crate) async fn license(&self) -> domain::License {
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

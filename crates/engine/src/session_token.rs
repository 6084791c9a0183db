//! Signed tokens of sessions and of borrowed seats: what an application checks without the
//! network (H4, H5).

use domain::outcome::GrantedAccess;
use domain::{AccessLevel, Modules, SessionId, Timestamp, UserId};
use license_file::jws::{EncodedHeader, assemble, signing_input};
use serde::{Serialize, Serializer};

use crate::installation::Installation;

/// What a session token claims. Times are in seconds since 1970 (RFC 7519).
#[derive(Serialize)]
struct Claims<'a> {
    /// The installation's id.
    iss: &'a str,
    /// The user's id.
    sub: UserId,
    /// The product's code.
    aud: &'a str,
    /// The session's id.
    sid: SessionId,
    username: &'a str,
    via: &'a str,
    /// The license's serial.
    #[serde(skip_serializing_if = "Option::is_none")]
    lic: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<AccessLevel>,
    #[serde(serialize_with = "all_or_list")]
    modules: &'a Modules,
    iat: i64,
    nbf: i64,
    exp: i64,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes the field by reference"
)]
fn all_or_list<S: Serializer>(modules: &&Modules, serializer: S) -> Result<S::Ok, S::Error> {
    match modules {
        Modules::All => serializer.serialize_str("all"),
        Modules::Only(list) => list.serialize(serializer),
    }
}

/// The compact JWS for a granted session, issued at `now`, good until the session expires.
pub(crate) fn session_token(
    installation: &Installation,
    granted: &GrantedAccess,
    now: Timestamp,
) -> String {
    token(installation, &installation.header, granted, now)
}

/// The same for a borrowed seat, good until the loan ends (H5).
pub(crate) fn borrow_token(
    installation: &Installation,
    granted: &GrantedAccess,
    now: Timestamp,
) -> String {
    token(installation, &installation.borrow_header, granted, now)
}

fn token(
    installation: &Installation,
    header: &EncodedHeader,
    granted: &GrantedAccess,
    now: Timestamp,
) -> String {
    let seconds = |at: Timestamp| at.as_millis().div_euclid(1000);
    let claims = Claims {
        iss: &installation.id_text,
        sub: granted.user,
        aud: granted.product_code.as_str(),
        sid: granted.session,
        username: granted.username.as_str(),
        via: &granted.via,
        lic: granted.license.as_ref().map(|(_, serial)| serial.as_str()),
        access: granted.access,
        modules: &granted.modules,
        iat: seconds(now),
        nbf: seconds(now),
        exp: seconds(granted.expires_at),
    };
    let payload =
        serde_json::to_vec(&claims).expect("texts, numbers and lists of texts always serialize");
    let input = signing_input(header, &payload);
    let signature = installation.signer.sign(input.as_bytes());
    let signature: &[u8; 64] = signature
        .as_ref()
        .try_into()
        .expect("an Ed25519 signature has 64 bytes (RFC 8032)");
    assemble(input, signature)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::installation::Age;
    use domain::{LicenseId, Millis, PersonId, ProductCode, ProductId, Serial, Username};
    use license_file::jws;
    use uuid::Uuid;

    fn granted() -> GrantedAccess {
        GrantedAccess {
            session: SessionId(Uuid::from_u128(1)),
            user: UserId(Uuid::from_u128(2)),
            person: PersonId(Uuid::from_u128(3)),
            username: Username::parse("anna").unwrap(),
            product: ProductId(Uuid::from_u128(4)),
            product_code: ProductCode::parse("esm").unwrap(),
            via: "floating".into(),
            license: Some((
                LicenseId(Uuid::from_u128(5)),
                Serial::parse("NW-1").unwrap(),
            )),
            access: Some(AccessLevel::Write),
            modules: Modules::All,
            expires_at: Timestamp::from_millis(2_000_999),
            heartbeat_after: Millis::SECOND,
        }
    }

    #[test]
    fn anyone_with_the_public_key_can_check_a_session_token_h4() {
        let data = tempfile::tempdir().unwrap();
        let installation = Installation::open(data.path(), Uuid::from_u128(9), Age::New).unwrap();
        let token = session_token(&installation, &granted(), Timestamp::from_millis(1_000_500));

        let keys = installation.jwks.verifying_keys().unwrap();
        let payload = jws::verify(&token, jws::SESSION_TYP, |kid| {
            keys.iter().find(|key| key.kid() == kid).cloned()
        })
        .unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&payload).unwrap();
        assert_eq!(
            claims,
            serde_json::json!({
                "iss": Uuid::from_u128(9), "sub": Uuid::from_u128(2), "aud": "esm",
                "sid": Uuid::from_u128(1), "username": "anna", "via": "floating", "lic": "NW-1",
                "access": "write", "modules": "all", "iat": 1000, "nbf": 1000, "exp": 2000,
            })
        );
    }

    #[test]
    fn the_token_of_a_borrowed_seat_is_no_session_token_h5() {
        let data = tempfile::tempdir().unwrap();
        let installation = Installation::open(data.path(), Uuid::from_u128(9), Age::New).unwrap();
        let token = borrow_token(&installation, &granted(), Timestamp::from_millis(1_000_500));
        let keys = installation.jwks.verifying_keys().unwrap();
        let find = |_: &str| keys.first().cloned();
        assert!(jws::verify(&token, jws::SESSION_TYP, find).is_err());
        assert!(jws::verify(&token, jws::BORROW_TYP, find).is_ok());
    }

    #[test]
    fn a_session_token_is_no_license_h4() {
        let data = tempfile::tempdir().unwrap();
        let installation = Installation::open(data.path(), Uuid::from_u128(9), Age::New).unwrap();
        let token = session_token(&installation, &granted(), Timestamp::NEVER);
        let keys = installation.jwks.verifying_keys().unwrap();
        assert!(jws::verify(&token, jws::LICENSE_TYP, |_| keys.first().cloned()).is_err());
    }
}

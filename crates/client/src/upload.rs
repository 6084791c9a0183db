//! Several files in one request.

use std::fmt;

use crate::random;

/// License files that come in together, and what opens them.
#[derive(Clone, Default)]
pub struct LicenseUpload {
    files: Vec<(String, Vec<u8>)>,
    license_keys: Vec<String>,
}

impl LicenseUpload {
    /// Adds a file, under the name that the answer will have for it.
    pub fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.push((name.to_owned(), bytes));
    }

    /// Adds a license key, which an encrypted file of Keygen's may need.
    pub fn license_key(&mut self, key: &str) {
        self.license_keys.push(key.to_owned());
    }

    /// How many bytes the files have together.
    pub fn len(&self) -> usize {
        self.files.iter().map(|(_, bytes)| bytes.len()).sum()
    }

    /// Whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The form (RFC 7578), and its media type.
    pub(crate) fn form(&self) -> (String, Vec<u8>) {
        // Random, so that no file has it inside.
        let boundary = random::key();
        let mut body = Vec::with_capacity(self.len() + 256 * (self.files.len() + 1));
        let mut field = |disposition: String, bytes: &[u8]| {
            let head =
                format!("--{boundary}\r\ncontent-disposition: form-data; {disposition}\r\n\r\n");
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        };
        for (name, bytes) in &self.files {
            let name = name.replace(['"', '\\', '\r', '\n'], "_");
            field(format!("name=\"file\"; filename=\"{name}\""), bytes);
        }
        for key in &self.license_keys {
            field("name=\"license_key\"".to_owned(), key.as_bytes());
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

impl fmt::Debug for LicenseUpload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.files.iter().map(|(name, _)| name.as_str()).collect();
        write!(
            f,
            "LicenseUpload({names:?}, {} secrets)",
            self.license_keys.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_has_each_file_under_its_name_and_prints_no_secret() {
        let mut upload = LicenseUpload::default();
        upload.file("a\"b.lic", b"one".to_vec());
        upload.file("c.xml", b"two".to_vec());
        upload.license_key("SECRET");
        let (media_type, body) = upload.form();
        let boundary = media_type
            .strip_prefix("multipart/form-data; boundary=")
            .unwrap();
        let body = String::from_utf8(body).unwrap();
        assert_eq!(body.matches(&format!("--{boundary}")).count(), 4);
        assert!(
            body.contains("filename=\"a_b.lic\"\r\n\r\none\r\n"),
            "{body}"
        );
        assert!(
            body.contains("name=\"license_key\"\r\n\r\nSECRET\r\n"),
            "{body}"
        );
        assert!(body.ends_with(&format!("--{boundary}--\r\n")), "{body}");
        assert!(!format!("{upload:?}").contains("SECRET"));
        assert_eq!(upload.len(), 6);
    }
}

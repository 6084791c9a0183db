//! Reading a `license.xml`, element by element. Every event that the format does not know ends it.

use quick_xml::XmlVersion;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::reader::Reader;

use super::clear::joined;
use super::{Clear, MAX_ATTRIBUTES, MAX_TAG, NAMESPACE, XmlError};
use crate::show::quoted;

/// A `license.xml` taken apart: nothing in it is verified yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Taken {
    /// The compact JWS.
    pub(crate) compact: String,
    /// What the readable part says.
    pub(crate) clear: Clear,
}

/// Where the reader stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Before,
    Root,
    License,
    Signed,
    After,
}

/// Takes a `license.xml` apart.
///
/// # Errors
/// [`XmlError`]: the first thing that has no place in such a file.
pub(crate) fn read(text: &str) -> Result<Taken, XmlError> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().enable_all_checks(true);
    let mut place = Place::Before;
    let mut clear = Clear::default();
    let (mut compact, mut signed) = (String::new(), 0);
    loop {
        let event = reader
            .read_event()
            .map_err(|error| XmlError::Malformed(error.to_string()))?;
        match event {
            Event::Eof if place == Place::After => break,
            Event::Eof => {
                return Err(XmlError::Malformed("it ends too early".to_owned()));
            }
            Event::Decl(declaration) if place == Place::Before => encoding(&declaration)?,
            Event::Decl(_) => {
                return Err(XmlError::Foreign("a second XML declaration".to_owned()));
            }
            Event::Comment(_) => {}
            Event::DocType(_) => return Err(XmlError::Dtd),
            Event::GeneralRef(_) => return Err(XmlError::Entity),
            Event::CData(_) => return Err(XmlError::Foreign("a CDATA section".to_owned())),
            Event::PI(_) => {
                return Err(XmlError::Foreign("a processing instruction".to_owned()));
            }
            Event::Text(text) if place == Place::Signed => {
                compact.extend(text.split_ascii_whitespace());
            }
            Event::Text(text) => blank(&text)?,
            Event::Start(tag) => {
                place = enter(&tag, place, &mut clear)?;
                signed += usize::from(place == Place::Signed);
            }
            Event::Empty(tag) => {
                // An empty element is its start and its end at once.
                match enter(&tag, place, &mut clear)? {
                    Place::Root => place = Place::After,
                    Place::Signed => signed += 1,
                    _ => {}
                }
            }
            // The reader checks that it is the end of what was begun last.
            Event::End(_) => {
                place = match place {
                    Place::License | Place::Signed => Place::Root,
                    _ => Place::After,
                };
            }
        }
    }
    if signed != 1 {
        return Err(XmlError::Signed(signed));
    }
    Ok(Taken { compact, clear })
}

fn encoding(declaration: &BytesDecl<'_>) -> Result<(), XmlError> {
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(name)) if name.eq_ignore_ascii_case("utf-8") => Ok(()),
        Some(Ok(name)) => Err(XmlError::Encoding(name.into_owned())),
        Some(Err(error)) => Err(XmlError::Malformed(error.to_string())),
    }
}

/// Between elements stands nothing but white space.
fn blank(text: &str) -> Result<(), XmlError> {
    if text.trim_ascii().is_empty() {
        Ok(())
    } else {
        Err(XmlError::Foreign(format!(
            "the text {} between its elements",
            quoted(text.trim())
        )))
    }
}

/// Where the reader stands after a start tag.
fn enter(tag: &BytesStart<'_>, place: Place, clear: &mut Clear) -> Result<Place, XmlError> {
    if tag.len() > MAX_TAG {
        return Err(XmlError::TooComplex);
    }
    let name = tag.name().into_inner();
    let foreign = || {
        Err(XmlError::Foreign(format!(
            "an element {} where it is",
            quoted(name)
        )))
    };
    match (place, name) {
        (Place::Before, "licenses") => {
            let mut attributes = attributes(tag)?;
            let namespace = attributes.iter().position(|(name, _)| name == "xmlns");
            match namespace.map(|at| attributes.remove(at).1) {
                Some(namespace) if namespace == NAMESPACE => {}
                other => {
                    let other = other.unwrap_or_default();
                    return Err(XmlError::Root(format!("licenses xmlns=\"{other}\"")));
                }
            }
            clear.document = joined(&attributes);
            Ok(Place::Root)
        }
        (Place::Before, _) => Err(XmlError::Root(name.to_owned())),
        (Place::Root, "license") => {
            clear.licenses.push(joined(&attributes(tag)?));
            Ok(Place::License)
        }
        (Place::Root, "signed") => match attributes(tag)?.first() {
            None => Ok(Place::Signed),
            Some((name, _)) => Err(XmlError::Foreign(format!(
                "an attribute {} of <signed>",
                quoted(name)
            ))),
        },
        _ => foreign(),
    }
}

/// The attributes of a tag, each once, unescaped.
fn attributes(tag: &BytesStart<'_>) -> Result<Vec<(String, String)>, XmlError> {
    let malformed = |error: String| XmlError::Malformed(error);
    let mut found: Vec<(String, String)> = Vec::new();
    let mut all = tag.attributes();
    // Its own check compares each with each before we could count them.
    for attribute in all.with_checks(false) {
        let attribute = attribute.map_err(|error| malformed(error.to_string()))?;
        let name = attribute.key.into_inner();
        if found.len() == MAX_ATTRIBUTES {
            return Err(XmlError::TooComplex);
        }
        if found.iter().any(|(earlier, _)| earlier == name) {
            return Err(malformed(format!("the attribute {} twice", quoted(name))));
        }
        if attribute.value.contains('<') {
            return Err(malformed(format!("`<` in the attribute {}", quoted(name))));
        }
        let value = attribute
            .normalized_value(XmlVersion::Explicit1_0)
            .map_err(|_| XmlError::Entity)?;
        found.push((name.to_owned(), value.into_owned()));
    }
    Ok(found)
}

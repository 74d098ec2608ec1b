//! What is known of a type of field before any field of it is read.

use super::FieldType;
use crate::DefinitionError;
use crate::reader::Members;

/// Code, Thai, English: what a finding says to people. `{label}` is the question; the other names
/// are the finding's parameters.
pub type Message = (&'static str, &'static str, &'static str);

/// For lists of types, what the findings of each say.
pub(crate) type Messages = &'static [&'static [&'static [Message]]];

/// Lists of types; where lists go, every type of all of them is known.
pub type Types = &'static [&'static [Type]];

/// A type of field.
pub struct Type {
    /// Its name in a definition, as in `"type": "text"`.
    pub name: &'static str,
    /// Takes the members that only this type has.
    pub(crate) read: fn(&mut Members) -> Result<Box<dyn FieldType>, DefinitionError>,
    /// What the findings say that only this type has. Not in the page, where words come later.
    #[cfg(feature = "tools")]
    pub(crate) messages: &'static [Message],
    /// Fields of this type with entries that are taken and entries that are refused, as JSON.
    #[cfg(any(test, feature = "tools"))]
    pub examples: &'static str,
    /// The JSON Schema of the members that only this type has.
    #[cfg(feature = "tools")]
    pub(crate) language: fn(&mut schemars::SchemaGenerator) -> schemars::Schema,
}

#[cfg(feature = "tools")]
impl Type {
    /// The members that only this type has, as a JSON Schema (2020-12) by itself.
    pub fn members(&self) -> serde_json::Value {
        let settings = schemars::generate::SchemaSettings::draft2020_12();
        let mut generator = settings.into_generator();
        let mut schema = (self.language)(&mut generator).to_value();
        schema["$defs"] = serde_json::Value::Object(generator.take_definitions(true));
        schema
    }

    /// What the findings say that only this type has.
    pub fn messages(&self) -> &'static [Message] {
        let all = super::ALL.iter().copied().flatten();
        let place = all.into_iter().position(|known| known.name == self.name);
        let mut messages = super::ALL_MESSAGES.iter().copied().flatten();
        place.and_then(|place| messages.nth(place)).copied().unwrap_or_default()
    }
}

impl std::fmt::Debug for Type {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

/// Makes `TYPE` and `MESSAGES` of a module: `field_type!("phone", Phone, [messages])`, for a struct that has
/// `from_members` and is a [`FieldType`]. Its examples are in `src/fields/phone.json`.
macro_rules! field_type {
    ($name:literal, $kind:ty, $messages:expr) => {
        /// What the findings say that only this type has.
        pub const MESSAGES: &[$crate::fields::Message] = &$messages;

        /// The type as the language knows it.
        pub const TYPE: $crate::fields::Type = $crate::fields::Type {
            name: $name,
            #[cfg(feature = "tools")]
            messages: MESSAGES,
            read: |members| Ok(Box::new(<$kind>::from_members(members)?)),
            #[cfg(any(test, feature = "tools"))]
            examples: include_str!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/src/fields/",
                $name,
                ".json"
            )),
            #[cfg(feature = "tools")]
            language: <$kind as schemars::JsonSchema>::json_schema,
        };
    };
}

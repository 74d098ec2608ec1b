//! The form language: what a definition's file holds. These types are the single source; the engine
//! adds nothing that is not written here, in `field.rs` and in `fields/`.

use serde_json::Value;

use crate::reader::{self, Members};
use crate::{Check, DefinitionError, Field, Rule, Text, Vocabulary, base64, limits};

/// A form: one JSON file.
#[derive(Debug)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Definition {
    /// Where the JSON Schema of the language is, for editors; not used.
    #[cfg_attr(feature = "tools", schemars(rename = "$schema"))]
    pub schema: Option<String>,
    /// The form's name in addresses and databases: 1 to 64 letters, digits, `-` and `_`.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$")))]
    pub id: String,
    /// Changes with every published change, as `2569.1`.
    pub version: String,
    /// What the form is called.
    pub title: Text,
    /// A sentence on what it is for.
    pub summary: Option<Text>,
    /// The languages that the citizen can choose, the first one first.
    #[cfg_attr(feature = "tools", schemars(length(min = 1), extend("uniqueItems" = true)))]
    pub languages: Vec<String>,
    /// The digits that answers are shown with; Arabic ones unless told. Both are taken everywhere.
    pub digits: Option<Digits>,
    /// Who asks.
    pub agency: Option<Agency>,
    /// Why, and what happens with the answers.
    pub privacy: Option<Privacy>,
    /// A page before the first: what to have ready, and how long it takes.
    pub start: Option<Start>,
    /// What is declared by submitting: stands above «submit», and on the copy.
    pub declaration: Option<Text>,
    /// What happens after the agency has received it.
    pub next: Option<Text>,
    /// Where the answers go.
    pub submit: Submit,
    /// What must hold for the answers of several pages together.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub checks: Vec<Check>,
    /// The pages, in order.
    #[cfg_attr(feature = "tools", schemars(length(min = 1, max = limits::PAGES)))]
    pub pages: Vec<Page>,
}

/// The digits that answers are shown with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub enum Digits {
    /// 0 to 9.
    Arabic,
    /// ๐ to ๙, where the form is read in Thai.
    Thai,
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Agency {
    /// The agency's name.
    pub name: Text,
    /// How to reach people there.
    pub contact: Option<Contact>,
}

/// How to reach people.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Contact {
    /// E.164, as `+6625793004`.
    pub phone: Option<String>,
    /// An address.
    pub email: Option<String>,
    /// A page.
    pub url: Option<String>,
    /// Where the office is.
    pub address: Option<Text>,
}

/// Why the answers are asked for, and what happens with them (PDPA, B.E. 2562, section 23).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Privacy {
    /// What the answers are used for.
    pub purpose: Text,
    /// The legal basis, as `public-task`.
    pub legal_basis: Option<String>,
    /// For how many days they are kept.
    pub retention_days: Option<u32>,
    /// Who else gets them.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub recipients: Vec<Text>,
    /// The whole notice.
    pub url: Option<String>,
}

impl Privacy {
    /// «Legal basis: a task in the public interest»: a basis of the PDPA, sections 24 and 26, in
    /// words; a word that is not known as it stands.
    pub fn basis_in_words(&self, thai: bool) -> Option<String> {
        let basis = self.legal_basis.as_deref()?;
        let pick = |th, en| if thai { th } else { en };
        let words = match basis {
            "public-task" => {
                pick("ภารกิจเพื่อประโยชน์สาธารณะของหน่วยงาน", "a task in the public interest")
            }
            "legal-obligation" => pick("หน้าที่ตามกฎหมาย", "a duty by law"),
            "consent" => pick("ความยินยอมของท่าน", "your consent"),
            "contract" => pick("สัญญากับท่าน", "a contract with you"),
            "vital-interest" | "vital-interests" => {
                pick("การป้องกันอันตรายต่อชีวิตและสุขภาพ", "protection of life and health")
            }
            "legitimate-interest" | "legitimate-interests" => {
                pick("ประโยชน์โดยชอบด้วยกฎหมาย", "a legitimate interest")
            }
            "research" | "statistics" => pick("การศึกษาวิจัยหรือสถิติ", "research or statistics"),
            other => other,
        };
        Some([pick("ฐานทางกฎหมาย: ", "Legal basis: "), words].concat())
    }
}

/// The page before the first. Its title and first words are those of the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Start {
    /// How many minutes filling it in takes, about.
    pub minutes: Option<u32>,
    /// What to have ready, as «your identity card».
    #[cfg_attr(feature = "tools", schemars(default))]
    pub ready: Vec<Text>,
}

/// Where the answers go.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Submit {
    /// The address that submissions are PUT under; relative to the page's origin, or absolute.
    pub url: String,
    /// How they are sent: `PUT` to the address, `/` and the submission's id, as without it, or `POST` to
    /// the address itself, for endpoints that take nothing else.
    #[cfg_attr(feature = "tools", schemars(with = "Option<Method>"))]
    pub method: Option<String>,
    /// Where files go before the submission, in pieces, so that what has arrived need not be sent again
    /// when the signal is lost. Without it they travel inside the submission.
    pub uploads: Option<Uploads>,
    /// The key that answers and files are sealed to on the phone, so that nobody but who has the
    /// private half can read them. Without it whoever receives them can.
    pub seal_to: Option<SealTo>,
    /// Where citizens sign in whom the agency lets send only then (401, 403): a path of the page's own
    /// origin, as `/sign-in`, or an address with `https://`.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = r"^(https://|/([^/\\]|$))")))]
    pub sign_in: Option<String>,
}

/// A key that answers are sealed to: `eform-agency keys new` makes one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct SealTo {
    /// The key's name: 1 to 64 letters, digits, `-` and `_`. Each key has one of its own.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$")))]
    pub kid: String,
    /// The public half, 32 bytes in base 64.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = "^[A-Za-z0-9+/]{43}=$")))]
    pub public_key: String,
}

impl SealTo {
    /// The public key; none where the text is not 32 bytes in base 64.
    pub fn key(&self) -> Option<[u8; 32]> {
        base64::decode(&self.public_key)?.try_into().ok()
    }
}

/// Where files go before the submission that names them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Uploads {
    /// The address where a file is announced, by tus 1.0; relative to the page's origin, or absolute.
    pub url: String,
    /// The most bytes of all files of one submission together: 67108864 (64 MiB) unless told, and at
    /// most 1073741824 (1 GiB).
    pub max_size: Option<u64>,
}

/// What `method` may say.
#[cfg(feature = "tools")]
#[derive(schemars::JsonSchema)]
#[schemars(rename_all = "UPPERCASE", inline)]
#[expect(dead_code, reason = "it stands for its names")]
enum Method {
    Put,
    Post,
}

impl Submit {
    /// Whether submissions are sent by POST.
    pub fn is_post(&self) -> bool {
        self.method.as_deref() == Some("POST")
    }

    /// Where citizens sign in, if that is a place to lead them to: a path of the page's own origin, or an
    /// address with TLS. Browsers leave out spaces and the like, so none may be in it.
    pub fn signs_in_at(&self) -> Option<&str> {
        let address = self.sign_in.as_deref()?;
        let path = address.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
        let host = address.strip_prefix("https://");
        let is_good = path
            || host
                .is_some_and(|host| !host.starts_with(['/', '\\', '?', '#']) && !host.is_empty());
        (is_good && address.bytes().all(|byte| byte > b' ' && byte != 0x7F)).then_some(address)
    }

    /// The most bytes of all files of one submission together.
    pub fn attached_bytes(&self) -> u64 {
        match &self.uploads {
            Some(uploads) => uploads.max_size.unwrap_or(limits::UPLOADED_BYTES),
            None => limits::ATTACHED_BYTES,
        }
    }
}

/// One page of the form.
#[derive(Debug)]
#[cfg_attr(feature = "tools", derive(schemars::JsonSchema), schemars(rename_all = "camelCase"))]
pub struct Page {
    /// The page's name; letters, digits, `-` and `_`.
    #[cfg_attr(feature = "tools", schemars(regex(pattern = "^[A-Za-z0-9_-]{1,64}$")))]
    pub id: String,
    /// What it is about.
    pub title: Text,
    /// Words below the title.
    pub intro: Option<Text>,
    /// The page is shown only if this holds.
    pub show_if: Option<Rule>,
    /// What must hold for the answers of this page together.
    #[cfg_attr(feature = "tools", schemars(default))]
    pub checks: Vec<Check>,
    /// What is asked, in order: places of fields (see [`crate::Form::field`]).
    #[cfg_attr(feature = "tools", schemars(with = "Vec<Value>"))]
    pub fields: Vec<usize>,
}

/// A definition as it is read, its fields still hanging in their pages.
pub(crate) struct Tree {
    pub definition: Definition,
    /// The fields of each page.
    pub fields: Vec<Vec<Field>>,
}

impl Tree {
    pub fn from_value(value: Value, vocabulary: &Vocabulary) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let mut definition = Definition {
            schema: members.opt_string("$schema")?,
            id: members.name("id")?,
            version: members.string("version")?,
            title: members.text("title")?,
            summary: members.opt_text("summary")?,
            languages: members.list("languages", reader::string)?,
            digits: members.opt("digits", Digits::from_value)?,
            agency: None,
            privacy: members.opt("privacy", Privacy::from_value)?,
            start: members.opt("start", Start::from_value)?,
            declaration: members.opt_text("declaration")?,
            next: members.opt_text("next")?,
            submit: Submit::default(),
            checks: members.opt_list("checks", Check::from_value)?.unwrap_or_default(),
            pages: Vec::new(),
        };
        if let Some(agency) = members.opt("agency", Members::of)? {
            let read = Agency::from_members(agency, vocabulary);
            definition.agency = Some(read.map_err(|error| error.under("agency"))?);
        }
        match vocabulary.submit {
            Some(read) => definition.submit = members.required("submit", read)?,
            None => members.leave("submit"),
        }
        let mut fields = Vec::new();
        members.each("pages", &mut |page| {
            let (page, of_page) = Page::from_value(page, vocabulary)?;
            definition.pages.push(page);
            fields.push(of_page);
            Ok(())
        })?;
        let languages = &definition.languages;
        if languages.is_empty() {
            let error = DefinitionError::new("expected at least one language, as [\"th\"]");
            return Err(error.under("languages"));
        }
        if languages.len() > limits::LANGUAGES {
            return Err(reader::beyond("languages", limits::LANGUAGES).under("languages"));
        }
        if let Some(at) = (1..languages.len()).find(|at| languages[..*at].contains(&languages[*at]))
        {
            let error = DefinitionError::new("this language is there twice").under_index(at);
            return Err(error.under("languages"));
        }
        if definition.pages.is_empty() {
            return Err(DefinitionError::new("expected at least one page").under("pages"));
        }
        if definition.pages.len() > limits::PAGES {
            return Err(reader::beyond("pages", limits::PAGES).under("pages"));
        }
        members.finish()?;
        Ok(Self { definition, fields })
    }
}

impl Digits {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        match reader::string(value)?.as_str() {
            "arabic" => Ok(Self::Arabic),
            "thai" => Ok(Self::Thai),
            other => Err(reader::one_of("unknown digits", other, &["arabic", "thai"])),
        }
    }
}

impl Agency {
    fn from_members(
        mut members: Members,
        vocabulary: &Vocabulary,
    ) -> Result<Self, DefinitionError> {
        let mut read = Self { name: members.text("name")?, contact: None };
        match vocabulary.contact {
            Some(contact) => read.contact = members.opt("contact", contact)?,
            None => members.leave("contact"),
        }
        members.finish()?;
        Ok(read)
    }
}

impl Contact {
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            phone: members.opt_string("phone")?,
            email: members.opt_string("email")?,
            url: members.opt_string("url")?,
            address: members.opt_text("address")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Privacy {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            purpose: members.text("purpose")?,
            legal_basis: members.opt_string("legalBasis")?,
            retention_days: members.opt_u32("retentionDays")?,
            recipients: members.opt_list("recipients", Text::read)?.unwrap_or_default(),
            url: members.opt_string("url")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl Start {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            minutes: members.opt_u32("minutes")?,
            ready: members.opt_list("ready", Text::read)?.unwrap_or_default(),
        };
        members.finish()?;
        Ok(read)
    }
}

fn method(value: Value) -> Result<String, DefinitionError> {
    match value.as_str() {
        Some(method @ ("PUT" | "POST")) => Ok(method.to_owned()),
        Some(other) => Err(reader::one_of("unknown method", other, &["PUT", "POST"])),
        None => Err(reader::mismatch("text", &value)),
    }
}

impl Submit {
    pub(crate) fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let uploads = members.opt("uploads", Uploads::from_value)?;
        let seal_to = members.opt("sealTo", SealTo::from_value)?;
        let read = Self {
            url: members.string("url")?,
            method: members.opt("method", method)?,
            uploads,
            seal_to,
            sign_in: members.opt_string("signIn")?,
        };
        members.finish()?;
        Ok(read)
    }
}

impl SealTo {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self { kid: members.name("kid")?, public_key: members.string("publicKey")? };
        members.finish()?;
        Ok(read)
    }
}

impl Uploads {
    fn from_value(value: Value) -> Result<Self, DefinitionError> {
        let mut members = Members::of(value)?;
        let max_size = members.opt_whole("maxSize", limits::UPLOADED_BYTES_MOST)?;
        let read = Self { url: members.string("url")?, max_size };
        members.finish()?;
        Ok(read)
    }
}

impl Page {
    fn from_value(
        value: Value,
        vocabulary: &Vocabulary,
    ) -> Result<(Self, Vec<Field>), DefinitionError> {
        let mut members = Members::of(value)?;
        let read = Self {
            id: members.name("id")?,
            title: members.text("title")?,
            intro: members.opt_text("intro")?,
            show_if: members.opt_rule("showIf")?,
            checks: members.opt_list("checks", Check::from_value)?.unwrap_or_default(),
            fields: Vec::new(),
        };
        let fields = Field::list(&mut members, vocabulary, 0)?;
        members.finish()?;
        Ok((read, fields))
    }
}

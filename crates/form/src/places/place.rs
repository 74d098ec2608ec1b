//! What is found in the list: an area, a place with its full path, and the words for their levels.

use super::{DISTRICT, PROVINCE, Places};

/// Where districts are เขต and sub-districts แขวง, and the name says what it is.
const BANGKOK: &str = "10";

/// A province, a district or a sub-district. Names do not make it known: twenty-eight sub-districts
/// have one name.
#[derive(Debug, Clone, Copy)]
pub struct Area<'a> {
    pub(super) places: &'a Places,
    pub(super) index: u32,
}

impl<'a> Area<'a> {
    /// 2, 4 or 6 digits.
    pub fn code(self) -> String {
        let code = self.places.code(self.index);
        let short = match code {
            _ if code.is_multiple_of(PROVINCE) => code / PROVINCE,
            _ if code.is_multiple_of(DISTRICT) => code / DISTRICT,
            _ => code,
        };
        short.to_string()
    }

    /// The name without the word for the level: `พระนคร` rather than `เขตพระนคร`. In English if that
    /// is asked for (`"en"`) and loaded, else in Thai.
    pub fn name(self, language: &str) -> &'a str {
        self.places.name(self.index, language)
    }
}

/// A sub-district with the district and the province that it lies in.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a>(pub(super) Area<'a>);

impl<'a> Place<'a> {
    /// The sub-district's code, 6 digits. The first 4 are the district's, the first 2 the province's.
    pub fn code(self) -> String {
        self.0.code()
    }

    /// The sub-district itself.
    pub fn subdistrict(self) -> Area<'a> {
        self.0
    }

    /// The district.
    pub fn district(self) -> Area<'a> {
        let Area { places, index } = self.0;
        places.area(places.district(index))
    }

    /// The province.
    pub fn province(self) -> Area<'a> {
        let Area { places, index } = self.0;
        places.area(places.province(index))
    }

    /// The sub-district, the district, the province: the order of an address, and of the names that
    /// [`Places::matches`] takes.
    pub fn areas(self) -> [Area<'a>; 3] {
        [self.subdistrict(), self.district(), self.province()]
    }

    /// Its postcodes, 5 digits each. Mostly one; of two or three, the person must choose.
    pub fn postcodes(self) -> Vec<String> {
        let postcodes = self.0.places.postcodes(self.0.index);
        postcodes.iter().map(u32::to_string).collect()
    }

    /// The words for the levels, here.
    pub fn words(self, language: &str) -> Words {
        Words::of(&self.province().code(), language)
    }

    /// One line that no other place has: `แขวงดุสิต เขตดุสิต กรุงเทพมหานคร`, in English `Dusit, Dusit,
    /// Bangkok`. For the eye: an answer keeps the code and the names.
    pub fn path(self, language: &str) -> String {
        let english = language == "en" && self.0.places.english.is_some();
        let words = self.words("th");
        let (mut before, between) = match english {
            true => ([""; 3], ", "),
            false => ([words.subdistrict, words.district, words.province], " "),
        };
        if self.province().code() == BANGKOK {
            before[2] = "";
        }
        let mut path = String::new();
        for (area, word) in self.areas().into_iter().zip(before) {
            if !path.is_empty() {
                path.push_str(between);
            }
            path.push_str(word);
            path.push_str(area.name(language));
        }
        path
    }
}

/// The words for the three levels, as labels of fields. In Bangkok they are others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Words {
    /// `ตำบล` or `แขวง`.
    pub subdistrict: &'static str,
    /// `อำเภอ` or `เขต`.
    pub district: &'static str,
    /// `จังหวัด`. Before the name of Bangkok it is left out.
    pub province: &'static str,
}

impl Words {
    /// The words in the province with this code; for no code, those of most provinces. In English
    /// for `"en"`, else in Thai.
    pub fn of(province: &str, language: &str) -> Self {
        let [subdistrict, district, province] = match (language, province == BANGKOK) {
            ("en", false) => ["Sub-district (tambon)", "District (amphoe)", "Province"],
            ("en", true) => ["Sub-district (khwaeng)", "District (khet)", "Province"],
            (_, false) => ["ตำบล", "อำเภอ", "จังหวัด"],
            (_, true) => ["แขวง", "เขต", "จังหวัด"],
        };
        Self { subdistrict, district, province }
    }
}

//! The list of places in `public/data`: it is complete, and everything in it is found.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use eform::places::{Area, Place, Places, PlacesError, Words};
use eform::thai::clean_line;
use proptest::prelude::*;

const THAI: &str = include_str!("../../../public/data/areas.th.txt");
const ENGLISH: &str = include_str!("../../../public/data/areas.en.txt");
const EVERYTHING: usize = 10_000;

/// The list as most people have it.
fn thai() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| Places::parse(THAI).unwrap())
}

/// The list of somebody who reads English.
fn bilingual() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let mut places = thai().clone();
        places.with_english(ENGLISH).unwrap();
        places
    })
}

/// Every sub-district, by way of the lists.
fn all(places: &Places) -> Vec<Place<'_>> {
    let districts = places.provinces("th").into_iter();
    let districts = districts.flat_map(|province| places.districts(&province.code(), "th"));
    districts.flat_map(|district| places.subdistricts(&district.code(), "th")).collect()
}

fn codes(places: &[Place]) -> Vec<String> {
    places.iter().map(|place| place.code()).collect()
}

fn names<'a>(areas: &[Area<'a>]) -> Vec<&'a str> {
    areas.iter().map(|area| area.name("th")).collect()
}

#[test]
fn everything_is_there() {
    let places = thai();
    assert_eq!(places.version(), "2026.10.23");
    assert!(places.credit().contains("GeoThai") && places.credit().contains("CC BY 4.0"));

    let provinces = places.provinces("th");
    let districts: usize =
        provinces.iter().map(|province| places.districts(&province.code(), "th").len()).sum();
    assert_eq!((provinces.len(), districts, all(places).len()), (77, 928, 7436));

    let bangkok = places.districts("10", "th").len();
    assert_eq!((bangkok, districts - bangkok), (50, 878));

    let mut same_name = BTreeMap::<&str, u32>::new();
    for place in all(places) {
        *same_name.entry(place.subdistrict().name("th")).or_default() += 1;
    }
    for (name, count) in [("หนองบัว", 28), ("ในเมือง", 22), ("หนองแวง", 18)]
    {
        assert_eq!(same_name[name], count, "{name}");
    }
}

#[test]
fn every_subdistrict_has_one_to_three_postcodes() {
    let mut used = BTreeMap::<String, u32>::new();
    let mut several = 0;
    for place in all(thai()) {
        let postcodes = place.postcodes();
        assert!((1..=3).contains(&postcodes.len()), "{}", place.path("th"));
        several += u32::from(postcodes.len() > 1);
        for postcode in postcodes {
            *used.entry(postcode).or_default() += 1;
        }
    }
    assert_eq!((used.len(), several), (976, 160));
    assert_eq!(used.first_key_value().unwrap().0, "10100");
    assert_eq!(used.last_key_value().unwrap().0, "96220");
    for (postcode, count) in used {
        assert_eq!(thai().by_postcode(&postcode).len(), count as usize, "{postcode}");
    }
}

/// Some of every kind, as the package has them.
#[test]
fn places_are_what_the_source_says() {
    type Row = (&'static str, [&'static str; 3], [&'static str; 3], &'static [&'static str]);
    let table: [Row; 9] = [
        (
            "100101",
            ["พระบรมมหาราชวัง", "พระนคร", "กรุงเทพมหานคร"],
            ["Phra Borom Maha Ratchawang", "Phra Nakhon", "Bangkok"],
            &["10200"],
        ),
        (
            "100203",
            ["สวนจิตรลดา", "ดุสิต", "กรุงเทพมหานคร"],
            ["Suan Chitlada", "Dusit", "Bangkok"],
            &["10300", "10303"],
        ),
        (
            "100206",
            ["ถนนนครไชยศรี", "ดุสิต", "กรุงเทพมหานคร"],
            ["Thanon Nakhon Chai Si", "Dusit", "Bangkok"],
            &["10300"],
        ),
        (
            "400101",
            ["ในเมือง", "เมืองขอนแก่น", "ขอนแก่น"],
            ["Nai Mueang", "Mueang Khon Kaen", "Khon Kaen"],
            &["40000"],
        ),
        (
            "810116",
            ["อ่าวนาง", "เมืองกระบี่", "กระบี่"],
            ["Ao Nang", "Mueang Krabi", "Krabi"],
            &["81000", "81180", "81210"],
        ),
        (
            "840503",
            ["เกาะเต่า", "เกาะพะงัน", "สุราษฎร์ธานี"],
            ["Ko Tao", "Ko Pha-ngan", "Surat Thani"],
            &["84360"],
        ),
        ("850406", ["จ.ป.ร.", "กระบุรี", "ระนอง"], ["Choporo", "Kra Buri", "Ranong"], &["85110"]),
        (
            "720713",
            ["หนองบ่อ", "สองพี่น้อง", "สุพรรณบุรี"],
            ["Nong Bo", "Song Phi Nong", "Suphan Buri"],
            &["71170", "72110", "72190"],
        ),
        (
            "961001",
            ["สุไหงโก-ลก", "สุไหงโก-ลก", "นราธิวาส"],
            ["Su-ngai Kolok", "Su-ngai Kolok", "Narathiwat"],
            &["96120"],
        ),
    ];
    for (code, in_thai, in_english, postcodes) in table {
        let place = bilingual().subdistrict(code).unwrap();
        assert_eq!(place.areas().map(|area| area.name("th")), in_thai, "{code}");
        assert_eq!(place.areas().map(|area| area.name("en")), in_english, "{code}");
        assert_eq!(place.postcodes(), postcodes, "{code}");
        assert_eq!(
            place.areas().map(Area::code),
            [code.to_owned(), code[..4].to_owned(), code[..2].to_owned()]
        );
        assert!(bilingual().matches(code, in_thai));
        assert!(!bilingual().matches(code, [in_thai[0], in_thai[2], in_thai[1]]));
        assert!(!bilingual().matches("100102", in_thai));
    }
    // Abolished, of another level, of no level, nothing.
    for code in ["100205", "1001", "10", "100100", "100000", "1001011", "๑๐๐๑๐๑", "+00101", ""]
    {
        assert!(thai().subdistrict(code).is_none(), "{code}");
        assert!(!thai().matches(code, [""; 3]), "{code}");
    }
    for code in ["99", "1", "1001", "", "เอ"] {
        assert!(thai().districts(code, "th").is_empty(), "{code}");
    }
    for code in ["9999", "10", "1099", "1000", "100101", ""] {
        assert!(thai().subdistricts(code, "th").is_empty(), "{code}");
    }
}

#[test]
fn lists_stand_in_the_order_of_a_dictionary() {
    let provinces = thai().provinces("th");
    let provinces = names(&provinces);
    assert_eq!(
        provinces[..6],
        ["กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี", "กาฬสินธุ์", "กำแพงเพชร", "ขอนแก่น"]
    );
    let place = |name| provinces.iter().position(|province| *province == name).unwrap();
    assert_eq!(place("เชียงใหม่"), place("เชียงราย") + 1);
    assert_eq!(place("ตรัง"), place("เชียงใหม่") + 1);
    assert_eq!(place("แพร่") + 1, place("ภูเก็ต"));
    assert_eq!(*provinces.last().unwrap(), "อุบลราชธานี");

    assert_eq!(
        names(&thai().districts("81", "th")),
        ["เกาะลันตา", "เขาพนม", "คลองท่อม", "ปลายพระยา", "เมืองกระบี่", "ลำทับ", "เหนือคลอง", "อ่าวลึก"]
    );
    let english: Vec<&str> =
        bilingual().provinces("en").iter().map(|province| province.name("en")).collect();
    assert_eq!(english[..3], ["Amnat Charoen", "Ang Thong", "Bangkok"]);
}

#[test]
fn levels_have_other_words_in_bangkok() {
    let words = thai().subdistrict("100201").unwrap().words("th");
    assert_eq!((words.subdistrict, words.district, words.province), ("แขวง", "เขต", "จังหวัด"));
    assert_eq!(Words::of("40", "th").subdistrict, "ตำบล");
    assert_eq!(Words::of("", "th").district, "อำเภอ");
    assert!(Words::of("10", "en").district.contains("khet"));

    let paths = [
        ("100201", "แขวงดุสิต เขตดุสิต กรุงเทพมหานคร", "Dusit, Dusit, Bangkok"),
        ("810116", "ตำบลอ่าวนาง อำเภอเมืองกระบี่ จังหวัดกระบี่", "Ao Nang, Mueang Krabi, Krabi"),
    ];
    for (code, in_thai, in_english) in paths {
        assert_eq!(thai().subdistrict(code).unwrap().path("th"), in_thai);
        assert_eq!(thai().subdistrict(code).unwrap().path("en"), in_thai, "English is not loaded");
        assert_eq!(bilingual().subdistrict(code).unwrap().path("en"), in_english);
    }
}

/// Searches for every name that `query` makes of a place; those that share it must be found first.
fn find_all(places: &Places, query: fn(&Place) -> String) {
    let mut expected = BTreeMap::<String, BTreeSet<String>>::new();
    for place in all(places) {
        expected.entry(query(&place)).or_default().insert(place.code());
    }
    // Every one takes half a minute where nothing is optimised.
    for (query, expected) in expected.into_iter().step_by(17) {
        let found = codes(&places.search(&query, expected.len()));
        assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), expected, "{query}");
    }
}

#[test]
fn places_are_found_by_their_names() {
    find_all(thai(), |place| place.subdistrict().name("th").to_owned());
}

#[test]
fn places_are_found_by_their_english_names() {
    find_all(bilingual(), |place| {
        place.subdistrict().name("en").replace([' ', '-'], "").to_lowercase()
    });
}

#[test]
fn places_are_found_by_each_of_their_postcodes() {
    let mut expected = BTreeMap::<String, BTreeSet<String>>::new();
    for place in all(thai()) {
        for postcode in place.postcodes() {
            expected.entry(postcode).or_default().insert(place.code());
        }
    }
    for (postcode, expected) in expected.into_iter().step_by(7) {
        for found in [thai().by_postcode(&postcode), thai().search(&postcode, EVERYTHING)] {
            assert_eq!(codes(&found).into_iter().collect::<BTreeSet<_>>(), expected, "{postcode}");
        }
    }
}

#[test]
fn a_path_finds_one_place() {
    for place in all(bilingual()).into_iter().step_by(100) {
        let [own, district, province] = place.areas().map(|area| area.name("th"));
        for query in
            [place.path("th"), format!("จ.{province} อ.{district} ต.{own}"), place.path("en")]
        {
            let found = bilingual().search(&query, 1)[0];
            assert_eq!(found.code(), place.code(), "{query}");
        }
    }
}

#[test]
fn names_are_written_as_a_cleaned_query_is() {
    for place in all(thai()) {
        for area in place.areas() {
            assert_eq!(clean_line(area.name("th")), area.name("th"), "{}", area.code());
        }
    }
}

#[test]
fn the_best_comes_first() {
    // What is typed, and the code of what must come first.
    let table = [
        ("ในเมือง ขอนแก่น", "400101"),
        ("ขอนแก่น ในเมือง", "400101"),
        ("ต.ในเมือง อ.เมือง จ.ขอนแก่น", "400101"),
        ("ต. ในเมือง อ. เมือง จ. ขอนแก่น", "400101"),
        ("ตำบลในเมือง อำเภอเมืองขอนแก่น จังหวัดขอนแก่น 40000", "400101"),
        ("ในเมือง,ขอนแก่น", "400101"),
        ("ในเมือง ๔๐๐๐๐", "400101"),
        ("ในเมือง40000", "400101"),
        ("แขวงพระบรมมหาราชวัง", "100101"),
        ("พระบรม เขตพระนคร", "100101"),
        ("บรมมหา", "100101"),
        ("อ่าวนาง", "810116"),
        ("\u{200B}อ่าวนาง ", "810116"),
        ("จ.ป.ร.", "850406"),
        ("จปร", "850406"),
        ("ตำบลจ.ป.ร.", "850406"),
        ("ปอภาร (ปอพาน)", "450109"),
        ("ปอพาน มหาสารคาม", "440706"),
        ("สุไหงโกลก", "961001"),
        ("สีลม กทม.", "100402"),
        ("สีลม กรุงเทพฯ", "100402"),
        ("สีลม 105", "100402"),
    ];
    for (query, first) in table {
        let found = thai().search(query, 5);
        assert_eq!(found.first().map(|place| place.code()).as_deref(), Some(first), "{query}");
    }
    let table = [
        ("silom", "100402"),
        ("SILOM Bang Rak", "100402"),
        ("ko tao surat", "840503"),
        ("kotao surat", "840503"),
        ("phangan", "840501"),
        ("Pha-ngan", "840501"),
        ("nai mueang khon kaen", "400101"),
        ("Tambon Nai Mueang Amphoe Mueang Khon Kaen 40000", "400101"),
        ("sam tambon", "801906"),
        ("สีลม Bangkok", "100402"),
    ];
    for (query, first) in table {
        let found = bilingual().search(query, 5);
        assert_eq!(found.first().map(|place| place.code()).as_deref(), Some(first), "{query}");
    }
    for nothing in [
        "",
        "  ",
        "-",
        "ตำบล",
        "ตำบล ",
        "ไม่มีที่นี่",
        "ขอนแก่น ภูเก็ต",
        "99999",
        "123456",
        "102 ภูเก็ต",
        "silom",
        "日本",
    ] {
        assert!(thai().search(nothing, 5).is_empty(), "{nothing}");
    }
}

#[test]
fn whole_names_come_before_beginnings_and_those_before_other_parts() {
    let how = |place: &Place, word: &str| {
        let names = place.areas().map(|area| area.name("th"));
        match () {
            () if names.contains(&word) => 0,
            () if names.iter().any(|name| name.starts_with(word)) => 1,
            () => 2,
        }
    };
    for word in ["หนองบัว", "บางรัก", "ขอนแก่น", "น", "เมือง"]
    {
        let found = thai().search(word, EVERYTHING);
        assert!(found.is_sorted_by_key(|place| how(place, word)), "{word}");
        assert_eq!(codes(&thai().search(word, 7)), codes(&found[..7]), "{word}");
    }

    // Of those with one name, first where another name has it too, then by their provinces.
    let found = thai().search("หนองบัว", 28);
    let provinces: Vec<&str> = found.iter().map(|place| place.province().name("th")).collect();
    assert!(found.iter().all(|place| place.subdistrict().name("th") == "หนองบัว"));
    assert_eq!(provinces[..6], ["นครสวรรค์", "หนองบัวลำภู", "กาญจนบุรี", "กาฬสินธุ์", "กาฬสินธุ์", "ขอนแก่น"]);
    let paths: BTreeSet<String> = found.iter().map(|place| place.path("th")).collect();
    assert_eq!(paths.len(), 28);
}

#[test]
fn a_word_may_say_where_it_is_to_be_found() {
    // «พล» is a district, and a part of many names.
    for (query, level) in
        [("ต.เมือง", 0), ("อ.พล", 1), ("เขต บางรัก", 1), ("จ.น", 2), ("จังหวัด เลย", 2)]
    {
        let found = thai().search(query, EVERYTHING);
        let word = query.rsplit(['.', ' ']).next().unwrap();
        assert!(!found.is_empty(), "{query}");
        for place in found {
            assert!(
                place.areas()[level].name("th").contains(word),
                "{query}: {}",
                place.path("th")
            );
        }
    }
}

#[test]
fn writing_it_otherwise_makes_no_difference() {
    let table = [
        ("ลำปาง", "ล\u{0E4D}\u{0E32}ปาง"),
        ("น้ำ", "น\u{0E4D}\u{0E49}\u{0E32}"),
        ("น้ำ", "น\u{0E49}\u{0E4D}\u{0E32}"),
        ("10200", "๑๐๒๐๐"),
        ("ในเมือง ขอนแก่น", "ใน\u{200B}เมือง\u{00A0} \u{FEFF}ขอนแก่น"),
    ];
    for (plain, other) in table {
        assert_ne!(plain, other);
        let expected = codes(&thai().search(plain, EVERYTHING));
        assert!(!expected.is_empty(), "{plain}");
        assert_eq!(codes(&thai().search(other, EVERYTHING)), expected, "{other:?}");
    }
    assert_eq!(codes(&thai().by_postcode(" ๑๐๒๐๐ ")), codes(&thai().by_postcode("10200")));
    for postcode in ["", "1020", "102000", "00000", "97000", "abcde", "+1020"] {
        assert!(thai().by_postcode(postcode).is_empty(), "{postcode}");
    }
}

/// A list of one province, with a line of it replaced.
fn small(line: usize, by: &str) -> String {
    let mut lines = ["eform-areas 1 th 2026.1.1 1 1 2 x", "#10ก 10", "+ข 200", "ค", "7= 300 20200"];
    lines[line] = by;
    lines.join("\n") + "\n"
}

#[test]
fn what_is_damaged_is_refused() {
    let places = Places::parse(&small(0, "eform-areas 1 th 2026.1.1 1 1 2 x\r")).unwrap();
    let last = places.subdistrict("100107").unwrap();
    assert_eq!(last.path("th"), "แขวงข เขตข ก");
    assert_eq!(last.postcodes(), ["10300", "20200"]);

    for (line, by, error) in [
        (0, "", PlacesError::Format),
        (0, "<!doctype html>", PlacesError::Format),
        (0, "eform-areas 2 th 2026.1.1 1 1 2 x", PlacesError::Format),
        (0, "eform-areas 1 en 2026.1.1 1 1 2 x", PlacesError::Format),
        (0, "eform-areas 1 th 2026.1.1 1 1", PlacesError::Format),
        (0, "eform-areas 1 th 2026.1.1 1 1 -2 x", PlacesError::Format),
        (0, "eform-areas 1 th 2026.1.1 1 1 3 x", PlacesError::Incomplete),
        (1, "10ก 10", PlacesError::Line(2)),
        (1, "#ก 10", PlacesError::Line(2)),
        (1, "#1ก 10", PlacesError::Line(2)),
        (1, "#00ก 10", PlacesError::Line(2)),
        (1, "#100ก 10", PlacesError::Line(2)),
        (1, "#10ก", PlacesError::Line(2)),
        (1, "#10 10", PlacesError::Line(2)),
        (1, "#10ก 100", PlacesError::Line(2)),
        (1, "+ข 200", PlacesError::Line(2)),
        (2, "+0ข 200", PlacesError::Line(3)),
        (2, "+100ข 200", PlacesError::Line(3)),
        (2, "+99999999999ข 200", PlacesError::Line(3)),
        (2, "+ข 20", PlacesError::Line(3)),
        (2, "+ข 200 x", PlacesError::Line(3)),
        (2, "+ข 00200", PlacesError::Line(3)),
        (2, "+ข", PlacesError::Line(4)),
        (2, "ค", PlacesError::Line(3)),
        (3, "", PlacesError::Line(4)),
        (3, "0ค", PlacesError::Line(4)),
        (4, "1=", PlacesError::Line(5)),
        (4, "100=", PlacesError::Line(5)),
        (4, "#11ค 10", PlacesError::Incomplete),
    ] {
        assert_eq!(Places::parse(&small(line, by)).err(), Some(error), "{by}");
    }
    let text = small(3, "ค");
    assert_eq!(Places::parse(text.trim_end()).err(), Some(PlacesError::Incomplete));
    assert_eq!(Places::parse(&small(3, &"ค".repeat(100))).err(), Some(PlacesError::Line(4)));
    assert_eq!(Places::parse(&THAI.repeat(4)).err(), Some(PlacesError::Format));
}

#[test]
fn english_names_of_another_list_are_refused() {
    let mut places = Places::parse(&small(3, "ค")).unwrap();
    for (text, error) in [
        (ENGLISH, PlacesError::OtherList),
        (THAI, PlacesError::Format),
        ("", PlacesError::Format),
        ("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n+Kh\nKho", PlacesError::Incomplete),
        ("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n+Kh\nKho\n", PlacesError::Incomplete),
        ("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n+Kh\nKho\n=\n=\n", PlacesError::OtherList),
        ("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n#Kh\nKho\n=\n", PlacesError::OtherList),
        ("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n+Kh\n\n=\n", PlacesError::Line(4)),
    ] {
        assert_eq!(places.with_english(text), Err(error), "{text:.60}");
        assert_eq!(places.provinces("en")[0].name("en"), "ก", "nothing changes");
    }
    places.with_english("eform-areas 1 en 2026.1.1 1 1 2 x\n#K\n+@\nKho\n=\n").unwrap();
    assert_eq!(places.subdistrict("100107").unwrap().path("en"), "Mueang K, Mueang K, K");
}

/// Asks a list for everything.
fn use_all(places: &Places) {
    for language in ["th", "en"] {
        for province in places.provinces(language) {
            for district in places.districts(&province.code(), language) {
                for place in places.subdistricts(&district.code(), language) {
                    assert!(!place.path(language).is_empty() && !place.postcodes().is_empty());
                }
            }
        }
    }
}

fn find(places: &Places, query: &str) {
    assert!(places.search(query, 3).len() <= 3);
    places.by_postcode(query);
    places.subdistrict(query);
    places.districts(query, "th");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), query in any::<String>()) {
        let _ = Places::parse(&text);
        let _ = Places::parse(&format!("eform-areas 1 th 1 1 1 1 x\n{text}\n"));
        let _ = bilingual().clone().with_english(&text);
        find(bilingual(), &query);
    }

    #[test]
    fn no_list_makes_it_panic(
        lines in prop::collection::vec("[#+]?[0-9]{0,3}[กเ่ A=@-]{0,3}[ 0-9]{0,7}", 0..12),
        counts in prop::array::uniform3(0..5u32),
        query in "[กเ่ A1.ต]{0,6}",
    ) {
        let [provinces, districts, subdistricts] = counts;
        let head = format!("eform-areas 1 th 1 {provinces} {districts} {subdistricts} x");
        if let Ok(places) = Places::parse(&format!("{head}\n{}\n", lines.join("\n"))) {
            use_all(&places);
            find(&places, &query);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_list_is_an_error_or_still_a_list(
        edits in prop::collection::vec((0..THAI.len(), 0..3usize, any::<char>()), 1..4),
        cut in prop::option::of(0..THAI.len()),
    ) {
        let mut text = THAI.to_owned();
        text.truncate(text.floor_char_boundary(cut.unwrap_or(text.len())));
        for (at, removed, added) in edits {
            let start = text.floor_char_boundary(at);
            let end = text.ceil_char_boundary(start + removed);
            text.replace_range(start..end, added.encode_utf8(&mut [0; 4]));
        }
        if let Ok(places) = Places::parse(&text) {
            use_all(&places);
            find(&places, "ขอนแก่น 4");
        }
    }
}

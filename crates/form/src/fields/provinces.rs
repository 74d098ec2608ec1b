//! The 77 provinces with their codes (TIS 1099, Department of Provincial Administration), for the
//! types that know a province by its name. How people write them is folded here; what lies within
//! a province is not known here.

/// A province.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Province {
    /// Two digits, as in identity numbers and house codes.
    pub code: u8,
    /// The name in Thai, as it is kept in answers.
    pub th: &'static str,
    /// The name in English.
    pub en: &'static str,
}

const fn province(code: u8, th: &'static str, en: &'static str) -> Province {
    Province { code, th, en }
}

/// Every province, by its code.
pub const PROVINCES: [Province; 77] = [
    province(10, "กรุงเทพมหานคร", "Bangkok"),
    province(11, "สมุทรปราการ", "Samut Prakan"),
    province(12, "นนทบุรี", "Nonthaburi"),
    province(13, "ปทุมธานี", "Pathum Thani"),
    province(14, "พระนครศรีอยุธยา", "Phra Nakhon Si Ayutthaya"),
    province(15, "อ่างทอง", "Ang Thong"),
    province(16, "ลพบุรี", "Lop Buri"),
    province(17, "สิงห์บุรี", "Sing Buri"),
    province(18, "ชัยนาท", "Chai Nat"),
    province(19, "สระบุรี", "Saraburi"),
    province(20, "ชลบุรี", "Chon Buri"),
    province(21, "ระยอง", "Rayong"),
    province(22, "จันทบุรี", "Chanthaburi"),
    province(23, "ตราด", "Trat"),
    province(24, "ฉะเชิงเทรา", "Chachoengsao"),
    province(25, "ปราจีนบุรี", "Prachin Buri"),
    province(26, "นครนายก", "Nakhon Nayok"),
    province(27, "สระแก้ว", "Sa Kaeo"),
    province(30, "นครราชสีมา", "Nakhon Ratchasima"),
    province(31, "บุรีรัมย์", "Buri Ram"),
    province(32, "สุรินทร์", "Surin"),
    province(33, "ศรีสะเกษ", "Si Sa Ket"),
    province(34, "อุบลราชธานี", "Ubon Ratchathani"),
    province(35, "ยโสธร", "Yasothon"),
    province(36, "ชัยภูมิ", "Chaiyaphum"),
    province(37, "อำนาจเจริญ", "Amnat Charoen"),
    province(38, "บึงกาฬ", "Bueng Kan"),
    province(39, "หนองบัวลำภู", "Nong Bua Lam Phu"),
    province(40, "ขอนแก่น", "Khon Kaen"),
    province(41, "อุดรธานี", "Udon Thani"),
    province(42, "เลย", "Loei"),
    province(43, "หนองคาย", "Nong Khai"),
    province(44, "มหาสารคาม", "Maha Sarakham"),
    province(45, "ร้อยเอ็ด", "Roi Et"),
    province(46, "กาฬสินธุ์", "Kalasin"),
    province(47, "สกลนคร", "Sakon Nakhon"),
    province(48, "นครพนม", "Nakhon Phanom"),
    province(49, "มุกดาหาร", "Mukdahan"),
    province(50, "เชียงใหม่", "Chiang Mai"),
    province(51, "ลำพูน", "Lamphun"),
    province(52, "ลำปาง", "Lampang"),
    province(53, "อุตรดิตถ์", "Uttaradit"),
    province(54, "แพร่", "Phrae"),
    province(55, "น่าน", "Nan"),
    province(56, "พะเยา", "Phayao"),
    province(57, "เชียงราย", "Chiang Rai"),
    province(58, "แม่ฮ่องสอน", "Mae Hong Son"),
    province(60, "นครสวรรค์", "Nakhon Sawan"),
    province(61, "อุทัยธานี", "Uthai Thani"),
    province(62, "กำแพงเพชร", "Kamphaeng Phet"),
    province(63, "ตาก", "Tak"),
    province(64, "สุโขทัย", "Sukhothai"),
    province(65, "พิษณุโลก", "Phitsanulok"),
    province(66, "พิจิตร", "Phichit"),
    province(67, "เพชรบูรณ์", "Phetchabun"),
    province(70, "ราชบุรี", "Ratchaburi"),
    province(71, "กาญจนบุรี", "Kanchanaburi"),
    province(72, "สุพรรณบุรี", "Suphan Buri"),
    province(73, "นครปฐม", "Nakhon Pathom"),
    province(74, "สมุทรสาคร", "Samut Sakhon"),
    province(75, "สมุทรสงคราม", "Samut Songkhram"),
    province(76, "เพชรบุรี", "Phetchaburi"),
    province(77, "ประจวบคีรีขันธ์", "Prachuap Khiri Khan"),
    province(80, "นครศรีธรรมราช", "Nakhon Si Thammarat"),
    province(81, "กระบี่", "Krabi"),
    province(82, "พังงา", "Phang-nga"),
    province(83, "ภูเก็ต", "Phuket"),
    province(84, "สุราษฎร์ธานี", "Surat Thani"),
    province(85, "ระนอง", "Ranong"),
    province(86, "ชุมพร", "Chumphon"),
    province(90, "สงขลา", "Songkhla"),
    province(91, "สตูล", "Satun"),
    province(92, "ตรัง", "Trang"),
    province(93, "พัทลุง", "Phatthalung"),
    province(94, "ปัตตานี", "Pattani"),
    province(95, "ยะลา", "Yala"),
    province(96, "นราธิวาส", "Narathiwat"),
];

/// What people write for some provinces.
const SHORT: [(&str, &str); 6] = [
    ("กทม", "กรุงเทพมหานคร"),
    ("กทม.", "กรุงเทพมหานคร"),
    ("กรุงเทพ", "กรุงเทพมหานคร"),
    ("กรุงเทพฯ", "กรุงเทพมหานคร"),
    ("อยุธยา", "พระนครศรีอยุธยา"),
    ("โคราช", "นครราชสีมา"),
];

/// The province that a name stands for, in Thai or English, with or without «จังหวัด» or «จ.».
pub fn find(name: &str) -> Option<&'static Province> {
    let name = bare(name);
    let long = SHORT.iter().find(|(short, _)| *short == name).map(|(_, long)| *long);
    let name = long.unwrap_or(name);
    PROVINCES.iter().find(|province| province.th == name || same_latin(province.en, name))
}

/// A name without the word for «province» before it.
pub(super) fn bare(name: &str) -> &str {
    let name = name.trim();
    let rest = name.strip_prefix("จังหวัด").or_else(|| name.strip_prefix("จ."));
    rest.unwrap_or(name).trim_start()
}

/// Whether two names have the same letters, whatever their case, spaces and hyphens: people write
/// Chonburi and Chon Buri.
pub(super) fn same_latin(one: &str, other: &str) -> bool {
    let letters = |text: &'_ str| {
        let kept = text.bytes().filter(|byte| !matches!(byte, b' ' | b'-'));
        kept.map(|byte| byte.to_ascii_lowercase()).collect::<Vec<u8>>()
    };
    letters(one) == letters(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::thai_national_id::is_province;

    #[test]
    fn the_codes_are_those_in_identity_numbers() {
        let codes: Vec<u32> = PROVINCES.iter().map(|province| province.code.into()).collect();
        let known: Vec<u32> = (0..100).filter(|code| is_province(*code)).collect();
        assert_eq!(codes, known);
    }

    #[test]
    fn finds_provinces_as_people_write_them() {
        let cases = [
            ("เชียงใหม่", Some(50)),
            (" จังหวัดเชียงใหม่ ", Some(50)),
            ("จ. ตาก", Some(63)),
            ("กทม.", Some(10)),
            ("กรุงเทพฯ", Some(10)),
            ("chonburi", Some(20)),
            ("Phang Nga", Some(82)),
            ("เชียง", None),
            ("", None),
        ];
        for (name, code) in cases {
            assert_eq!(find(name).map(|province| province.code), code, "{name}");
        }
    }
}

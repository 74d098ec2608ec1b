//! The kit's own forms, each filled in by hand from its first question to the receipt. On the way,
//! axe-core looks at every screen in both languages, in the light and in the dark.

use std::fs;

use eform_journeys::{agency::definition, form::Form, journeys, sample::Sample, stage::Stage};
use serde_json::{Value, json};

use crate::accessible::assert_accessible_in_every_look;

/// What is done on each page, in order: see [`Form::act`]; `file:NAME` attaches a file.
pub(crate) type Pages<'a> = &'a [&'a [(&'a str, &'a str)]];

/// Fills in the form, sends it, and gives the answers that the agency has.
async fn fill_in(stage: &Stage, id: &str, pages: Pages<'_>) -> Value {
    let sample = Sample::new(definition(id));
    stage.browser.open(&format!("{}/?form={id}", stage.cable.origin())).await;
    let form = Form::on(&stage.browser, &sample);
    form.is_open().await;
    let look = async |screen: &str| {
        assert_accessible_in_every_look(stage, &form, &format!("{screen} of {id}")).await;
    };
    look("the start").await;
    let before = form.screen().await;
    form.press("start").await;
    form.turns_from(&before).await;
    for (at, page) in pages.iter().enumerate() {
        // Where one part is done and the others are not.
        if at == 1 {
            let before = form.screen().await;
            form.press("tasks").await;
            let parts = form.turns_from(&before).await;
            look("the list of parts").await;
            form.press("back").await;
            form.turns_from(&parts).await;
        }
        for (name, value) in *page {
            match value.strip_prefix("file:") {
                Some(file) => attach(stage, &form, name, file).await,
                None => form.act(name, value).await,
            }
        }
        look(&format!("page {}, filled in,", at + 1)).await;
        form.go_on().await;
    }
    look("the check").await;
    form.press("submit").await;
    form.becomes("received").await;
    look("the receipt").await;
    let rows = stage.agency.rows(id);
    assert_eq!(rows.len(), 1, "{rows:#?}");
    let shown: String = form.reference().await.split_whitespace().collect();
    assert_eq!(rows[0].receipt["reference"], shown);
    form.leave_by("mine").await;
    look("«my submissions»").await;
    rows[0].submission["answers"].clone()
}

/// Chooses a file of this name and waits until it has been read.
pub(crate) async fn attach(stage: &Stage, form: &Form<'_>, field: &str, name: &str) {
    let disk = tempfile::tempdir().expect("a temporary folder");
    let file = disk.path().join(name);
    fs::write(&file, LETTER).expect("a temporary folder is writable");
    stage.browser.choose_files(&format!("input[type=file][name={field}]"), &[file]).await;
    form.says(&format!("แนบแล้ว: {name}")).await;
}

const LETTER: &[u8] = b"%PDF-1.7 a letter";

async fn a_farmer_registers_a_household_with_two_plots(stage: &Stage) {
    let answers = fill_in(stage, "farmer-registration", FARMER).await;
    let values = [
        ("/birth_date", json!("1947")),
        ("/address/subdistrict/code", json!("501312")),
        ("/address/postcode", json!("50130")),
        ("/members/1/farm_income", json!(50000)),
        ("/income", json!(250000)),
        ("/income_average", json!(125000)),
        ("/machine_count", json!(3)),
        ("/plots/0/area", json!(1450)),
        ("/plots/0/activities/0/harvest", json!("2026-11-25")),
        ("/plots/0/activities/1/species", json!("ขิง")),
        ("/plots/1/certifier/position", json!("ผู้ใหญ่บ้าน")),
        ("/area", json!(1650)),
        ("/share", json!({ "given": true, "version": "2569.1" })),
        ("/signature/typed", json!("สมหญิง ใจดี")),
    ];
    for (path, value) in values {
        assert_eq!(answers.pointer(path), Some(&value), "{path}");
    }
}

pub(crate) const FARMER: Pages = &[
    &[
        ("request_kind", "new"),
        ("person_kind", "natural"),
        ("office-district", "สันกำแพง"),
        ("office-province", "เชียงใหม่"),
    ],
    &[
        ("name.prefix", "นาง"),
        ("name.first", "สมหญิง"),
        ("name.last", "ใจดี"),
        ("national_id", "1-1001-00000-00-0"),
        ("birth_date.year", "๒๔๙๐"),
        ("marital_status", "widowed"),
    ],
    &[
        ("address.house", "27/1"),
        ("address.moo", "4"),
        ("address.province", "50"),
        ("address.district", "5013"),
        ("address.subdistrict", "501312"),
        ("phone", "081 234 5678"),
    ],
    &[
        ("main_occupation", "farming"),
        ("second_occupation", "none"),
        ("smart_farming", "sensors"),
        ("contract_farming", "true"),
        ("contract_detail", "โรงสีทดสอบ รับซื้อข้าว"),
    ],
    &[
        ("members-0-name.prefix", "นาง"),
        ("members-0-name.first", "สมหญิง"),
        ("members-0-name.last", "ใจดี"),
        ("members-0-national_id", "1100100000000"),
        ("members-0-helps", "true"),
        ("members-0-farm_income", "200,000"),
        ("members", "+"),
        ("members-1-name.prefix", "นาย"),
        ("members-1-name.first", "สมชาย"),
        ("members-1-name.last", "ใจดี"),
        ("members-1-national_id", "2100100000008"),
        ("members-1-helps", "false"),
        ("members-1-farm_income", "50000"),
        ("members_agree", "yes"),
    ],
    &[
        ("machines", "+"),
        ("machines-0-kind", "pump"),
        ("machines-0-name", "เครื่องสูบน้ำ"),
        ("machines-0-hired", "1"),
        ("machines-0-own", "2"),
    ],
    &[
        ("plots-0-address.moo", "4"),
        ("plots-0-address.province", "50"),
        ("plots-0-address.district", "5013"),
        ("plots-0-address.subdistrict", "501312"),
        ("plots-0-tenure", "household"),
        ("plots-0-deed_type", "chanote"),
        ("plots-0-deed_number", "12345"),
        ("plots-0-area.rai", "3"),
        ("plots-0-area.ngan", "2"),
        ("plots-0-area.wah", "50"),
        ("plots-0-owner-name", "สมหญิง ใจดี"),
        ("plots-0-documents", "deed"),
        ("plots-0-irrigated", "false"),
        ("plots-0-activities-0-kind", "rice"),
        ("plots-0-activities-0-species", "ข้าวเจ้า"),
        ("plots-0-activities-0-start.day", "1"),
        ("plots-0-activities-0-start.month", "7"),
        ("plots-0-activities-0-start.year", "2569"),
        ("plots-0-activities-0-harvest.day", "25"),
        ("plots-0-activities-0-harvest.month", "11"),
        ("plots-0-activities-0-harvest.year", "2569"),
        ("plots-0-activities-0-area.rai", "2"),
        ("plots-0-activities", "+"),
        ("plots-0-activities-1-kind", "herb"),
        ("plots-0-activities-1-species", "ขิง"),
        ("plots-0-activities-1-start.day", "1"),
        ("plots-0-activities-1-start.month", "9"),
        ("plots-0-activities-1-start.year", "2569"),
        ("plots-0-activities-1-area.ngan", "1"),
        ("plots", "+"),
        ("plots-1-address.province", "50"),
        ("plots-1-address.district", "5013"),
        ("plots-1-address.subdistrict", "501312"),
        ("plots-1-tenure", "other"),
        ("plots-1-deed_type", "none"),
        ("plots-1-area.ngan", "2"),
        ("plots-1-certifier-name.prefix", "นาย"),
        ("plots-1-certifier-name.first", "ผู้ใหญ่"),
        ("plots-1-certifier-name.last", "ทดสอบ"),
        ("plots-1-certifier-national_id", "5100100000002"),
        ("plots-1-certifier-position", "ผู้ใหญ่บ้าน"),
        ("plots-1-irrigated", "false"),
        ("plots-1-activities-0-kind", "vegetable"),
        ("plots-1-activities-0-species", "ผักบุ้ง"),
        ("plots-1-activities-0-start.day", "1"),
        ("plots-1-activities-0-start.month", "10"),
        ("plots-1-activities-0-start.year", "2569"),
        ("plots-1-activities-0-area.ngan", "1"),
    ],
    &[("share", "given"), ("signature", "สมหญิง ใจดี")],
];

async fn a_citizen_answers_what_they_like_of_the_survey(stage: &Stage) {
    let answers = fill_in(stage, "egov-survey-citizen", SURVEY).await;
    let expected = json!({
        "age_group": "60",
        "province": "50",
        "used": ["tax", "other"],
        "used_other": "ที่ดิน",
        "level": "submit",
        "service_ready": { "words": "2", "whole": "no-opinion" },
        "devices": ["phone"],
        "own_skill": 2,
        "satisfaction": { "ease": "4", "speed": "5", "staff": "no-opinion" },
        "overall": 4,
        "satisfaction_mean": 4.5,
        "satisfaction_level": "5",
        "problems": ["signal", "words"],
        "improve": ["offline", "plain", "people"],
        "comments": "อยากให้ใช้ได้เมื่อไม่มีสัญญาณ"
    });
    assert_eq!(answers, expected);
}

pub(crate) const SURVEY: Pages = &[
    &[
        ("age_group", "60"),
        ("province", "50"),
        ("used", "tax"),
        ("used", "other"),
        ("used_other", "ที่ดิน"),
    ],
    &[("level", "submit"), ("service_ready-words", "2"), ("service_ready-whole", "no-opinion")],
    &[("devices", "phone")],
    &[("own_skill", "2")],
    &[
        ("satisfaction-ease", "4"),
        ("satisfaction-speed", "5"),
        ("satisfaction-staff", "no-opinion"),
        ("overall", "4"),
    ],
    &[
        ("problems", "signal"),
        ("problems", "words"),
        ("improve.offline", "1"),
        ("improve.plain", "2"),
        ("improve.people", "3"),
        ("comments", "อยากให้ใช้ได้เมื่อไม่มีสัญญาณ"),
    ],
];

async fn an_official_applies_for_the_course(stage: &Stage) {
    let answers = fill_in(stage, "gcio-application", GCIO).await;
    let values = [
        ("/role", json!("assistant")),
        ("/name_en/first", json!("Somying")),
        ("/birth_date", json!("1980-03-13")),
        ("/office_phone", json!("+6625057370;ext=123")),
        ("/position_level", json!("senior-professional")),
        ("/education/1/year", json!(2545)),
        ("/duties", json!(["policy", "data"])),
        ("/endorsement/signature/typed", json!("ผู้บังคับบัญชา ทดสอบ")),
        ("/nomination_letter/0/size", json!(LETTER.len())),
        ("/food", json!("halal")),
        ("/directory", json!({ "given": true, "version": "2569.1" })),
    ];
    for (path, value) in values {
        assert_eq!(answers.pointer(path), Some(&value), "{path}");
    }
    let files = stage.agency.files("gcio-application");
    assert_eq!(files.into_values().collect::<Vec<_>>(), [LETTER]);
    assert!(answers["age"].is_u64() && answers["service_years"].is_u64());
    assert_eq!(answers.get("photos"), None, "nobody consents without saying so");
}

pub(crate) const GCIO: Pages = &[
    &[
        ("role", "assistant"),
        ("batch", "31"),
        ("sector", "government"),
        ("applied_before", "false"),
    ],
    &[
        ("name.prefix", "นางสาว"),
        ("name.first", "สมหญิง"),
        ("name.last", "ใจดี"),
        ("name_en.prefix", "Miss"),
        ("name_en.first", "Somying"),
        ("name_en.last", "Jaidee"),
        ("national_id", "1100100000000"),
        ("birth_date.day", "13"),
        ("birth_date.month", "3"),
        ("birth_date.year", "2523"),
        ("phone", "081 234 5678"),
        ("email", "somying@example.go.th"),
    ],
    &[
        ("ministry", "กระทรวงทดสอบ"),
        ("agency", "กรมทดสอบ"),
        ("office_phone", "0 2505 7370 ต่อ 123"),
        ("position", "นักวิชาการคอมพิวเตอร์"),
        ("position_level", "senior-professional"),
        ("service_start.day", "1"),
        ("service_start.month", "10"),
        ("service_start.year", "2548"),
    ],
    &[
        ("education-0-level", "master"),
        ("education-0-field", "วิทยาการคอมพิวเตอร์"),
        ("education-0-institution", "มหาวิทยาลัยทดสอบ"),
        ("education-0-year", "2548"),
        ("education", "+"),
        ("education-1-level", "bachelor"),
        ("education-1-field", "สถิติ"),
        ("education-1-institution", "มหาวิทยาลัยทดสอบ"),
        ("education-1-year", "2545"),
    ],
    &[
        ("duties", "policy"),
        ("duties", "data"),
        ("duties_detail", "จัดทำแผนรัฐบาลดิจิทัลของกรม"),
        (
            "statement",
            "สมัครเพื่อนำความรู้ด้านรัฐบาลดิจิทัลไปปรับปรุงบริการของกรมให้ประชาชนใช้ได้แม้ไม่มีสัญญาณ และเชื่อมโยงข้อมูลกับหน่วยงานอื่นได้ตามมาตรฐานรัฐบาลดิจิทัล",
        ),
    ],
    &[
        ("nomination_letter", "file:หนังสือเสนอชื่อ.pdf"),
        ("endorsement-name.prefix", "นาย"),
        ("endorsement-name.first", "สมชาย"),
        ("endorsement-name.last", "ทดสอบ"),
        ("endorsement-position", "อธิบดี"),
        ("endorsement-email", "head@example.go.th"),
        ("endorsement-signature", "ผู้บังคับบัญชา ทดสอบ"),
    ],
    &[("needs_consent", "given"), ("food", "halal"), ("health", "ใช้รถเข็น")],
    &[("directory", "given"), ("signature", "สมหญิง ใจดี")],
];

journeys!(
    a_farmer_registers_a_household_with_two_plots,
    a_citizen_answers_what_they_like_of_the_survey,
    an_official_applies_for_the_course,
);

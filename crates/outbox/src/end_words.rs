//! What the citizen reads of each [`End`], in Thai and English, and what stands on the buttons. A form in
//! another language has the English ones.

use crate::{Action, End};

/// What is said of an end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndWords {
    /// The heading.
    pub title: &'static str,
    /// What it means, and what to do.
    pub text: &'static str,
    /// Why it has not gone yet, below everything else, so that it moves nothing; may be empty.
    pub why: &'static str,
}

const fn say(title: &'static str, text: &'static str) -> EndWords {
    EndWords { title, text, why: "" }
}

struct Words {
    waiting: EndWords,
    stranger: EndWords,
    door: EndWords,
    busy: EndWords,
    received: EndWords,
    replaced: EndWords,
    sign_in: EndWords,
    not_allowed: EndWords,
    not_allowed_here: EndWords,
    answers: EndWords,
    conflict: EndWords,
    too_large: EndWords,
    unknown_form: EndWords,
    refused: EndWords,
    closed: EndWords,
    file_spoiled: EndWords,
    file_lost: EndWords,
    unreadable: EndWords,
    newer: EndWords,
    actions: [&'static str; 5],
}

const TH_SAVED: EndWords =
    say("บันทึกไว้ในเครื่องนี้แล้ว", "หน่วยงานยังไม่ได้รับ จะส่งให้เองเมื่อมีสัญญาณและเปิดหน้านี้อยู่");
const TH_ATTENTION: &str = "ยังส่งไม่สำเร็จ ต้องให้ท่านช่วยแก้ไข";

static TH: Words = Words {
    waiting: TH_SAVED,
    stranger: EndWords {
        why: "มีสิ่งอื่นตอบแทนหน่วยงาน เช่น หน้าเข้าใช้ Wi-Fi โปรดเข้าใช้ Wi-Fi ให้เรียบร้อย หรือเปลี่ยนไปใช้เน็ตมือถือ แล้วเราจะส่งให้เอง",
        ..TH_SAVED
    },
    door: EndWords {
        why: "มีสิ่งอื่นตอบแทนหน่วยงานว่ายังไม่อนุญาต อาจเป็นหน้าเข้าใช้ Wi-Fi หรือเว็บไซต์ของหน่วยงานที่ให้เข้าสู่ระบบก่อน โปรดเข้าใช้ Wi-Fi หรือเข้าสู่ระบบให้เรียบร้อย แล้วเราจะส่งให้เอง ถ้ายังไม่ได้ โปรดติดต่อหน่วยงาน",
        ..TH_SAVED
    },
    busy: EndWords {
        why: "ระบบของหน่วยงานยังรับไม่ได้ในตอนนี้ เราจะส่งให้เองอีกครั้ง ท่านไม่ต้องทำอะไร",
        ..TH_SAVED
    },
    received: say("หน่วยงานได้รับแล้ว", "ท่านส่งแบบฟอร์มเรียบร้อย"),
    replaced: say("แก้ไขและส่งใหม่แล้ว", "ส่งฉบับที่แก้ไขแทนแล้ว ฉบับนี้จะไม่ถูกส่ง"),
    sign_in: say(
        TH_ATTENTION,
        "หน่วยงานรับจากผู้ที่เข้าสู่ระบบแล้วเท่านั้น กด “เข้าสู่ระบบ” แล้วกลับมาที่หน้านี้ เราจะส่งให้ทันที คำตอบยังอยู่ในเครื่องนี้",
    ),
    not_allowed: say(
        TH_ATTENTION,
        "หน่วยงานยังไม่อนุญาตให้รับ คำตอบยังอยู่ในเครื่องนี้ ถ้าหน่วยงานให้เข้าสู่ระบบก่อน โปรดเข้าสู่ระบบที่เว็บไซต์ของหน่วยงานด้วยเบราว์เซอร์นี้ แล้วกด “ส่งตอนนี้” ถ้าไม่ใช่ โปรดติดต่อหน่วยงาน",
    ),
    not_allowed_here: say(
        TH_ATTENTION,
        "รายการนี้เปิดมาจากไฟล์ และหน่วยงานรับจากผู้ที่เข้าสู่ระบบเองเท่านั้น จึงส่งจากเครื่องนี้ไม่ได้ ให้เจ้าของส่งจากเครื่องที่กรอกไว้ หรือบันทึกเป็นไฟล์แล้วส่งให้เจ้าหน้าที่",
    ),
    answers: say(TH_ATTENTION, "หน่วยงานตรวจแล้วพบข้อที่ต้องแก้ คำตอบทั้งหมดยังอยู่ในเครื่องนี้"),
    conflict: say(
        TH_ATTENTION,
        "หน่วยงานมีรายการหมายเลขนี้อยู่แล้วแต่เนื้อหาต่างกัน จึงไม่ได้เขียนทับ คำตอบยังอยู่ในเครื่องนี้ โปรดตรวจคำตอบแล้วส่งเป็นฉบับใหม่ หรือติดต่อหน่วยงาน",
    ),
    too_large: say(
        TH_ATTENTION,
        "รายการนี้ใหญ่เกินกว่าที่หน่วยงานรับได้ คำตอบยังอยู่ในเครื่องนี้ โปรดแนบไฟล์ให้น้อยลงหรือเล็กลง แล้วส่งอีกครั้ง",
    ),
    unknown_form: say(
        TH_ATTENTION,
        "หน่วยงานไม่รู้จักแบบฟอร์มนี้ หรือเลิกใช้แล้ว คำตอบยังอยู่ในเครื่องนี้ โปรดติดต่อหน่วยงาน แล้วกด “ส่งตอนนี้” เมื่อหน่วยงานพร้อม",
    ),
    refused: say(
        TH_ATTENTION,
        "หน่วยงานไม่รับรายการนี้ ซึ่งอาจเป็นความผิดพลาดของระบบหน่วยงาน คำตอบยังอยู่ในเครื่องนี้ โปรดกด “ส่งตอนนี้” อีกครั้งภายหลัง ตรวจคำตอบแล้วส่งใหม่ หรือติดต่อหน่วยงาน",
    ),
    closed: say(
        TH_ATTENTION,
        "หน่วยงานไม่รับรายการนี้ และเปิดแก้ไขในเครื่องนี้ไม่ได้ เพราะปิดผนึกไว้ให้หน่วยงานอ่านเท่านั้น หรือเปิดมาจากไฟล์ โปรดติดต่อหน่วยงาน แล้วกด “ส่งตอนนี้” เมื่อหน่วยงานพร้อม",
    ),
    file_spoiled: say(
        TH_ATTENTION,
        "ไฟล์ที่แนบไว้เสียหายในเครื่องนี้ จึงยังไม่ได้ส่ง คำตอบอื่นยังอยู่ครบ โปรดแนบไฟล์ใหม่แล้วส่งอีกครั้ง",
    ),
    file_lost: say(
        TH_ATTENTION,
        "ไฟล์ที่แนบไว้เสียหายในเครื่องนี้ จึงยังไม่ได้ส่ง และเปิดแก้ไขในเครื่องนี้ไม่ได้ โปรดกรอกฉบับใหม่ หรือขอไฟล์ใหม่จากเครื่องที่ส่งมา",
    ),
    unreadable: say(TH_ATTENTION, "อ่านรายการที่เก็บไว้ไม่ได้ จึงส่งไม่ได้ แต่ยังไม่ได้ลบ โปรดติดต่อหน่วยงานก่อนลบ"),
    newer: say(TH_ATTENTION, "รายการนี้บันทึกด้วยรุ่นที่ใหม่กว่า โปรดเปิดหน้านี้ใหม่เมื่อมีสัญญาณ แล้วจะส่งให้เอง"),
    actions: ["ส่งตอนนี้", "แก้ไขแล้วส่งใหม่", "เข้าสู่ระบบ", "บันทึกเป็นไฟล์", "ลบ"],
};

const EN_SAVED: EndWords = say(
    "Saved on this phone",
    "The agency has not received it yet. It goes by itself when there is a signal and this page is open.",
);
const EN_ATTENTION: &str = "Not sent yet: it needs your attention";

static EN: Words = Words {
    waiting: EN_SAVED,
    stranger: EndWords {
        why: "Something else answered in the agency's place, such as the login page of a Wi-Fi. Log in to the Wi-Fi, or use mobile data: then it goes by itself.",
        ..EN_SAVED
    },
    door: EndWords {
        why: "Something else said “not allowed” in the agency's place: the login page of a Wi-Fi, or the agency's site, which may want you to sign in. Log in to the Wi-Fi or sign in: then it goes by itself. If it still does not, please contact the agency.",
        ..EN_SAVED
    },
    busy: EndWords {
        why: "The agency cannot take it right now. It is sent again by itself; there is nothing that you need do.",
        ..EN_SAVED
    },
    received: say("Received by the agency", "Your form has been submitted."),
    replaced: say(
        "Corrected and sent again",
        "A corrected one was sent in its place. This one is not sent.",
    ),
    sign_in: say(
        EN_ATTENTION,
        "The agency takes it only from people who have signed in. Choose “Sign in” and come back to this page: it is then sent at once. Your answers are still on this phone.",
    ),
    not_allowed: say(
        EN_ATTENTION,
        "The agency does not accept it yet. Your answers are still on this phone. If the agency wants you to sign in, do so on its site in this browser, and then choose “Send now”. Otherwise please contact the agency.",
    ),
    not_allowed_here: say(
        EN_ATTENTION,
        "It was opened from a file, and the agency takes it only from people who have signed in themselves, so it cannot be sent from here. Its owner can send it from the phone where it was filled in; or save it as a file and give that to an officer.",
    ),
    answers: say(
        EN_ATTENTION,
        "The agency found answers that need correcting. All your answers are still on this phone.",
    ),
    conflict: say(
        EN_ATTENTION,
        "The agency already has a submission with this number but with other content, so nothing was written over. Your answers are still on this phone. Look through them and send them as a new one, or contact the agency.",
    ),
    too_large: say(
        EN_ATTENTION,
        "It is larger than the agency takes. Your answers are still on this phone. Attach fewer or smaller files, and send again.",
    ),
    unknown_form: say(
        EN_ATTENTION,
        "The agency does not know this form, or not any more. Your answers are still on this phone. Please contact the agency, and choose “Send now” once it is ready.",
    ),
    refused: say(
        EN_ATTENTION,
        "The agency did not take it, which may be a fault of its own. Your answers are still on this phone. Choose “Send now” later, look through your answers and send them again, or contact the agency.",
    ),
    closed: say(
        EN_ATTENTION,
        "The agency did not take it, and it cannot be corrected on this phone: it is sealed for the agency alone, or was opened from a file. Please contact the agency, and choose “Send now” once it is ready.",
    ),
    file_spoiled: say(
        EN_ATTENTION,
        "A file that you attached is damaged on this phone, so it has not been sent. Your other answers are all here: attach the file again and send.",
    ),
    file_lost: say(
        EN_ATTENTION,
        "A file that goes with it is damaged on this phone, so it has not been sent, and it cannot be corrected here. Please fill in a new one, or ask for the file again where it came from.",
    ),
    unreadable: say(
        EN_ATTENTION,
        "What was kept cannot be read, so it cannot be sent. It has not been deleted. Please contact the agency before you delete it.",
    ),
    newer: say(
        EN_ATTENTION,
        "A newer version saved this. Open this page again when there is a signal: then it goes by itself.",
    ),
    actions: ["Send now", "Correct and send again", "Sign in", "Save as a file", "Delete"],
};

fn words(thai: bool) -> &'static Words {
    if thai { &TH } else { &EN }
}

impl End {
    /// What is said of it.
    pub fn words(self, thai: bool) -> &'static EndWords {
        let words = words(thai);
        match self {
            Self::Waiting | Self::NoAnswer | Self::Sending => &words.waiting,
            Self::Stranger => &words.stranger,
            Self::Door => &words.door,
            Self::Busy => &words.busy,
            Self::Received => &words.received,
            Self::Replaced => &words.replaced,
            Self::SignIn => &words.sign_in,
            Self::NotAllowed => &words.not_allowed,
            Self::NotAllowedHere => &words.not_allowed_here,
            Self::Answers => &words.answers,
            Self::Conflict => &words.conflict,
            Self::TooLarge => &words.too_large,
            Self::UnknownForm => &words.unknown_form,
            Self::Refused => &words.refused,
            Self::Closed => &words.closed,
            Self::FileSpoiled => &words.file_spoiled,
            Self::FileLost => &words.file_lost,
            Self::Unreadable => &words.unreadable,
            Self::Newer => &words.newer,
        }
    }
}

impl Action {
    /// What stands on its button.
    pub fn label(self, thai: bool) -> &'static str {
        let [send_now, mend, sign_in, save_file, delete] = words(thai).actions;
        match self {
            Self::SendNow => send_now,
            Self::Mend => mend,
            Self::SignIn => sign_in,
            Self::SaveFile => save_file,
            Self::Delete => delete,
        }
    }
}

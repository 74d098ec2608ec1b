//! The words about a PIN, in Thai and English.

use crate::words::is_thai;

/// What is said about it.
pub struct PinWords {
    // Asked for
    pub locked: &'static str,
    pub locked_text: &'static str,
    pub pin: &'static str,
    pub open: &'static str,
    pub opening: &'static str,
    pub wrong: &'static str,
    pub forgotten: &'static str,
    pub forgotten_text: &'static str,
    pub forget_sure: &'static str,
    // Set
    pub title: &'static str,
    pub text: &'static str,
    pub warning: &'static str,
    pub new: &'static str,
    pub again: &'static str,
    pub rule: &'static str,
    pub set: &'static str,
    pub setting: &'static str,
    pub too_short: &'static str,
    pub differ: &'static str,
    pub is_set: &'static str,
    pub title_set: &'static str,
    pub text_set: &'static str,
    pub lock_now: &'static str,
    pub change: &'static str,
    pub remove: &'static str,
    pub remove_sure: &'static str,
    pub removed: &'static str,
    pub not_done: &'static str,
}

static TH: PinWords = PinWords {
    locked: "ใส่ PIN เพื่อเปิดแบบฟอร์ม",
    locked_text: "คำตอบที่เก็บไว้ในเครื่องนี้ล็อกด้วย PIN",
    pin: "PIN",
    open: "เปิด",
    opening: "กำลังเปิด…",
    wrong: "PIN ไม่ถูกต้อง โปรดลองอีกครั้ง",
    forgotten: "ลืม PIN",
    forgotten_text: "ไม่มีใครเปิดคำตอบที่เก็บไว้ได้ถ้าไม่มี PIN รวมทั้งหน่วยงาน แบบฟอร์มที่หน่วยงานได้รับแล้วยังอยู่ที่หน่วยงาน ท่านลบสิ่งที่ล็อกไว้ในเครื่องนี้แล้วเริ่มใหม่ได้",
    forget_sure: "ลบแบบร่างและแบบฟอร์มที่ยังไม่ได้ส่งทั้งหมดในเครื่องนี้",
    title: "ล็อกด้วย PIN",
    text: "ถ้าคนอื่นใช้เครื่องนี้ด้วย ท่านตั้ง PIN ได้ ทุกครั้งที่เปิดหน้านี้ต้องใส่ PIN ก่อนจึงจะเห็นคำตอบ",
    warning: "แบบฟอร์มที่ยังไม่ได้ส่งจะส่งเมื่อท่านเปิดหน้านี้และใส่ PIN แล้วเท่านั้น ถ้าลืม PIN จะไม่มีใครเปิดคำตอบได้อีก",
    new: "ตั้ง PIN",
    again: "ใส่ PIN อีกครั้ง",
    rule: "อย่างน้อย 6 ตัว เป็นตัวเลขหรือตัวอักษร ยิ่งยาวยิ่งเดายาก",
    set: "ล็อกด้วย PIN นี้",
    setting: "กำลังล็อก…",
    too_short: "PIN ต้องมีอย่างน้อย 6 ตัว",
    differ: "PIN สองช่องไม่ตรงกัน โปรดใส่ใหม่",
    is_set: "ล็อกด้วย PIN แล้ว ครั้งต่อไปที่เปิดหน้านี้ต้องใส่ PIN",
    title_set: "PIN ของเครื่องนี้",
    text_set: "คำตอบที่เก็บไว้ในเครื่องนี้ล็อกด้วย PIN แบบฟอร์มที่ยังไม่ได้ส่งจะส่งขณะที่เปิดหน้านี้และใส่ PIN แล้วเท่านั้น",
    lock_now: "ล็อกเดี๋ยวนี้",
    change: "เปลี่ยน PIN",
    remove: "เลิกใช้ PIN",
    remove_sure: "เลิกใช้ PIN ทุกคนที่เปิดเครื่องนี้จะเห็นคำตอบ",
    removed: "เลิกใช้ PIN แล้ว",
    not_done: "ทำไม่สำเร็จ ข้อมูลยังอยู่ครบ โปรดลองอีกครั้ง",
};

static EN: PinWords = PinWords {
    locked: "Enter your PIN to open the form",
    locked_text: "The answers on this phone are locked with a PIN.",
    pin: "PIN",
    open: "Open",
    opening: "Opening…",
    wrong: "The PIN is not right. Please try again.",
    forgotten: "I forgot the PIN",
    forgotten_text: "Without the PIN nobody can open the answers that are kept here, the agency neither. What the agency has received is safe there. You can delete what is locked on this phone, and begin anew.",
    forget_sure: "Delete all drafts and unsent forms on this phone",
    title: "Lock with a PIN",
    text: "If others use this phone too, you can set a PIN. Whoever opens this page then enters it before the answers are shown.",
    warning: "Forms that are not sent yet go only while this page is open and the PIN was entered. If you forget the PIN, nobody can open the answers again.",
    new: "New PIN",
    again: "The PIN once more",
    rule: "At least 6 digits or letters. The longer, the harder to guess.",
    set: "Lock with this PIN",
    setting: "Locking…",
    too_short: "The PIN needs at least 6 characters",
    differ: "The two are not the same. Please enter them anew.",
    is_set: "Locked. Whoever opens this page from now on is asked for the PIN.",
    title_set: "The PIN of this phone",
    text_set: "The answers on this phone are locked with a PIN. Forms that are not sent yet go only while this page is open and the PIN was entered.",
    lock_now: "Lock now",
    change: "Change the PIN",
    remove: "Use no PIN any more",
    remove_sure: "Use no PIN: everybody with this phone sees the answers",
    removed: "There is no PIN any more.",
    not_done: "That did not work. Everything is still there. Please try again.",
};

/// The words in `language`.
pub fn pin_words(language: &str) -> &'static PinWords {
    if is_thai(language) { &TH } else { &EN }
}

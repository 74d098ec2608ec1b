//! The words about submissions as files, in Thai and English.

use eform_outbox::filed::FileError;

use crate::words::is_thai;

/// What is said about them.
pub struct FileWords {
    pub making: &'static str,
    pub made: &'static str,
    pub failed: &'static str,
    pub code: &'static str,
    pub what: &'static str,
    pub still: &'static str,
    pub copy: &'static str,
    pub copied: &'static str,
    pub again: &'static str,
    pub share: &'static str,
    pub open_saved: &'static str,
    pub open_text: &'static str,
    pub file: &'static str,
    pub open: &'static str,
    pub opening: &'static str,
    pub choose: &'static str,
    pub taken: &'static str,
    pub was_here: &'static str,
    not_one: &'static str,
    newer: &'static str,
    cut: &'static str,
    wrong_code: &'static str,
    damaged: &'static str,
    elsewhere: &'static str,
    /// `{site}`: an address.
    elsewhere_at: &'static str,
    another: &'static str,
    full: &'static str,
    not_kept: &'static str,
}

static TH: FileWords = FileWords {
    making: "กำลังสร้างไฟล์…",
    made: "สร้างไฟล์แล้ว รหัสเปิดไฟล์อยู่ด้านล่าง",
    failed: "สร้างไฟล์ไม่ได้ ข้อมูลยังอยู่ในเครื่องนี้ โปรดลองอีกครั้ง",
    code: "รหัสเปิดไฟล์",
    what: "ให้ไฟล์และรหัสนี้กับเจ้าหน้าที่หรือคนที่มีสัญญาณ โดยส่งคนละทาง เช่น ส่งไฟล์ทาง LINE แล้วบอกรหัสทางโทรศัพท์ จดรหัสไว้ เพราะไม่มีรหัสจะเปิดไฟล์ไม่ได้",
    still: "เมื่อมีสัญญาณ เครื่องนี้ยังส่งให้เองเหมือนเดิม ถ้าไฟล์ถูกส่งไปแล้ว หน่วยงานจะได้รับเพียงครั้งเดียว",
    copy: "คัดลอกรหัส",
    copied: "คัดลอกรหัสแล้ว",
    again: "บันทึกไฟล์นี้อีกครั้ง",
    share: "แชร์ไฟล์",
    open_saved: "เปิดไฟล์ที่บันทึกจากเครื่องอื่น",
    open_text: "เลือกไฟล์ .eform แล้วใส่รหัสที่ได้มากับไฟล์ เครื่องนี้จะส่งให้หน่วยงานแทน",
    file: "ไฟล์",
    open: "เปิดไฟล์",
    opening: "กำลังเปิดไฟล์…",
    choose: "โปรดเลือกไฟล์และใส่รหัส",
    taken: "เก็บไว้ในเครื่องนี้แล้ว และจะส่งจากเครื่องนี้เมื่อมีสัญญาณและเปิดหน้านี้อยู่",
    was_here: "มีรายการนี้ในเครื่องนี้อยู่แล้ว",
    not_one: "ไฟล์นี้ไม่ใช่แบบฟอร์มที่บันทึกเป็นไฟล์ โปรดเลือกไฟล์ที่ชื่อลงท้ายด้วย .eform",
    newer: "ไฟล์นี้สร้างจากรุ่นที่ใหม่กว่า โปรดเปิดหน้านี้ใหม่เมื่อมีสัญญาณ แล้วลองอีกครั้ง",
    cut: "ไฟล์นี้มาไม่ครบ โปรดขอไฟล์ใหม่อีกครั้ง",
    wrong_code: "รหัสไม่ถูกต้อง โปรดตรวจทั้ง 16 ตัว ถ้ารหัสถูกแล้ว ไฟล์อาจเสียระหว่างทาง ให้ขอไฟล์ใหม่",
    damaged: "ไฟล์นี้เสียระหว่างทาง โปรดขอไฟล์ใหม่อีกครั้ง",
    elsewhere: "ไฟล์นี้เป็นของเว็บไซต์อื่น เปิดที่นี่ไม่ได้ โปรดเปิดไฟล์ที่เว็บไซต์นั้น",
    elsewhere_at: "ไฟล์นี้เป็นของเว็บไซต์อื่น เปิดที่นี่ไม่ได้ โปรดเปิดไฟล์ที่ {site}",
    another: "ในเครื่องนี้มีรายการหมายเลขเดียวกันแต่เนื้อหาต่างกัน จึงไม่ได้เก็บไฟล์นี้ โปรดติดต่อหน่วยงาน",
    full: "ที่เก็บข้อมูลในเครื่องนี้เต็ม จึงยังไม่ได้เก็บไฟล์นี้",
    not_kept: "เก็บไว้ในเครื่องนี้ไม่ได้ โปรดลองอีกครั้ง",
};

static EN: FileWords = FileWords {
    making: "Making the file…",
    made: "The file is made. The code that opens it is below.",
    failed: "The file could not be made. Everything is still on this phone. Please try again.",
    code: "Code that opens the file",
    what: "Give the file and this code to an officer, or to somebody who has a signal, by different ways: the file by LINE, say, and the code by telephone. Write the code down: without it nobody can open the file.",
    still: "It still goes from this phone by itself when there is a signal. If the file has been delivered by then, the agency has it once all the same.",
    copy: "Copy the code",
    copied: "Copied",
    again: "Save this file again",
    share: "Share the file",
    open_saved: "Open a file from another phone",
    open_text: "Choose the .eform file and enter the code that you got with it. This phone then sends it to the agency.",
    file: "File",
    open: "Open the file",
    opening: "Opening the file…",
    choose: "Choose the file, and enter its code",
    taken: "It is on this phone now, and goes from here when there is a signal and this page is open.",
    was_here: "This submission was on this phone already.",
    not_one: "This is not a form that was saved as a file. Choose the file whose name ends in .eform.",
    newer: "A newer version made this file. Open this page anew when there is a signal, and try again.",
    cut: "A part of this file is missing. Please ask for the file again.",
    wrong_code: "The code is not right. Check all 16 characters. If they are right, the file was damaged on its way: ask for it again.",
    damaged: "This file was damaged on its way. Please ask for it again.",
    elsewhere: "This file is for another site and cannot be opened here. Please open it there.",
    elsewhere_at: "This file is for another site and cannot be opened here. Please open it at {site}.",
    another: "This phone has a submission of the same number with other content, so the file was not kept. Please contact the agency.",
    full: "There is no room on this phone, so the file was not kept.",
    not_kept: "It could not be kept on this phone. Please try again.",
};

impl FileWords {
    /// What is wrong with a file.
    pub fn wrong(&self, error: &FileError) -> String {
        if let FileError::Elsewhere(site) = error
            && !site.is_empty()
        {
            return self.elsewhere_at.replace("{site}", site);
        }
        self.by_code(error.code()).to_owned()
    }

    fn by_code(&self, code: &str) -> &'static str {
        match code {
            "file-not-one" => self.not_one,
            "file-newer" => self.newer,
            "file-cut" => self.cut,
            "file-code" => self.wrong_code,
            "file-damaged" => self.damaged,
            "file-elsewhere" => self.elsewhere,
            "file-another" => self.another,
            "storage-quota" => self.full,
            _ => self.not_kept,
        }
    }
}

/// The words in `language`.
pub fn file_words(language: &str) -> &'static FileWords {
    if is_thai(language) { &TH } else { &EN }
}

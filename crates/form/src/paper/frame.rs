//! What stands around the questions: whose form it is, how to fill it in, what becomes of the
//! answers, the declaration, and the box of the office.

use super::boxes::Room;
use super::numbers::Role;
use super::{Paper, STYLES, Sheet};
use crate::definition::{Contact, Page};
use crate::fields::phone;

/// Languages that are written from right to left, as on the page.
const FROM_RIGHT: [&str; 4] = ["ar", "fa", "he", "ur"];

/// What a form asks for that tells who answers: then there is a declaration to sign.
const WHO: [&str; 4] = ["thai-name", "thai-national-id", "juristic-id", "passport"];

impl Paper<'_> {
    /// The whole document.
    pub fn document(&mut self, sheet: &Sheet) {
        let definition = self.form.definition();
        let title = self.said(&definition.title);
        self.html.markup("<!doctype html>\n");
        let direction = if FROM_RIGHT.contains(&self.language) { "rtl" } else { "" };
        self.html.open("html", &[("lang", self.language), ("dir", direction)]);
        self.html.markup(
            "<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <meta name=\"generator\" content=\"e-form kit\">\n",
        );
        self.html.words(
            "title",
            "",
            &[title, " · ", self.pick("แบบฟอร์มเปล่า", "empty form")].concat(),
        );
        match sheet {
            Sheet::At(address) => {
                self.html.open("link", &[("rel", "stylesheet"), ("href", address)])
            }
            Sheet::Inside => {
                self.html.markup("<style>\n");
                self.html.markup(STYLES);
                self.html.markup("</style>");
            }
        }
        self.html.markup("\n</head>\n<body>\n");
        self.screen_only(sheet);
        self.html.markup("<main>\n");
        self.masthead();
        self.how_to();
        self.ready();
        self.privacy();
        for (at, page) in definition.pages.iter().enumerate() {
            self.part(at, page);
        }
        self.declaration();
        self.office();
        self.html.markup("</main>\n</body>\n</html>\n");
    }

    /// For who looks at it on a screen: how it gets onto paper.
    fn screen_only(&mut self, sheet: &Sheet) {
        self.html.open("nav", &[("class", "screen-only")]);
        let words = self.pick(
            "แบบฟอร์มเปล่าสำหรับพิมพ์ลงกระดาษ A4 และกรอกด้วยมือ ใช้คำสั่งพิมพ์ของเบราว์เซอร์",
            "An empty form to print on A4 and fill in by hand: use the print command of the browser.",
        );
        self.html.words("p", "", words);
        if let Sheet::At(_) = sheet {
            // The page of the kit is one folder above its forms.
            let address =
                ["../?form=", &self.form.definition().id, "&lang=", self.language].concat();
            self.html.open("p", &[]);
            self.html.open("a", &[("href", &address)]);
            self.html.text(self.pick("กรอกทางออนไลน์แทน", "Fill it in online instead"));
            self.html.close("a");
            self.html.close("p");
        }
        self.html.close("nav");
    }

    fn masthead(&mut self) {
        let definition = self.form.definition();
        self.html.open("header", &[("class", "masthead")]);
        self.html.open("div", &[("class", "whose")]);
        if let Some(agency) = &definition.agency {
            self.html.words("p", "agency", self.said(&agency.name));
        }
        self.html.words("h1", "", self.said(&definition.title));
        let summary = definition.summary.as_ref();
        self.html.words("p", "summary", summary.map_or("", |summary| self.said(summary)));
        self.html.close("div");
        self.html.open("div", &[("class", "received")]);
        self.html.words("p", "name", self.pick("สำหรับเจ้าหน้าที่", "For the office"));
        self.row(|paper| paper.line(paper.pick("เลขที่รับ", "No."), Room::Rest, ""));
        self.row(|paper| paper.line(paper.pick("วันที่รับ", "Received on"), Room::Rest, ""));
        self.html.close("div");
        self.html.close("header");
        let version =
            [&definition.id, " · ", self.pick("ฉบับ", "version"), " ", &definition.version];
        self.html.words("p", "version", &version.concat());
    }

    fn how_to(&mut self) {
        let asks = |required: bool| {
            let roles = self.numbers.roles.iter();
            let mut asked = roles.zip(self.form.fields()).filter(|(role, _)| **role == Role::Asked);
            asked.any(|(_, field)| !required || field.required || field.required_if.is_some())
        };
        let must = asks(true);
        self.html.open("section", &[("class", "how")]);
        self.html.words("h2", "", self.pick("วิธีกรอก", "How to fill in this form"));
        self.html.open("ul", &[]);
        self.html.words(
            "li",
            "",
            self.pick(
                "ใช้ปากกาสีน้ำเงินหรือดำ เขียนตัวบรรจง ช่องสี่เหลี่ยมเล็กใส่เลขช่องละหนึ่งตัว",
                "Use blue or black ink and write clearly. Small squares take one digit each.",
            ),
        );
        self.html.words(
            "li",
            "",
            self.pick(
                "เลือกคำตอบโดยทำเครื่องหมาย ✓ ใน ☐ ถ้าเขียนผิด ให้ขีดฆ่าแล้วลงชื่อกำกับ",
                "Choose an answer with a ✓ in its ☐. Cross out a mistake and sign beside it.",
            ),
        );
        if must {
            self.html.words(
                "li",
                "",
                self.pick(
                    "ข้อที่มีเครื่องหมาย * ต้องตอบ ข้ออื่นเว้นว่างได้",
                    "Questions with * must be answered; you may leave the others empty.",
                ),
            );
        }
        if self.has_conditions() {
            self.html.words("li", "", self.pick(
                "บางข้อตอบเฉพาะเมื่อเข้าเงื่อนไขที่พิมพ์ไว้ ข้อที่ไม่เข้าเงื่อนไขให้ข้ามไป",
                "Some questions are only for some people, as is printed there: pass over the others.",
            ));
        }
        let contact =
            self.form.definition().agency.as_ref().and_then(|agency| agency.contact.as_ref());
        if let Some(contact) = contact {
            let whom = self.whom(contact);
            if !whom.is_empty() {
                let words =
                    [self.pick("ส่งหรือสอบถามที่ ", "Hand it in, or ask, at: "), &whom].concat();
                self.html.words("li", "", &words);
            }
        }
        self.html.close("ul");
        self.html.close("section");
    }

    fn has_conditions(&self) -> bool {
        let pages = self.form.definition().pages.iter().any(|page| page.show_if.is_some());
        let mut fields = self.form.fields().iter().zip(&self.numbers.roles);
        pages || fields.any(|(field, role)| *role == Role::Asked && field.show_if.is_some())
    }

    /// How to reach the office, on one line.
    fn whom(&self, contact: &Contact) -> String {
        let address = contact.address.as_ref().map(|address| self.said(address).to_owned());
        let phone = contact.phone.as_ref().map(|number| {
            [self.pick("โทร. ", "Tel. "), &self.digits(&phone::in_words(number))].concat()
        });
        let parts = [address, phone, contact.email.clone(), contact.url.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// What becomes of the answers (PDPA, B.E. 2562, section 23).
    fn privacy(&mut self) {
        let Some(privacy) = &self.form.definition().privacy else { return };
        self.html.open("section", &[("class", "privacy")]);
        self.html.words(
            "h2",
            "",
            self.pick("เราใช้คำตอบของท่านทำอะไร", "What your answers are used for"),
        );
        self.html.words("p", "", self.said(&privacy.purpose));
        let mut more: Vec<String> = Vec::new();
        more.extend(privacy.basis_in_words(self.is_thai()));
        if let Some(days) = privacy.retention_days {
            let (count, th, en) = if days % 365 == 0 {
                (days / 365, "ปี", "years")
            } else {
                (days, "วัน", "days")
            };
            let count = self.digits(&count.to_string());
            more.push([self.pick("เก็บไว้ ", "Kept for "), &count, " ", self.pick(th, en)].concat());
        }
        let recipients: Vec<&str> = privacy.recipients.iter().map(|one| self.said(one)).collect();
        if !recipients.is_empty() {
            more.push(
                [self.pick("ผู้ได้รับข้อมูล: ", "Who else gets them: "), &recipients.join(" · ")]
                    .concat(),
            );
        }
        if let Some(url) = &privacy.url {
            more.push([self.pick("ประกาศฉบับเต็ม: ", "The whole notice: "), url].concat());
        }
        for words in more {
            self.html.words("p", "", &words);
        }
        self.html.close("section");
    }

    /// A page of the form.
    fn part(&mut self, at: usize, page: &Page) {
        let number = &self.numbers.pages[at];
        if number.is_empty() {
            return;
        }
        self.html.open("section", &[("class", "page")]);
        self.html.open("h2", &[]);
        let number = [self.pick("ส่วนที่ ", "Part "), &self.digits(number)].concat();
        self.html.words("span", "number", &number);
        self.html.text(" ");
        self.html.text(self.said(&page.title));
        self.html.close("h2");
        let when = self.only_if(page.show_if.as_ref(), None, ("ตอบส่วนนี้", "Answer this part"));
        self.html.words("p", "when", &when);
        self.paragraphs("intro", page.intro.as_ref().map_or("", |intro| self.said(intro)));
        self.questions(&page.fields);
        self.html.close("section");
    }

    /// An empty line begins a new paragraph, as on the page.
    pub fn paragraphs(&mut self, class: &'static str, text: &str) {
        for paragraph in text.split("\n\n") {
            self.html.words("p", class, paragraph.trim());
        }
    }

    /// What to have at hand.
    fn ready(&mut self) {
        let start = self.form.definition().start.as_ref();
        let Some(ready) = start.map(|start| &start.ready).filter(|ready| !ready.is_empty()) else {
            return;
        };
        self.html.open("section", &[("class", "how")]);
        self.html.words("h2", "", self.pick("สิ่งที่ควรเตรียมไว้", "What to have ready"));
        self.html.open("ul", &[]);
        for one in ready {
            self.html.words("li", "", self.said(one));
        }
        self.html.close("ul");
        self.html.close("section");
    }

    /// What is declared and signed at the end. A form that declares nothing has the usual words where
    /// it tells who answers; one that has a signature of its own is not signed twice.
    fn declaration(&mut self) {
        let asks = |names: &[&str]| {
            let mut fields = self.form.fields().iter();
            fields.any(|field| names.contains(&field.kind.name()))
        };
        let (is_signed, tells_who) = (asks(&["signature"]), asks(&WHO));
        let words = match &self.form.definition().declaration {
            Some(own) => self.said(own),
            None if is_signed || !tells_who => return,
            None => self.pick(
                "ข้าพเจ้าขอรับรองว่าข้อความข้างต้นถูกต้องและเป็นความจริง",
                "I declare that what I have written above is correct and true.",
            ),
        };
        self.html.open("section", &[("class", "declaration")]);
        self.html.words("h2", "", self.pick("คำรับรอง", "Declaration"));
        self.html.words("p", "statement", words);
        if !is_signed {
            self.signing();
        }
        self.html.close("section");
    }

    /// What the office writes.
    fn office(&mut self) {
        self.html.open("section", &[("class", "office")]);
        self.html.words("h2", "", self.pick("สำหรับเจ้าหน้าที่", "For the office"));
        self.row(|paper| {
            paper.tick(paper.pick("เอกสารครบ", "Complete"));
            paper.tick(paper.pick("ต้องแก้ไขหรือส่งเพิ่ม", "To be corrected or completed"));
            paper.line(paper.pick("ได้แก่", "namely"), Room::Rest, "");
        });
        self.row(|paper| {
            paper.line(paper.pick("ผู้รับ", "Received by"), Room::Rest, "");
            paper.line(paper.pick("ตำแหน่ง", "Position"), Room::Rest, "");
            paper.line(paper.pick("วันที่", "Date"), Room::Middle, "");
        });
        self.row(|paper| {
            paper.line(paper.pick("ผู้บันทึกเข้าระบบ", "Entered by"), Room::Rest, "");
            paper.line(paper.pick("เลขอ้างอิง", "Reference"), Room::Rest, "");
            paper.line(paper.pick("วันที่", "Date"), Room::Middle, "");
        });
        self.html.close("section");
    }
}

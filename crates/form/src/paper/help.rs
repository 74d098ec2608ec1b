//! `help.html`: what stands in for the kit where it cannot start, as in a browser without JavaScript
//! or one that is too old. It says what to do, and of each service whom to call and where the empty
//! form is. Thai first, English below it, since there is nothing on it that could ask.

use super::file_name;
use super::html::Html;
use crate::Form;
use crate::fields::phone;

/// The page. Each form with the name of its file, without `.json`.
pub fn help(forms: &[(&str, &Form)]) -> String {
    let mut page = Page { html: Html::default() };
    page.html.markup(
        "<!doctype html>\n<html lang=\"th\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"generator\" content=\"e-form kit\">\n\
         <title>เปิดแบบฟอร์มไม่ได้ · e-Form</title>\n\
         <link rel=\"stylesheet\" href=\"help.css\">\n<link rel=\"icon\" href=\"icon.svg\">\n\
         </head>\n<body>\n<main class=\"help\">\n",
    );
    for thai in [true, false] {
        page.html.open("section", &[("lang", if thai { "th" } else { "en" })]);
        page.what_to_do(thai);
        for (name, form) in forms {
            page.service(name, form, thai);
        }
        page.html.close("section");
    }
    page.html.markup("</main>\n</body>\n</html>\n");
    page.html.finish()
}

struct Page {
    html: Html,
}

impl Page {
    fn what_to_do(&mut self, thai: bool) {
        let pick = |th, en| if thai { th } else { en };
        let tag = if thai { "h1" } else { "h2" };
        self.html.words(tag, "", pick("เปิดแบบฟอร์มบนเครื่องนี้ไม่ได้", "The form cannot be opened here"));
        self.html.words("p", "", pick(
            "เบราว์เซอร์นี้อาจปิด JavaScript ไว้ หรือเก่าเกินไป หรือโหลดไฟล์มาไม่ครบ คำตอบที่เคยเก็บไว้ในเครื่องนี้ยังอยู่",
            "JavaScript may be off in this browser, or it is too old, or not all files have arrived. What this phone has kept is still here.",
        ));
        self.html.open("ul", &[]);
        for (th, en) in [
            (
                "เปิด JavaScript หรือใช้ Chrome หรือ Safari รุ่นใหม่ แล้วลองอีกครั้ง",
                "Switch JavaScript on, or use a recent Chrome or Safari, and try again.",
            ),
            (
                "ถ้าเปิดจาก LINE หรือ Facebook แตะ ⋯ หรือ ⋮ แล้วเลือก “เปิดในเบราว์เซอร์ภายนอก”",
                "Inside LINE or Facebook, tap ⋯ or ⋮ and choose “Open in external browser”.",
            ),
            (
                "หรือพิมพ์แบบฟอร์มเปล่า กรอกด้วยมือ แล้วยื่นที่หน่วยงาน หรือโทรหาหน่วยงาน",
                "Or print the empty form, fill it in by hand and take it to the office; or call the office.",
            ),
        ] {
            self.html.words("li", "", pick(th, en));
        }
        self.html.close("ul");
        self.link("./", pick("ลองเปิดอีกครั้ง", "Try again"));
    }

    fn service(&mut self, name: &str, form: &Form, thai: bool) {
        let (language, other) = if thai { ("th", "en") } else { ("en", "th") };
        let definition = form.definition();
        let said = |text| form.text(text, language);
        self.html.open("article", &[]);
        self.html.words(if thai { "h2" } else { "h3" }, "", said(&definition.title));
        if let Some(agency) = &definition.agency {
            self.html.words("p", "", said(&agency.name));
            let contact = agency.contact.as_ref();
            if let Some(number) = contact.and_then(|contact| contact.phone.as_ref()) {
                let called = number.split(';').next().unwrap_or_default();
                self.html.open("p", &[]);
                self.html.text(if thai { "โทร. " } else { "Telephone: " });
                self.html.open("a", &[("href", &["tel:", called].concat())]);
                self.html.text(&phone::in_words(called));
                self.html.close("a");
                self.html.close("p");
            }
            if let Some(address) = contact.and_then(|contact| contact.address.as_ref()) {
                self.html.words("p", "", said(address));
            }
        }
        let languages = &definition.languages;
        let mine = [language, other].into_iter().find(|tag| languages.iter().any(|one| one == tag));
        let file = ["forms/", &file_name(name, mine)].concat();
        let words = if thai {
            "แบบฟอร์มเปล่าสำหรับพิมพ์"
        } else {
            "The empty form, to print"
        };
        self.link(&file, words);
        self.html.close("article");
    }

    fn link(&mut self, address: &str, words: &str) {
        self.html.open("p", &[]);
        self.html.open("a", &[("href", address)]);
        self.html.text(words);
        self.html.close("a");
        self.html.close("p");
    }
}

//! The rival: the same form as a careful developer writes it by hand, in HTML with a hundred lines of
//! script. It has the kit's labels, hints, structure and looks, and no framework. The pages of the
//! form are sections of one document.

use serde_json::Value;

/// Its script, and that of the search.
pub const SCRIPTS: [(&str, &str); 2] =
    [("plain.js", include_str!("plain.js")), ("plain-search.js", include_str!("plain-search.js"))];

/// The kit's looks for a page without a shadow root, and without what spares the kit fields that are
/// not in sight, which pages written by hand hardly have.
pub fn looks(kit: &str) -> String {
    kit.replace("content-visibility: auto", "")
        .replace("content-visibility:auto", "")
        .replace(":host(:not([theme=\"light\"]))", ":root")
        .replace(":host([theme=\"dark\"])", ".dark")
        .replace(":host", ":root")
}

/// The document of a form.
pub fn page(definition: &Value) -> String {
    let pages = definition["pages"].as_array().map_or(&[][..], Vec::as_slice);
    let sections = pages.iter().enumerate().map(|(at, page)| section(page, at, pages.len()));
    document(said(&definition["title"]), "plain.js", &sections.collect::<String>())
}

/// The document with the search for a sub-district.
pub fn search() -> String {
    let field = "<div class=field><div class=search><label for=search>ค้นหาตำบล อำเภอ หรือรหัสไปรษณีย์</label>\
        <input type=text id=search role=combobox autocomplete=off spellcheck=false \
        aria-autocomplete=list aria-expanded=false aria-controls=list>\
        <p class=hint role=status></p><ul role=listbox id=list hidden></ul></div></div>";
    let section = format!("<section data-page><h1 tabindex=-1>ที่อยู่</h1>{field}</section>");
    document("แบบวัดความเร็ว", "plain-search.js", &section)
}

fn document(title: &str, script: &str, sections: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=th><head><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <link rel=stylesheet href=page.css><link rel=stylesheet href=plain.css>\
         <script defer src={script}></script></head><body><main><div class=e-form>\
         <header class=masthead><div><p class=title>{title}</div></header>\
         <div class=screen><form novalidate>{sections}</form>\
         <p class=note role=status></p></div></div></main></body></html>\n"
    )
}

fn section(page: &Value, at: usize, of: usize) -> String {
    let back = if at == 0 {
        ""
    } else {
        "<button type=button class=\"link back\">ย้อนกลับ</button>"
    };
    let (n, of) = (at + 1, of + 1);
    let hidden = if at == 0 { "" } else { " hidden" };
    let title = said(&page["title"]);
    let fields = fields(page, "");
    format!(
        "<section data-page{hidden}><div class=way>{back}<p class=step>ขั้นที่ {n} จาก {of}</p>\
         <progress max={of} value={n} aria-hidden=true></progress></div><div role=alert></div>\
         <h1 tabindex=-1>{title}</h1>{fields}<div class=actions>\
         <button type=submit class=primary data-eform=continue>ต่อไป</button></div></section>\n"
    )
}

fn fields(parent: &Value, before: &str) -> String {
    let fields = parent["fields"].as_array().into_iter().flatten();
    fields.map(|field| question(field, before)).collect()
}

/// A field whose name begins with `before`, as in a row.
fn question(field: &Value, before: &str) -> String {
    let kind = field["type"].as_str().unwrap_or_default();
    if kind == "repeat" {
        return repeat(field);
    }
    let name = format!("{before}{}", field["id"].as_str().unwrap_or_default());
    let hint = field["hint"]
        .is_object()
        .then(|| format!("<p class=hint id=f-{name}-hint>{}</p>", said(&field["hint"])));
    let by = hint.as_ref().map(|_| format!(" aria-describedby=f-{name}-hint")).unwrap_or_default();
    let hint = hint.unwrap_or_default();
    let optional = if field["required"] == true {
        ""
    } else {
        "<span class=optional> (ไม่บังคับ)</span>"
    };
    let label = format!("{}{optional}", said(&field["label"]));
    let told = told(field, kind, &name, before);
    match kind {
        "text" | "number" => {
            let keyboard = if kind == "number" { " inputmode=numeric" } else { "" };
            format!(
                "<div class=field {told}><label for=f-{name}>{label}</label>{hint}\
                 <input type=text id=f-{name} name={name} autocomplete=off{keyboard}{by}></div>\n"
            )
        }
        _ => {
            let inside = match kind {
                "date" => date(&name),
                "yes-no" => {
                    ticks(&name, "radio", "options inline", [("true", "ใช่"), ("false", "ไม่ใช่")])
                }
                _ => {
                    let tick = if kind == "choice" { "radio" } else { "checkbox" };
                    let options = field["options"].as_array().into_iter().flatten();
                    let text = |option: &'_ Value, member: &str| {
                        option[member].as_str().unwrap_or_default().to_owned()
                    };
                    let options: Vec<_> = options
                        .map(|option| (text(option, "value"), text(option, "label")))
                        .collect();
                    ticks(&name, tick, "options", options)
                }
            };
            format!(
                "<fieldset class=field {told}{by}><legend>{label}</legend>{hint}{inside}</fieldset>\n"
            )
        }
    }
}

/// What the script is told of a field.
fn told(field: &Value, kind: &str, name: &str, before: &str) -> String {
    let mut told = format!("data-field={name} data-type={kind}");
    if field["required"] == true {
        told += " data-required";
    }
    for limit in ["min", "max", "maxLength"] {
        if let Some(number) = field[limit].as_u64() {
            told += &format!(" data-{limit}={number}");
        }
    }
    if let Some([by, value]) = field["showIf"]["=="].as_array().map(Vec::as_slice) {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        told +=
            &format!(" data-show-by={before}{} data-show-if={value} hidden", text_of(&by["var"]));
    }
    told
}

fn ticks<V: AsRef<str>, L: AsRef<str>>(
    name: &str,
    kind: &str,
    class: &str,
    options: impl IntoIterator<Item = (V, L)>,
) -> String {
    let options = options.into_iter().enumerate().map(|(at, (value, label))| {
        let (value, label) = (value.as_ref(), label.as_ref());
        format!(
            "<div class=option><input type={kind} id=f-{name}-{at} name={name} value={value}>\
             <label for=f-{name}-{at}>{label}</label></div>"
        )
    });
    format!("<div class=\"{class}\">{}</div>", options.collect::<String>())
}

fn date(name: &str) -> String {
    const MONTHS: [&str; 12] = [
        "มกราคม",
        "กุมภาพันธ์",
        "มีนาคม",
        "เมษายน",
        "พฤษภาคม",
        "มิถุนายน",
        "กรกฎาคม",
        "สิงหาคม",
        "กันยายน",
        "ตุลาคม",
        "พฤศจิกายน",
        "ธันวาคม",
    ];
    let digits = |part: &str, label: &str, class: &str| {
        format!(
            "<div class=\"part {class}\"><label for=f-{name}-{part}>{label}</label><input type=text \
             id=f-{name}-{part} name={name} data-part={part} inputmode=numeric autocomplete=off></div>"
        )
    };
    let months = MONTHS.iter().enumerate();
    let months = months.map(|(at, month)| format!("<option value={}>{month}</option>", at + 1));
    let months = months.collect::<String>();
    format!(
        "<div class=parts>{}<div class=\"part month\"><label for=f-{name}-month>เดือน</label>\
         <select id=f-{name}-month name={name} data-part=month><option value=\"\">เลือก</option>{months}\
         </select></div>{}</div>",
        digits("day", "วัน", "two"),
        digits("year", "ปี พ.ศ.", "four")
    )
}

/// Rows are made of a template, since how many there are is the citizen's business.
fn repeat(field: &Value) -> String {
    let id = text_of(&field["id"]);
    let (label, row) = (said(&field["label"]), said(&field["rowTitle"]).replace("{n}", "{row}"));
    let fields = fields(field, &format!("{id}-{{n}}-"));
    let min = &field["min"];
    format!(
        "<fieldset class=repeat id=f-{id} data-rows={min}><legend>{label}</legend><div></div>\
         <template><fieldset class=row-of><legend>{row}</legend>{fields}\
         <button type=button class=link data-action=remove-row>เอาออก {row}</button></fieldset></template>\
         <button type=button class=secondary data-action=add-row>เพิ่มรายการ</button></fieldset>"
    )
}

fn text_of(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A text in the language that is measured in.
fn said(text: &Value) -> &str {
    text_of(&text["th"])
}

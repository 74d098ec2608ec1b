// What stands where a form should be and the kit could not be started: why that may be, what to do,
// and from the form's definition, if that could be fetched, whom to call and the empty form to
// print. In Thai and in English, since nobody has chosen yet. No text becomes markup.

const WHY = {
  wasm: [
    "เบราว์เซอร์นี้เก่าเกินไป หรือเครื่องปิดบางส่วนของเบราว์เซอร์ไว้ (เช่น โหมดล็อกดาวน์ของ iPhone) โปรดเปิดด้วย Chrome หรือ Safari รุ่นใหม่",
    "This browser is too old, or part of it is switched off (as in an iPhone's Lockdown Mode). Please use a recent Chrome or Safari.",
  ],
  offline: [
    "เครื่องนี้ไม่มีสัญญาณในขณะนี้ และยังไม่ได้เก็บแบบฟอร์มไว้ โปรดลองใหม่เมื่อมีสัญญาณ",
    "There is no signal at the moment, and this phone has not kept the form. Please try again when there is one.",
  ],
  other: [
    "สัญญาณอาจขาดหาย หรือเบราว์เซอร์นี้เก่าเกินไป โปรดลองอีกครั้ง ถ้ายังไม่ได้ ให้เปิดด้วย Chrome หรือ Safari รุ่นใหม่",
    "The signal may have been lost, or this browser may be too old. Please try again, or use a recent Chrome or Safari.",
  ],
};

function why() {
  if (typeof WebAssembly !== "object") return WHY.wasm;
  return navigator.onLine === false ? WHY.offline : WHY.other;
}

function el(tag, properties = {}, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

/** A text of the definition. */
function said(text, language) {
  return typeof text === "string" ? text : (text?.[language] ?? Object.values(text ?? {})[0] ?? "");
}

async function read(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(await bytes));
  } catch {
    return undefined;
  }
}

/** The empty forms beside a definition that can be had right now, by language. */
async function blanks(src, languages) {
  const found = await Promise.all(
    languages.map(async (language) => {
      const address = src.replace(/json$/, `blank.${language}.html`);
      try {
        const response = await fetch(address);
        const type = response.headers.get("content-type") ?? "";
        return response.ok && type.includes("html") ? [[language, address]] : [];
      } catch {
        return [];
      }
    }),
  );
  return new Map(found.flat());
}

/** +6625793004 as people write it: 02-579-3004. */
function phoneInWords(phone) {
  return phone.replace(/;.*/, "").replace(/^\+66/, "0").replace(/^(02|0..)(...)(.+)$/, "$1-$2-$3");
}

/** Whose form it is, and how to reach them, in a language. */
function office(definition, language, pages) {
  const thai = language === "th";
  const contact = definition.agency?.contact ?? {};
  const lines = [el("p", {}, el("strong", {}, said(definition.title, language)))];
  const line = (...inside) => lines.push(el("p", {}, ...inside));
  if (definition.agency) line(said(definition.agency.name, language));
  if (contact.phone) {
    const link = el("a", { href: `tel:${contact.phone.replace(/;.*/, "")}` }, phoneInWords(contact.phone));
    line(thai ? "โทร. " : "Telephone: ", link);
  }
  if (contact.address) line(said(contact.address, language));
  const page = pages.get(language);
  if (page) {
    const words = thai ? "แบบฟอร์มเปล่าสำหรับพิมพ์และกรอกด้วยมือ" : "The empty form, to print and fill in by hand";
    line(el("a", { href: page }, words));
  }
  return lines;
}

/** What a promise gives, or `instead` where it takes longer than people should wait for words. */
const soon = (promise, instead) =>
  Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 4000, instead))]);

/** Says it in `root`, where e-form.js has put that the form cannot be opened. */
export async function show(root, { src, bytes }) {
  const definition = await soon(read(bytes));
  const isForm = Array.isArray(definition?.pages);
  const languages = isForm ? (definition.languages ?? ["th"]) : [];
  const pages = isForm ? await soon(blanks(src, languages), new Map()) : new Map();
  const panel = el("div", { className: "panel attention", role: "alert" });
  for (const [at, language] of ["th", "en"].entries()) {
    const thai = language === "th";
    const again = el("button", { type: "button" }, thai ? "ลองอีกครั้ง" : "Try again");
    again.addEventListener("click", () => location.reload());
    again.dataset.action = "try-again";
    const part = el("div", { lang: language });
    part.append(
      el(thai ? "h1" : "h2", {}, thai ? "เปิดแบบฟอร์มไม่ได้" : "The form cannot be opened"),
      el("p", {}, why()[at]),
      el("p", {}, thai ? "คำตอบที่เคยเก็บไว้ในเครื่องนี้ยังอยู่" : "What this phone has kept is still here."),
      again,
    );
    const speaks = languages.includes(language) || (thai && languages.length > 0);
    if (speaks) part.append(...office(definition, language, pages));
    panel.append(part);
  }
  const screen = el("div", { className: "screen" }, panel, el("slot"));
  const href = new URL("e-form-failed.css", import.meta.url).href;
  root.replaceChildren(el("link", { rel: "stylesheet", href }), el("div", { className: "e-form failed" }, screen));
}

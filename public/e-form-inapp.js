// A notice above the form in the browsers inside LINE, Facebook, Messenger and Instagram: what is
// not sent may be forgotten there, and how the form is opened in the phone's own browser. It is
// calm, in the form's language, and can be closed.

// LINE opens a link with this parameter outside:
// https://developers.line.biz/en/docs/messaging-api/using-line-url-scheme/
const OUTSIDE = "openExternalBrowser";

const CLOSED = "eform-inapp-closed";

const WORDS = {
  th: {
    label: "คำแนะนำการเปิดแบบฟอร์ม",
    line: "ท่านกำลังเปิดแบบฟอร์มใน LINE",
    other: "ท่านกำลังเปิดแบบฟอร์มในแอปอื่น เช่น Facebook หรือ Instagram",
    why: "คำตอบที่ยังไม่ได้ส่งอาจหายเมื่อปิดหน้านี้ เปิดในเบราว์เซอร์ของเครื่องจะเก็บคำตอบไว้ได้ แม้ไม่มีสัญญาณ",
    menu: "แตะ ⋯ หรือ ⋮ ที่มุมจอ แล้วเลือก “เปิดในเบราว์เซอร์ภายนอก” หรือคัดลอกที่อยู่ไปเปิดใน Chrome หรือ Safari",
    open: "เปิดในเบราว์เซอร์ของเครื่อง",
    copy: "คัดลอกที่อยู่",
    copied: "คัดลอกแล้ว เปิด Chrome หรือ Safari แล้ววางในช่องที่อยู่",
    by_hand: "คัดลอกที่อยู่นี้ แล้ววางใน Chrome หรือ Safari",
    close: "กรอกต่อในหน้านี้",
  },
  en: {
    label: "How to open this form",
    line: "You are using this form inside LINE",
    other: "You are using this form inside another app, such as Facebook or Instagram",
    why: "What you have not sent may be lost when you close this page. The phone's own browser keeps it, even with no signal.",
    menu: "Tap ⋯ or ⋮ in a corner of the screen and choose “Open in external browser”, or copy the address into Chrome or Safari.",
    open: "Open in the phone's browser",
    copy: "Copy the address",
    copied: "Copied. Open Chrome or Safari and paste it into the address bar.",
    by_hand: "Copy this address and paste it into Chrome or Safari",
    close: "Stay in this app",
  },
};

const isLine = /\bLine\//.test(navigator.userAgent);

/** The address of this page, for another browser. */
function address(outside) {
  const url = new URL(location.href);
  url.searchParams.delete(OUTSIDE);
  if (outside) url.searchParams.set(OUTSIDE, "1");
  return url.href;
}

function wasClosed() {
  try {
    return sessionStorage.getItem(CLOSED) !== null;
  } catch {
    return false;
  }
}

function el(tag, properties, ...inside) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
}

async function copy(status, words) {
  try {
    await navigator.clipboard.writeText(address(false));
    status.replaceChildren(words.copied);
  } catch {
    // Not every app lets a page do that.
    const box = el("input", { readOnly: true, value: address(false) });
    box.setAttribute("aria-label", words.by_hand);
    status.replaceChildren(words.by_hand, box);
    box.select();
  }
}

/** Puts the notice before `root`, the form's element in its shadow root. */
export function show(root, { lang }) {
  if (wasClosed()) return;
  const notice = el("div", { className: "e-form inapp" });
  const href = new URL("e-form-inapp.css", import.meta.url).href;
  let drawn;
  const draw = () => {
    const shown = root.querySelector(".e-form")?.lang || lang || "th";
    const language = shown === "th" ? "th" : "en";
    if (language === drawn) return;
    drawn = language;
    const words = WORDS[language];
    const status = el("p", { role: "status" });
    const ways = el("p", { className: "ways" });
    if (isLine) {
      const open = el("a", { href: address(true), className: "open" }, words.open);
      open.dataset.action = "open-outside";
      ways.append(open);
    }
    const press = (label, action, pressed) => {
      const button = el("button", { type: "button", className: "secondary" }, label);
      button.dataset.action = action;
      button.addEventListener("click", pressed);
      ways.append(button);
    };
    press(words.copy, "copy-address", () => copy(status, words));
    press(words.close, "close-notice", () => {
      following.disconnect();
      notice.remove();
      try {
        sessionStorage.setItem(CLOSED, "");
      } catch {
        // Then it comes again with the next page.
      }
      root.querySelector("h1")?.focus();
    });
    // Not an `aside`: the page around the form may hold it in its `main`.
    const section = el(
      "section",
      { lang: language },
      el("p", { className: "what" }, isLine ? words.line : words.other),
      el("p", {}, words.why),
      ...(isLine ? [] : [el("p", {}, words.menu)]),
      ways,
      status,
    );
    section.setAttribute("aria-label", words.label);
    notice.replaceChildren(el("link", { rel: "stylesheet", href }), section);
  };
  // The form's own language, once somebody has chosen one.
  const following = new MutationObserver(draw);
  following.observe(root, { subtree: true, childList: true, attributeFilter: ["lang"] });
  draw();
  root.before(notice);
}

// A form written by hand: conditions, checks on «continue», rows, pages, and the draft in localStorage.
const form = document.forms[0];
const pages = [...form.querySelectorAll("[data-page]")];
const KEY = `draft:${location.pathname}`;
const values = JSON.parse(localStorage.getItem(KEY) ?? "{}");
const shownBy = new Map(); // name → the fields that its answer shows
let at = 0;
let timer;

function learn(part) {
  for (const field of part.querySelectorAll("[data-show-by]")) {
    const by = field.dataset.showBy;
    if (!shownBy.has(by)) shownBy.set(by, []);
    shownBy.get(by).push(field);
  }
}

function read(field) {
  const { type } = field.dataset;
  if (type === "date") return [...field.querySelectorAll("[name]")].map((part) => part.value.trim());
  if (type === "choices") return [...field.querySelectorAll(":checked")].map((box) => box.value);
  if (type === "choice" || type === "yes-no") return field.querySelector(":checked")?.value ?? "";
  return field.querySelector("[name]").value.trim();
}

function isDate([day, month, year]) {
  const date = new Date(year - 543, month - 1, day);
  return date.getDate() === Number(day) && date.getMonth() === month - 1 && date <= new Date();
}

function check(field) {
  const { type, required, min, max, maxlength } = field.dataset;
  const value = read(field);
  const label = field.querySelector("label, legend").firstChild.data;
  const empty = type === "date" ? value.every((part) => part === "") : value.length === 0;
  if (empty) return required === undefined ? "" : `โปรดตอบ “${label}”`;
  const digits = /^-?\d+$/.test(value);
  if (type === "number" && !digits) return `“${label}” ต้องเป็นตัวเลข`;
  if (type === "number" && (+value < min || +value > max)) return `“${label}” ต้องอยู่ระหว่าง ${min} ถึง ${max}`;
  if (type === "text" && value.length > maxlength) return `“${label}” ยาวเกิน ${maxlength} ตัวอักษร`;
  if (type === "date" && !isDate(value)) return `“${label}” ไม่ใช่วันที่ที่ถูกต้อง`;
  return "";
}

function show(field, message) {
  const id = `f-${field.dataset.field}-found`;
  document.getElementById(id)?.remove();
  field.classList.toggle("wrong", message !== "");
  const controls = field.matches("fieldset") ? [field] : [field.querySelector("[name]")];
  for (const control of [...controls, ...field.querySelectorAll("[data-part]")]) {
    const hint = field.querySelector(":scope > .hint")?.id ?? "";
    control.setAttribute("aria-describedby", message ? `${hint} ${id}`.trim() : hint);
    if (control.matches("[name]")) control.setAttribute("aria-invalid", message !== "");
  }
  if (!message) return;
  const found = document.createElement("p");
  Object.assign(found, { id, className: "found error", textContent: message });
  field.querySelector(":scope > label, :scope > legend, :scope > .hint:last-of-type").after(found);
}

function summary(wrong) {
  const box = document.createElement("div");
  Object.assign(box, { className: "summary", tabIndex: -1 });
  box.innerHTML = "<h2>มีบางข้อต้องแก้ไข</h2><ul></ul>";
  for (const [field, message] of wrong) {
    const link = Object.assign(document.createElement("a"), { href: `#f-${field.dataset.field}`, textContent: message });
    const item = document.createElement("li");
    item.append(link);
    box.lastChild.append(item);
  }
  pages[at].querySelector("[role=alert]").replaceChildren(...(wrong.length ? [box] : []));
  if (wrong.length) box.focus();
}

function addRow(repeat) {
  const list = repeat.querySelector(":scope > div");
  const [n, html] = [list.children.length, repeat.querySelector("template").innerHTML];
  list.insertAdjacentHTML("beforeend", html.replaceAll("{n}", n).replaceAll("{row}", n + 1));
  learn(list.lastElementChild);
}

function turn(to) {
  pages[at].hidden = true;
  at = to;
  pages[at].hidden = false;
  for (const repeat of pages[at].querySelectorAll("[data-rows]")) {
    while (repeat.querySelector(":scope > div").children.length < repeat.dataset.rows) addRow(repeat);
  }
  scrollTo(0, 0);
  if (to > 0) pages[at].querySelector("h1").focus();
}

function save() {
  timer = undefined;
  localStorage.setItem(KEY, JSON.stringify(values));
  document.querySelector(".note").textContent = `เก็บร่างไว้ในเครื่องนี้แล้ว ${new Date().toTimeString().slice(0, 5)} น.`;
}

function submit() {
  localStorage.setItem(`queue:${crypto.randomUUID()}`, JSON.stringify({ at: Date.now(), values }));
  localStorage.removeItem(KEY);
  form.innerHTML = '<div class="panel" data-eform="submission"><h1 tabindex="-1">เก็บไว้ในเครื่องนี้แล้ว</h1></div>';
  form.querySelector("h1").focus();
}

form.addEventListener("input", ({ target }) => {
  const field = target.closest("[data-field]");
  const value = (values[field.dataset.field] = read(field));
  for (const other of shownBy.get(field.dataset.field) ?? []) other.hidden = value !== other.dataset.showIf;
  timer ??= setTimeout(save, 300);
});
form.addEventListener("focusout", ({ target }) => {
  const field = target.closest(".wrong");
  if (field) show(field, check(field));
});
form.addEventListener("click", ({ target }) => {
  if (target.matches(".back")) turn(at - 1);
  if (target.matches("[data-action=add-row]")) addRow(target.parentElement);
  if (target.matches("[data-action=remove-row]")) target.parentElement.remove();
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  const wrong = [];
  for (const field of pages[at].querySelectorAll("[data-field]:not([hidden])")) {
    const message = check(field);
    if (message || field.matches(".wrong")) show(field, message);
    if (message) wrong.push([field, message]);
  }
  summary(wrong);
  if (wrong.length) return;
  if (at + 1 < pages.length) turn(at + 1);
  else submit();
});
const later = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "plain-later.css" });
addEventListener("load", () => document.head.append(later));
learn(form);
turn(0);

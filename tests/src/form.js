// The form in the element args.host.
const mine = (selector) => all(selector).filter((element) => element.getRootNode().host?.matches(args.host));
const seen = (selector) => mine(selector).filter(visible);
// Of the languages, the other one.
const hook = (name) =>
  seen(`[data-eform="${name}"], [data-action="${name}"]`).find((found) => found.ariaPressed !== 'true');
const shows = (name) => hook(name) !== undefined;
// A long page is drawn piece by piece.
const isWhole = () => mine('form[data-more]').length === 0;
const isOpen = () => isWhole() && isShown();
const isShown = () => seen('[name]').length > 0 || shows('submit') || shows('submission') || shows('continue') || shows('start');

// A radio button may be drawn by its label, and be itself too small to see.
const labelOf = (control) => control.labels?.[0] ?? control;
const isThere = (control) => visible(control) || visible(labelOf(control));
const kindOf = (control) =>
  control.matches('select') ? 'select' : ['radio', 'checkbox'].includes(control.type) ? control.type : 'text';
const partOf = (control) => control.dataset.part ?? null;
const named = ({ name, part }) =>
  mine('input[name], select[name], textarea[name]').filter(
    (control) => control.name === name && (part ?? null) === partOf(control) && isThere(control),
  );
const control = (which) => named(which)[0];

const controls = () => {
  const found = new Map();
  for (const each of mine('input[name], select[name], textarea[name]').filter(isThere)) {
    const key = `${each.name} ${partOf(each)}`;
    const kind = kindOf(each);
    const group = kind === 'radio' || kind === 'checkbox';
    const before = found.get(key) ?? { name: each.name, part: partOf(each), kind, value: group ? [] : each.value };
    if (group && each.checked) before.value.push(each.value);
    found.set(key, before);
  }
  return [...found.values()];
};

// By value, or by an index that counts what can be chosen: not the empty first line of a list.
const choice = ({ name, part, index, value }) => {
  const controls = named({ name, part });
  const isList = controls[0]?.matches('select');
  const choices = isList ? [...controls[0].options].filter((option) => option.value !== '') : controls;
  const chosen = value === undefined ? choices[index] : choices.find((each) => each.value === value);
  return chosen && (isList ? chosen : labelOf(chosen));
};

const screen = () =>
  JSON.stringify([
    seen('h1, h2').map((heading) => heading.innerText.trim()),
    [...new Set(controls().map(({ name }) => name))],
    seen('[data-eform]').map((region) => region.dataset.eform).filter((name) => name !== 'status'),
  ]);
const words = () => [...document.querySelectorAll(args.host)].map((host) => {
  const texts = [...host.shadowRoot.children].filter((child) => !child.matches('style, link, script'));
  return texts.map((child) => child.innerText ?? '').join('\n');
}).join('\n');
// Of the table that a control belongs to.
const nextQuestion = (name) =>
  seen('[data-action="next-question"]').find((next) => name.startsWith(`${next.closest('[data-field]').dataset.field}-`));
const states = () => seen('[data-eform="submission"]').map((submission) => submission.dataset.state);
const reference = () => seen('[data-eform-reference]')[0]?.innerText;

const draftHolds = ({ names, texts }) =>
  new Promise((resolve, reject) => {
    const opening = indexedDB.open('eform');
    // The page has not made it yet, and finds no empty one instead.
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => (opening.error.name === 'AbortError' ? resolve(false) : reject(opening.error));
    opening.onsuccess = () => {
      const database = opening.result;
      const reading = database.transaction('drafts').objectStore('drafts').getAll();
      reading.onsuccess = () => {
        const kept = JSON.stringify(reading.result);
        database.close();
        resolve([...names, ...texts].every((text) => kept.includes(JSON.stringify(text).slice(1, -1))));
      };
    };
  });

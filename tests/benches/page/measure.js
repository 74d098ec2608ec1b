// Put into the page that is measured: the time from what somebody does until it has been drawn.
window.bench ??= (() => {
  const root = () => document.querySelector("e-form")?.shadowRoot ?? document;
  const find = (selector) => root().querySelector(selector);
  // Asks for no layout, which would be a part of what is measured.
  const shown = (selector) => {
    const found = find(selector);
    return found !== null && found.closest("[hidden]") === null;
  };
  const focused = () => root().activeElement;

  // When the first frame is finished in which `done` is true. What is posted in a frame comes after
  // its style, layout and paint.
  const painted = (done) =>
    new Promise((resolve, reject) => {
      const deadline = performance.now() + 20000;
      const look = () =>
        requestAnimationFrame(() => {
          if (performance.now() > deadline) return reject(new Error("it does not come"));
          if (!done()) return look();
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(0);
        });
      look();
    });
  // Once the browser has done what it does after a change by itself, as looking for fields that it
  // could fill in: nobody taps again so soon.
  const rested = async () => {
    let quiet = performance.now();
    for (let last = quiet; last - quiet < 400; ) {
      await new Promise((resolve) => setTimeout(resolve));
      const now = performance.now();
      if (now - last > 50) quiet = now;
      last = now;
    }
  };
  const took = async (act, done) => {
    await rested();
    const begin = performance.now();
    act();
    return (await painted(done)) - begin;
  };

  let begin;
  const keys = [];
  addEventListener("keydown", () => (begin = performance.now()), true);
  addEventListener("input", () => painted(() => true).then((end) => keys.push(end - begin)), true);

  return {
    keys,
    focus: (selector) => find(selector).focus(),
    shows: shown,
    // Nothing is left to do that was begun when the page was opened.
    settled: async () => {
      const idle = () => new Promise((resolve) => requestIdleCallback(resolve));
      if (document.querySelector("e-form")) {
        await navigator.serviceWorker.ready;
        const fetched = (name) => performance.getEntriesByType("resource").some((one) => one.name.endsWith(name));
        while (!fetched("eform-later.wasm") || !fetched("eform-outbox_bg.wasm")) await idle();
      }
      for (let count = 0; count < 10; count++) await idle();
      return true;
    },
    choose: (value, last, on) =>
      took(() => find(`[name=has][value="${value}"]`).click(), () => shown(`[name=${last}]`) === on),
    check: () => took(() => find("[data-eform=continue]").click(), () => focused()?.matches(".summary") ?? false),
    // On a page that is not on the screen the heading is another one.
    turn: (title, last) =>
      took(
        () => [...root().querySelectorAll("[data-eform=continue]")].find((one) => !one.closest("[hidden]")).click(),
        () => focused()?.matches("h1") && focused().textContent === title && shown(last),
      ),
    submit: (button) => took(() => find(button).click(), () => shown("[data-eform=submission]")),
  };
})();

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
    new Promise((resolve) => {
      const look = () =>
        requestAnimationFrame(() => {
          if (!done()) return look();
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => resolve(performance.now());
          port2.postMessage(0);
        });
      look();
    });
  const took = async (act, done) => {
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
        while (!fetched("eform-later.wasm") || !fetched("eform-worker_bg.wasm")) await idle();
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

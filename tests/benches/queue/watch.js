// Put into every page before its own scripts. It holds the lock of delivery, so that nothing is sent until
// `letGo()`, and notes when the list is there, what was received, and how long the page was ever busy.
window.watch ??= (() => {
  const watch = { listedAt: null, received: 0, busiest: 0 };
  const hold = () => new Promise((resolve) => (watch.letGo = resolve));
  // An empty page has no locks.
  navigator.locks?.request("eform-outbox", hold).catch(() => {});
  addEventListener("eform-received", () => watch.received++);
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) watch.busiest = Math.max(watch.busiest, duration);
  }).observe({ type: "longtask" });
  const look = () => {
    const root = document.querySelector("e-form")?.shadowRoot;
    const listed = root?.querySelector("[data-eform=submission]");
    if (!listed) {
      watch.listedAt = null;
    } else if (watch.listedAt === null) {
      // What is posted in a frame comes after its style, layout and paint.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => (watch.listedAt ??= performance.now());
      port2.postMessage(0);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  return watch;
})();

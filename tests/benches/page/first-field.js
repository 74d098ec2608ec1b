// Put into a page before it begins: when can something be entered, and is taken? Two fields stand at
// the beginning of the form; the second is shown by what is in the first.
{
  const look = () => {
    const root = document.querySelector("e-form")?.shadowRoot ?? document;
    const second = root.querySelector("[name=f1]");
    if (second && !second.closest("[hidden]")) {
      window.worksSince = performance.now();
      return;
    }
    const first = root.querySelector("[name=f0]");
    if (first) {
      first.value = "1";
      first.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true }));
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

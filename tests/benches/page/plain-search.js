// A search box written by hand: the sub-districts whose path contains all words, twenty at most.
const MOST = 20;
const box = document.getElementById("search");
const list = document.getElementById("list");
const said = document.querySelector("[role=status]");
const later = Object.assign(document.createElement("link"), { rel: "stylesheet", href: "plain-later.css" });
document.head.append(later);
let places = [];
fetch("plain-places.json").then(async (answer) => (places = await answer.json()));

box.addEventListener("input", () => {
  const words = box.value.trim().split(/\s+/);
  const typed = words.join("").length > 1;
  const found = typed ? places.filter((path) => words.every((word) => path.includes(word))) : [];
  list.replaceChildren(
    ...found.slice(0, MOST).map((path) => {
      const option = document.createElement("li");
      option.setAttribute("role", "option");
      option.textContent = path;
      return option;
    }),
  );
  list.hidden = found.length === 0;
  box.setAttribute("aria-expanded", found.length > 0);
  said.textContent = typed ? `พบ ${found.length} แห่ง` : "";
});

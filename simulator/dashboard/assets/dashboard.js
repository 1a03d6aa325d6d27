// What the pages do beyond links and forms. Everything here is an addition: each page works
// without it. The content security policy forbids inline scripts, so all handlers are here.
"use strict";

const find = (selector, root = document) => root.querySelector(selector);

const POLL = "every";
const ROW = "a.row[data-number]";

// The list: new deliveries must not move what one reads.

// True while rows must stay where they are: one is selected, pointed at, focused or scrolled to.
function isReading() {
  const list = find("#list");
  return Boolean(
    find("#detail")?.firstElementChild ||
    list?.matches(":hover, :focus-within") ||
    window.scrollY > 0 || find(".split > .list")?.scrollTop > 0
  );
}

document.addEventListener("htmx:config:request", (event) => {
  const { sourceElement, sourceEvent, request } = event.detail.ctx;
  if (sourceEvent?.type !== POLL) return;
  if (document.hidden) event.preventDefault();
  if (sourceElement.id !== "list") return;
  if (isReading()) request.action += "&hold=1";
  if (find("#filters select:focus")) request.action += "&choosing=1";
});

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) document.querySelectorAll("[hx-trigger*='every']").forEach(poll);
});

function poll(element) {
  window.htmx?.trigger(element, POLL);
}

// Who asks for the news of a list in this way wants to see them.
document.addEventListener("click", (event) => {
  if (!event.target.closest("#arrivals")) return;
  window.scrollTo(0, 0);
  find(".split > .list").scrollTop = 0;
});

// The delivery that was chosen last, until its answer came: its number, and its request.
const chosen = { number: null, request: null };

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement.matches(ROW)) chosen.request = ctx;
});

document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx === chosen.request) choose(null);
});

window.addEventListener("popstate", () => choose(null));

function choose(number) {
  chosen.number = number;
  markSelected();
}

// The selected row is the one chosen last. It follows the address, so it is right after Back.
function markSelected() {
  const opened = /^\/deliveries\/(\d+)/.exec(location.pathname)?.[1];
  if (opened === chosen.number) chosen.number = null;
  const selected = chosen.number ?? opened;
  document.querySelectorAll(ROW).forEach((link) => {
    const is = Boolean(selected) && link.dataset.number === selected;
    link.closest("tr").classList.toggle("chosen", is);
    if (is) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  });
  find(".split")?.classList.toggle("has-detail", Boolean(find("#detail")?.firstElementChild));
}

// What elements need that a swap may have put in. All else is done by listeners of the document.
function refresh() {
  document.querySelectorAll("button[data-copy], button[data-step]").forEach((each) => (each.hidden = false));
  const clock = find("#clock"), keys = find("#single-keys");
  if (clock) clock.dataset.seen ||= performance.now();
  if (keys) keys.checked = hasSingleKeys();
  markSelected();
  if (find("#live[data-buttons]")) offerClock();
}

for (const name of ["htmx:after:swap", "htmx:after:history:push"]) {
  document.addEventListener(name, refresh);
}

// A row opens in the tab that is open now.
document.addEventListener("click", (event) => {
  const link = event.target.closest(ROW);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const tab = new URLSearchParams(location.search).get("tab");
  for (const name of ["href", "hx-get", "hx-push-url"]) {
    const address = new URL(link.getAttribute(name), location);
    if (tab) address.searchParams.set("tab", tab);
    else address.searchParams.delete("tab");
    link.setAttribute(name, address.pathname + address.search);
  }
  choose(link.dataset.number);  // before the answer, so that the next key goes on from here
}, true);

// Filters: a change of a choice is applied at once; what is empty stays out of the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-live]")) return;
  for (const each of event.target.elements) each.disabled ||= each.name !== "" && each.value === "";
});

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form && event.target.matches("select")) form.requestSubmit();
});

// A page that the browser kept whole shows its filter as it was left, not the one of its address.
window.addEventListener("pageshow", ({ persisted }) => {
  if (persisted) document.querySelectorAll("form[data-live]").forEach(restore);
});

function restore(form) {
  for (const each of form.elements) each.disabled = false;
  form.reset();
}

// What is ticked outside the form of a filter stays ticked when the filter changes.
document.addEventListener("formdata", (event) => {
  const ticked = event.target.dataset.keeps;
  if (ticked) for (const each of document.querySelectorAll(ticked)) event.formData.append(each.name, each.value);
});

// The clock is moved from a page only while it stands still.
function offerClock() {
  const off = find("#live").dataset.buttons === "off";
  for (const each of document.querySelectorAll("#advance button")) each.disabled = off;
}

// A slider is shown as a number in the field beside it, and keeps its place while answers come.
document.addEventListener("input", (event) => {
  const twin = event.target.dataset.twin;
  if (twin) find(twin).value = event.target.value;
}, true);  // before htmx reads the form

// Keyboard: previous and next delivery. Single keys can be switched off in the footer.
const KEYS_OFF = "flowsim-single-keys-off";

function hasSingleKeys() {
  return localStorage.getItem(KEYS_OFF) === null;
}

document.addEventListener("change", ({ target }) => {
  if (target.id !== "single-keys") return;
  if (target.checked) localStorage.removeItem(KEYS_OFF);
  else localStorage.setItem(KEYS_OFF, "1");
});

function go(step) {
  markSelected();  // a swap that is not over may have removed the mark
  const links = [...document.querySelectorAll(ROW)];
  const at = links.findIndex((each) => each.getAttribute("aria-current") === "true");
  const next = links[at < 0 ? (step > 0 ? 0 : -1) : at + step];
  if (!next) return say(step > 0 ? "This is the last delivery of the page" : "This is the newest");
  next.click();
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  const step = event.target.closest("button[data-step]")?.dataset.step;
  if (step) go(Number(step));
});

// Close the delivery: the list stays as it is, with the row that was open.
function close() {
  const detail = find("#detail");
  if (!detail?.firstElementChild) return;
  const link = find(`${ROW}[aria-current='true']`);
  const address = new URL(find("#list").getAttribute("hx-get"), location);
  for (const name of ["part", "version", "newest", "choices"]) address.searchParams.delete(name);
  history.pushState({ htmx: true }, "", address.pathname + address.search);
  detail.replaceChildren();
  choose(null);
  link?.focus();
  link?.scrollIntoView({ block: "nearest" });
}

document.addEventListener("click", (event) => {
  if (!event.target.closest("a.back") || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  close();
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const isInList = document.activeElement === document.body || event.target.closest(".split");
  const steps = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 };
  const isArrow = event.key.startsWith("Arrow");
  if (event.key === "Escape") return close();
  if (!find("#list") || (!isArrow && !hasSingleKeys())) return;
  if (isArrow && !event.target.closest("#list")) return;
  if (event.key === "/") {
    event.preventDefault();
    return find("#filters input[type=search]")?.focus();
  }
  if (event.key in steps && isInList) {
    event.preventDefault();
    go(steps[event.key]);
  }
});

// Copy buttons: the text of the code beside them, or what is at an address.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const isDone = await copy(button).then(() => true, () => false);
  say(isDone ? "Copied" : "Not copied: the browser or flowsim refused it");
  button.dataset.done = isDone ? "copied" : "not copied";
  setTimeout(() => delete button.dataset.done, isDone ? 2000 : 6000);
});

async function copy(button) {
  const address = button.dataset.copy;
  const answer = address && (await fetch(address));
  if (answer && !answer.ok) throw new Error(`${answer.status} ${address}`);
  await navigator.clipboard.writeText(answer ? await answer.text() : find("code", button.parentElement).textContent);
}

function say(text) {
  const place = find("#announcements");
  if (place) place.textContent = text;
}

// The clock in the head goes on between answers of the server.
function tick() {
  const clock = find("#clock");
  const speed = { real: 1, manual: 0 }[clock?.dataset.kind] ?? parseFloat(clock?.dataset.kind);
  if (!clock || !speed || find("#connection p")) return;
  const passed = (performance.now() - Number(clock.dataset.seen)) * speed;
  const now = new Date(Date.parse(clock.dataset.now) + passed);
  find("time", clock).textContent = now.toISOString().slice(0, 19).replace("T", " ");
}

// A service that does not answer: the page says so until the next answer.
let heard = new Date();

document.addEventListener("htmx:after:request", () => {
  heard = new Date();
  find("#connection")?.replaceChildren();
});

document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  const place = find("#connection");
  if (!place || !ctx || ctx.response || place.firstElementChild) return;
  const line = document.createElement("p");
  line.className = "notice warning";
  const time = heard.toTimeString().slice(0, 8);
  line.textContent = `${place.dataset.program} does not answer. The page shows what was known at ${time}.`;
  place.append(line);
});

setInterval(tick, 1000);
refresh();
find(`${ROW}[aria-current='true']`)?.scrollIntoView({ block: "nearest" });

// The page comes alive: parts are swapped as things change, and what people do is sent without leaving it.

import { complete } from "./complete.js";
import { openSheet, resendSheet } from "./sheet.js";
import { morph } from "./morph.js";
import { freshId, listen, parts, parsed, Refused, send } from "./wire.js";

const $ = (selector, inside = document) => inside.querySelector(selector);
const all = (selector, inside = document) => [...inside.querySelectorAll(selector)];
const me = document.body.dataset.as;
const wide = matchMedia("(min-width: 820px)");
const busy = new WeakSet(); // forms and buttons whose request is under way
const waiting = new WeakSet(); // forms whose next line was sent meanwhile

function tell(words) {
  $("#status").textContent = "";
  setTimeout(() => ($("#status").textContent = words), 50); // the same words twice are said twice
}

// Swapping

let swapping = null;
let again = false;

async function swap() {
  if (swapping) {
    again = true;
    return swapping;
  }
  swapping = swapOnce().catch(() => {});
  await swapping;
  swapping = null;
  if (again) {
    again = false;
    await swap();
  }
}

async function swapOnce() {
  const fresh = await parts();
  const focus = document.activeElement;
  const message = focus.closest(".msg");
  for (const id of ["timebar", "places", "log-main", "log-beside"]) {
    const from = document.getElementById(id);
    const to = fresh.getElementById(id);
    if (!from || !to) continue;
    const pane = from.closest(".pane");
    const wasAtEnd = !pane || isAtEnd(pane);
    const last = Number(from.dataset.last);
    morph(from, to);
    if (id === "timebar") showSpeed(to);
    if (pane) afterSwap(pane, { wasAtEnd, last });
  }
  // A used button goes with its card; the keyboard goes on in the same message, or in its conversation.
  if (!focus.isConnected) ($(".acts .btn", message ?? document) ?? $(".log")).focus({ preventScroll: true });
}

function showSpeed(bar) {
  const select = $("#clock select");
  if (select && document.activeElement !== select) select.value = $("option[selected]", bar)?.value ?? "1";
}

function afterSwap(pane, { wasAtEnd, last }) {
  const news = all(".msg", pane).filter((each) => Number(each.id.slice(1)) > last).length;
  if (wasAtEnd) toEnd(pane);
  else if (news) offerNews(pane, news);
  markRead(pane);
}

// Where the reader is

function scroller(pane) {
  return wide.matches ? $(".log", pane) : document.scrollingElement;
}

function isAtEnd(pane) {
  const { scrollTop, clientHeight, scrollHeight } = scroller(pane);
  return scrollTop + clientHeight >= scrollHeight - 24;
}

function toEnd(pane) {
  if (!pane.checkVisibility()) return;
  const place = scroller(pane);
  place.scrollTop = place.scrollHeight;
}

function offerNews(pane, news) {
  const chip = $(".chip", pane);
  const count = (chip.hidden ? 0 : Number(chip.dataset.count)) + news;
  chip.dataset.count = count;
  chip.textContent = count === 1 ? "1 new message" : `${count} new messages`;
  chip.hidden = false;
}

function markRead(pane) {
  if (document.hidden || !pane.checkVisibility() || !isAtEnd(pane)) return;
  $(".chip", pane).hidden = true;
  const upto = $(".log > ol", pane).dataset.last;
  if (Number(upto) <= Number(pane.dataset.read ?? 0)) return;
  pane.dataset.read = upto;
  send("/local/read", { as: me, room: pane.dataset.room, upto }).catch(() => delete pane.dataset.read);
}

// Sending lines; what could not be sent waits and goes out under the same event id

const queueKey = `folkmoot.queue.${me}`;
const queue = JSON.parse(sessionStorage.getItem(queueKey) ?? "[]");

function showQueue() {
  sessionStorage.setItem(queueKey, JSON.stringify(queue));
  for (const list of all(".waiting")) {
    const room = list.closest(".pane").dataset.room;
    list.replaceChildren(...queue.filter((line) => line.room === room).map((line) => {
      const item = document.createElement("li");
      item.textContent = line.text;
      return item;
    }));
  }
}

function connected(is) {
  for (const line of all(".offline")) line.hidden = is;
  if (!is) return;
  swap();
  flush();
  resendSheet();
}

async function flush() {
  while (queue.length) {
    try {
      await answered(await send("/local/say", queue[0]));
    } catch (problem) {
      if (!(problem instanceof Refused)) return;
      tell(problem.message);
    }
    queue.shift();
    showQueue();
  }
}

async function answered(found) {
  if (found.dialog) openSheet(parsed(found.dialog), { done: answered });
  if (found.status) tell(found.status);
  await swap();
}

async function say(form) {
  const input = form.elements.text;
  const fields = Object.fromEntries(new FormData(form));
  const pane = form.closest(".pane");
  const why = $(".why", pane);
  if (!fields.text.trim()) return;
  if (busy.has(form)) {
    waiting.add(form); // the line before it is still on its way
    return;
  }
  busy.add(form);
  why.hidden = true;
  form.elements.event.value = freshId();
  input.value = "";
  input.dispatchEvent(new Event("input", { bubbles: true }));
  try {
    const found = await send("/local/say", fields);
    await answered(found);
    if (!form.classList.contains("reply")) toEnd(pane);
  } catch (problem) {
    if (problem instanceof Refused) {
      input.value ||= fields.text;
      why.textContent = problem.message;
      why.hidden = false;
    } else {
      queue.push(fields);
      showQueue();
      connected(false);
    }
  } finally {
    busy.delete(form);
    if (waiting.delete(form)) say(form);
  }
}

// Pressing

const tries = new Map(); // event ids of presses that may have arrived, by what the button sends

async function press(button) {
  const { value } = button;
  if (busy.has(button)) return;
  busy.add(button);
  if (!tries.has(value)) tries.set(value, freshId());
  const slow = setTimeout(() => button.setAttribute("aria-busy", "true"), 150);
  try {
    const found = await send("/local/press", { as: me, press: value, event: tries.get(value) });
    tries.delete(value);
    await answered(found);
  } catch (problem) {
    if (problem instanceof Refused) tell(problem.message);
    else connected(false);
  } finally {
    clearTimeout(slow);
    button.removeAttribute("aria-busy");
    busy.delete(button);
  }
}

// Time

let moves = 0; // under way or waiting for their turn
let moved = Promise.resolve();

// A press while the clock still moves has its turn afterwards: none gets lost.
function move(fields) {
  const buttons = all("#clock button");
  moves += 1;
  for (const button of buttons) button.setAttribute("aria-busy", "true");
  moved = moved.then(() => moveNow(fields));
  moved.then(swap).then(() => {
    moves -= 1;
    if (!moves) for (const button of buttons) button.removeAttribute("aria-busy");
  });
}

async function moveNow(fields) {
  try {
    const { status } = await send("/local/time", fields);
    $("#told").textContent = status;
  } catch (problem) {
    if (problem instanceof Refused) $("#told").textContent = problem.message;
    else connected(false);
  }
}

// Wiring

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.matches(".say")) say(form);
  else if (form.matches("#press")) press(submitter);
  else if (form.matches("#clock")) move({ move: submitter?.value ?? "next" });
  else return;
  event.preventDefault();
});

document.addEventListener("change", ({ target }) => {
  if (target.matches("#as")) {
    sessionStorage.setItem("folkmoot.focus", "as");
    target.form.requestSubmit();
  }
  if (target.matches("#clock select")) move({ speed: target.value });
});

document.addEventListener("click", (event) => {
  const { target } = event;
  const pane = target.closest(".pane");
  if (moves && event.detail > 1 && target.closest("#clock button")) event.preventDefault(); // a double click is one
  if (target.matches(".chip")) {
    toEnd(pane);
    markRead(pane);
    $(".say input[name=text]", $(".composer", pane)).focus();
  }
  if (target.matches("#hide-hint")) {
    localStorage.setItem("folkmoot.hint", "hidden");
    document.documentElement.classList.add("no-hint");
    $("#say-main").focus();
  }
});

// A draft stays with its room while one looks elsewhere.
for (const input of all(".composer [role=combobox]")) {
  const key = `folkmoot.draft.${me}.${input.closest(".pane").dataset.room}`;
  input.value ||= sessionStorage.getItem(key) ?? "";
  input.addEventListener("input", () => sessionStorage.setItem(key, input.value));
  complete(input, document.getElementById(input.getAttribute("aria-controls")));
}

for (const pane of all(".pane")) {
  const log = $(".log", pane);
  let wasAtEnd = wide.matches && !$(".msg:target", pane);
  if (wasAtEnd) toEnd(pane);
  markRead(pane);
  log.addEventListener("scroll", () => {
    wasAtEnd = wide.matches && isAtEnd(pane);
    markRead(pane);
  }, { passive: true });
  // The list of commands and the ochre line take their room from the conversation, whose end stays in sight.
  new ResizeObserver(() => wasAtEnd && toEnd(pane)).observe(log);
}
document.addEventListener("scroll", () => all(".pane").forEach(markRead), { passive: true });
document.addEventListener("visibilitychange", () => all(".pane").forEach(markRead));
addEventListener("hashchange", () => all(".pane").forEach(markRead));

$("#hide-hint")?.removeAttribute("hidden");
if (sessionStorage.getItem("folkmoot.focus") === "as") $("#as").focus();
sessionStorage.removeItem("folkmoot.focus");
showQueue();
listen({ changed: swap, connected });

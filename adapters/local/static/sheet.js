// A form as a dialog. Esc and the cross keep what was typed for the next time; Cancel drops it.

import { freshId, parsed, Refused, send } from "./wire.js";

const dialog = document.getElementById("dialog");
const busy = new WeakSet();
let waiting = null; // a form that could not be sent, until the connection is back

export function openSheet(html, { done }) {
  const sheet = document.importNode(html.querySelector(".sheet"), true);
  dialog.replaceChildren(sheet);
  if (!sheet.hasAttribute("data-refused")) restore(sheet);
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(sheet, done);
  });
  sheet.addEventListener("input", () => {
    keep(sheet);
    // What was changed after a try that may have arrived is another answer.
    if (waiting) sheet.elements.event.value = freshId();
  });
  if (!dialog.open) dialog.showModal();
  document.getElementById(sheet.dataset.first)?.focus();
}

export function resendSheet() {
  if (waiting && dialog.open) waiting();
}

async function submit(sheet, done) {
  if (busy.has(sheet)) return;
  busy.add(sheet);
  const button = sheet.querySelector("footer [type=submit]:not([form])");
  const slow = setTimeout(() => button.setAttribute("aria-busy", "true"), 150);
  waiting = null;
  try {
    const found = await send("/local/submit", new FormData(sheet));
    if (found.dialog) openSheet(parsed(found.dialog), { done });
    else if (found.refused) refuse(sheet, found.refused);
    else {
      sessionStorage.removeItem(draftKey(sheet));
      dialog.close();
      await done(found);
    }
  } catch (problem) {
    if (problem instanceof Refused) refuse(sheet, problem.message);
    else {
      waiting = () => submit(sheet, done);
      sheet.querySelector(".offline").hidden = false;
    }
  } finally {
    clearTimeout(slow);
    button.removeAttribute("aria-busy");
    busy.delete(sheet);
  }
}

function refuse(sheet, words) {
  sheet.elements.event.value = freshId(); // the next try is another one, also of the same words
  const why = sheet.querySelector(".sheet-why");
  why.textContent = words;
  why.hidden = false;
  why.scrollIntoView({ block: "nearest" });
}

function draftKey(sheet) {
  const { as, verb, ids } = sheet.elements;
  return `folkmoot.sheet.${as.value}.${verb.value}.${ids.value}`;
}

function fields(sheet) {
  return [...sheet.elements].filter((each) => each.name.startsWith("v."));
}

function keep(sheet) {
  const values = fields(sheet).map((each) => (each.type === "checkbox" ? each.checked : each.value));
  sessionStorage.setItem(draftKey(sheet), JSON.stringify(values));
}

function restore(sheet) {
  const values = JSON.parse(sessionStorage.getItem(draftKey(sheet)) ?? "[]");
  if (values.length !== fields(sheet).length) return;
  fields(sheet).forEach((each, number) => {
    if (each.type === "checkbox") each.checked = values[number];
    else each.value = values[number];
  });
}

dialog.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  const link = event.target.closest(".refused a");
  if (!close && !link) return;
  event.preventDefault();
  if (link) document.getElementById(link.hash.slice(1)).focus();
  else {
    if (close.dataset.close === "drop") sessionStorage.removeItem(draftKey(dialog.querySelector(".sheet")));
    dialog.close();
  }
});
dialog.addEventListener("close", () => {
  waiting = null;
  if (document.activeElement === document.body) document.getElementById("say-main").focus();
});

// Makes one element like another by touching only what differs, so that focus, scroll and what is being typed stay.

const OURS = new Set(["open", "aria-busy"]); // the reader's doing, not the server's

export function morph(from, to) {
  if (from.hasAttribute("data-keep") || from.isEqualNode(to)) return;
  attributes(from, to);
  children(from, to);
}

function attributes(from, to) {
  // A thread opens with its first reply; after that it is the reader who opens and closes it.
  if (from.dataset.count === "0" && to.hasAttribute("open")) from.setAttribute("open", "");
  for (const { name } of [...from.attributes]) if (!to.hasAttribute(name) && !OURS.has(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes) {
    if (!OURS.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
}

function children(from, to) {
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = same(at, wanted) ? at : later(at, wanted);
    if (!found) {
      from.insertBefore(document.importNode(wanted, true), at);
      continue;
    }
    while (at !== found) at = removed(at);
    if (found.nodeType === Node.ELEMENT_NODE) morph(found, wanted);
    else if (found.data !== wanted.data) found.data = wanted.data;
    at = found.nextSibling;
  }
  while (at) at = removed(at);
}

function same(a, b) {
  return a?.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");
}

function later(at, wanted) {
  if (!wanted.id) return null;
  for (let node = at; node; node = node.nextSibling) if (same(node, wanted)) return node;
  return null;
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

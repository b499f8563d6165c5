// What goes over the wire: posts that are sent once however often they are tried, and the parts of the page.

export class Refused extends Error {}

// Refused when the server said no, TypeError when it could not be reached.
export async function send(address, fields) {
  const response = await fetch(address, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json" },
  });
  if (response.status === 204) return {};
  const type = response.headers.get("Content-Type") ?? "";
  const found = type.includes("json") ? await response.json() : {};
  if (!response.ok) throw new Refused(found.error ?? "That was not taken. Please try again.");
  return found;
}

export async function parts() {
  const query = new URLSearchParams(location.search);
  query.set("as", document.body.dataset.as);
  query.set("nonce", document.body.dataset.nonce);
  const response = await fetch(`/local/parts?${query}`);
  if (!response.ok) throw new TypeError(`parts: ${response.status}`);
  return parsed(await response.text());
}

export function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

export function freshId() {
  return crypto.randomUUID();
}

// Calls back when something changed, and whenever the connection is lost or back.
export function listen({ changed, connected }) {
  let source = null;
  let doubt = 0;
  function open() {
    if (document.hidden || (source && source.readyState !== EventSource.CLOSED)) return;
    source = new EventSource(`/local/events?as=${encodeURIComponent(document.body.dataset.as)}`);
    source.addEventListener("open", () => {
      clearTimeout(doubt);
      doubt = 0;
      connected(true);
    });
    source.addEventListener("changed", changed);
    source.addEventListener("error", () => {
      doubt ||= setTimeout(() => connected(false), 1500);
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000);
    });
  }
  open();
  // A browser allows six connections to one host: a hidden tab gives its own back.
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) source?.close();
    else open();
  });
}

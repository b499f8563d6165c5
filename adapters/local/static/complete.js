// The composer's list of commands: a combobox that never covers what is answered.

export function complete(input, list) {
  const options = [...list.children];
  const usage = new Map(options.map((option) => [option, option.querySelector("code").textContent]));
  let chosen = null;

  function literal(option) {
    return usage.get(option).split(/\s[<["(…]/)[0];
  }
  function shown() {
    return options.filter((option) => !option.hidden);
  }
  function choose(option) {
    chosen = option;
    for (const each of options) each.setAttribute("aria-selected", String(each === option));
    if (option) {
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  }
  function mark(option, length) {
    const text = usage.get(option);
    const lead = document.createElement("mark");
    lead.textContent = text.slice(0, length);
    option.querySelector("code").replaceChildren(lead, text.slice(length));
  }
  function filter() {
    const typed = input.value.toLowerCase();
    for (const option of options) {
      const words = literal(option).toLowerCase();
      option.hidden = !typed.startsWith("/") || !(words.startsWith(typed) || typed.startsWith(`${words} `));
      if (!option.hidden) mark(option, Math.min(typed.length, words.length));
    }
    const found = shown();
    list.hidden = found.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    choose(found.find((option) => literal(option).toLowerCase().startsWith(typed)) ?? null);
  }
  function close() {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    choose(null);
  }
  function take(option) {
    const more = usage.get(option) !== literal(option);
    input.value = literal(option) + (more ? " " : "");
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  }
  function step(by) {
    const found = shown();
    const at = found.indexOf(chosen);
    choose(found.at(at < 0 && by < 0 ? -1 : (at + by) % found.length));
  }

  input.addEventListener("input", filter);
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing) return;
    const isWhole = chosen && input.value.toLowerCase() === usage.get(chosen).toLowerCase();
    if (event.key === "ArrowDown") step(1);
    else if (event.key === "ArrowUp") step(-1);
    else if (event.key === "Escape") close();
    else if (event.key === "Tab" && chosen && !isWhole && !event.shiftKey) take(chosen);
    else if (event.key === "Enter" && chosen && !isWhole) take(chosen);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
}

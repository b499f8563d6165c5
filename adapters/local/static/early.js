// Before the page is drawn: the hint box that somebody has hidden does not flash up.
if (localStorage.getItem("folkmoot.hint") === "hidden") document.documentElement.classList.add("no-hint");

// The review desk by keyboard. Everything it does is a click on what the page has anyway.
"use strict";
const by = (id) => document.getElementById(id);
const click = (id) => by(id)?.click();
let asked = null; // the button that waits for its reason

function cells() { return [...document.querySelectorAll("li.kotak")]; }
function lit() { return document.querySelector("li.kotak.lampu"); }

function light(cell) {
  if (!cell) return;
  lit()?.classList.remove("lampu");
  cell.classList.add("lampu");
  cell.closest("details")?.setAttribute("open", "");
  cell.scrollIntoView({ block: "nearest" });
  const { n, sekitar, lembar } = cell.dataset;
  by("buka-lembar").hidden = !sekitar;
  if (sekitar) {
    by("sekitar").src = sekitar;
    by("lembar").src = by("buka-lembar").href = lembar;
  }
  for (const piece of document.querySelectorAll(".sekeliling")) piece.hidden = piece.id !== `sekeliling-${n}`;
}

function ask(button) {
  if (!button) return;
  asked = button;
  document.body.classList.add("memilih");
  const hint = by("petunjuk");
  hint.textContent = hint.dataset.pilih;
  by("putusan").scrollIntoView({ block: "nearest" });
  document.activeElement.blur();
}

function forget() {
  asked = null;
  document.body.classList.remove("memilih");
}

function reasoned() { return by("alasan-lain").value.trim() || document.querySelector("[name=alasan]:checked"); }

function typed(key) {
  const field = lit()?.querySelector("input[name^=nilai]");
  if (!field) return;
  field.value = key === "-" ? "-" : (field.value + key).replace("-", "").slice(0, 9);
  field.focus();
}

function inReason(event) {
  const chosen = document.querySelector(`[data-nomor="${event.key}"]`);
  if (event.key === "Escape") forget();
  else if (document.activeElement === by("alasan-lain")) {
    if (event.key !== "Enter" || !reasoned()) return;
    asked.click();
  } else if (chosen) {
    chosen.checked = true;
    asked.click();
  } else if (event.key === "Enter" && reasoned()) asked.click();
  else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey) { by("alasan-lain").focus(); return; }
  event.preventDefault();
}

function onItem(event) {
  const field = document.activeElement.name?.startsWith("nilai") ? document.activeElement : null;
  if (event.key === "Tab" && lit()) {
    const all = cells();
    light(all[(all.indexOf(lit()) + (event.shiftKey ? all.length - 1 : 1)) % all.length]);
    lit().querySelector("input[name^=nilai]")?.focus();
  } else if (event.key === "Enter") {
    if (!field && document.activeElement.closest("a,button,summary")) return;
    ask(field?.value ? field.closest("li").querySelector("[name=betulkan]") : by("utama"));
  } else if (event.key === "Escape") {
    const open = field ?? lit()?.querySelector("input[name^=nilai]");
    if (open) { open.value = ""; open.blur(); }
  } else if (field && /^(\d|-|Backspace|Delete|Arrow.*|Home|End)$/.test(event.key) && !/^Arrow(Up|Down)$/.test(event.key)) return;
  else if (/^[\d-]$/.test(event.key)) typed(event.key);
  else if (/^(j|ArrowDown)$/.test(event.key)) click("berikut");
  else if (/^(k|ArrowUp)$/.test(event.key)) click("sebelum");
  else if (event.key === "s") ask(by("pindai"));
  else if (event.key === "d") ask(by("tunda"));
  else if (event.key === "x") ask(by("tolak"));
  else if (event.key === "u") click("urungkan");
  else if (event.key === "q") click("ke-antrean");
  else if (event.key === "?") by("kunci").showModal();
  else return;
  event.preventDefault();
}

function inQueue(event) {
  const rows = [...document.querySelectorAll("#antrean tbody tr")];
  const now = rows.findIndex((row) => row.classList.contains("kini"));
  const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
  if (step) {
    rows[now]?.classList.remove("kini");
    const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
    next.classList.add("kini");
    next.querySelector(".butir").focus();
  } else if (event.key === "x" && now >= 0) rows[now].querySelector("[name=pilih]")?.click();
  else if (event.key === "u") click("urungkan");
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || by("kunci")?.open) return;
  if (asked) inReason(event);
  else if (document.activeElement.matches("select, #alasan-lain")) return;
  else if (by("meja")) onItem(event);
  else if (by("antrean")) inQueue(event);
});

document.addEventListener("click", (event) => {
  const cell = event.target.closest("li.kotak");
  if (cell && event.target.closest(".nama")) event.preventDefault();
  if (cell) light(cell);
  const button = event.target.closest("button[form=putuskan]");
  if (button && !reasoned()) { // a mouse comes to its reason the same way
    event.preventDefault();
    ask(button);
  }
});

document.addEventListener("change", (event) => {
  if (asked && event.target.name === "alasan") asked.click();
});

// A form is sent once, however often it is clicked; what was sent twice would be one decision all the same.
document.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  else event.target.dataset.sent = "1";
});

window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

if (by("bantuan")) {
  by("bantuan").hidden = false;
  by("bantuan").addEventListener("click", () => by("kunci").showModal());
}
if (by("pilih-semua")) {
  by("pilih-semua").hidden = false;
  by("pilih-semua").addEventListener("click", () => {
    for (const box of document.querySelectorAll("[name=pilih]")) box.checked = true;
  });
}

const first = lit();
if (first && !document.querySelector(".kedua") && first.getBoundingClientRect().bottom > window.innerHeight - 120) first.scrollIntoView({ block: "center" });

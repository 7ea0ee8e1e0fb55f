// Filters the list of datasets by the words that are typed. Without it the list is whole.
"use strict";
(() => {
  const field = document.getElementById("q");
  const said = document.getElementById("hasil");
  const lines = [...document.querySelectorAll("#daftar > li")].map((line) => [line, plain(line.textContent)]);

  function plain(text) {
    return text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  }

  function filter() {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const [line, text] of lines) {
      line.hidden = !words.every((word) => text.includes(word));
      shown += !line.hidden;
    }
    said.textContent = shown ? said.dataset.satu.replace("##", lines.length).replace("#", shown) : said.dataset.nihil;
  }

  document.getElementById("saring").hidden = false;
  field.addEventListener("input", filter);
  field.value = new URLSearchParams(location.search).get("q") ?? "";
  filter();
})();

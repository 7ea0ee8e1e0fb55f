// Airflow shows the board in a frame that may not lead its window elsewhere: the window itself follows these links.
"use strict";
document.addEventListener("click", (event) => {
  const link = event.target.closest("a.keluar");
  if (!link || window.parent === window || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const twin = window.parent.document.createElement("a");
  twin.href = link.href;
  twin.click();
});

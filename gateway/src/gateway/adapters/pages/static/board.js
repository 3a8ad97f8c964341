// Fetches the same page every three seconds and swaps its content, unless the reader switched that off.
"use strict";
const box = document.getElementById("refresh");
box.checked = localStorage.getItem("refresh") !== "off";
box.addEventListener("change", () => localStorage.setItem("refresh", box.checked ? "on" : "off"));
async function refresh() {
  if (box.checked && !document.hidden) {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (answer.ok) {
        const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
        document.getElementById("content").replaceChildren(...fresh.getElementById("content").childNodes);
      }
    } catch { /* the next turn tries again */ }
  }
  setTimeout(refresh, 3000);
}
setTimeout(refresh, 3000);

// A page that looks again by itself after a while, at the address that it says.
import { warn } from "./page.js";

const AGAIN_SECONDS = 5;
const found = document.querySelector("[data-again]");
if (found) setTimeout(again, Number(found.dataset.again) * 1000);

// Whether a server is there is asked first: the page of a browser that finds none looks no more.
async function again() {
  const isThere = await fetch(import.meta.url, { cache: "no-store" }).then(() => true, () => false);
  if (isThere) return location.replace(found.dataset.address || location.pathname + location.search);
  warn("unanswered", "The server does not answer. Nothing is lost: this page tries again by itself.");
  setTimeout(again, AGAIN_SECONDS * 1000);
}

// A page that looks again by itself after a while, at the address that it says.
const found = document.querySelector("[data-again]");
if (found) {
  const again = () => location.replace(found.dataset.address || location.pathname + location.search);
  setTimeout(again, Number(found.dataset.again) * 1000);
}

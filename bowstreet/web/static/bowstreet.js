// All of the web face works without this file. With it: GOV.UK's own behaviours, and progress that renews itself.
import { initAll } from "./govuk/govuk-frontend.min.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// Look again every few seconds and swap what changed. A person who is using a control in it is not disturbed, and the
// line with role="status" is changed in place, so that a screen reader says it once and only when it differs.
const SECONDS = 3;
async function watch(place) {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer || !answer.ok) return setTimeout(() => watch(place), SECONDS * 4000);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(place.id);
  if (!fresh) return;
  const told = place.querySelector("[role=status]");
  const telling = fresh.querySelector("[role=status]");
  if (told.textContent !== telling.textContent) told.textContent = telling.textContent;
  const using = place.contains(document.activeElement);
  if (!using) {
    telling.replaceWith(told);
    place.replaceChildren(...fresh.childNodes);
  }
  if (fresh.dataset.module === "bow-watch") setTimeout(() => watch(place), SECONDS * 1000);
}
const watched = document.querySelector("[data-module=bow-watch]");
if (watched) setTimeout(() => watch(watched), SECONDS * 1000);

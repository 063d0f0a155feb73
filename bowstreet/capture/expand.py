"""Opening what a page has folded, as a reader does: details, and buttons that say no more than that they show more.

What a button is for is told by its words, and words can lie: so while it happens the guard lets nothing out that could act
(`guard.py`). Nothing in a form, no link to elsewhere, and nothing that speaks of buying, writing or signing in is pressed.
"""

from __future__ import annotations

from playwright.async_api import Page

from bowstreet.capture.guard import Guard

#: Folded parts that are opened without a press: the `details` of HTML.
DETAILS = 200
_SETTLE_MILLISECONDS = 200
_SAYS_MORE = (
    r"^\W*(?:(?:show|see|read|view|load|display)\s+(?:more|all|full|the\s+rest)(?:\s+[\w-]+){0,2}|more|expand(?:\s+all)?"
    r"|mehr\s+(?:anzeigen|lesen|laden)|weiterlesen|alle\s+anzeigen|(?:voir|afficher|lire)\s+(?:plus|la\s+suite)"
    r"|(?:ver|leer|mostrar)\s+más|(?:toon|lees|bekijk)\s+meer)\W*$"
)
_ACTS = (
    r"\b(?:buy|order|check\s?out|basket|cart|bid|pay|messages?|contacts?|chat|call|reply|post|send|sign|log|register|join"
    r"|subscribe|follow|accept|agree|download|install|delete|phone|number|e-?mail)\b"
)
_FOLDED = """([says, acts, all]) => {
  const says_more = new RegExp(says, "iu"), does = new RegExp(acts, "iu");
  const label = e => (e.innerText || e.getAttribute("aria-label") || "").replace(/\\s+/g, " ").trim().slice(0, 80);
  const kept = e => e.closest("form, nav, header, dialog, [contenteditable], [role=dialog], [role=menu]") || e.disabled;
  const seen = e => e.getClientRects().length > 0;
  const found = [];
  for (const e of document.querySelectorAll("details:not([open])"))
    if (!kept(e) && found.length < all) found.push({e, what: "details", says: label(e.querySelector("summary") || e)});
  for (const e of document.querySelectorAll("button, [role=button], summary, a[href^='#'], a:not([href])")) {
    const said = label(e);
    if (e.closest("details") || kept(e) || !seen(e) || e.type === "submit" && e.form) continue;
    if (says_more.test(said) && !does.test(said)) found.push({e, what: "button", says: said});
  }
  return found;
}"""
_COUNT = f"given => ({_FOLDED})(given).length"
_OPEN = f"""async ([says, acts, all, most, rest]) => {{
  const folded = {_FOLDED}, told = [], pressed = new Map();
  const wait = ms => new Promise(done => setTimeout(done, ms));
  for (let left = most; ;) {{
    const found = folded([says, acts, all]);
    for (const one of found.filter(one => one.what === "details")) {{
      one.e.open = true;
      told.push({{what: one.what, says: one.says}});
    }}
    const next = found.find(one => one.what === "button" && (pressed.get(one.e) || 0) < 3);
    if (!next || left-- <= 0 || told.length >= all) break;
    pressed.set(next.e, (pressed.get(next.e) || 0) + 1);
    told.push({{what: next.what, says: next.says}});
    next.e.click();
    await wait(rest);
  }}
  return told.slice(0, all);
}}"""


async def expand(page: Page, guard: Guard, most: int) -> list[dict[str, str]]:
    """Open what is folded, with at most so many presses; what was opened, in order, in its own words.

    Raises playwright's Error where the page is gone.
    """
    given = [_SAYS_MORE, _ACTS, DETAILS]
    if most <= 0 or not await page.evaluate(_COUNT, given):
        return []
    async with guard.reading_only():
        told: list[dict[str, str]] = await page.evaluate(_OPEN, [*given, most, _SETTLE_MILLISECONDS])
        await page.wait_for_timeout(_SETTLE_MILLISECONDS)
    return told

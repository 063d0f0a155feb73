"""Pages of feedback, in several forms. Each (path, title, body)."""

from __future__ import annotations

import html
import random
from collections.abc import Callable

from families.stock import Stock

e = html.escape


def feedback(r: random.Random, stock: Stock, name: str, fiat: Callable[[float], str]) -> tuple[str, str, str]:
    """What buyers said of a seller."""
    things = stock.some(r.randrange(9, 22))
    item = [
        f"<a href=/i/{t.number}>{e(t.title)}</a> {fiat(t.amount)}" if r.random() < 0.6 else e(t.title)
        for t in things
    ]
    who = [f"{t.seller[0]}{r.choice(('***', '....', '**'))}{t.seller[-1]}" for t in things]
    words = [stock.prose(1, 3) for _ in things]
    day = stock.day()
    when = [r.choice((stock.day(), day, f"{r.randrange(1, 28)} days ago")) for _ in things]
    rows = list(zip(item, who, words, when, strict=True))
    head = r.choice((f"<h1>Feedback for {name}</h1>", f"<h2>{name}</h2><ul><li>Profile</li><li>Items</li><li><b>Feedback</b></li></ul>", f"<h3>Reviews of <a href=/u/{name}>{name}</a></h3>", f"<h2>Ratings</h2><p>{name} has 98% positive ratings</p>"))  # fmt: skip
    body = r.choice(
        (
            "<table><tr><th>Rating</th><th>Comment</th><th>Item</th><th>Buyer</th><th>Date</th></tr>" + "".join(f"<tr><td>{r.choice((5, 5, 4))}/5</td><td>{c}</td><td>{i}</td><td>{w}</td><td>{d}</td></tr>" for i, w, c, d in rows) + "</table>",
            "".join(f"<div class=review><div class=stars>★★★★★</div><p>{c}</p><small>{w}, {d}, {i}</small></div>" for i, w, c, d in rows),
            "<ul>" + "".join(f"<li><b>Positive</b> {d}<br>{c}<br><i>{w}</i></li>" for i, w, c, d in rows) + "</ul>",
            "<dl>" + "".join(f"<dt>{w} on {d}</dt><dd>{c}</dd><dd>{i}</dd>" for i, w, c, d in rows) + "</dl>",
            "<table>" + "".join(f"<tr><td><img alt=positive></td><td>{c}<br><small>{i}</small></td><td>{d}</td></tr>" for i, w, c, d in rows) + "</table>",
        )
    )  # fmt: skip
    more = r.choice(("", "<p><a href=?page=2>2</a> <a href=?page=3>3</a></p>", "<a href=?p=2>Older</a>"))
    return (
        r.choice(
            (f"/u/{name}/feedback", f"/feedback/{name}", f"/reviews?user={name}", f"/vendor/{name}?tab=3")
        ),
        r.choice((name, f"{name} feedback", "Feedback", stock.market)),
        f"{head}{body}{more}",
    )

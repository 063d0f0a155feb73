"""`bowstreet demo`: the main job on the practice market."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bowstreet.cli import say, state
from bowstreet.cli.options import Json

if TYPE_CHECKING:
    from market import Practice

app = typer.Typer(add_completion=False)
FIRST = [
    "",
    "?page=2",
    "listing/101",
    "listing/106",
    "seller/northbank",
    "seller/kestrel_co",
    "seller/saltmarsh",
    "seller/quillworks",
    "challenge",
]
SECOND = ["", "item-101.html", "u/NB_Baccy", "u/calm_and_co", "u/marsh_samphire", "u/quillworks"]


@dataclass
class Story:
    """What the demo has come to."""

    answer: dict[str, Any]
    username: str
    password: str


@app.command(epilog="Example: bowstreet demo --no-serve --json")
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop when the exhibit is verified.")] = False,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where to serve the web face.")] = 8000,
    as_json: Json = False,
) -> None:
    """Run the main job on the practice market: open an operation, capture, seal, read, link, exhibit, verify.

    The practice market is ours and on this machine; its goods and people are invented. Then the web face is served,
    with the market still there to be captured, unless --no-serve is given.
    """
    import market
    from bowstreet.capture.errors import CaptureError

    # The practice market is on loopback, which no capture may visit unless the installation allows test ranges.
    os.environ.setdefault("BOWSTREET_ALLOW_TEST_RANGES", "1")
    state.begin()
    with market.serve() as practice, _authority():
        try:
            story = _main_job(practice)
        except CaptureError as error:
            raise say.Fail(str(error)) from None
        say.document(story.answer) if as_json else _tell(story)
        if not story.answer["verified"]:
            raise typer.Exit(say.NO)
        if not no_serve:
            from bowstreet.cli.serve import run

            run(port, worker=True)


@contextmanager
def _authority() -> Iterator[None]:
    """A time-stamping authority of our own, beside whatever is set up, while the demo runs."""
    from bowstreet.casework.captures import acts
    from market import authority

    folder = acts.home().folder / "practice-authority"
    if not (folder / "ts.cnf").exists():
        authority.make_authority(folder, "Practice authority")
    with authority.serve(folder) as url:
        os.environ |= {"BOWSTREET_TSA_PRACTICE": url, "BOWSTREET_TSA_PRACTICE_CA": str(folder / "ca.pem")}
        yield


def _main_job(practice: Practice) -> Story:
    from rich.progress import Progress

    from bowstreet.casework.captures import acts as captures
    from bowstreet.casework.exhibits import acts as exhibits
    from bowstreet.casework.exhibits import queries as exhibit_queries
    from bowstreet.casework.findings import acts as findings
    from bowstreet.casework.findings import queries as found
    from bowstreet.casework.operations import acts as operations
    from bowstreet.casework.people import acts as people
    from bowstreet.casework.review import acts as review

    password = secrets.token_urlsafe(12)
    officer = people.ensure("officer", at=state.now(), name="Practice Officer", password=password)
    hosts = [url.split("/")[2] for url in (practice.url, practice.second_url)]
    operation = operations.open_operation(
        officer=officer, name="Practice operation", purpose="detection", sites=hosts, at=state.now(),
        rationale="To learn the tool on a market of our own: nobody real is looked at, so nothing less would do.",
        test_ranges=["127.0.0.0/8"],
    )  # fmt: skip
    urls = [practice.url + path for path in FIRST] + [practice.second_url + path for path in SECOND]
    made = []
    with Progress(console=say.messages) as bar, captures.session(now=state.now) as browser:
        task = bar.add_task("Capturing and sealing", total=len(urls))
        for url in urls:
            kept = captures.fetch(officer=officer, operation=operation, url=url, now=state.now, pages=browser)
            capture = captures.keep(kept, officer, operation, state.now())
            findings.read_capture(capture, officer=officer, at=state.now())
            made.append(capture)
            bar.advance(task)
    pairs = review.link(officer=officer, operation=operation, at=state.now())
    for pair in pairs[:1]:
        review.decide(
            officer=officer, operation=operation, left=pair.left, right=pair.right, verdict="same", at=state.now(),
            note="Shared identifiers and the same wording, seen on both pages.",
        )  # fmt: skip
    exhibit = exhibits.produce(
        officer=officer, operation=operation, numbers=[made[4].pk, made[11].pk], at=state.now(),
        description="Two sellers' pages on two sites, showing the same key and telephone number",
    )  # fmt: skip
    verdict = exhibit_queries.verdict(exhibit)
    answer = {
        "operation": operation.reference,
        "captures": len(made),
        "listings": len(found.listings(officer, operation.reference, at=state.now())),
        "sellers": len(found.sellers(operation)),
        "links": len([p for p in pairs if p.likely]),
        "exhibit": str(exhibits.path(exhibit)),
        "verified": verdict.ok,
    }
    return Story(answer, officer.username, password)


def _tell(story: Story) -> None:
    answer = story.answer
    say.result(
        f"{answer['operation']}: {answer['captures']} pages captured and sealed, {answer['listings']} listings and "
        f"{answer['sellers']} sellers read, {answer['links']} likely links proposed."
    )
    say.result(f"Exhibit: {answer['exhibit']}")
    say.result(
        f"Verified: {'yes' if answer['verified'] else 'NO'}. Try: bowstreet verify {answer['exhibit']!r}"
    )
    say.result(f"Sign in on the web face as '{story.username}' with the password '{story.password}'.")

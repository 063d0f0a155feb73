"""Where every piece of text stands on the page, by the browser's own layout (DevTools, DOMSnapshot), so that a picture of it can be
masked. Scripts of the page have no part in it; shadow trees, frames of the same process and what style sheets write are in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

Box = tuple[float, float, float, float]  # left, top, width, height: CSS pixels of the whole page
Text = tuple[tuple[str, Box], ...]  # the pieces of one text, a line each

#: What shows text that is no text of the page: what it says of itself stands in its attributes and its value.
_SAYS = {"IMG", "INPUT", "TEXTAREA", "SELECT", "BUTTON"}
#: What shows what cannot be searched at all.
_OPAQUE = {"CANVAS", "VIDEO", "EMBED", "OBJECT"}


@dataclass(frozen=True)
class Layout:
    """`opaque` are the boxes of what cannot be searched: canvases, videos, and frames of another process."""

    texts: tuple[Text, ...]
    opaque: tuple[Box, ...]

    def beside(self, other: Layout) -> Layout:
        """Both, for a page that may have moved in between."""
        return Layout(self.texts + other.texts, self.opaque + other.opaque)


def parse(snapshot: dict[str, Any]) -> Layout:
    """What `DOMSnapshot.captureSnapshot` gives. Raises LookupError or TypeError where it is not of that form."""
    strings, documents = (
        snapshot["strings"],
        [_Document(one, snapshot["strings"]) for one in snapshot["documents"]],
    )
    frames: dict[int, Box] = {}  # of a document within the page: its frame in the page itself
    texts: list[Text] = []
    opaque: list[Box] = []
    for number, document in enumerate(documents):
        outer = frames.get(number)
        if number and outer is None:
            continue  # a frame that is not shown
        for inner, box in document.frames():
            frames[inner] = outer or box
        found = [*document.texts(), *document.said(strings)]
        texts += [tuple((text, outer or box) for text, box in one) for one in found]
        opaque += [outer or box for box in document.opaque()]
    return Layout(tuple(texts), tuple(opaque))


class _Document:
    """One document of a snapshot."""

    def __init__(self, said: dict[str, Any], strings: Sequence[str]) -> None:
        self._nodes, self._layout, self._boxes = said["nodes"], said["layout"], said["textBoxes"]
        self._strings = strings
        self._box: dict[int, Box] = {
            node: tuple(bounds)
            for node, bounds in zip(self._layout["nodeIndex"], self._layout["bounds"], strict=True)
        }
        inner = self._nodes["contentDocumentIndex"]
        self._inner = dict(zip(inner["index"], inner["value"], strict=True))

    def frames(self) -> Iterator[tuple[int, Box]]:
        """Each document within this one, and where it is shown."""
        return ((inner, self._box[node]) for node, inner in self._inner.items() if node in self._box)

    def texts(self) -> Iterator[Text]:
        """Each text, line by line."""
        lines: dict[int, list[tuple[str, Box]]] = {}
        places = (self._boxes[name] for name in ("layoutIndex", "bounds", "start", "length"))
        for layout, bounds, start, length in zip(*places, strict=True):
            units = self._strings[self._layout["text"][layout]].encode("utf-16-le", "surrogatepass")
            line = units[2 * start : 2 * (start + length)].decode("utf-16-le", "replace")
            lines.setdefault(layout, []).append((line, tuple(bounds)))
        return (tuple(found) for found in lines.values())

    def said(self, strings: Sequence[str]) -> Iterator[Text]:
        """What pictures and form fields say of themselves; a list of choices says each choice."""
        for node, box in self._box.items():
            if (name := self._name(node)) in _SAYS:
                told = [strings[at] for at in self._nodes["attributes"][node] if at >= 0]
                told += [strings[at] for at in self._values(node)]
                told += self._choices(node) if name == "SELECT" else []
                yield tuple((text, box) for one in told for text in (one, "\n"))

    def opaque(self) -> Iterator[Box]:
        """Where something is shown that cannot be searched."""
        for node, box in self._box.items():
            name = self._name(node)
            if name in _OPAQUE or (name in ("IFRAME", "FRAME") and node not in self._inner):
                yield box

    def _name(self, node: int) -> str:
        name: str = self._strings[self._nodes["nodeName"][node]]
        return name.upper()

    def _values(self, node: int) -> list[int]:
        found = []
        for name in ("inputValue", "textValue"):
            given = self._nodes.get(name, {"index": [], "value": []})
            found += [value for at, value in zip(given["index"], given["value"], strict=True) if at == node]
        return [value for value in found if value >= 0]

    def _choices(self, select: int) -> list[str]:
        """The texts below a SELECT, which have no place of their own."""
        parents, values = self._nodes["parentIndex"], self._nodes["nodeValue"]
        below, found = {select}, []
        for node in range(select + 1, len(parents)):
            if parents[node] in below:
                below.add(node)
                found += [self._strings[values[node]]] if values[node] >= 0 else []
        return found

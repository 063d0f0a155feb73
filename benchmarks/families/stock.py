"""What the families of layouts sell: goods, sellers and prices made up from a seed, with words of their own."""

from __future__ import annotations

import random
from dataclasses import dataclass

_WHAT = {
    "Cannabis/Flower": "Lemon Amnesia|Gorilla #4|Northern Lights|Purple Punch smalls|Moroccan dry sift|Zkittlez",
    "Cannabis/Edibles": "THC sour worms|Brownie 150mg|Honey sticks|Cart 1ml Blue Dream",
    "Stimulants/Cocaine": "Colombian fish scale|Bolivian flake 88%|Washed 92%|C0caine HQ",
    "Stimulants/Amphetamine": "Wet speed|Dexies|Base 75%|Adderall IR 30",
    "Psychedelics/LSD": "Needlepoint 110ug|Gel tabs|Hofmann bicycle tabs|Penis envy dried",
    "Ecstasy/Pills": "Blue Punisher 250mg|Tesla orange|Domino's|Champagne crystals",
    "Prescription/Benzos": "Valium Roche 10|Farmapram 2mg|Clonazepam strips|Zopiclone 7.5",
    "Fraud/Cards": "USA fullz 750+|EU dump track 2|BIN list non VBV|Business fullz",
    "Digital/Accounts": "Nordvpn 2 years|Netflix UHD lifetime|Spotify upgrade key|Steam random key",
    "Digital/Guides": "How to cash out 2022|Amazon refund method|OPSEC handbook|SQLi for beginners",
    "Counterfeit/Money": "20 EUR notes|50 GBP paper|Prop $100 bills|10 pound coins",
    "Counterfeit/Watches": "Submariner clone|AP Royal Oak rep|Datejust 41 copy",
    "Documents/Passports": "UK passport scan|German ID card|NY driving licence|Utility bill template",
    "Hardware/Tools": "Lock pick set|GSM jammer 8 antenna|Skimmer kit|Cordless grinder",
    "House/Kitchen": "Enamel saucepan|Oak chopping board|Cast iron skillet|Set of ramekins",
    "Clothing/Shoes": "Leather boots size 43|Canvas trainers|Wool socks|Rain jacket",
}  # fmt: skip
_LOCAL = {
    "de": "Frische Blüten|Gute Qualität Haschisch|Handgemachte Seife|Alte Werkzeuge|Rezept Fälschung|Falschgeld 50er|Lederstiefel Größe 43|Kaffee geröstet",
    "ru": "Шишки АК-47|Мефедрон крупный|Гашиш отборный|Фен пудра|Симкарта без паспорта|Скан паспорта|Чай травяной|Ключи Windows",
    "fr": "Résine artisanale|Herbe en intérieur|Faux billets de 20|Savon de Marseille|Couteau pliant|Compte premium|Pollen doux|Pilules orange",
    "es": "Hachís comercial|Cogollos secos|Billetes falsos de 50|Navaja plegable|Cuenta de cine|Aceite puro|Pastillas azules|Café molido",
    "pl": "Susz konopny|Ziółka suszone|Karta SIM zarejestrowana|Dowód kolekcjonerski|Mydło ręczne|Fałszywe banknoty|Pigułki niebieskie|Klucz do gry",
    "it": "Fumo marocchino|Erba indoor|Banconote false da 20|Sapone artigianale|Coltello chiuso|Account film|Olio puro|Caffè tostato",
    "nl": "Verse toppen|Hasj Ketama|Vals geld 50|Handgemaakte zeep|Zakmes|Filmaccount|Pillen oranje|Gemalen koffie",
}  # fmt: skip
_HEAD = ("dr", "mr", "the", "euro", "uk", "snow", "pill", "green", "cash", "nord", "pharma", "king", "little", "ghost", "tulip", "baron", "urban", "captain")  # fmt: skip
_TAIL = ("house", "plug", "smith", "farmacy", "north", "wave", "lab", "hippy", "express", "rabbit", "nl", "chef", "mama", "bandit", "garden", "corp", "99", "-uk", "_de", "xx")  # fmt: skip
PLACES = ("Germany", "United Kingdom", "Netherlands", "United States", "Australia", "Canada", "Spain", "Poland", "France", "Sweden", "Ireland", "Belgium")  # fmt: skip
REGIONS = (
    "Worldwide",
    "Europe",
    "European Union",
    "United States",
    "North America",
    "United Kingdom",
    "Germany",
)
_PROSE = (
    "All orders leave within a day of payment|We vacuum seal twice and use plain envelopes|Write to us first if you want more than listed|Tracking is not given for small parcels|"
    "No reship to addresses that were written wrongly|The batch is new and was tested by our own people|Reviews from regulars speak for themselves|Do not finalise before it is in your hands|"
    "Stored dark and cool until it is packed|Please encrypt your address with our key|We reply once a day so be patient|Refund of half for lost parcels with five orders or more"
).split("|")


@dataclass(frozen=True)
class Thing:
    """One thing on sale."""

    number: int
    title: str
    seller: str
    amount: float
    path: tuple[str, ...]
    origin: str
    to: tuple[str, ...]
    left: int
    sold: int


class Stock:
    """A market's goods and people, from a seed."""

    def __init__(self, seed: str, tongue: str = "en") -> None:
        self.r = random.Random(seed)
        self.tongue = tongue
        self.market = f"{self.r.choice(('Ashen', 'Vertex', 'Hollow', 'Ivory', 'Tide', 'Krypton', 'Orchid', 'Basilisk', 'Magnet', 'Pilgrim'))} {self.r.choice(('Market', 'Bazaar', 'Souk', 'Plaza', 'Trade', 'Emporium', 'Shop'))}"
        self.me = self.name()
        self.people = [self.name() for _ in range(9)]
        self.things = [self._thing(n) for n in range(48)]

    def name(self) -> str:
        """A made-up handle."""
        r = self.r
        made = r.choice(_HEAD) + r.choice(_TAIL)
        return r.choice((made, made.title(), made.upper(), f"{made}{r.randrange(2, 400)}", f"{r.choice(_HEAD).title()}{r.choice(_TAIL).title()}"))  # fmt: skip

    def _thing(self, number: int) -> Thing:
        r = self.r
        path, said = r.choice(list(_WHAT.items()))
        what = r.choice(said.split("|"))
        if self.tongue in _LOCAL and r.random() < 0.8:
            what = r.choice(_LOCAL[self.tongue].split("|"))
        much = r.choice(("", "", f"{r.choice((1, 3.5, 5, 10, 28, 100))}g ", f"{r.choice((5, 10, 25, 100, 500))} x ", f"{r.choice((1, 2, 5))} oz ", "1x "))  # fmt: skip
        tail = r.choice(("", "", "", " - next day delivery", " ★ TOP QUALITY ★", " (tracked)", " | escrow only", f" [{r.randrange(2, 30)} left]", " **SALE**", " - intro price", ", sample"))  # fmt: skip
        title = f"{much}{what}{tail}"
        title = title.upper() if r.random() < 0.08 else title
        amount = round(
            r.choice((r.uniform(2, 40), r.uniform(30, 300), r.uniform(200, 2900))), r.choice((2, 2, 0))
        )
        steps = tuple(path.split("/"))
        return Thing(
            r.randrange(100, 900_000), title, r.choice(self.people), amount, steps if r.random() < 0.8 else steps[:1],
            r.choice(PLACES), tuple(r.sample(REGIONS, r.choice((1, 1, 2, 3)))), r.randrange(1, 400), r.randrange(0, 900),
        )  # fmt: skip

    def some(self, count: int, seller: str | None = None) -> list[Thing]:
        """A few things, each title once."""
        own = [t for t in self.things if seller in (None, t.seller)]
        self.r.shuffle(own)
        return list({t.title: t for t in own}.values())[:count]

    def prose(self, least: int = 2, most: int = 6) -> str:
        """Sentences."""
        return ". ".join(self.r.sample(_PROSE, self.r.randrange(least, most))) + "."

    def day(self) -> str:
        """A date, in the site's manner."""
        r = self.r
        d, m, y = r.randrange(1, 28), r.randrange(1, 12), r.choice((2020, 2021, 2022))
        month = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[m]
        return r.choice((f"{y}-{m + 1:02}-{d:02}", f"{d:02}/{m + 1:02}/{y}", f"{d} {month} {y}", f"{month} {d}, {y}", f"{d:02}.{m + 1:02}.{y}"))  # fmt: skip

"""More stalls, so that the market is as full as a real one: further sellers, their goods made from a catalogue by rule.

Every name, brand and place is invented; the same seller gives the same goods each time. Where one person keeps a stall on
both sites, `truth.json` says so; what two stalls of one trade have in common is the trade, and no more.
"""

from __future__ import annotations

import random
from typing import Any

#: trade → (category on Harbour, category on Lantern, what it sells: title, price in pounds, quantity, words)
CATALOGUE: dict[str, tuple[str, str, list[tuple[str, float, str, str]]]] = {
    "Watches": ("Fashion", "Style", [
        ("Corvane Seadial automatic, black face, steel band", 140, "1", "Sweeping hand, sapphire-look glass, box and papers."),
        ("Halbrecht Moonphase on brown strap", 175, "1", "Runs a minute fast a week. Weight is right in the hand."),
        ("Corvane Regatta two-tone", 165, "1", "Bezel clicks as it should. Sizing tool in the box."),
        ("Ladies' Amberline quartz, rose finish", 85, "1", "Battery new. Pouch, no box."),
        ("Halbrecht pilot, luminous numerals", 130, "1", "Glows all night. Strap smells of leather."),
        ("Mixed tray of ten dress watches", 480, "10", "For stall holders. No two the same."),
    ]),
    "Handbags": ("Fashion", "Style", [
        ("Bellacourt quilted shoulder bag, navy, gold chain", 95, "1", "Serial card, dust bag and ribbon."),
        ("Bellacourt tote, monogram canvas", 110, "1", "Pattern lines up at the seams."),
        ("Oriel & Finch crossbody in tan", 75, "1", "Zip pulls are heavy and marked."),
        ("Purse and keyring set, Bellacourt style", 38, "2", "Gift box. Good for markets."),
        ("Oriel & Finch weekender", 150, "1", "Holds its shape. Feet on the base."),
        ("Five assorted evening clutches", 160, "5", "Ends of lines from the workshop."),
    ]),
    "Perfume": ("Fashion", "Style", [
        ("Nuit de Verre 100 ml, cellophane on", 24, "100 ml", "Batch code scratched as they come."),
        ("Bois Clair for men 50 ml tester", 16, "50 ml", "Tester, no cap. Lasts a working day."),
        ("Gift set: Marée eau de toilette and lotion", 30, "2", "Boxed, slight dent on some."),
        ("Twelve Nuit de Verre 30 ml, trade", 150, "12", "Display box included."),
        ("Citron d'Hiver 75 ml", 21, "75 ml", "Sharp at first, then soft."),
    ]),
    "Phones": ("Electronics", "Gadgets", [
        ("Pomona 14 handset, 256 GB, unlocked", 290, "1", "Clean screen, new battery, plain box."),
        ("Pomona ear buds second edition", 32, "1", "Pairs at once. Case closes with a snap."),
        ("Lyra S tablet, 11 inch, no charger", 180, "1", "Reset and ready."),
        ("Fast chargers, pack of 25", 60, "25", "White, folding pins. Loose in a bag."),
        ("Pomona 13 screens with frame", 48, "1", "Fitted in ten minutes by a steady hand."),
        ("SIM adapters and trays, bag of 50", 15, "50", "All makes."),
    ]),
    "Spirits": ("Drink", "Cellar", [
        ("Old Carrick single malt 70 cl, case of six", 96, "6 x 70 cl", "Labels straight, caps sealed, no strip."),
        ("Volskaya vodka 1 litre", 9, "1 l", "From the continent. Clear as it should be."),
        ("Volskaya vodka, twelve bottles", 99, "12 x 1 l", "Cheaper by the dozen."),
        ("Tawny's navy rum 70 cl", 12, "70 cl", "Brought over by car, not by post."),
        ("Orchard gin miniatures, box of 48", 55, "48 x 5 cl", "For weddings and the like."),
    ]),
    "Tickets": ("Events", "Evenings", [
        ("Lakeside Weekend pass, camping in", 120, "1", "Sent as a picture, name changed on the day."),
        ("Northern Arena, lower tier pair", 90, "2", "Side by side. Barcode one hour before."),
        ("Season card loan, three home games", 75, "3 games", "Card goes back in the envelope supplied."),
        ("Ferry foot passenger voucher, any day", 22, "1", "Works once. Do not share."),
        ("Theatre stalls, mid week", 35, "1", "Scanned through without trouble so far."),
    ]),
    "Tools": ("Workshop", "Garage", [
        ("Brunel cordless drill set, two batteries", 68, "1 set", "Bare marks where the tag was."),
        ("Brunel 18 volt battery, pair", 40, "2", "Full charge shown."),
        ("Key cutting blanks, tray of 200", 34, "200", "Common profiles."),
        ("Parking permit holder and blanks", 18, "10", "Blanks only, no print."),
        ("Site radio, dented", 25, "1", "Loud and cheerful."),
        ("Diesel hose and hand pump", 55, "1", "Ten metres, no leaks."),
    ]),
    "Streaming": ("Digital", "Online", [
        ("Palisade TV, twelve months, one screen", 18, "12 months", "Details sent by message, changed if they stop."),
        ("All-sport box, loaded, plug and go", 65, "1", "Remote and lead. Updates itself."),
        ("Palisade TV family, four screens", 30, "12 months", "Do not change the password."),
        ("Trial, 24 hours", 2, "24 hours", "One each."),
        ("Resale panel, 50 credits", 140, "50", "Make your own lines. Help in the group."),
    ]),
    "Tobacco": ("Tobacco", "Smoking", [
        ("Harvest Gold hand rolling 50 g", 9, "50 g", "Foreign text on the pouch."),
        ("Harvest Gold, twenty pouches", 160, "20 x 50 g", "Wrapped in brown paper."),
        ("Palermo Lights, 200", 38, "200", "Sticks are fresh, dates visible."),
        ("Shisha molasses, mint, 1 kg", 26, "1 kg", "Tub, lid taped."),
        ("Cigarillos, tin of 50", 30, "50", "Sweet tip."),
    ]),
    "Vapes": ("Vapes", "Smoking", [
        ("Nimbus Max 9000, blue razz, single", 7, "1", "More than the law lets shops sell."),
        ("Nimbus Max 9000, box of ten mixed", 55, "10", "Flavours as they come."),
        ("Refill pods, cherry ice, 30", 48, "30", "Fits Nimbus and Halo."),
        ("Halo pen kit with lead", 15, "1", "Matte, four colours."),
    ]),
    "Slimming": ("Health", "Wellbeing", [
        ("Lumera slimming pens, four weeks", 85, "4", "Kept cold to the door. Leaflet in English."),
        ("Lumera tablets, strip of ten", 22, "10", "No prescription asked."),
        ("Tan drops and nasal spray set", 28, "1 set", "Start low."),
        ("Hair growth foam, three months", 33, "3", "Pharmacy box, other language."),
        ("Sleep patches, thirty", 14, "30", "Behind the ear."),
    ]),
    "Fireworks": ("Fireworks", "Seasonal", [
        ("Thunder cake, 100 shots", 48, "1", "Stand well back. Not for small gardens."),
        ("Rocket bundle, professional grade", 70, "20", "No licence seen, no questions put."),
        ("Smoke pots, ten colours", 25, "10", "Match days."),
        ("Bangers, brick of 200", 20, "200", "Very loud."),
    ]),
}  # fmt: skip

#: site → stalls: handle, trade, ships from, sales, how it writes its titles, contacts, and what it says of itself.
STALLS: dict[str, list[tuple[str, str, str, int, str, dict[str, str], str]]] = {
    "harbour": [
        ("dialandhand", "Watches", "Italy", 188, "plain", {"email": "dialandhand@letters.example", "telegram": "dial_and_hand"}, "One bench, one loupe, thirty years. I pick each piece myself and send a film of it running before you pay."),
        ("velvetmile", "Handbags", "Turkey", 356, "caps", {"email": "velvetmile@post.example", "onion": "velvetmile"}, "Straight from the workshop floor. Ask for the album, prices by the dozen, we post Tuesdays and Fridays."),
        ("eau_de_quay", "Perfume", "France", 122, "plain", {"telegram": "eaudequay"}, "Bottles for noses that know. Batch codes on request, samples for a pound."),
        ("gridlocked", "Phones", "United Kingdom", 274, "bracket", {"phone": "07700 900455", "email": "gridlocked@post.example"}, "Handsets, parts and leads. Wiped, tested, boxed. Collection from a car park of your choosing within reason."),
        ("casklane", "Spirits", "United Kingdom", 141, "plain", {"email": "casklane@letters.example", "phone": "07700 900634", "bitcoin": "casklane"}, "Bottles with a past. Delivered in person in three counties, carriers elsewhere, sober drivers only."),
        ("backrow_betty", "Tickets", "United Kingdom", 510, "shout", {"telegram": "backrowbetty"}, "Cant make it? Someone cant! Get in, sit down, say nothing. Betty has been at this since the paper stubs."),
        ("spannerhand", "Tools", "United Kingdom", 67, "plain", {"phone": "07700 900781"}, "Good used kit from jobs that ended early. Cash at the gate or escrow here."),
        ("palisade_desk", "Streaming", "Spain", 2210, "bracket", {"telegram": "palisade_desk", "email": "desk@letters.example", "bitcoin": "palisade"}, "Screens that do not freeze. Support from ten till ten, we answer in the order you write."),
        ("ashwell", "Tobacco", "Belgium", 433, "plain", {"email": "ashwell@post.example"}, "Continental leaf, continental prices. One parcel per address per week, that rule keeps us all happy."),
        ("cloudbank9", "Vapes", "United Kingdom", 845, "shout", {"telegram": "cloudbank9", "phone": "07700 900812"}, "Boxes out the door same night!! Shops add me for the price sheet, over 18s only obviously."),
        ("lumera_lab", "Slimming", "Lithuania", 390, "plain", {"email": "lumeralab@letters.example", "telegram": "lumera_lab", "onion": "lumera"}, "Cold chain kept with gel packs. Our chemist replies within a day; tell her your weight honestly."),
        ("rocketshed", "Fireworks", "United Kingdom", 58, "caps", {"phone": "07700 900927"}, "The shed is dry, the stock is legal somewhere. Text for a time, bring a van, no smoking."),
        ("tallyho_time", "Watches", "United Kingdom", 49, "shout", {"email": "tallyho@letters.example"}, "Posh wrists for less! Every tick a treat, swaps thought about, no silly offers pls."),
        ("bagatelle_row", "Handbags", "Italy", 230, "plain", {"telegram": "bagatellerow", "bitcoin": "bagatelle"}, "Leather offcuts become something better. Made in small runs, so what is gone is gone."),
        ("wires_and_tins", "Phones", "Poland", 98, "bracket", {"email": "wiresandtins@post.example"}, "Spares for repair men. Bulk lots preferred; we count twice and seal once."),
        ("quietcellar", "Spirits", "France", 77, "caps", {"telegram": "quietcellar"}, "Caves emptied with discretion. Minimum one case, mixed cases welcome."),
        ("evergreen_pass", "Tickets", "Ireland", 163, "plain", {"email": "evergreen@letters.example"}, "Gates open for the patient. I hold a code for ninety minutes, then it goes to the next name."),
    ],
    "lantern": [
        ("hand_and_dial", "Watches", "IT", 61, "plain", {"email": "bench@letters.example", "telegram": "dial_and_hand"}, "One bench, one loupe. Each piece is picked by me and filmed running before you pay."),
        ("casks_and_co", "Spirits", "UK", 35, "caps", {"phone": "+44 7700 900634"}, "Bottles with a past, delivered in person in three counties, carriers elsewhere."),
        ("lumera", "Slimming", "LT", 210, "plain", {"email": "lumera@letters.example", "telegram": "lumera_lab"}, "Cold chain kept with gel packs. Our chemist replies within a day; be honest about your weight."),
        ("fogmachine", "Vapes", "UK", 302, "bracket", {"telegram": "fogmachine_uk"}, "Trade counter for corner shops. Pallets by arrangement, invoices if you must."),
        ("laceandlock", "Handbags", "CN", 640, "shout", {"email": "laceandlock@post.example"}, "Factory prices!! 1:1 hardware, ask for video, DHL line to EU 9-12 days."),
        ("stubhollow", "Tickets", "UK", 88, "plain", {"email": "stubhollow@letters.example"}, "Rows A to F a speciality. If the turnstile says no I pay you back, ask anyone."),
        ("copperbench", "Tools", "IE", 29, "bracket", {"phone": "07700 900199"}, "Workshop clearances. Everything works or is sold as scrap, never in between."),
        ("streamfen", "Streaming", "NL", 930, "plain", {"telegram": "streamfen"}, "Lines for one to five rooms. Panel owners get a quiet discount after the third month."),
        ("emberlight", "Fireworks", "DE", 44, "caps", {"email": "emberlight@post.example"}, "Grade four and up, from a barn near the border. Drive home carefully."),
    ],
}  # fmt: skip
_TO = {"United Kingdom": ("United Kingdom", "Ireland"), "UK": ("UK", "Ireland")}
_COMMENTS = (
    "Quick and as pictured.", "Second order, no complaints.", "Took nine days but came.", "Box crushed, goods fine.",
    "Would use again.", "Not quite the colour shown.", "Answered at once.", "Half arrived, rest promised.", "Perfect, thank you.",
    "Smaller than I thought.", "Good price for what it is.", "Asked for my number, I said no.",
)  # fmt: skip
_RATES = {"GBP": 1.0, "EUR": 1.17, "USD": 1.29, "BTC": 1 / 48210, "XMR": 1 / 128.4}


def stalls(site: str) -> list[dict[str, Any]]:
    """Further sellers of a site, as `wares.json` writes them."""
    return [_stall(site, *one) for one in STALLS[site]]


def _stall(
    site: str,
    handle: str,
    trade: str,
    place: str,
    sales: int,
    style: str,
    contacts: dict[str, str],
    about: str,
) -> dict[str, Any]:
    chance = random.Random(f"{site} {handle}")
    first, second, goods = CATALOGUE[trade]
    group = first if site == "harbour" else second
    currency = (
        "GBP" if place in ("United Kingdom", "UK") else chance.choice(["EUR", "EUR", "USD", "BTC", "XMR"])
    )
    chosen = chance.sample(goods, min(len(goods), 4 + sales % 3))
    wares = []
    for title, pounds, quantity, words in chosen:
        amount = pounds * chance.uniform(0.9, 1.25) * _RATES[currency]
        places = {"BTC": 5, "XMR": 3}.get(currency, 2)
        wares.append([_styled(title, style), f"{amount:.{places}f}", currency, group, trade, quantity, words])
    day = f"20{chance.randint(23, 26)}-{chance.randint(1, 9):02d}-{chance.randint(1, 28):02d}"
    feedback = [
        [
            f"2026-{chance.randint(3, 11):02d}-{chance.randint(1, 28):02d}",
            str(chance.choice([5, 5, 5, 4, 4, 3, 1])),
            words,
        ]
        for words in chance.sample(_COMMENTS, min(7, 2 + sales // 90))
    ]
    return {
        "handle": handle, "joined": day, "sales": sales,
        "rating": f"{chance.randint(39, 50) / 10:.1f} / 5" if site == "harbour" else f"{chance.randint(84, 99)}%",
        "ships_from": place, "ships_to": list(_TO.get(place, ("Europe", "United Kingdom" if site == "harbour" else "UK"))),
        "about": about, "wares": wares, "feedback": sorted(feedback), **contacts,
    }  # fmt: skip


def _styled(title: str, style: str) -> str:
    """How a seller writes a title: as it is, LOUD, with its kind in brackets, or eager."""
    if style == "caps":
        return f"{title.partition(',')[0].upper()}{title[len(title.partition(',')[0]) :]}"
    if style == "bracket":
        head, _, rest = title.partition(",")
        return f"[{rest.strip()}] {head}" if rest else f"[new] {head}"
    return f"{title} - last ones!" if style == "shout" else title

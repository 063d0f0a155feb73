"""Invented titles of kinds that public markets label seldom or never: protected wildlife, everyday lawful goods, tobacco, fireworks.

Some bear an invented brand, as real ones bear a brand that nobody has heard of: what is sold must be told from the other words.
"""

from __future__ import annotations

import random

from goods_data import Title

from bowstreet.reading.goods.taxonomy import by_label

_WILDLIFE = (
    "african elephant ivory tusk", "carved ivory figurine", "antique ivory bangle", "raw ivory pieces", "rhino horn powder",
    "white rhino horn tip", "pangolin scales dried", "live pangolin", "tiger bone wine", "tiger skin rug", "leopard pelt",
    "snow leopard skin", "bear bile capsules", "bear gall bladder", "sea turtle shell comb", "hawksbill tortoiseshell box",
    "live radiated tortoise hatchling", "african grey parrot eggs", "hyacinth macaw chick", "peregrine falcon chick",
    "saker falcon live", "slow loris baby", "marmoset monkey baby", "capuchin monkey tame", "cheetah cub", "lion cub",
    "shark fin dried", "totoaba swim bladder", "seahorse dried", "abalone poached dried", "rosewood logs", "agarwood chips",
    "wild orchid collected", "cites cactus wild dug", "hornbill casque", "helmeted hornbill ivory carving", "otter pup live",
    "glass eels live", "caiman skin hide", "python skin raw", "crocodile teeth wild", "eagle feathers", "bird of prey mount",
    "primate skull", "walrus tusk scrimshaw", "whale tooth", "narwhal tusk", "vicuna wool raw", "shahtoosh shawl",
)  # fmt: skip
_LAWFUL = (
    "cotton bath towel set", "stainless steel saucepan", "non-stick frying pan", "led desk lamp", "wooden bookshelf",
    "garden hose", "lawn mower", "cordless drill", "screwdriver set", "wallpaper paste", "emulsion paint", "cat litter",
    "dog bed", "bird feeder", "baby stroller", "nappy bags", "children's building blocks", "jigsaw puzzle 1000 pieces",
    "board game family edition", "football size 5", "yoga mat", "cycling helmet", "mountain bike", "camping tent 4 person",
    "sleeping bag", "hiking boots", "running shoes", "women's summer dress", "men's cotton shirt", "school uniform jumper",
    "wool scarf", "leather wallet", "suitcase cabin size", "alarm clock", "washing machine", "fridge freezer", "microwave oven",
    "kettle", "toaster 4 slice", "coffee machine", "tea bags", "olive oil", "pasta penne", "chocolate biscuits", "shampoo",
    "toothpaste", "hand cream", "vitamin c tablets", "reading glasses", "hearing aid batteries", "bluetooth speaker",
    "wireless headphones", "laptop stand", "usb c cable", "hdmi cable", "printer ink cartridge", "a4 copier paper",
    "fountain pen", "notebook ruled", "paperback novel", "cookery book hardback", "history of england paperback",
    "piano sheet music", "acoustic guitar", "violin strings", "car wash kit", "motor oil 5w30", "windscreen wipers",
    "tyre pressure gauge", "pot plant", "tulip bulbs", "compost 50 litre", "curtains pair", "double duvet", "memory foam pillow",
    "dining chairs", "sofa 3 seater", "tv stand", "television 43 inch", "digital camera", "phone case", "screen protector",
    "candle scented", "picture frame", "wedding invitations", "birthday card", "gift wrap", "sewing machine", "knitting wool",
)  # fmt: skip
_LAWFUL_MORE = (
    "pale ale 24 cans", "single malt whisky 12 year", "gin bottle 70cl", "red wine case of six", "sparkling wine", "vodka 1 litre",
    "dark rum", "eau de parfum 50 ml", "perfume spray", "aftershave gift set", "lipstick", "foundation cream", "nail polish",
    "face cream", "shoulder bag", "handbag", "tote bag", "clutch bag", "purse", "backpack", "belt", "scarf", "wristwatch quartz",
    "ladies watch", "automatic watch", "silver bracelet", "earrings", "wedding ring", "necklace pendant", "smartphone 128 gb",
    "tablet 10 inch", "laptop 15 inch", "smart watch", "games console", "charger plug", "power bank", "router wifi", "memory card",
    "sim tray tool", "headset", "festival ticket weekend", "concert tickets pair", "football match ticket", "train ticket return",
    "theatre tickets", "museum pass", "ferry ticket", "gym membership", "tv box", "drill battery 18 volt", "angle grinder",
    "spanner set", "padlock", "key blanks", "bolt cutters", "work gloves", "safety boots", "extension lead", "generator petrol",
    "bicycle lock", "electric scooter", "car tyres", "wheel trims", "number plate holder", "dash cam", "child seat", "trainers",
    "tracksuit", "jeans", "winter coat", "sunglasses", "baseball cap", "football shirt", "baby formula", "razor blades",
    "washing powder", "coffee beans", "chocolate bars box", "honey", "steak", "cheese wheel", "protein powder", "fishing rod",
)  # fmt: skip
_TOBACCO = (
    "rolling tobacco 50g pouch", "hand rolling tobacco", "cigarettes carton of 200", "cigarettes 10 packs", "cigarettes master case",
    "menthol cigarettes sleeve", "filter cigarettes duty free", "unstamped cigarettes", "cheap cigarettes no duty paid",
    "pipe tobacco tin", "cigars box of 25", "cigarillos", "cuban cigars", "shisha tobacco", "hookah molasses", "chewing tobacco",
    "snus cans", "snuff tin", "nicotine pouches", "disposable vape", "disposable vapes box of ten", "vape bars mixed flavours",
    "e-liquid nicotine", "nicotine salt 20mg", "vape pods", "cigarette tubes with tobacco", "loose leaf tobacco 1 kg",
    "cut rag tobacco", "tobacco duty unpaid",
)  # fmt: skip
_FIREWORKS = (
    "bangers brick", "rockets fireworks", "display shells", "roman candles", "firecrackers string", "aerial shell 3 inch",
    "mortar shells", "barrage 100 shots", "professional display cakes", "flash bangers", "thunder crackers", "hand flares",
    "smoke grenades", "fireworks box",
)  # fmt: skip
_SIZES = (
    "",
    "large",
    "small",
    "2 pack",
    "set of 4",
    "500 g",
    "1 kg",
    "black",
    "white",
    "blue",
    "new",
    "genuine",
    "1 litre",
    "30 cm",
)
_WILD_SIZES = (
    "",
    "1 kg",
    "250g",
    "rare",
    "museum quality",
    "pair",
    "wild caught",
    "worldwide shipping",
    "real",
    "high grade",
    "10 pieces",
)
_TOBACCO_SIZES = (
    "",
    "x10",
    "x50",
    "200",
    "50g",
    "1 kg",
    "case",
    "sealed",
    "foreign health warning",
    "no stamp",
    "10,000",
)
_LAWFUL_ENDS = (
    "",
    "free delivery",
    "uk stock",
    "with 2 year warranty",
    "special offer",
    "eco friendly",
    "model 2016",
)


_STARTS = (
    "b",
    "br",
    "c",
    "d",
    "f",
    "g",
    "h",
    "k",
    "l",
    "m",
    "n",
    "p",
    "qu",
    "r",
    "s",
    "st",
    "t",
    "v",
    "w",
    "z",
)
_MIDDLES = ("a", "e", "i", "o", "u", "ar", "en", "el", "or", "ai", "ea", "o", "un", "is")
_ENDS = ("n", "ra", "x", "lle", "th", "s", "field", "ton", "co", "via", "mont", "ley", "a", "o")
_KINDS = (
    (_WILDLIFE, "wildlife", _WILD_SIZES, _WILD_SIZES, 5), (_LAWFUL, "lawful", ("",), _SIZES, 4),
    (_LAWFUL_MORE, "lawful", ("",), _SIZES, 4), (_TOBACCO, "tobacco", ("",), _TOBACCO_SIZES, 6),
    (_FIREWORKS, "weapons/explosives", ("",), _SIZES, 4),
)  # fmt: skip


def titles(seed: int = 1) -> list[Title]:
    """Some fifteen hundred, each made by a vendor of its own."""
    draw = random.Random(seed)
    made = [
        (" ".join(part for part in (_brand(draw), draw.choice(before), one, draw.choice(after), draw.choice(_LAWFUL_ENDS)) if part), label)
        for kinds, label, before, after, times in _KINDS
        for one in kinds
        for _ in range(times)
    ]  # fmt: skip
    known = by_label()
    return [
        Title(text, f"invented {number}", label, known[label].alphabay, invented=True)
        for number, (text, label) in enumerate(made)
    ]


def _brand(draw: random.Random) -> str:
    """A name that means nothing, half the time."""
    if draw.random() < 0.5:
        return ""
    middle = "".join(draw.choice(_STARTS) + draw.choice(_MIDDLES) for _ in range(draw.choice((1, 2, 2))))
    return (middle + draw.choice(_ENDS)).capitalize()

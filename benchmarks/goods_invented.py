"""Invented titles of the two kinds that no public market labels: protected wildlife, and everyday lawful goods."""

from __future__ import annotations

import random

from goods_data import Title

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
_LAWFUL_ENDS = (
    "",
    "free delivery",
    "uk stock",
    "with 2 year warranty",
    "special offer",
    "eco friendly",
    "model 2016",
)


def titles(seed: int = 1) -> list[Title]:
    """A few hundred of each, each made by a vendor of its own."""
    draw = random.Random(seed)
    made = [
        (f"{draw.choice(_WILD_SIZES)} {one} {draw.choice(_WILD_SIZES)}".strip(), "wildlife")
        for one in _WILDLIFE
        for _ in range(5)
    ] + [
        (f"{one} {draw.choice(_SIZES)} {draw.choice(_LAWFUL_ENDS)}".strip(), "lawful")
        for one in _LAWFUL
        for _ in range(4)
    ]
    return [
        Title(text, f"invented {number}", label, "Other Listings")
        for number, (text, label) in enumerate(made)
    ]

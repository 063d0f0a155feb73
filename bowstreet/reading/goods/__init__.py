"""What a listing offers, told from its title: a label of the taxonomy, how sure, and the words that decided.

classify(["5g Colombian cocaine, pure"])[0].label        # "drugs/stimulants"
"""

from bowstreet.reading.goods.classify import Goods, classify
from bowstreet.reading.goods.corrections import BadCorrections, Corrections

__all__ = ["BadCorrections", "Corrections", "Goods", "classify"]

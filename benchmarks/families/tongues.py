"""Markets in other languages, each in a layout of its own."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.shops import slug
from families.stock import Thing

_PLACE = {
    "de": {"Germany": "Deutschland", "Netherlands": "Niederlande", "United Kingdom": "Großbritannien", "Worldwide": "Weltweit", "Europe": "Europa", "United States": "USA", "European Union": "EU", "Spain": "Spanien", "France": "Frankreich", "Poland": "Polen"},
    "ru": {"Germany": "Германия", "Netherlands": "Нидерланды", "Worldwide": "Весь мир", "Europe": "Европа", "Poland": "Польша", "United States": "США", "France": "Франция", "Spain": "Испания"},
    "fr": {"Germany": "Allemagne", "Netherlands": "Pays-Bas", "United Kingdom": "Royaume-Uni", "Worldwide": "Monde entier", "Europe": "Europe", "United States": "États-Unis", "European Union": "Union européenne", "Spain": "Espagne", "Belgium": "Belgique"},
}  # fmt: skip


class Tongue(Family):
    """A market in another language."""

    def place(self, name: str) -> str:
        return _PLACE.get(self.tongue, {}).get(name, name)

    def told(self, one: Thing, *, path: bool = True, ships: bool = True, to: bool = True, seller: bool = True) -> dict[str, object]:  # fmt: skip
        found = super().told(one, path=path, ships=ships, to=to, seller=seller)
        if ships:
            found |= {"ships_from": self.place(one.origin)}
            found |= {"ships_to": [self.place(p) for p in one.to]} if to else {}
        return found


class German(Tongue):
    """A table of offers in German, decimal commas."""

    name, tongue, currency = "german", "de", "EUR"

    def fiat(self, amount: float) -> str:
        return f"{amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".") + " €"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html lang="de"><head><title>{self.market} - {e(title)}</title></head><body><div class="kopf"><a href="/">{self.market}</a> <a href="/nachrichten">Nachrichten (0)</a> <a href="/bestellungen">Bestellungen</a> Guthaben: 0,00 € <a href="/abmelden">Abmelden</a></div><div class="seite"><h4>Kategorien</h4>{"".join(f"<a href=/kategorie/{n}>{s} ({n * 9})</a><br>" for n, s in enumerate(("Drogen", "Betrug", "Digitales", "Falschgeld", "Papiere", "Sonstiges"), 1))}</div><div class="inhalt">{main}</div></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<tr><td><a href="/angebot/{t.number}">{e(t.title)}</a></td><td><a href="/anbieter/{t.seller}">{t.seller}</a></td><td>{self.place(t.origin)}</td><td align="right">{self.fiat(t.amount)}</td></tr>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/kategorie/1",
            "Drogen",
            f"<h2>Drogen</h2><table class='angebote'><tr><th>Titel</th><th>Verkäufer</th><th>Versand aus</th><th>Preis</th></tr>{rows}</table><p>Seite 1 von 4 <a href='?seite=2'>weiter</a></p>",
            self.rows(things, lambda t: f"/angebot/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<p><a href="/kategorie/1">{"</a> &raquo; <a href=/kategorie/9>".join(one.path)}</a></p><h2>{e(one.title)}</h2><table><tr><td>Anbieter:</td><td><a href="/anbieter/{one.seller}">{one.seller}</a> (99 % positiv)</td></tr><tr><td>Preis:</td><td>{self.fiat(one.amount)}</td></tr><tr><td>Versand aus:</td><td>{self.place(one.origin)}</td></tr><tr><td>Versand nach:</td><td>{", ".join(map(self.place, one.to))}</td></tr><tr><td>Lagerbestand:</td><td>{one.left} Stück</td></tr><tr><td>Zahlungsart:</td><td>Treuhand</td></tr></table><form>Versandart: <select><option>Brief +2,50 €</option></select><button>In den Warenkorb</button></form><h3>Beschreibung</h3><p>Wir versenden täglich ausser am Sonntag. Bitte lies unsere Bedingungen, bevor du bestellst.</p><h3>Bewertungen</h3><table><tr><td>5/5</td><td>Alles bestens, gerne wieder</td><td>03.04.2021</td></tr></table>'
        return self.page("listing", f"/angebot/{one.number}", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        main = f"<h2>Profil von {name}</h2><table><tr><td>Mitglied seit:</td><td>12.03.2020</td></tr><tr><td>Zuletzt online:</td><td>heute</td></tr><tr><td>Verkäufe:</td><td>311</td></tr><tr><td>Bewertung:</td><td>98,7 % positiv</td></tr></table><h3>Über mich</h3><p>Wir sind seit Jahren dabei und beliefern nur Deutschland und Österreich. Schreibt uns gerne an.</p><h3>PGP-Schlüssel</h3><pre>-----BEGIN PGP PUBLIC KEY BLOCK-----\nx\n-----END PGP PUBLIC KEY BLOCK-----</pre>"
        return self.page("seller", f"/anbieter/{name}", name, main, {"handle": name})

    def feedback(self, name: str) -> Page:
        rows = "".join(
            f"<tr><td>{n % 2 + 4}/5</td><td>Ware top, Versand schnell</td><td>{t.seller[0]}***{t.seller[-1]}</td><td>{n % 27 + 1:02}.0{n % 9 + 1}.2021</td></tr>"
            for n, t in enumerate(self.stock.some(18))
        )
        return self.page(
            "feedback",
            f"/anbieter/{name}/bewertungen",
            name,
            f"<h2>Bewertungen für {name}</h2><table><tr><th>Note</th><th>Kommentar</th><th>Käufer</th><th>Datum</th></tr>{rows}</table><a href='?seite=2'>weiter</a>",
        )


class Russian(Tongue):
    """Shops within a market in Russian: cards, roubles, "from" before the price."""

    name, tongue, currency = "russian", "ru", "RUB"

    def fiat(self, amount: float) -> str:
        return f"{round(amount * 70):,} ₽".replace(",", " ")

    def told(self, one: Thing, *, path: bool = True, ships: bool = True, to: bool = True, seller: bool = True) -> dict[str, object]:  # fmt: skip
        return super().told(one, path=path, ships=ships, to=to, seller=seller) | {
            "price": [float(round(one.amount * 70))]
        }

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html lang="ru"><head><title>{e(title)} — {self.market}</title></head><body><header><a class="logo" href="/">{self.market}</a><a href="/cart">Корзина</a><a href="/orders">Заказы</a><a href="/balance">Баланс: 0 ₽</a><a href="/logout">Выход</a></header><div class="container">{main}</div><footer>Правила · Поддержка</footer></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="product-card"><a class="product-card__img" href="/product/{t.number}"><img></a><a class="product-card__title" href="/product/{t.number}">{e(t.title)}</a><div class="product-card__shop">Магазин: <a href="/market/{t.seller}">{t.seller}</a></div><div class="product-card__rating">4.{t.left % 9} ({t.sold} отзывов)</div><div class="product-card__price">от <b>{self.fiat(t.amount)}</b></div><a class="btn" href="/product/{t.number}">Купить</a></div>' for t in things)  # fmt: skip
        truth = self.rows(things, lambda t: f"/product/{t.number}")
        for row, t in zip(truth["rows"], things, strict=True):
            row["price"] = [float(round(t.amount * 70))]
        return self.page(
            "results",
            "/catalog/1",
            "Каталог",
            f'<h1>Каталог</h1><div class="filters">Цена от <input> до <input></div>{cards}<div class="pages"><a href="?page=2">2</a></div>',
            truth,
        )

    def listing(self, one: Thing) -> Page:
        trail = " / ".join(f'<a href="/catalog/{slug(s)}">{s}</a>' for s in one.path)
        main = f'<div class="breadcrumbs"><a href="/">Главная</a> / {trail}</div><h1>{e(one.title)}</h1><div class="info"><p>Продавец: <a href="/market/{one.seller}">{one.seller}</a></p><p>Цена: <b>{self.fiat(one.amount)}</b></p><p>Отправка из: {self.place(one.origin)}</p><p>Отправка в: {", ".join(map(self.place, one.to))}</p><p>В наличии: {one.left}</p></div><button>В корзину</button><h3>Описание</h3><p>Отправляем каждый день, кроме воскресенья. Перед заказом прочитайте правила магазина.</p><h3>Отзывы</h3><div class="review"><span>★★★★★</span> Всё хорошо, спасибо <span>12.03.2021</span></div>'
        return self.page("listing", f"/product/{one.number}", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        own = self.stock.some(5, name)
        cards = "".join(
            f'<div class="product-card"><a class="product-card__title" href="/product/{t.number}">{e(t.title)}</a><div class="product-card__price">от <b>{self.fiat(t.amount)}</b></div></div>'
            for t in own
        )
        main = f'<h1>{name}</h1><div class="shop-info"><p>На сайте с: 12.03.2019</p><p>Сделок: 1204</p><p>Рейтинг: 4.95</p><p>Последний визит: сегодня</p></div><p>Магазин работает без выходных. Пишите по любым вопросам, поможем выбрать.</p><h2>Товары</h2>{cards}'
        return self.page("seller", f"/market/{name}", name, main, {"handle": name})


class French(Tongue):
    """A forum-like market in French: lines of spans, the author and the section in words."""

    name, tongue, currency = "french", "fr", "EUR"

    def fiat(self, amount: float) -> str:
        return f"{amount:,.2f} €".replace(",", "\u202f").replace(".", ",")

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html lang="fr"><head><title>{e(title)} - {self.market}</title></head><body><nav><a href="/">{self.market}</a><a href="/annonces">Annonces</a><a href="/messages">Messagerie</a><a href="/deconnexion">Déconnexion ({self.stock.me})</a></nav><section>{main}</section></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<li class="annonce"><span class="titre"><a href="/annonce-{t.number}.html">{e(t.title)}</a></span> <span class="par">par <a href="/membre/{t.seller}">{t.seller}</a> dans <a href="/section/{slug(t.path[0])}">{t.path[0]}</a></span> <span class="prix">{self.fiat(t.amount)}</span></li>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/annonces",
            "Annonces",
            f"<h1>Annonces</h1><ul>{rows}</ul><a href='/annonces?page=2'>Page suivante</a>",
            self.rows(things, lambda t: f"/annonce-{t.number}.html"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<p class="fil"><a href="/section/1">{"</a> › <a href=/section/2>".join(one.path)}</a></p><h1>{e(one.title)}</h1><div class="fiche"><div><span class="k">Vendeur</span><span class="v"><a href="/membre/{one.seller}">{one.seller}</a></span></div><div><span class="k">Prix</span><span class="v">{self.fiat(one.amount)}</span></div><div><span class="k">Expédié de</span><span class="v">{self.place(one.origin)}</span></div><div><span class="k">Livré à</span><span class="v">{", ".join(map(self.place, one.to))}</span></div></div><p>Envoi rapide et discret. Lisez bien nos conditions avant de commander, merci.</p><button>Acheter</button>'
        return self.page("listing", f"/annonce-{one.number}.html", one.title, main, self.told(one))

    def seller(self, name: str) -> Page:
        main = f"<h1>Profil de {name}</h1><ul><li>Membre depuis : 12/03/2020</li><li>Ventes : 120</li><li>Dernière connexion : hier</li></ul><p>Vendeur sérieux depuis plusieurs années, envois tous les jours de la semaine.</p>"
        return self.page("seller", f"/membre/{name}", name, main, {"handle": name})


class Spanish(Tongue):
    """Cards in Spanish; the price in euros and in coins."""

    name, tongue, currency = "spanish", "es", "EUR"

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html lang="es"><head><title>{self.market}</title></head><body><div class="barra"><a href="/">{self.market}</a> Hola {self.stock.me} <a href="/salir">Cerrar sesión</a></div><div class="contenido">{main}</div></body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="tarjeta"><h3><a href="/producto/{slug(t.title)}/{t.number}">{e(t.title)}</a></h3><p>Vendedor: <b>{t.seller}</b></p><p>Precio: €{t.amount:.2f} (0,{t.number} XMR)</p><p>Envío desde: {t.origin}</p><a class="boton" href="/producto/{slug(t.title)}/{t.number}">Ver más</a></div>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/productos",
            "x",
            f"<h2>Productos</h2>{cards}",
            self.rows(things, lambda t: f"/{t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<h2>{e(one.title)}</h2><ul class="datos"><li><b>Vendedor:</b> {one.seller}</li><li><b>Precio:</b> €{one.amount:.2f}</li><li><b>Categoría:</b> {" > ".join(one.path)}</li><li><b>Envío desde:</b> {one.origin}</li><li><b>Envío a:</b> {", ".join(one.to)}</li><li><b>Pago:</b> Depósito en garantía</li></ul><p>Enviamos de lunes a viernes. Lea las condiciones antes de comprar, por favor.</p><button>Comprar</button>'
        return self.page("listing", f"/producto/{slug(one.title)}/{one.number}", "x", main, self.told(one))


class Polish(Tongue):
    """Old tables in Polish, prices in złoty."""

    name, tongue, currency = "polish", "pl", "EUR"

    def setup(self, r: random.Random) -> None:
        self.first = r.random() < 0.5

    def fiat(self, amount: float) -> str:
        return f"{amount:.2f} zł".replace(".", ",")

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market}</title></head><body><table><tr><td><h1>{self.market}</h1></td><td>Zalogowany jako {self.stock.me} <a href="/wyloguj">Wyloguj</a></td></tr></table>{main}</body></html>'

    def results(self, things: Sequence[Thing]) -> Page:
        rows = "".join(f'<tr><td><a href="oferta.php?nr={t.number}">{e(t.title)}</a></td><td>{self.fiat(t.amount)}</td><td><a href="sprzedawca.php?n={t.seller}">{t.seller}</a></td></tr>' for t in things)  # fmt: skip
        return self.page(
            "results",
            "/oferty.php",
            "x",
            f"<h2>Oferty</h2><table border=1><tr><td><b>Nazwa</b></td><td><b>Cena</b></td><td><b>Sprzedawca</b></td></tr>{rows}</table>",
            self.rows(things, lambda t: f"oferta.php?nr={t.number}"),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<h2>{e(one.title)}</h2><p>Sprzedawca: <a href="sprzedawca.php?n={one.seller}">{one.seller}</a></p><p>Cena: <b>{self.fiat(one.amount)}</b></p><p>Kategoria: {" / ".join(one.path)}</p><p>Wysyłka z: {one.origin}</p><p>Wysyłka do: {", ".join(one.to)}</p><p>Wysyłamy codziennie oprócz niedzieli. Prosimy o kontakt przed zakupem.</p><input type=submit value="Kup teraz">'
        return self.page("listing", f"/oferta.php?nr={one.number}", "x", main, self.told(one))


TONGUES = (German, Russian, French, Spanish, Polish)

"""Words that sites use for the parts of an offer: label words in several languages, and words in class names.

label("Verkäufer:")      →  "seller"
"""

from __future__ import annotations

import re

#: field → what sites call it, in their labels
LABELS = {
    "seller": "seller|vendor|sold by|merchant|shop|trader|offered by|by|store|author|seller name|vendor name|username|listed by|posted by|"
              "verkäufer|anbieter|händler|vendeur|vendedor|venditore|verkoper|sprzedawca|продавец|säljare|sælger|myyjä|satıcı|卖家|"
        "vendor/seller|seller/vendor|sold & shipped by|brought to you by|shop name|store name|dealer|advertiser|poster|offer by|verkauft von|angeboten von|vendu par|proposé par|annonceur|membre|vendido por|anunciante|tienda|venduto da|inserzionista|verkocht door|aanbieder|winkel|sprzedający|sprzedaje|sklep|магазин|продавец магазин|vânzător|prodejce|predajca|eladó|selger|försäljare|πωλητής|loja|販売者|出品者|판매자|卖方|商家",
    "price": "price|cost|unit price|item price|total price|amount due|our price|purchase price|price each|price per unit|price from|listing price|"
             "usd price|price usd|current price|buy price|starting price|asking price|"
             "preis|prix|precio|prezzo|prijs|preço|cena|цена|pris|hinta|fiyat|价格|buy it now|"
        "current bid|winning bid|price (usd)|price (btc)|price (eur)|price in usd|price in btc|price eur|sale price|your price|offer price|preis pro stück|stückpreis|gesamtpreis|verkaufspreis|kaufpreis|prix unitaire|tarif|precio unitario|prezzo unitario|stuksprijs|cena za sztukę|cena netto|стоимость|цена за шт|pris per styck|preţ|preț|τιμή|価格|가격|价钱|售价",
    "ships_from": "ships from|ship from|shipping from|shipped from|origin|origin country|country of origin|sends from|dispatched from|from|location|"
                  "delivers from|shipping origin|ship-from|item location|seller location|versand aus|versand von|expédié de|envío desde|envia de|spedito da|"
                  "verzonden vanuit|wysyłka z|отправка из|skickas från|发货地|"
        "dispatches from|dispatch|dispatch from|sent from|sending from|from country|ships out of|item ships from|posted from|vendor location|shipping country|versandland|versendet aus|lieferung aus|abgangsland|herkunft|standort|envoi depuis|expédition depuis|expédié depuis|provenance|enviado desde|se envía desde|origen|ubicación|envio de|origem|spedizione da|provenienza|luogo|verzending vanuit|verstuurd vanuit|herkomst|locatie|wysyłane z|kraj|miejscowość|отправляется из|откуда|страна отправки|регион|odesílá se z|küldés innen|发货国家|发货地点|配送元|출발지",
    "ships_to": "ships to|ship to|shipping to|delivers to|destination|destinations|ships worldwide to|to|sends to|delivery to|ship-to|shipped to|"
                "destination countries|delivers|versand nach|livré à|envío a|envia para|spedisce a|verzonden naar|wysyłka do|отправка в|skickas till|送货至|"
        "will send to|posts to|available in|deliver to|destination country|ships out to|shipping destinations|ship destinations|lieferung nach|liefert nach|versendet nach|versandziel|zielländer|envoi vers|expédition vers|expédié vers|livraison vers|enviado a|se envía a|destino|destinos|envio para|spedizione a|spedizione verso|destinazione|verzending naar|verstuurt naar|bestemming|wysyłane do|dostawa do|куда|доставка в|отправляет в|страны доставки|收货地|配送先|배송지",
    "quantity": "quantity|amount|unit|units|weight|size|pack size|quantity per unit|per unit|measurement unit|unit size|menge|quantité|cantidad|"
                "quantità|hoeveelheid|ilość|количество|antal|"
        "package|packaging|lot size|verpackung|gewicht|größe|stückzahl|poids|taille|conditionnement|peso|tamaño|waga|rozmiar|вес|объем|фасовка",
    "stock": "stock|in stock|available|availability|quantity left|left|items left|items available|quantity in stock|quantity available|stock level|"
             "left in stock|remaining|auf lager|verfügbar|disponible|voorraad|в наличии|"
        "left/sold|stock quantity|stocks|amount left|lagerbestand|bestand|vorrat|stock disponible|en stock|quantité disponible|existencias|en existencia|disponibilità|op voorraad|beschikbaar|dostępne|dostępność|stan magazynowy|наличие|остаток|在库|库存",
    "payment": "payment|payment method|payment type|escrow|accepts|accepted payments|payment system|payment options|terms of payment|payments|"
               "payment methods|fe or escrow|payment mode|order type|transaction type|zahlung|paiement|pago|pagamento|betaling|płatność|оплата|"
        "coins|payment coins|purchase type|pay with|accepted coins|accepted currencies|currencies|zahlungsart|zahlungsmethode|zahlungsweise|treuhand|moyen de paiement|mode de paiement|forma de pago|método de pago|metodo di pagamento|betaalmethode|betaalwijze|metoda płatności|формы оплаты|способ оплаты|гарант",
    "category": "category|categories|section|product category|listed in|categorie|kategorie|catégorie|categoría|categoria|kategoria|категория|kategori|"
        "group|department|sub category|subcategory|posted in|filed under|in category|product categories|rubrik|abteilung|bereich|rubrique|catégories|sección|categorías|reparto|rubriek|dział|раздел|рубрика|分类|类别|カテゴリ",
    "rating": "rating|positive|positive feedback|score|seller rating|vendor rating|reviews score|stars|feedback score|reputation|bewertung|"
              "note|valoración|valutazione|beoordeling|ocena|рейтинг|feedback rating|"
        "quality rate|avg rating|average rating|rep|karma|note moyenne|durchschnitt|оценка|репутация|відгуки",
    "joined": "joined|member since|registered|registered on|registration date|account created|since|vendor since|seller since|active since|join date|"
              "joined on|user since|registered since|registered at|created|sign up date|mitglied seit|membre depuis|miembro desde|lid sinds|регистрация|"
        "here since|on site since|posting for|first seen|dabei seit|angemeldet seit|registriert|registriert seit|inscrit le|inscrit depuis|registrado|registrado el|membro desde|membro dal|iscritto dal|registrato|geregistreerd|dołączył|zarejestrowany|członek od|w serwisie od|на сайте с|дата регистрации|зарегистрирован|с нами с|注册时间|登録日|가입일",
    "level": "level|vendor level|rank|trust level|seller level|user level|trust|vendor rank|"
        "group rank|stufe|niveau|nivel|livello|poziom|уровень|ранг|等级",
    "sales": "sales|total sales|sold|deals|orders|orders completed|completed orders|transactions|finalized orders|items sold|completed sales|"
             "total orders|number of sales|successful transactions|total deals|sales count|finalized|verkäufe|ventes|ventas|vendite|продажи|"
        "rated orders|completed deals|successful sales|verkauft|abgeschlossene bestellungen|nombre de ventes|commandes|número de ventas|vendite totali|verkopen|sprzedaż|liczba transakcji|сделок|сделки|кол-во сделок|количество сделок|покупок|销量",
    "last_seen": "last seen|last online|last active|last login|seen|last visit|last activity|last logged in|last seen online|zuletzt online|zuletzt gesehen|"
        "last visited|last active on|last connection|last here|letzter login|zuletzt aktiv|dernière connexion|dernière visite|última conexión|última visita|visto por última vez|ultimo accesso|laatst gezien|laatste bezoek|ostatnio widziany|ostatnia wizyta|ostatnie logowanie|последний визит|был в сети|последняя активность|заходил",
    "title": "title|product|name|item|product name|listing title|listing|offer|item name|titel|titre|título|titolo|название|"
        "product title|ad title|subject|nazwa|nombre|nome|naam|betreff|sujet|asunto|тема|товар|наименование|商品名",
    "class": "class|product class|type|listing type|product type|listing class|item type|"
        "condition|zustand|produkttyp|état|estado|condizione|staat|stan|состояние|тип товара",
    "views": "views|hits|viewed|visits|"
        "aufrufe|vues|visitas|visualizzazioni|wyświetleń|просмотры|просмотров",
    "ends": "ends in|ends|expires|time left|auto-dispatch|autodispatch|"
        "endet in|temps restant|tiempo restante|koniec|осталось",
}  # fmt: skip
_FIELD = {word: name for name, said in LABELS.items() for word in said.split("|")}
_EDGES = re.compile(r"^[\s:：\u00a0\-–|•»>*#]+|[\s:：\u00a0\-–|•»>*]+$")
_SPACE = re.compile(r"\s+")

#: group → words in the names of classes and identifiers
_CLASSES = {
    "title": "title name heading headline subject listingname productname",
    "item": "product listing item offer goods",
    "price": "price prices cost amount pris preis prix prezzo precio cena prijs money usd pricing",
    "seller": "vendor seller user merchant author member username trader",
    "buy": "buy cart basket purchase order checkout add",
    "old": "old was regular list strike striked crossed rrp msrp before compare original previous uvp through line",
    "now": "now current final sale special our actual offer today main primary",
    "nav": "nav navbar menu sidebar side topbar header footer pagination breadcrumb toolbar tabs tab widget controlbox dropdown submenu",
    "account": "login account balance wallet session logged userbar profile welcome",
    "rates": "rate rates exchange currency currencies ticker converter",
    "related": "related recommend recommended recommendation recommendations similar also carousel slider recent upsell crosssell sponsored others other "
               "accessories accessory bundle alternative featured ads popular history viewed",
    "ship": "ship shipping delivery versand postage freight livraison",
    "review": "review reviews feedback rating comment comments stars",
    "save": "save saving savings discount off rabatt coupon voucher installment instalment finance monthly month mensile rate credit points loyalty",
    "unit": "unit per base grundpreis basic",
    "crumb": "crumb crumbs breadcrumb breadcrumbs path bread",
    "desc": "desc description details text body content",
    "brand": "logo brand branding banner slogan sitename",
}  # fmt: skip
CLASSES = {word: name for name, said in _CLASSES.items() for word in said.split()}
_TOKEN = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

#: what the furniture of a site says: never a title, a seller or a category
FURNITURE = frozenset(
    "home|search|login|log in|logout|log out|sign in|sign out|sign up|register|account|my account|profile|settings|orders|my orders|messages|"
    "inbox|support|help|faq|forum|forums|contact|contact us|about|about us|cart|basket|wallet|balance|feedback|reviews|categories|"
    "browse|browse categories|listings|products|all|market|marketplace|menu|navigation|listing options|description|product description|details|"
    "terms|terms and conditions|refund policy|refund|rules|wiki|news|disputes|dispute|favorites|favourites|add to favorites|report|"
    "report listing|contact seller|contact vendor|send message|message|buy|buy now|order now|order|next|previous|prev|first|last|page|back|"
    "user profile|vendor profile|seller profile|icon|exchange rates|profile actions|buyer statistics|seller statistics|become a vendor|"
    "become vendor|pgp|stats|statistics|view|more|show more|see all|details|filter|filters|sort by|sort|advanced search|quick search|options|"
    "shipping|shipping options|shipping method|payment|quantity|copyright|privacy|privacy policy|english|mirrors|canary|links|welcome|"
    "similar listings|related|related listings|featured|featured listings|other listings|product information|listing information|information|"
    "overview|general|summary|policy|warning|notice|announcement|announcements|deposit|withdraw|exit|purchase|notifications|dashboard|autoshop|"
    "physical|digital|physical goods|digital goods|bulk prices|vendor information|seller information|product details|listing details|vendors|"
    "sellers|vendor|seller|user|affiliates|referrals|bug bounty|jabber|history|listings by this vendor|more from this vendor|all products|"
    "all categories|view listing|item details|shop|store|start|startseite|accueil|inicio|main|main page|index|top|hot|new|bestsellers|deals|"
    "newest|latest|search results|all offers|offers|items|goods|marketplace|ads|my ads|post an ad|reply|catalog|result pages|sections|leave|exit|my cart|"
    "checkout|wishlist|compare|brand|tags|rules|safety|privacy policy|seller info|shop with confidence|refine|top vendors|best sellers|load more|"
    "nachrichten|bestellungen|abmelden|anmelden|kategorien|guthaben|warenkorb|beschreibung|bewertungen|angebote|produkte|suche|hilfe|regeln|konto|mehr|"
    "profil|über mich|impressum|annonces|messagerie|déconnexion|connexion|panier|catégories|produits|recherche|aide|avis|profil|commandes|productos|categorías|"
    "buscar|ayuda|carrito|pedidos|mensajes|salir|opiniones|descripción|perfil|prodotti|categorie|carrello|ordini|messaggi|esci|recensioni|descrizione|oferty|"
    "produkty|kategorie|koszyk|zamówienia|wiadomości|wyloguj|zaloguj|opinie|opis|pomoc|каталог|главная|корзина|заказы|выход|вход|описание|отзывы|товары|"
    "категории|сообщения|поиск|помощь|правила|поддержка|профиль|избранное|баланс|меню|producten|zoeken|winkelwagen|berichten|uitloggen|beoordelingen|omschrijving".split("|")
)  # fmt: skip

#: a date as sites write it
DATE = re.compile(
    r"\b\d{4}-\d\d-\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}\b"
    r"|\d+ (?:days?|hours?|weeks?|months?|years?) ago|\bpast (?:day|week|month|year)\b",
    re.I,
)


def plain(text: str) -> str:
    """A label or a menu entry without what stands round it, in lower case."""
    return _SPACE.sub(" ", _EDGES.sub("", text)).lower()


def label(text: str) -> str | None:
    """The field that a text names, where it is a label and nothing else."""
    return _FIELD.get(plain(text)) if len(text) < 48 else None


def tokens(names: str) -> list[str]:
    """The words in a class or identifier: "productPrice-old" → product, price, old."""
    return [word.lower() for word in _TOKEN.findall(names)]

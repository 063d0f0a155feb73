"""Shop software: WooCommerce with vendors, Magento, osCommerce, OpenCart, PrestaShop, Shopify."""

from __future__ import annotations

import random
from collections.abc import Sequence

from markets import Page

from families.base import Family, e
from families.stock import Thing


def slug(title: str) -> str:
    """A title as an address has it."""
    return "-".join("".join(c.lower() if c.isalnum() else " " for c in title).split()) or "item"


class Woo(Family):
    """WooCommerce, with a plugin for vendors."""

    name = "woo"
    member = False

    def setup(self, r: random.Random) -> None:
        self.vendors, self.side = r.random() < 0.6, r.random() < 0.5
        self.sells = self.vendors

    def amount(self, value: float) -> str:
        return f'<span class="woocommerce-Price-amount amount"><bdi><span class="woocommerce-Price-currencySymbol">&#36;</span>{value:,.2f}</bdi></span>'

    def cost(self, one: Thing) -> str:
        if one.number % 3 == 0:
            return f'<span class="price"><del aria-hidden="true">{self.amount(one.amount * 1.25)}</del> <ins>{self.amount(one.amount)}</ins></span>'
        return f'<span class="price">{self.amount(one.amount)}</span>'

    def frame(self, title: str, main: str) -> str:
        side = (
            f'<aside class="widget-area"><div class="widget woocommerce widget_shopping_cart"><h2 class="widgettitle">Cart</h2><p class="woocommerce-mini-cart__empty-message">No products in the cart.</p></div><div class="widget widget_products"><h2>Products</h2><ul class="product_list_widget">{"".join(f"<li><a href=/product/{slug(t.title)}-{t.number}/><img><span class=product-title>{e(t.title)}</span></a> {self.amount(t.amount)}</li>" for t in self.stock.things[-3:])}</ul></div></aside>'
            if self.side
            else ""
        )
        return f'<!DOCTYPE html><html lang="en-GB"><head><title>{e(title)} &#8211; {self.market}</title></head><body class="woocommerce"><header class="site-header"><div class="site-branding"><p class="site-title"><a href="/">{self.market}</a></p></div><nav class="main-navigation"><ul><li><a href="/shop/">Shop</a></li><li><a href="/cart/">Cart <span class="woocommerce-Price-amount">$0.00</span> <span class="count">0 items</span></a></li><li><a href="/my-account/">My account</a></li></ul></nav></header><div class="content-area"><main class="site-main">{main}</main></div>{side}<footer class="site-footer">&copy; {self.market} 2022 Built with WooCommerce</footer></body></html>'

    def url(self, one: Thing) -> str:
        return f"/product/{slug(one.title)}-{one.number}/"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(
            f'<li class="product type-product post-{t.number} instock product_cat-{slug(t.path[-1])}"><a href="{self.url(t)}" class="woocommerce-LoopProduct-link woocommerce-loop-product__link"><img alt=""><h2 class="woocommerce-loop-product__title">{e(t.title)}</h2>{self.cost(t)}</a>'
            + (f'<span class="wcfm_sold_by">Store: <a href="/store/{t.seller}/">{t.seller}</a></span>' if self.vendors else "")
            + f'<a href="?add-to-cart={t.number}" data-quantity="1" class="button product_type_simple add_to_cart_button" data-product_id="{t.number}">Add to basket</a></li>'
            for t in things
        )  # fmt: skip
        main = f'<nav class="woocommerce-breadcrumb"><a href="/">Home</a> / Shop</nav><h1 class="woocommerce-products-header__title page-title">Shop</h1><p class="woocommerce-result-count">Showing 1&ndash;{len(things)} of 96 results</p><form class="woocommerce-ordering"><select><option>Default sorting</option><option>Sort by price: low to high</option></select></form><ul class="products columns-4">{cards}</ul><nav class="woocommerce-pagination"><a class="page-numbers" href="/shop/page/2/">2</a></nav>'
        return self.page("results", "/shop/", "Shop", main, self.rows(things, self.url, seller=self.vendors))

    def listing(self, one: Thing) -> Page:
        trail = " / ".join(f'<a href="/product-category/{slug(s)}/">{s}</a>' for s in one.path)
        sold = (
            f'<div class="wcfm-store"><span>Sold by:</span> <a href="/store/{one.seller}/">{one.seller}</a></div>'
            if self.vendors
            else ""
        )
        related = "".join(
            f'<li class="product"><a href="{self.url(t)}"><h2 class="woocommerce-loop-product__title">{e(t.title)}</h2>{self.cost(t)}</a></li>'
            for t in self.stock.things[:4]
            if t.title != one.title
        )
        main = f'<nav class="woocommerce-breadcrumb"><a href="/">Home</a> / {trail} / {e(one.title)}</nav><div class="product type-product"><div class="woocommerce-product-gallery"><img></div><div class="summary entry-summary"><h1 class="product_title entry-title">{e(one.title)}</h1><p class="price">{self.cost(one)}</p><div class="woocommerce-product-details__short-description"><p>{self.stock.prose()}</p></div><p class="stock in-stock">{one.left} in stock</p><form class="cart"><input name="quantity" value="1"><button class="single_add_to_cart_button button alt">Add to cart</button></form>{sold}<div class="product_meta"><span class="sku_wrapper">SKU: <span class="sku">N/A</span></span> <span class="posted_in">Category: <a href="/c" rel="tag">{one.path[-1]}</a></span></div></div><div class="woocommerce-tabs"><ul class="tabs"><li><a href="#d">Description</a></li><li><a href="#r">Reviews (2)</a></li></ul><div><h2>Description</h2><p>{self.stock.prose(3)}</p></div></div><section class="related products"><h2>Related products</h2><ul class="products columns-4">{related}</ul></section></div>'
        return self.page(
            "listing", self.url(one), one.title, main, self.told(one, ships=False, seller=self.vendors)
        )

    def seller(self, name: str) -> Page | None:
        if not self.vendors:
            return None
        own = self.stock.some(6, name)
        cards = "".join(
            f'<li class="product"><a href="{self.url(t)}"><img><h2 class="woocommerce-loop-product__title">{e(t.title)}</h2>{self.cost(t)}</a><a class="button" href="?add-to-cart={t.number}">Add to basket</a></li>'
            for t in own
        )
        main = f'<div id="wcfmmp-store"><div class="wcfm_banner_area"><h1 class="wcfm_store_title">{name}</h1><p>Member since 2021</p><div class="rating">4.8 rating from 97 reviews</div></div><ul class="tab_links"><li>Products</li><li><a href="about">About</a></li><li><a href="reviews">Reviews</a></li></ul><ul class="products columns-3">{cards}</ul></div>'
        return self.page("seller", f"/store/{name}/", name, main, {"handle": name})


class Magento(Family):
    """Magento 2: prices in data attributes, no sellers."""

    name = "magento"
    sells = False
    member = False
    currency = "EUR"

    def cost(self, one: Thing) -> str:
        text = f"{one.amount:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
        return f'<div class="price-box price-final_price" data-role="priceBox"><span class="price-container price-final_price tax weee"><span id="product-price-{one.number}" data-price-amount="{one.amount}" data-price-type="finalPrice" class="price-wrapper"><span class="price">{text}&nbsp;€</span></span></span></div>'

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{e(title)}</title></head><body><div class="page-wrapper"><header class="page-header"><a class="logo" href="/"><img alt="{self.market}"></a><div class="minicart-wrapper"><a href="/checkout/cart">My Cart</a></div></header><nav class="navigation"><ul><li class="level0"><a href="/new.html">What is new</a></li><li><a href="/goods.html">Goods</a></li><li><a href="/sale.html">Sale</a></li></ul></nav><main class="page-main">{main}</main><footer class="page-footer"><ul><li><a href="/privacy">Privacy</a></li><li><a href="/contact">Contact Us</a></li></ul></footer></div></body></html>'

    def url(self, one: Thing) -> str:
        return f"/{slug(one.title)}-{one.number}.html"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(
            f'<li class="item product product-item"><div class="product-item-info"><a href="{self.url(t)}" class="product photo product-item-photo"><img alt="{e(t.title)}"></a><div class="product details product-item-details"><strong class="product name product-item-name"><a class="product-item-link" href="{self.url(t)}">{e(t.title)}</a></strong>{self.cost(t)}<div class="product-item-inner"><form data-role="tocart-form"><button class="action tocart primary"><span>Add to Cart</span></button></form></div></div></div></li>'
            for t in things
        )
        main = f'<h1 class="page-title"><span class="base">Goods</span></h1><div class="toolbar"><p class="toolbar-amount">Items 1-{len(things)} of 77</p></div><ol class="products list items product-items">{cards}</ol>'
        return self.page("results", "/goods.html", "Goods", main, self.rows(things, self.url, seller=False))

    def listing(self, one: Thing) -> Page:
        trail = "".join(f'<li class="item category"><a href="/{slug(s)}.html">{s}</a></li>' for s in one.path)
        main = f'<div class="breadcrumbs"><ul class="items"><li class="item home"><a href="/">Home</a></li>{trail}<li class="item product"><strong>{e(one.title)}</strong></li></ul></div><div class="product-info-main"><div class="page-title-wrapper product"><h1 class="page-title"><span class="base" itemprop="name">{e(one.title)}</span></h1></div><div class="product-info-price">{self.cost(one)}<div class="product-info-stock-sku"><div class="stock available"><span>In stock</span></div><div class="product attribute sku"><strong class="type">SKU</strong> <div class="value">{one.number}</div></div></div></div><div class="box-tocart"><label>Qty</label><input name="qty"><button class="action primary tocart"><span>Add to Cart</span></button></div></div><div class="product info detailed"><div>{self.stock.prose(3)}</div></div>'
        return self.page("listing", self.url(one), one.title, main, self.told(one, ships=False, seller=False))


class OsCommerce(Family):
    """osCommerce: nested tables, boxes at the side, "Click here"."""

    name = "oscom"
    sells = False
    member = False
    currency = "GBP"

    def frame(self, title: str, main: str) -> str:
        return f'<html><head><title>{self.market}</title></head><body><table width="100%" class="header"><tr><td><a href="index.php">{self.market}</a></td><td align=right><a href="account.php">My Account</a> | <a href="shopping_cart.php">Cart Contents</a> | <a href="checkout.php">Checkout</a></td></tr></table><table width="100%"><tr><td width="125" valign="top"><table class="infoBoxHeading"><tr><td>Categories</td></tr></table><table class="infoBox"><tr><td class="boxText"><a href="index.php?cPath=1">Hardware-&gt;</a>&nbsp;(6)<br><a href="index.php?cPath=2">Papers</a>&nbsp;(17)<br><a href="index.php?cPath=3">Coins</a>&nbsp;(9)</td></tr></table><table class="infoBoxHeading"><tr><td>What\'s New?</td></tr></table><table class="infoBox"><tr><td align="center" class="boxText"><a href="product_info.php?products_id=999">Older thing</a><br>£9.00</td></tr></table></td><td valign="top">{main}</td></tr></table></body></html>'

    def url(self, one: Thing) -> str:
        return f"/product_info.php?products_id={one.number}"

    def results(self, things: Sequence[Thing]) -> Page:
        cells = "".join(f'<tr class="productListing-{"odd" if i % 2 else "even"}"><td align="center" class="productListing-data">&nbsp;<a href="product_info.php?cPath=1_2&amp;products_id={t.number}"><img alt=""></a>&nbsp;</td><td class="productListing-data">&nbsp;<a href="product_info.php?cPath=1_2&amp;products_id={t.number}">{e(t.title)}</a>&nbsp;</td><td align="right" class="productListing-data">&nbsp;{self.fiat(t.amount)}&nbsp;</td><td align="center" class="productListing-data"><a href="index.php?action=buy_now&amp;products_id={t.number}"><img alt="Buy Now"></a>&nbsp;</td></tr>' for i, t in enumerate(things))  # fmt: skip
        main = f'<table><tr><td class="pageHeading">Let\'s See What We Have Here</td></tr></table><table class="productListing"><tr><td class="productListing-heading">&nbsp;</td><td class="productListing-heading"><a href="?sort=2a">Product Name+</a></td><td class="productListing-heading"><a href="?sort=3a">Price</a></td><td class="productListing-heading">&nbsp;Buy Now&nbsp;</td></tr>{cells}</table><table><tr><td class="smallText">Displaying <b>1</b> to <b>{len(things)}</b> (of <b>60</b> products)</td><td class="smallText">Result Pages: <b>1</b> <a href="?page=2">2</a> <a href="?page=2">[Next&nbsp;&gt;&gt;]</a></td></tr></table>'
        return self.page(
            "results",
            "/index.php?cPath=1_2",
            "x",
            main,
            self.rows(things, lambda t: f"products_id={t.number}", seller=False),
        )

    def listing(self, one: Thing) -> Page:
        main = f'<form name="cart_quantity"><table><tr><td class="pageHeading" valign="top">{e(one.title)}<br><span class="smallText">[M{one.number}]</span></td><td class="pageHeading" align="right" valign="top">{self.fiat(one.amount)}</td></tr></table><table><tr><td class="main"><table align="right"><tr><td class="smallText"><img><br><a href="popup.php">Click to enlarge</a></td></tr></table><p>{self.stock.prose(3)}</p></td></tr><tr><td align="center" class="smallText">This product was added to our catalog on Thursday 03 March, 2022.</td></tr><tr><td><a href="reviews.php">Reviews</a></td><td align="right"><input type="image" alt="Add to Cart"></td></tr></table></form>'
        return self.page(
            "listing", self.url(one), "x", main, self.told(one, path=False, ships=False, seller=False)
        )


class OpenCart(Family):
    """OpenCart 3: thumbs with captions, a price without tax beside it."""

    name = "opencart"
    sells = False
    member = False

    def frame(self, title: str, main: str) -> str:
        return f'<!DOCTYPE html><html dir="ltr" lang="en"><head><title>{e(title)}</title></head><body><nav id="top"><div class="container"><form><button class="btn btn-link dropdown-toggle"><strong>$</strong> <span>Currency</span></button><ul class="dropdown-menu"><li><button>€ Euro</button></li><li><button>£ Pound Sterling</button></li></ul></form></div></nav><header><div id="logo"><h1><a href="/">{self.market}</a></h1></div><div id="cart"><button><span id="cart-total">0 item(s) - $0.00</span></button></div></header><div class="container"><div class="row"><div id="content" class="col-sm-12">{main}</div></div></div><footer><h5>Information</h5><ul><li><a href="/about">About Us</a></li></ul></footer></body></html>'

    def cost(self, one: Thing) -> str:
        tax = f'<span class="price-tax">Ex Tax: {self.fiat(round(one.amount / 1.2, 2))}</span>'
        if one.number % 4 == 0:
            return f'<p class="price"><span class="price-new">{self.fiat(one.amount)}</span> <span class="price-old">{self.fiat(one.amount * 1.4)}</span> {tax}</p>'
        return f'<p class="price">{self.fiat(one.amount)} {tax}</p>'

    def url(self, one: Thing) -> str:
        return f"/index.php?route=product/product&path=20&product_id={one.number}"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<div class="product-layout product-grid col-lg-4"><div class="product-thumb"><div class="image"><a href="{e(self.url(t))}"><img alt="{e(t.title)}" title="{e(t.title)}"></a></div><div><div class="caption"><h4><a href="{e(self.url(t))}">{e(t.title)}</a></h4><p>{self.stock.prose(1, 3)[:98]}..</p>{self.cost(t)}</div><div class="button-group"><button type="button"><span>Add to Cart</span></button></div></div></div></div>' for t in things)  # fmt: skip
        main = f'<ul class="breadcrumb"><li><a href="/">Home</a></li><li><a href="/c">Desktops</a></li></ul><h2>Desktops</h2><div class="row"><a id="compare-total" href="/compare">Product Compare (0)</a><label>Sort By:</label><select><option>Default</option></select></div><div class="row">{cards}</div><div>Showing 1 to {len(things)} of {len(things)} (1 Pages)</div>'
        return self.page(
            "results",
            "/index.php?route=product/category&path=20",
            "Desktops",
            main,
            self.rows(things, lambda t: f"product_id={t.number}", seller=False),
        )

    def listing(self, one: Thing) -> Page:
        trail = "".join(
            f'<li><a href="/index.php?route=product/category&path={n}">{s}</a></li>'
            for n, s in enumerate(one.path)
        )
        main = f'<ul class="breadcrumb"><li><a href="/"><i class="fa fa-home"></i></a></li>{trail}<li><a href="{e(self.url(one))}">{e(one.title)}</a></li></ul><div class="row"><div class="col-sm-8"><ul class="thumbnails"></ul><ul class="nav nav-tabs"><li><a>Description</a></li><li><a>Reviews (0)</a></li></ul><div class="tab-content"><p>{self.stock.prose(3)}</p></div></div><div class="col-sm-4"><h1>{e(one.title)}</h1><ul class="list-unstyled"><li>Brand: <a href="/b">Hofmann</a></li><li>Product Code: SKU {one.number}</li><li>Reward Points: 100</li><li>Availability: In Stock</li></ul><ul class="list-unstyled"><li><h2>{self.fiat(one.amount)}</h2></li><li>Ex Tax: {self.fiat(round(one.amount / 1.2, 2))}</li><li>Price in reward points: 400</li></ul><div id="product"><label>Qty</label><input><button id="button-cart">Add to Cart</button></div></div></div>'
        return self.page("listing", self.url(one), one.title, main, self.told(one, ships=False, seller=False))


class Shopify(Family):
    """A modern hosted shop: a card link that is all overlay, prices with hidden labels."""

    name = "shopify"
    sells = False
    member = False

    def frame(self, title: str, main: str) -> str:
        return f'<!doctype html><html><head><title>{e(title)} – {self.market}</title></head><body><div class="announcement-bar"><p>Free shipping on orders over $75</p></div><header class="header"><a class="header__heading-link" href="/"><span class="h2">{self.market}</span></a><nav><ul class="list-menu"><li><a href="/">Home</a></li><li><a href="/collections/all">Catalog</a></li></ul></nav><a href="/cart">Cart</a></header><main>{main}</main><footer class="footer"><h2>Subscribe to our emails</h2><small>© 2022, {self.market} Powered by Shopify</small></footer></body></html>'

    def cost(self, one: Thing) -> str:
        return f'<div class="price"><div class="price__container"><div class="price__regular"><span class="visually-hidden">Regular price</span> <span class="price-item price-item--regular">{self.fiat(one.amount)} USD</span></div></div></div>'

    def url(self, one: Thing) -> str:
        return f"/products/{slug(one.title)}-{one.number}"

    def results(self, things: Sequence[Thing]) -> Page:
        cards = "".join(f'<li class="grid__item"><div class="card-wrapper product-card-wrapper"><div class="card card--standard"><div class="card__inner"><div class="card__content"><div class="card__information"><h3 class="card__heading"><a href="{self.url(t)}" class="full-unstyled-link">{e(t.title)}</a></h3></div></div></div><div class="card__content"><div class="card__information"><span class="caption-large light"></span>{self.cost(t)}</div></div></div></div></li>' for t in things)  # fmt: skip
        main = f'<div class="collection-hero"><h1>Products</h1></div><div class="facets"><h2>Filter:</h2><details><summary>Price</summary><p>The highest price is $2,900.00</p></details><p>{len(things)} products</p></div><ul class="grid product-grid">{cards}</ul>'
        return self.page(
            "results", "/collections/all", "Products", main, self.rows(things, self.url, seller=False)
        )

    def listing(self, one: Thing) -> Page:
        main = f'<div class="product"><div class="product__media"><img></div><div class="product__info-container"><p class="product__text caption-with-letter-spacing">{self.market}</p><div class="product__title"><h1>{e(one.title)}</h1><a href="{self.url(one)}" class="product__title"><h2 class="h1">{e(one.title)}</h2></a></div>{self.cost(one)}<div class="product__tax caption">Shipping calculated at checkout.</div><form><label>Quantity</label><input value="1"></form><div class="product-form"><button>Add to cart</button><button>Buy it now</button></div><div class="product__description"><p>{self.stock.prose(3)}</p></div></div></div>'
        return self.page(
            "listing", self.url(one), one.title, main, self.told(one, path=False, ships=False, seller=False)
        )


SHOPS = (Woo, Magento, OsCommerce, OpenCart, Shopify)

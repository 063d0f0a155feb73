"""Every address of the web face."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from bowstreet.casework.captures import views as captures
from bowstreet.casework.crawls import views as crawls
from bowstreet.casework.exhibits import views as exhibits
from bowstreet.casework.findings import inert
from bowstreet.casework.findings import views as findings
from bowstreet.casework.log import views as log
from bowstreet.casework.operations import views as operations
from bowstreet.casework.people import views as people
from bowstreet.casework.review import seller_page
from bowstreet.casework.review import views as review
from bowstreet.casework.watches import views as watches

HERE = "operations/<str:reference>/"

urlpatterns = [
    path("", operations.operations, name="operations"),
    path("sign-in/", people.SignInView.as_view(), name="sign-in"),
    path("sign-out/", LogoutView.as_view(), name="sign-out"),
    path("accessibility/", people.accessibility, name="accessibility"),
    path("search/", findings.search, name="search"),
    path("log/", log.log, name="log"),
    path("open/", operations.open_operation, name="open-operation"),
    path(HERE, operations.operation, name="operation"),
    path(HERE + "members/", operations.members, name="members"),
    path(HERE + "members/add/", operations.add_member, name="add-member"),
    path(HERE + "members/<str:username>/remove/", operations.remove_member, name="remove-member"),
    path(HERE + "authorities/record/", operations.record_authority, name="record-authority"),
    path(HERE + "authorities/<int:number>/cancel/", operations.cancel_authority, name="cancel-authority"),
    path(HERE + "review/", operations.review, name="review"),
    path(HERE + "captures/", captures.captures, name="captures"),
    path(HERE + "captures/requests/", captures.requests, name="requests"),
    path(HERE + "captures/requests/<int:number>/again/", captures.ask_again, name="ask-again"),
    path(HERE + "handover/", captures.handed_over, name="handover"),
    path(HERE + "handover/<int:number>/", captures.handle, name="handle"),
    path(HERE + "captures/ask/", captures.ask, name="ask"),
    path(HERE + "captures/<int:number>/", findings.capture, name="capture"),
    path(HERE + "captures/<int:number>/screenshot.png", captures.screenshot, name="screenshot"),
    path(HERE + "captures/<int:number>/blurred.png", captures.blurred, name="blurred"),
    path(HERE + "crawls/", crawls.crawls, name="crawls"),
    path(HERE + "crawls/<int:number>/", crawls.crawl, name="crawl"),
    path(HERE + "crawls/<int:number>/turn/", crawls.turn, name="turn-crawl"),
    path(HERE + "watches/", watches.watches, name="watches"),
    path(HERE + "watches/add/", watches.add, name="add-watch"),
    path(HERE + "watches/<int:number>/", watches.watch, name="watch"),
    path(HERE + "watches/<int:number>/end/", watches.end, name="end-watch"),
    path(HERE + "listings/", findings.listings, name="listings"),
    path(HERE + "listings/<int:number>/goods/", findings.correct, name="correct"),
    path(HERE + "sellers/", findings.sellers, name="sellers"),
    path(HERE + "pictures/", findings.shared_pictures, name="shared-pictures"),
    path(HERE + "pictures/<int:number>/<str:how>/", findings.picture, name="picture"),
    path(HERE + "seller/", seller_page.seller, name="seller"),
    path(HERE + "links/", review.links, name="links"),
    path(HERE + "links/next/", review.next_link, name="next-link"),
    path(HERE + "links/learn/", review.learn, name="learn"),
    path(HERE + "links/export/", review.give, name="export"),
    path(HERE + "links/<int:number>/", review.link, name="link"),
    path(HERE + "links/<int:number>/record.json", review.record, name="link-record"),
    path(HERE + "links/<int:number>/withdraw/", review.withdraw, name="withdraw"),
    path(HERE + "exhibits/", exhibits.exhibits, name="exhibits"),
    path(HERE + "exhibits/produce/", exhibits.produce, name="produce"),
    path(HERE + "exhibits/<str:name>/", exhibits.exhibit, name="exhibit"),
    path(HERE + "exhibits/<str:name>/download/", exhibits.download, name="download"),
    path("inert/<str:token>/", login_not_required(inert.page), name="inert"),
]
handler404 = "bowstreet.web.views.missing"
handler500 = "bowstreet.web.views.broken"

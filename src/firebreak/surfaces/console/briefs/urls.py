"""URLs of news briefs."""

from django.urls import URLPattern, URLResolver, path

from firebreak.command.briefs.actions import KIND
from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.approvals.effects import register_sight
from firebreak.surfaces.console.briefs import pictures, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("briefs", views.brief_list, name="briefs"),
    path("briefs/quotes", views.quotes, name="brief-quotes"),
    path("briefs/pictures", pictures.pictures, name="brief-pictures"),
    path("briefs/pictures/<slug:token>.jpg", pictures.picture, name="brief-picture"),
    path("briefs/<slug:token>", views.brief, name="brief"),
    path("briefs/<slug:token>/propose", views.propose, name="brief-propose"),
    path("briefs/<slug:token>/withdraw", views.withdraw, name="brief-withdraw"),
    path("news", views.news, name="news"),
    path("news/pictures/<slug:token>.jpg", pictures.news_picture, name="news-picture"),
    path("news/<slug:token>", views.news_one, name="news-one"),
]

register_sight(KIND, views.sight)
register_nav(NavItem("briefs", "briefs", "新闻简报", "News briefs", group="record", order=24, permission="briefs.write"))

"""URLs of tasks."""

from django.urls import URLPattern, URLResolver, path

from firebreak.surfaces.common.nav import NavItem, register_nav
from firebreak.surfaces.console.tasks import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("tasks", views.task_list, name="tasks"),
    path("tasks.csv", views.task_file, name="task-file"),
    path("owed", views.owed, name="owed"),
    path("tasks/<slug:token>", views.task, name="task"),
    path("tasks/<slug:token>/accept", views.accept, name="task-accept"),
    path("tasks/<slug:token>/finish", views.finish, name="task-finish"),
    path("tasks/<slug:token>/assign", views.assign, name="task-assign"),
]

register_nav(NavItem("tasks", "tasks", "任务", "Tasks", order=25, permission="tasks.read"))

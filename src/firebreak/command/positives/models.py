"""Whom a positive person may have infected at home: a list for tracing to begin with."""

from django.db import models

from firebreak.engine.journal.models import Act
from firebreak.engine.registry.models import Person
from firebreak.engine.tasks.models import Task
from firebreak.operations.laboratory.models import Held


class Case(models.Model):
    """Somebody of a positive pool whose own result is positive or weak: taken as a signal, with tracing owed."""

    held = models.OneToOneField(Held, models.PROTECT, related_name="case")
    response_ref = models.CharField(max_length=60, db_index=True)
    signal_ref = models.CharField(max_length=60)
    task = models.ForeignKey(Task, models.PROTECT, null=True)
    found_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)


class Contact(models.Model):
    """Append-only: somebody who lives with a positive person. Tracing adds the others."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    happened_at = models.DateTimeField()
    act = models.ForeignKey(Act, models.PROTECT, db_index=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "person"], name="contact_once_a_case")]

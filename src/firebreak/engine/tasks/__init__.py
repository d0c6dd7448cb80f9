"""The one assignment engine: everything somebody must do has an owner, a deadline and an end.

Nouns: a *task* points at its subject by text (`about`), is owned by a post, is due, and ends with an
outcome; overdue tasks climb the unit tree one step at a time. Promises: owner and due are never empty;
ended, ended_at and outcome come together (by CHECK); every change is an append-only `TaskChange`.
"""

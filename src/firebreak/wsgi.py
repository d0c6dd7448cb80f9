"""The WSGI entrance that the page server loads."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firebreak.settings")
application = get_wsgi_application()

"""The WSGI entrance that the page server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "firebreak.settings")
application = get_wsgi_application()

# What was loaded stays until the end, and a batch of a phone makes thousands of values but no cycles: looking
# through all of it again and again was a tenth of a batch's time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 50)

"""One picture, as it was kept."""

from django.http import HttpRequest, HttpResponse

from firebreak.engine.pictures.queries import open_picture
from firebreak.engine.pictures.rights import READ_PICTURES
from firebreak.kernel.refs import make_ref
from firebreak.surfaces.common.gate import needs


@needs(READ_PICTURES)
def picture(request: HttpRequest, token: str) -> HttpResponse:
    """The JPEG; nothing in it came from outside but its pixels."""
    answer = HttpResponse(open_picture(make_ref("picture", token)), content_type="image/jpeg")
    answer["Content-Disposition"] = f'inline; filename="{token}.jpg"'
    return answer

"""Rights over pictures."""

from firebreak.kernel.permissions import declare

READ_PICTURES = declare("pictures.read", "查看现场照片", "See pictures taken as proof")

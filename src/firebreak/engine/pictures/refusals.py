"""What pictures are refused for."""

from firebreak.kernel.refusals import RefusalKind
from firebreak.kernel.text import T

NOT_A_PICTURE = RefusalKind(
    "not-a-picture",
    T(
        "这个文件不是照片(JPEG、PNG 或 WebP)。没有保存;文字内容还在,请另选照片再交。",
        "This file is no picture (JPEG, PNG or WebP). Nothing was kept; your words are still here: choose another.",
    ),
)
PICTURE_TOO_LARGE = RefusalKind(
    "picture-too-large",
    T(
        "照片超过 {megabytes} MB 或像素太多。没有保存;请调低相机分辨率再拍。",
        "The picture is above {megabytes} MB or has too many pixels. Nothing was kept; take it at a lower resolution.",
    ),
)
PICTURE_ERASED = RefusalKind(
    "picture-erased",
    T(
        "照片已按保存期限删除,只留校验值。",
        "The picture was erased when its time was over; only its digest is left.",
    ),
)

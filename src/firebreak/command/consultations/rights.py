"""Rights over consultations."""

from firebreak.kernel.permissions import declare

READ_CONSULTATIONS = declare("consultations.read", "查看会商和纪要", "See consultations and their minutes")
RAISE_ITEM = declare("consultations.raise", "提交会商议题", "Put something on the table of a consultation")
HOLD_CONSULTATION = declare(
    "consultations.hold", "召集、主持会商,记录决定", "Call and chair consultations, record what is decided"
)

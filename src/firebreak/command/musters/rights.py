"""Rights over musters."""

from firebreak.kernel.permissions import declare

READ_MUSTERS = declare("musters.read", "查看集结", "See musters")
CALL_OUT = declare("musters.call", "发起集结、缺员了结", "Call people together, close a muster short")
NOTE_ANSWER = declare("musters.note", "记应答、记到场", "Note answers and arrivals")

"""Rights over plan packs."""

from firebreak.kernel.permissions import declare

READ_PLANS = declare("plans.read", "查看预案", "See plans")
ADOPT_PLANS = declare("plans.adopt", "采用预案", "Adopt plans")

"""What one may do with the journal: read it, and check its seals. Nobody may change it."""

from firebreak.kernel.permissions import declare

READ_JOURNAL = declare("journal.read", "查看凭证", "Read the journal")
VERIFY_JOURNAL = declare("journal.verify", "核对封存", "Check the seals")

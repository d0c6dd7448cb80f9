"""The outgoing queue: messages are rows in the act's transaction and leave after it has committed.

States: queued, sent, delivered, failed, unknown. Unknown is chased, not assumed. Channels: log, print (the
call tree) and SMTP when configured.
"""

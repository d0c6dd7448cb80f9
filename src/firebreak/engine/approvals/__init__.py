"""Proposals that need another person: who proposed, what it would do in numbers, who agreed or refused.

Promises: nobody approves their own; the effect shown is the effect executed, in the transaction of the
approval; a proposal ends approved, refused, withdrawn or expired, with a name and a moment; a domain that had
prepared something for one is told when it ends with nothing done.
"""

"""The duty desk: what waits for an answer, the log, and handing the desk over."""

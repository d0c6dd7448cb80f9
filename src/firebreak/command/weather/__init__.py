"""Weather as a fact with its source, and the tasks that the plan ties to it: heat, rain, wind.

Nobody is asked to remember a threshold: where an observation reaches one, the unit the plan names owes what the plan
says, and where the weather falls back the task ends by itself.
"""

"""What people do: one act is one function, one transaction, one event.

``record`` alone writes events and the summary row; ``desk`` opens a case for an act.
"""

"""The cluster itself: who is local, who makes what, who trades with whom, as graphs."""

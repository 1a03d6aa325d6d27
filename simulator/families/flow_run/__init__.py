"""Flow runs of Adobe Experience Platform: what only they have, their faults among it."""

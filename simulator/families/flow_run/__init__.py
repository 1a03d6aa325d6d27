"""Flow runs of Adobe Experience Platform: spec, run, errors, sources and notification."""

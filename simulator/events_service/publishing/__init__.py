"""From a published event to journals and deliveries."""

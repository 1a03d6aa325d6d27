"""What tests of a consumer are handed: replays in their own process, servers, notifications."""

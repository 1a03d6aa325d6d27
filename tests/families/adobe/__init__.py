"""Tests of the families of Adobe's products beside Experience Platform."""

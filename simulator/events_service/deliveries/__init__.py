"""Deliveries under way. An attempt goes along one line, and no two objects hold each other::

    store → StoreAgenda.take → Dispatcher → Loading → webhook → Recorder → store

``StoreAgenda`` yields what is due, a ``StoredPending`` each. The ``Dispatcher`` begins the attempt,
lets ``Loading`` make the signed delivery, and sends it. ``Recorder`` writes what the attempts came
to and returns which deliveries follow; ``StoreAgenda.first`` asks for these, and holds them until
they are due. ``DeliveryThread`` puts these objects together.
"""

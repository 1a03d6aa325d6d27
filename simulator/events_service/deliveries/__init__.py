"""Deliveries: those under way, and what is kept of those that ended.

An attempt goes along one line, and no two objects refer to each other::

    store → StoreAgenda.take → Dispatcher → Loading → webhook → Recorder → store

``StoreAgenda`` yields due deliveries as ``StoredPending``. The ``Dispatcher`` begins the attempt,
lets ``Loading`` make the signed delivery, and sends it. ``Recorder`` writes the results of
attempts and returns which deliveries follow; ``StoreAgenda.first`` asks for these, and holds them
until they are due. ``DeliveryThread`` puts these objects together.

``delivery_request`` makes what is sent, and ``delivery_faults`` the faults in it. A reader gets
``StoredHistory``: pages of deliveries, also of those that ended.
"""

"""The only room that works through link tables: lazily, on the engine that holds them."""

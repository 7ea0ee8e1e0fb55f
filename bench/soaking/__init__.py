"""What ``bench/soak.py`` is made of: what comes in, what goes wrong, what must hold all the same."""

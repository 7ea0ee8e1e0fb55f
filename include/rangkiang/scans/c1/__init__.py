"""Handwritten C1 sheets: placed by their rules, their boxes and words read. A layout for each model is data."""

"""Pictures of pages: put upright, taken apart into cells, and recognised. Knows nothing of forms."""

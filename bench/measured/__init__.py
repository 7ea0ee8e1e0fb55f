"""What the benches of whole nights share: houses that are filled without a night, and what work costs."""

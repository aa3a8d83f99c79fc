"""Pages with plots that open anywhere: one file, no script, nothing fetched."""

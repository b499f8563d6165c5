"""Time: what is due becomes steps, and wanted messages become shown ones."""

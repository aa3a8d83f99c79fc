"""The desk's pages: each reads the library or the rig, and fills a template."""

"""People on a rig, computed from physics, who know what they did: see catalogue.py for the list."""

"""A package, so that no installed package named "tests" (garmin_fit_sdk brings one) is taken for it."""

"""What each feature adds to the furnished site: a module a feature, whose ``furnish`` may be called again."""

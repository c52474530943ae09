"""One module a kind of job: thin, each calls its service."""

"""One's own account: target, language, pass phrase, sign-ins."""

"""The application for a WSGI server, configured as everything else: ``studyhub.wsgi:app``."""

from studyhub.app import create_app

app = create_app()

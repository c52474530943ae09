"""What machines ask of the site: is it up, is it ready, how is it doing."""

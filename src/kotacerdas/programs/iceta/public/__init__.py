"""ICeta's public pages: reporting in four steps, following by secret link, joining another report."""

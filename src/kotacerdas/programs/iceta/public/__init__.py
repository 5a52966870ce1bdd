"""The citizens' doors of ICeta: reporting in four steps, following by secret link, joining another's report."""

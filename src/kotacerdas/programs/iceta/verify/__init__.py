"""The verifier's desk: what came in is verified, assigned, merged, postponed or ended."""

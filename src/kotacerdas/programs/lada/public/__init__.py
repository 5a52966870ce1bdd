"""What a stranger sees of goods: whose a labelled thing is, and how to give notice."""

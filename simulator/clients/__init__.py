"""How clients written for Adobe get here instead: what they read, and a proxy for the rest."""

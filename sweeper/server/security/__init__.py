"""Who may ask for what: addresses, hosts, origins, tokens and roles. Everything not allowed is refused."""

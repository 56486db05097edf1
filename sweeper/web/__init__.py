"""The pages: what the server and the report both show. Python turns a store into plain data, the browser draws it."""

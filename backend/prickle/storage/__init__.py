"""The engines behind the ports: documents, bus, blobs; plugins see the contract only."""

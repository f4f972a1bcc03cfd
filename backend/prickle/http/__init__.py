"""The one edge that every HTTP request passes."""

"""Who takes part: one class of Locust users for each way of using a chat."""

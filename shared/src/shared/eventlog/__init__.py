"""The event log as a port, with two adapters that pass one contract suite: Apache Kafka and tables in PostgreSQL."""

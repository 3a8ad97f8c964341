"""What those who run the platform elsewhere are given, made from its one source."""

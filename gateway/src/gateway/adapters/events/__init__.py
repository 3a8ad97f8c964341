"""Events in: contracts become happenings of a journey."""

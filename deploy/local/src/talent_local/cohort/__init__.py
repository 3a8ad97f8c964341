"""A whole cohort as data, and the road on which it is carried from call to certificate through the public interface."""

"""What a process tells about itself while it runs: whose work is at hand, and spans when a collector is named."""

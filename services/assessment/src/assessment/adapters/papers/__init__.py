"""The printed certificate: PDF/A-3u by Typst with the signed credential inside, sealed with PAdES by pyHanko."""

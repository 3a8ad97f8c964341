"""One module and one function per request or event; each call is one transaction of the unit of work."""

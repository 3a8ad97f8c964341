"""The web face of this service: routes, shapes, who may do what, Chinese wordings."""

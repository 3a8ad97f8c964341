"""Import the packages whose name is also a top folder's, before pytest takes the folder for the package."""

import gateway  # noqa: F401
import shared  # noqa: F401

"""Sessions of browsers: sign-in by code and PKCE, tokens kept here and sealed, a cookie that says nothing."""

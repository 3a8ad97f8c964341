"""Golden scenarios: whole stories with every posting printed, compared to the letter with files checked by hand."""

"""Where people come from and go to: prefectures with their units, provinces with their hosts."""

"""Drawing, planning, conducting and closing inspections."""

"""Corrections: decisions of people, applied to the incidents that the reports give."""

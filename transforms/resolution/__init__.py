"""Decide which reports describe the same strike.

The modules compare places and dates, score each pair of report and strike, assign the reports in order of
publication, and derive the fields of each incident. All of it is plain Python over sets of reports, no Beam.
"""

"""Reads incidents.

Every function takes a viewer and gives frozen values, never table rows for a page.
"""

"""Headquarters: is anything about to be missed?"""

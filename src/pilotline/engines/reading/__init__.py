"""Reads a text written by people and finds what it asks for.

In: a text in Chinese, English or both, a vocabulary (attributes with their words, cities, kinds
of verification, scales) and the day it is read on. Out: findings, each with the words it came
from as spans of the original text, the value in the vocabulary's unit and as written, a
confidence and the cues it rests on; and what was set aside, with the reason.
Nothing is guessed in silence: a quantity that could be two things is no finding.
"""

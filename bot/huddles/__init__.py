"""Huddles: asked at the set time, answered in two minutes, summed up once a day."""

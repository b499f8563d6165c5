"""Agendas: items, department reports, assembly, versions."""

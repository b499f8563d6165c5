"""What the nine sections are called. Source: domain.md S2-18 to S2-26."""

from collections.abc import Mapping

SECTION_TITLES: Mapping[int, str] = {
    1: "Actions from last meeting",
    2: "Results of overall customer satisfaction measures",
    3: "Reports from the departments on their measures and what they are doing",
    4: "Best practices cross-fertilised",
    5: "Review of current initiatives/programmes",
    6: "Review customer measures",
    7: "Prioritisation and planning of future initiatives",
    8: "Review of any customer research",
    9: "Any other business",
}
"""In full, as on every agenda."""

SHORT_TITLES: Mapping[int, str] = {
    1: "Actions from last meeting",
    2: "Customer results",
    3: "Reports from the departments",
    4: "Best practices",
    5: "Current initiatives",
    6: "Customer measures",
    7: "Future initiatives",
    8: "Customer research",
    9: "Any other business",
}
"""Where one line of 45 characters has to do."""

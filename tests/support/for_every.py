"""A law of every card and form is one test: as thousands of tests it takes longer to begin them than to look."""

from collections.abc import Callable, Iterable


def for_every(names: Iterable[str]) -> Callable[[Callable[[str], None]], Callable[[], None]]:
    """Makes a test of a law about one name; it fails with each name for which the law does not hold, and why."""

    def made(law: Callable[[str], None]) -> Callable[[], None]:
        def test() -> None:
            broken = []
            for name in names:
                try:
                    law(name)
                except AssertionError as problem:
                    broken.append(f"{name}: {problem}")
            assert not broken, "\n\n".join(broken)

        test.__name__, test.__module__, test.__doc__ = law.__name__, law.__module__, law.__doc__
        test.__dict__.update(law.__dict__)  # its marks
        return test

    return made

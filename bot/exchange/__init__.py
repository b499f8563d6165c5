"""Lists of work that go out as files and come in as files."""

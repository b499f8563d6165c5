"""Done once in the process that forks the others, and left out of the start of each of them."""

from functools import cache

from sqlalchemy.orm import configure_mappers

from adapters.local import render, routes

# The templates of the page: each process would compile the same ones anew.
vars(routes)["Renderer"] = shared = cache(render.Renderer)
shared()
configure_mappers()

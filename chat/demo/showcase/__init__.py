"""`demo/showcase`: a script that shows what the page does with every kind of answer."""

from chat.demo.showcase.model import ShowcaseModel

__all__ = ["ShowcaseModel"]

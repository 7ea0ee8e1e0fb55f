"""The form registry: one YAML per form model, and everything that is derived from it."""

from rangkiang.forms.entries import Form, Heading, Key, LeafRow, Row, Section, Split
from rangkiang.forms.equations import Equation, Term
from rangkiang.forms.registry import form, forms

__all__ = ["Equation", "Form", "Heading", "Key", "LeafRow", "Row", "Section", "Split", "Term", "form", "forms"]

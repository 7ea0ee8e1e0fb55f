"""The form registry: one YAML per form model, and everything that is derived from it."""

from rangkiang.forms.equations import Equation, Term
from rangkiang.forms.registry import Form, Key, LeafRow, Row, Section, Split, form, forms

__all__ = ["Equation", "Form", "Key", "LeafRow", "Row", "Section", "Split", "Term", "form", "forms"]

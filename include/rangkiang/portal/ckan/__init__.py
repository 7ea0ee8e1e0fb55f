"""A CKAN as the portal: https://ckan.org, 2.10 or later with the DataStore. See docs/portal.md."""

from rangkiang.portal.ckan.portal import CkanPortal

__all__ = ["CkanPortal"]

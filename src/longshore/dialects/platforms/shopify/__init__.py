"""Shopify's file of products, read and written."""

from longshore.dialects.platforms.shopify.products import DIALECT

__all__ = ["DIALECT"]

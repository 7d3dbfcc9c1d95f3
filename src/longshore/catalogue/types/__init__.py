"""The declarations of all resource types, a module per part of the domain.

The order is that in which they are listed to people: what others refer to comes first.
"""

from longshore.catalogue.declarations import ResourceType
from longshore.catalogue.types.access import (
    APPLICATIONS,
    ORGANIZATIONS,
)
from longshore.catalogue.types.addresses import (
    ADDRESSES,
)
from longshore.catalogue.types.attachments import (
    ATTACHMENTS,
    LINKS,
)
from longshore.catalogue.types.coupons import (
    COUPON_RECIPIENTS,
    COUPONS,
)
from longshore.catalogue.types.customers import (
    CUSTOMER_ADDRESSES,
    CUSTOMER_GROUPS,
    CUSTOMER_PAYMENT_SOURCES,
    CUSTOMER_SUBSCRIPTIONS,
    CUSTOMERS,
)
from longshore.catalogue.types.geocoders import (
    BING_GEOCODERS,
    GEOCODERS,
    GOOGLE_GEOCODERS,
)
from longshore.catalogue.types.gift_cards import (
    GIFT_CARD_RECIPIENTS,
    GIFT_CARDS,
)
from longshore.catalogue.types.imports import (
    IMPORTS,
)
from longshore.catalogue.types.journal import (
    EVENT_STORES,
    EVENTS,
)
from longshore.catalogue.types.line_items import (
    ADJUSTMENTS,
    LINE_ITEM_OPTIONS,
    LINE_ITEMS,
)
from longshore.catalogue.types.markets import (
    MARKETS,
    MERCHANTS,
    STORES,
    SUBSCRIPTION_MODELS,
)
from longshore.catalogue.types.orders import (
    ORDERS,
)
from longshore.catalogue.types.payments import (
    EXTERNAL_GATEWAYS,
    EXTERNAL_PAYMENTS,
    MANUAL_GATEWAYS,
    PAYMENT_GATEWAYS,
    PAYMENT_METHODS,
    WIRE_TRANSFERS,
)
from longshore.catalogue.types.price_tiers import (
    PRICE_FREQUENCY_TIERS,
    PRICE_TIERS,
    PRICE_VOLUME_TIERS,
)
from longshore.catalogue.types.prices import (
    PRICE_LIST_SCHEDULERS,
    PRICE_LISTS,
    PRICES,
)
from longshore.catalogue.types.promotion_rules import (
    COUPON_CODES_PROMOTION_RULES,
    CUSTOM_PROMOTION_RULES,
    ORDER_AMOUNT_PROMOTION_RULES,
    PROMOTION_RULES,
    SKU_LIST_PROMOTION_RULES,
)
from longshore.catalogue.types.promotions import (
    BUY_X_PAY_Y_PROMOTIONS,
    EXTERNAL_PROMOTIONS,
    FIXED_AMOUNT_PROMOTIONS,
    FIXED_PRICE_PROMOTIONS,
    FLEX_PROMOTIONS,
    FREE_GIFT_PROMOTIONS,
    FREE_SHIPPING_PROMOTIONS,
    PERCENTAGE_DISCOUNT_PROMOTIONS,
    PROMOTIONS,
)
from longshore.catalogue.types.shipping import (
    DELIVERY_LEAD_TIMES,
    SHIPPING_CATEGORIES,
    SHIPPING_METHODS,
    SHIPPING_ZONES,
)
from longshore.catalogue.types.shipping_tiers import (
    SHIPPING_METHOD_TIERS,
    SHIPPING_WEIGHT_TIERS,
)
from longshore.catalogue.types.skus import (
    BUNDLES,
    SKU_LIST_ITEMS,
    SKU_LISTS,
    SKU_OPTIONS,
    SKUS,
)
from longshore.catalogue.types.stock import (
    INVENTORY_MODELS,
    INVENTORY_RETURN_LOCATIONS,
    INVENTORY_STOCK_LOCATIONS,
    RESERVED_STOCKS,
    STOCK_ITEMS,
    STOCK_LOCATIONS,
    STOCK_RESERVATIONS,
    STOCK_TRANSFERS,
)
from longshore.catalogue.types.tags import (
    TAGS,
)
from longshore.catalogue.types.taxes import (
    AVALARA_ACCOUNTS,
    EXTERNAL_TAX_CALCULATORS,
    MANUAL_TAX_CALCULATORS,
    STRIPE_TAX_ACCOUNTS,
    TAX_CALCULATORS,
    TAX_CATEGORIES,
    TAX_RULES,
    TAXJAR_ACCOUNTS,
    VERTEX_ACCOUNTS,
)
from longshore.catalogue.types.unserved import (
    CLEANUPS,
    EVENT_CALLBACKS,
    EXPORTS,
    WEBHOOKS,
)

ALL_TYPES: tuple[ResourceType, ...] = (
    ADDRESSES,
    GOOGLE_GEOCODERS,
    BING_GEOCODERS,
    GEOCODERS,
    TAGS,
    ATTACHMENTS,
    LINKS,
    SHIPPING_CATEGORIES,
    SHIPPING_ZONES,
    SHIPPING_METHODS,
    DELIVERY_LEAD_TIMES,
    SHIPPING_WEIGHT_TIERS,
    SHIPPING_METHOD_TIERS,
    SKUS,
    SKU_OPTIONS,
    SKU_LISTS,
    SKU_LIST_ITEMS,
    BUNDLES,
    MERCHANTS,
    MARKETS,
    STORES,
    SUBSCRIPTION_MODELS,
    PRICE_LISTS,
    PRICE_LIST_SCHEDULERS,
    PRICES,
    PRICE_VOLUME_TIERS,
    PRICE_FREQUENCY_TIERS,
    PRICE_TIERS,
    STOCK_LOCATIONS,
    INVENTORY_MODELS,
    INVENTORY_STOCK_LOCATIONS,
    INVENTORY_RETURN_LOCATIONS,
    STOCK_ITEMS,
    STOCK_TRANSFERS,
    RESERVED_STOCKS,
    STOCK_RESERVATIONS,
    CUSTOMER_GROUPS,
    CUSTOMERS,
    CUSTOMER_ADDRESSES,
    CUSTOMER_PAYMENT_SOURCES,
    CUSTOMER_SUBSCRIPTIONS,
    ORDERS,
    LINE_ITEMS,
    LINE_ITEM_OPTIONS,
    ADJUSTMENTS,
    COUPONS,
    COUPON_RECIPIENTS,
    GIFT_CARDS,
    GIFT_CARD_RECIPIENTS,
    PERCENTAGE_DISCOUNT_PROMOTIONS,
    FREE_SHIPPING_PROMOTIONS,
    BUY_X_PAY_Y_PROMOTIONS,
    FREE_GIFT_PROMOTIONS,
    FIXED_PRICE_PROMOTIONS,
    EXTERNAL_PROMOTIONS,
    FIXED_AMOUNT_PROMOTIONS,
    FLEX_PROMOTIONS,
    PROMOTIONS,
    ORDER_AMOUNT_PROMOTION_RULES,
    SKU_LIST_PROMOTION_RULES,
    COUPON_CODES_PROMOTION_RULES,
    CUSTOM_PROMOTION_RULES,
    PROMOTION_RULES,
    MANUAL_TAX_CALCULATORS,
    EXTERNAL_TAX_CALCULATORS,
    AVALARA_ACCOUNTS,
    TAXJAR_ACCOUNTS,
    STRIPE_TAX_ACCOUNTS,
    VERTEX_ACCOUNTS,
    TAX_CALCULATORS,
    TAX_RULES,
    TAX_CATEGORIES,
    PAYMENT_METHODS,
    MANUAL_GATEWAYS,
    EXTERNAL_GATEWAYS,
    PAYMENT_GATEWAYS,
    EXTERNAL_PAYMENTS,
    WIRE_TRANSFERS,
    IMPORTS,
    EVENTS,
    EVENT_STORES,
    ORGANIZATIONS,
    APPLICATIONS,
    WEBHOOKS,
    EVENT_CALLBACKS,
    EXPORTS,
    CLEANUPS,
)

__all__ = ["ALL_TYPES"]
